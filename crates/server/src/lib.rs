//! Wiring: opens what the other rooms need, and runs them until a signal says stop.

mod options;

pub use options::Options;

/// Serves until SIGTERM or SIGINT. An error says in one line what is wrong and where.
pub fn run(_options: Options) -> anyhow::Result<()> {
    anyhow::bail!("the rooms are not connected yet")
}
