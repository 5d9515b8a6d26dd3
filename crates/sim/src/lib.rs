//! The real gateway, chat, cluster and embedded store on a simulated clock, network and disk: one seed
//! is one run, the same every time.
//!
//! ```text
//! cargo run -p sim --release -- --seeds 0..2000      which of these runs break a promise
//! cargo run -p sim --release -- --seed 17 --trace    one of them, line by line
//! ```
//!
//! The tour, from a seed to a verdict:
//!
//! - [`run`] makes a world from a seed, lets it live, and judges it
//! - `world` is what the parts share; `people` write, push, change topics and read; `phone` is a
//!   device that keeps its promises; `fate` is what goes wrong
//! - `server` is a process of the product; `life` is its time, after which everything around it is
//!   dead; `ports` are the real log and database, slowed down
//! - `network`, `disk` and `clock` are what it runs on
//! - `ledger` knows what was sent and shown, and tells what must not be
//! - [`mutant`] are faults planted on purpose; `dice` is chance, `trace` what happened
//!
//! What makes a run the same every time: one thread, whose time stands still until everybody waits;
//! randomness from the seed (`chat::secret`); calls of the store that are made where they are asked
//! for, on a disk that does not make wait.
//!
//! What is not simulated: the threads of the store within one call, and the file of its database.
//! `SQLite` runs in memory and outlives every process: a transaction is durable when it is committed.
//! TLS, web sockets and HTTP are outside: devices speak frames, app servers call the product.

mod clock;
mod dice;
mod disk;
mod fate;
mod ledger;
mod life;
pub mod mutant;
mod network;
mod people;
mod phone;
mod ports;
mod run;
mod server;
mod text;
mod trace;
mod world;

pub use mutant::Mutant;
pub use run::{Options, Outcome, run};
