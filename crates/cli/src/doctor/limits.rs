//! How many connections the system lets a process have.

use super::Finding;

const CHECK: &str = "open files";
/// Below this a busy server runs out.
const OPEN_FILES_MIN: u64 = 65_536;

/// The hard limit counts: the server raises the soft one to it.
pub(super) fn open_files() -> Finding {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    judged(&limits)
}

fn judged(limits: &str) -> Finding {
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"));
    let hard = line.and_then(|line| line.split_whitespace().nth(1));
    match hard.map(str::parse::<u64>) {
        Some(Ok(hard)) if hard < OPEN_FILES_MIN => Finding::warning(
            CHECK,
            format!("at most {hard}, one for each connection"),
            "raise LimitNOFILE of the service, or `ulimit -Hn`",
        ),
        Some(Ok(hard)) => Finding::ok(CHECK, format!("at most {hard}")),
        Some(Err(_)) => Finding::ok(CHECK, "no limit"),
        None => Finding::ok(CHECK, "the system does not tell a limit"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn the_hard_limit_is_judged() {
        let limits =
            |hard| format!("Limit  Soft Hard Units\nMax open files  1024  {hard}  files\n");
        assert_eq!(judged(&limits("4096")).state, State::Warning);
        assert_eq!(judged(&limits("65536")).state, State::Ok);
        assert_eq!(judged(&limits("unlimited")).state, State::Ok);
        assert_eq!(judged("").state, State::Ok);
    }
}
