//! A quick and honest load: durable messages between pairs of accounts in a closed loop, and the
//! memory of idle connections.
//!
//! ```text
//! cargo run --release -p mimc-client --example load -- --spawn target/release/mimc --pairs 50
//! cargo run --release -p mimc-client --example load -- --spawn target/release/mimc --idle 5000
//! ```
//!
//! - `--spawn BIN` starts a server on a fresh directory. Otherwise `--server URL --pid PID`, with
//!   `MIMC_ADMIN_TOKEN` in the environment
//! - `--pairs N` (50), each with `--window N` (16) messages on their way, for `--seconds N` (10), of
//!   `--payload BYTES` (200)
//! - `--idle N` opens N bound connections instead and compares the server's memory
//! - `--json` prints one object
//!
//! A message counts when it is acknowledged. Figures of the server cover everything from the first
//! message to the last acknowledgement of a receiver. Load and server share the machine: what the
//! load costs, the server does not get.

mod flags;
mod idle;
mod pairs;
mod process;
mod target;

/// Errors are for people: an example needs no more.
type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let flags = flags::Flags::parse(std::env::args().skip(1))?;
    let target = target::Target::open(&flags).await?;
    let report = match flags.idle {
        Some(connections) => idle::run(&target, connections).await?,
        None => pairs::run(&target, &flags).await?,
    };
    let text = if flags.is_json {
        report.to_string()
    } else {
        lines(&report)
    };
    std::io::Write::write_all(&mut std::io::stdout(), format!("{text}\n").as_bytes())?;
    Ok(())
}

fn lines(report: &serde_json::Value) -> String {
    let facts = report.as_object().into_iter().flatten();
    let lines = facts.map(|(name, value)| format!("{name:<32} {value}"));
    lines.collect::<Vec<_>>().join("\n")
}
