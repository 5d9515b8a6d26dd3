//! What an operator may set, with the protocol's defaults.

use std::time::Duration;

use serde::Deserialize;

/// Limits and timers of connections. Durations are in seconds, sizes in bytes.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Largest frame body; more closes the connection.
    pub frame_bytes_max: usize,
    /// Open connections of both kinds.
    pub connections_max: usize,
    /// Open connections of one source, HTTP included; 0 is any number.
    pub connections_per_source_max: u32,
    /// New connections of one source per second, on average; 0 is any number.
    pub connects_per_source_per_s: u32,
    /// Logins of one source that may fail per minute; 0 is any number.
    pub login_failures_per_min: u32,
    /// Messages of one connection that wait for their receipts; more are not read yet.
    pub receipts_waiting_max: usize,
    /// Refused logins whose answer is being delayed; beyond it the connection is closed at once.
    pub delayed_logins_max: usize,
    /// From the opening to CONN.
    pub conn_timeout_s: u64,
    /// Silence before BIND. Go and C++ sit so.
    pub unbound_timeout_s: u64,
    /// Silence after BIND.
    pub bound_timeout_s: u64,
    /// From a frame's first byte to its last.
    pub frame_timeout_s: u64,
    /// Without any progress in writing.
    pub write_timeout_s: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            frame_bytes_max: wire::BODY_BYTES_MAX,
            connections_max: 1_000_000,
            connections_per_source_max: 5_000,
            connects_per_source_per_s: 1_000,
            login_failures_per_min: 6_000,
            receipts_waiting_max: 64,
            delayed_logins_max: 10_000,
            conn_timeout_s: 10,
            unbound_timeout_s: 600,
            bound_timeout_s: 400,
            frame_timeout_s: 30,
            write_timeout_s: 30,
        }
    }
}

/// How long a refused login waits for its answer: C++ loops as fast as it is answered.
pub(crate) const REFUSAL_DELAY: Duration = Duration::from_secs(1);
/// How long an ending connection waits for what is still on its way.
pub(crate) const CLOSING_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a closed connection waits for the client's end of it.
pub(crate) const LINGER: Duration = Duration::from_secs(1);
/// Bytes on their way out beyond which nothing more is read or listed.
pub(crate) const OUTGOING_BYTES_MAX: usize = 64 * 1024;
