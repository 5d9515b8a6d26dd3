//! What the product does, told without sockets: one file per story.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod delivery;
mod login;
mod sending;
mod world;
