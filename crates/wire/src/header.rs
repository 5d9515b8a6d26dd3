//! The header that precedes every payload: which command, of whom, an answer to what.
//!
//! ```text
//! 1 chid i32 | 2 uuid i64 | 3 server | 4 resource | 5 cmd | 6 subcmd | 7 id | 8 dir_flag
//! 9 cipher i32 | 10 err_code i32 | 11 err_str
//! ```
//!
//! Java writes a header again before it checks the checksum, so what we send must be canonical:
//! ascending fields, minimal varints, each at most once. The encoder gives exactly that.

use crate::ClientHeader;
use crate::numbered::numbered;

/// Channel of every header.
pub const CHID: i32 = 9;
/// Server of every header.
pub const SERVER: &str = "xiaomi.com";

/// Opens a connection; answered with a challenge.
pub const CONN: &str = "CONN";
/// Names the account and device of a connection.
pub const BIND: &str = "BIND";
/// Keeps a connection alive.
pub const PING: &str = "PING";
/// Logout.
pub const UBND: &str = "UBND";
/// Carries an application packet.
pub const SECMSG: &str = "SECMSG";
/// Ends a binding.
pub const KICK: &str = "KICK";

/// Value of `cipher` for a payload in clear.
pub const CIPHER_NONE: i32 = 0;
/// Value of `cipher` for a payload under its payload key.
pub const CIPHER_RC4: i32 = 1;

numbered! {
    /// Direction of a frame, and whether an answer is expected.
    DirFlag {
        /// Client to server, no answer.
        CsOneway = 1,
        /// Client to server, to be answered.
        CsReq = 2,
        /// Client to server, an answer.
        CsResp = 3,
        /// Server to client, no answer.
        ScOneway = 4,
        /// Server to client, to be answered.
        ScReq = 5,
        /// Server to client, an answer.
        ScResp = 6,
    }
}

impl ClientHeader {
    /// Header of the answer to `request`: its command, id, uuid and resource, what is absent staying
    /// absent except the id, which becomes empty. Once the connection is bound, follow with
    /// [`ClientHeader::of_binding`].
    pub fn response_to(request: &Self) -> Self {
        Self::from_server(
            request.cmd(),
            request.uuid,
            request.resource.as_deref(),
            request.id(),
            DirFlag::ScResp,
            CIPHER_NONE,
        )
    }

    /// A server header. uuid and resource are those of the binding.
    pub fn from_server(
        cmd: &str,
        uuid: Option<i64>,
        resource: Option<&str>,
        id: &str,
        dir_flag: DirFlag,
        cipher: i32,
    ) -> Self {
        Self {
            chid: Some(CHID),
            uuid,
            server: Some(SERVER.to_owned()),
            resource: resource.map(str::to_owned),
            cmd: Some(cmd.to_owned()),
            id: Some(id.to_owned()),
            dir_flag: Some(dir_flag.into()),
            cipher: Some(cipher),
            ..Self::default()
        }
    }

    /// A client header, to be answered.
    pub fn from_client(cmd: &str, uuid: i64, resource: &str, id: &str, cipher: i32) -> Self {
        let (uuid, resource) = (Some(uuid), Some(resource));
        Self::from_server(cmd, uuid, resource, id, DirFlag::CsReq, cipher)
    }

    /// The same with uuid and resource of a binding.
    #[must_use]
    pub fn of_binding(mut self, uuid: i64, resource: &str) -> Self {
        self.uuid = Some(uuid);
        self.resource = Some(resource.to_owned());
        self
    }

    /// Whether the payload is under its payload key. Web clients send theirs in clear.
    pub fn is_encrypted(&self) -> bool {
        self.cipher() == CIPHER_RC4
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use prost::Message;

    #[test]
    fn an_answer_repeats_what_the_request_named_and_nothing_else() {
        let request = ClientHeader {
            cmd: Some(CONN.to_owned()),
            subcmd: Some("sub".to_owned()),
            err_str: Some("noise".to_owned()),
            ..ClientHeader::default()
        };
        let answer = ClientHeader::response_to(&request);
        assert_eq!(answer.uuid, None);
        assert_eq!(answer.resource, None);
        assert_eq!(answer.subcmd, None);
        assert_eq!(answer.err_str, None);
        assert_eq!(answer.id.as_deref(), Some(""));
        assert_eq!(answer.dir_flag, Some(6));
    }

    #[test]
    fn a_binding_takes_the_place_of_what_the_request_said() {
        let request = ClientHeader::from_client(BIND, 1, "old", "id_1", CIPHER_NONE);
        let answer = ClientHeader::response_to(&request).of_binding(2, "new");
        assert_eq!((answer.uuid(), answer.resource()), (2, "new"));
        assert_eq!(answer.id(), "id_1");
    }

    #[test]
    fn directions_are_numbers_and_back() {
        for flag in DirFlag::ALL {
            assert_eq!(DirFlag::try_from(i32::from(*flag)), Ok(*flag));
        }
        assert!(DirFlag::try_from(0).is_err());
        assert!(DirFlag::try_from(7).is_err());
    }

    #[test]
    fn the_answer_to_the_longest_header_fits_what_clients_read() {
        let request = ClientHeader {
            cmd: Some("c".repeat(5_000)),
            id: Some("i".repeat(6_000)),
            resource: Some("r".repeat(5_000)),
            ..ClientHeader::default()
        };
        assert!(request.encoded_len() < crate::frame::HEADER_BYTES_MAX);
        let answer = ClientHeader::response_to(&request);
        assert!(answer.encoded_len() < 32 * 1024);
    }
}
