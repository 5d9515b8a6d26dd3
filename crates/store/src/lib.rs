//! Storage: what stands behind the ports of [`chat`] that keep something.
//!
//! - [`memory`]: forgets with the process; for tests and simulation
//! - [`embedded`]: one directory, an append-only message log and `SQLite` beside it
//! - [`sqlite`]: apps, accounts, topics and relations, and what is owed to the apps' servers
//! - [`contract`]: what every store has to pass
//!
//! Memory and log share one state machine (`state`): the sequence, the devices with their cursors, and
//! which conversations have news. A commit is planned against it (`plan`), made durable, and
//! then applied; replay after a restart is nothing but applying. `repeat` tells when a message
//! was sent before.

pub mod contract;
pub mod embedded;
pub mod memory;
pub mod sqlite;

#[cfg(feature = "properties")]
pub use embedded::properties;

mod code;
mod hash;
mod page;
mod plan;
mod repeat;
mod state;

use chat::port::StoreError;

/// 32 random bytes from the system.
pub(crate) fn random_key() -> Result<[u8; 32], StoreError> {
    let mut key = [0; 32];
    match chat::secret::fill(&mut key) {
        Ok(()) => Ok(key),
        Err(error) => Err(StoreError::Unavailable(format!("no randomness: {error}"))),
    }
}
