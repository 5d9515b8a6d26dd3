//! What the stories in `tests/` share: the real binary, started on free ports and a data directory
//! of its own, and people with clients.
//!
//! - [`Server`] is a `mimc serve` process that can be stopped, killed and started again
//! - [`Person`] is a device of an account, with a client that reconnects
//! - [`Sink`] is an app's own server, which gets callbacks and answers as the story wants
//! - [`Certificate`] is what a server with TLS shows
//! - [`mimc`] runs a verb of the command line, a [`Terminal`] one that people sit at
//!
//! Nothing is built here: the binary is `MIMC_BIN`, or `mimc` in the directory that cargo built the
//! test in. Nothing sleeps: what is waited for is an event, and [`WAIT`] is only the limit after
//! which a story has failed.

mod binary;
mod certificate;
mod command;
mod memory;
mod person;
mod server;
mod sink;
mod terminal;

use std::time::Duration;

pub use binary::binary;
pub use certificate::Certificate;
pub use command::{Done, mimc};
pub use person::Person;
pub use server::Server;
pub use sink::{Post, Sink};
pub use terminal::Terminal;

/// After this a story has failed.
pub const WAIT: Duration = Duration::from_secs(20);

/// What `future` gives, within [`WAIT`].
///
/// # Panics
///
/// When it takes longer, naming `what` was waited for.
pub async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(WAIT, future)
        .await
        .unwrap_or_else(|_| panic!("{what}: nothing within {} s", WAIT.as_secs()))
}
