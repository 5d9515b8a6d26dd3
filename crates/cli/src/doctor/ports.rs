//! Whether the server could listen where it is told to.

use std::io;
use std::net::TcpListener;

use super::Finding;

pub(super) fn look(check: &'static str, address: &str) -> Finding {
    match TcpListener::bind(address) {
        Ok(_) => Finding::ok(check, format!("{address} is free")),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Finding::warning(
            check,
            format!("{address} is in use"),
            "fine if the server is running; otherwise end what listens there, or choose another",
        ),
        Err(error) => Finding::problem(
            check,
            format!("{address}: {error}"),
            "set an address of this machine",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn a_port_is_free_in_use_or_nowhere() {
        let held = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = held.local_addr().unwrap().to_string();
        assert_eq!(look("x", &address).state, State::Warning);
        drop(held);
        assert_eq!(look("x", &address).state, State::Ok);
        assert_eq!(look("x", "192.0.2.1:1").state, State::Problem);
    }
}
