//! Two files of a data directory in `SQLite`: `mimc.db` has apps, accounts, topics and relations,
//! `callbacks.db` what is owed to the apps' servers. They are apart so that however much is owed,
//! nobody who changes a topic waits for it.
//!
//! Of each, one thread writes, with a connection of its own; what waits shares a transaction.
//! Another connection reads. In WAL mode with `synchronous = FULL` a commit is on the disk when it
//! returns, and readers do not wait for it.

mod database;
mod deliveries;
mod directory;
mod memberships;
mod relations;
mod rows;
mod schema;
mod steps;
mod topics;
mod writer;

#[cfg(test)]
mod tests;

pub(crate) use deliveries::DELIVERIES;
pub use deliveries::SqliteDeliveries;
pub use directory::SqliteDirectory;
pub(crate) use schema::{check_header, integrity_problems};
pub(crate) use steps::DIRECTORY;
