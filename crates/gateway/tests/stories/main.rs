//! The gateway over streams in memory, with a client that knows the bytes: one file per story.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod csharp;
mod endings;
mod lists;
mod messages;
mod peer;
mod sources;
mod timers;
mod websocket;
mod world;
