//! The API on the real product, with a store that forgets: what apps and operators are answered.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod accounts;
mod admin;
mod bodies;
mod cors;
mod envelope;
mod faults;
mod gslb;
mod headers;
mod house;
mod limits;
mod push;
mod token;
mod uctopic;
