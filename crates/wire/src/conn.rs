//! CONN: a connection's first packet, which tells what kind of client has come, and its answer.
//!
//! ```text
//! request   1 version u32 106 | 2 model | 3 os | 4 udid | 5 sdk i32 | 6 connpt | 7 host | 8 locale
//!           10 andver i32
//! answer    1 challenge | 2 host
//! ```

use crate::{XmMsgConn, XmMsgConnResp};

/// `version` of every CONN.
pub const VERSION: u32 = 106;

/// `sdk` of the web client.
pub const SDK_WEB: i32 = 31;

/// `sdk` of our own Rust client. Our own clients announce this or more.
pub const SDK_OWN: i32 = 100;

/// Bytes of a list's frame for old clients: a network packet's worth.
const CAREFUL_FRAME_BYTES: usize = 1_400;
/// The same for C#, which corrupts a frame that arrives in two reads: on mobile networks and through
/// tunnels a packet holds less.
const CSHARP_FRAME_BYTES: usize = 1_200;
/// Bytes of a list's frame for clients of our own.
const FRAME_BYTES: usize = 32 * 1024;

/// A kind of client, as far as the server must treat it differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClientKind {
    /// Go, announces os `macOs`.
    Go,
    /// C#, announces os `macOS` and no sdk.
    CSharp,
    /// JavaScript 1.0, announces sdk 31.
    Web,
    /// One of ours, announces sdk 100 or more.
    Own,
    /// Java, Android, C++, iOS, and whatever else: treated with the greatest care.
    Other,
}

impl ClientKind {
    /// What kind of client announces itself so.
    pub fn of(conn: &XmMsgConn) -> Self {
        match (conn.os(), conn.sdk) {
            ("macOs", _) => Self::Go,
            ("macOS", None) => Self::CSharp,
            (_, Some(SDK_WEB)) => Self::Web,
            (_, Some(SDK_OWN..)) => Self::Own,
            _ => Self::Other,
        }
    }

    /// COMPOUND lists that may be unacknowledged at once. A client that refuses lists must not get
    /// a second one: it would acknowledge it cumulatively, and the first would be lost.
    pub fn lists_in_flight_max(self) -> usize {
        match self {
            Self::Go | Self::CSharp | Self::Web | Self::Own => 4,
            Self::Other => 1,
        }
    }

    /// Bytes that a frame with several messages may have. One message may always exceed it.
    pub fn list_frame_bytes_max(self) -> usize {
        match self {
            Self::Own => FRAME_BYTES,
            Self::CSharp => CSHARP_FRAME_BYTES,
            Self::Go | Self::Web | Self::Other => CAREFUL_FRAME_BYTES,
        }
    }

    /// Whether the client notices an orderly close; if not, close with a reset.
    pub fn fin_is_seen(self) -> bool {
        self != Self::CSharp
    }
}

impl XmMsgConn {
    /// How our own client opens a connection.
    pub fn own(udid: &str) -> Self {
        Self {
            version: Some(VERSION),
            udid: Some(udid.to_owned()),
            sdk: Some(SDK_OWN),
            ..Self::default()
        }
    }
}

impl XmMsgConnResp {
    /// The answer: `challenge` is 16 to 32 ASCII letters and digits, new for each connection.
    pub fn new(challenge: &str, host: &str) -> Self {
        Self {
            challenge: Some(challenge.to_owned()),
            host: Some(host.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(os: Option<&str>, sdk: Option<i32>) -> ClientKind {
        ClientKind::of(&XmMsgConn {
            os: os.map(str::to_owned),
            sdk,
            ..XmMsgConn::default()
        })
    }

    #[test]
    fn clients_are_told_apart_by_os_and_sdk() {
        assert_eq!(kind(Some("macOs"), None), ClientKind::Go);
        assert_eq!(kind(Some("macOs"), Some(33)), ClientKind::Go);
        assert_eq!(kind(Some("macOS"), None), ClientKind::CSharp);
        assert_eq!(kind(Some("macOS"), Some(33)), ClientKind::Other);
        assert_eq!(kind(Some(""), Some(31)), ClientKind::Web);
        assert_eq!(kind(None, Some(33)), ClientKind::Other);
        assert_eq!(kind(None, Some(99)), ClientKind::Other);
        assert_eq!(kind(None, Some(100)), ClientKind::Own);
        assert_eq!(kind(None, Some(-1)), ClientKind::Other);
        assert_eq!(kind(None, None), ClientKind::Other);
    }

    #[test]
    fn our_own_client_is_known_as_ours() {
        assert_eq!(ClientKind::of(&XmMsgConn::own("udid")), ClientKind::Own);
    }

    #[test]
    fn only_clients_that_never_refuse_get_a_window() {
        assert_eq!(ClientKind::Other.lists_in_flight_max(), 1);
        assert_eq!(ClientKind::Go.lists_in_flight_max(), 4);
    }

    #[test]
    fn csharp_gets_small_frames_and_a_reset() {
        assert_eq!(ClientKind::CSharp.list_frame_bytes_max(), 1_200);
        assert!(!ClientKind::CSharp.fin_is_seen());
        assert!(ClientKind::Web.fin_is_seen());
    }
}
