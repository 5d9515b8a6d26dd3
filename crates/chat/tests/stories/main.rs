//! What the product does, told without sockets: one file per story.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod accounts;
mod blacklist;
mod contacts;
mod cursors;
mod delivery;
mod doubt;
mod history;
mod latency;
mod login;
mod sending;
mod temporary;
mod topics;
mod trace;
mod world;
