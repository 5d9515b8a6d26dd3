//! Apps, accounts, topics and relations in `SQLite`: the file `mimc.db` of a data directory.
//!
//! One thread writes, with a connection of its own; waiting creations of accounts share a
//! transaction. Another connection reads. In WAL mode with `synchronous = FULL` a commit is
//! on the disk when it returns, and readers do not wait for it.

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

pub use directory::SqliteDirectory;
pub(crate) use schema::{DB_FILE, check_header, integrity_problems};
