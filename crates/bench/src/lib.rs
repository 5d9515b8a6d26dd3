//! `mimc bench`: load for a server, and what it found.
//!
//! The load is made in this process; the server is another one, on this machine or, when allowed,
//! elsewhere. The tour, from the command line to the figures:
//!
//! - [`Bench`] is the command line, [`Flags`] what every scenario understands and its maxima
//! - `scenario` has a file for each scenario
//! - `target` is the server under load, running or started here, with an app on it; `crowd` logs many
//!   accounts in
//! - `traffic` has them talk, at a pace, and keeps what each one saw
//! - `floor` is what the machine itself can do: a bare relay, a bare append
//! - `watch` looks at the server's process meanwhile; `latency` and `figure` make numbers of it
//! - `suite` runs all of it and puts the goals beside what was found
//! - [`Report`] is what comes out: JSON, lines for people, a page with plots
//!
//! Latencies are corrected for coordinated omission: a server that stalls does not get credit for what
//! could not be sent to it meanwhile. Messages are judged by the client's checker, by what the server
//! promises.

mod command;
mod crowd;
mod figure;
mod flags;
mod floor;
mod latency;
mod process;
mod progress;
mod report;
mod scenario;
mod suite;
mod target;
mod traffic;
mod watch;

pub use command::{Bench, Findings};
pub use flags::Flags;
pub use latency::Quantiles;
pub use report::Report;
pub use suite::Suite;
pub use target::Place;
