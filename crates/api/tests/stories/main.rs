//! What apps and operators see over HTTP, on the memory store.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod accounts;
mod admin;
mod console;
mod contacts;
mod every_admin_route;
mod history;
mod operated_accounts;
mod pages;
mod topics;
mod trace;
mod world;
