//! The binary `mimc`: the server, and the tools of those who run it.
//!
//! - [`arguments`] is the command line as a whole; every verb has a file of its own
//! - [`operator`] finds the server and the right to administer it, [`device`] chats as an account
//! - [`format`] reads and writes what chat apps put into messages
//! - [`output`] writes results to stdout, as tables or JSON; [`printable`] makes others' text harmless;
//!   [`failure`] turns errors into one line on stderr and an exit code

mod account;
mod admin;
mod app;
mod arguments;
mod backup;
mod bench;
mod callback;
mod chat;
mod config;
mod console;
mod device;
mod doctor;
mod explain_token;
mod failure;
mod format;
mod health;
mod listen;
mod now;
mod operator;
mod output;
mod printable;
mod ready;
mod restore;
mod send;
mod serve;
mod shown;
mod stats;
mod token;
mod topic;
mod trace;

use std::process::ExitCode;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    failure::exit_code(arguments::Arguments::parse().run())
}
