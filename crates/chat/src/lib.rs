//! What the product does, one story per file, and the ports it needs.

pub mod mailbox;
pub mod port;
