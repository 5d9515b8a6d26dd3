//! What every scenario understands, and its maxima: a bench that anybody may start must end.

use std::net::{IpAddr, ToSocketAddrs as _};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use clap::value_parser;

use crate::process;

/// The longest measurement.
pub(crate) const SECONDS_MAX: u64 = 3_600;
/// Connections of one run.
pub(crate) const CONNECTIONS_MAX: u32 = 100_000;
/// Messages offered in a second.
pub(crate) const RATE_MAX: u32 = 1_000_000;
/// Deliveries whose every detail is kept until the end, to be judged; some 100 bytes each.
pub(crate) const DELIVERIES_MAX: u64 = 20_000_000;
/// Messages that fill a store.
pub(crate) const STORED_MAX: u64 = 100_000_000;
/// The largest payload that an app can be allowed.
pub(crate) const PAYLOAD_BYTES_MAX: u32 = 61_440;
/// A payload holds when it was due.
pub(crate) const PAYLOAD_BYTES_MIN: u32 = 16;
/// Files that this process has open besides its connections to the server.
const OTHER_FILES: u64 = 200;

/// What every scenario understands.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Every scenario")]
pub struct Flags {
    /// Start a server on a fresh directory, and stop it afterwards. With --data-dir, on that
    /// directory, which stays. Without: the server of --server
    #[arg(long, global = true)]
    pub spawn: bool,

    /// What is started [default: this binary]
    #[arg(long, global = true, value_name = "FILE")]
    pub binary: Option<PathBuf>,

    /// Configuration file (TOML) of what is started
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Where the fresh directory is made; its disk is part of what is measured [default: the
    /// system's place for temporary files]
    #[arg(long, global = true, value_name = "DIR")]
    pub work_dir: Option<PathBuf>,

    /// Process id of a server that was not started here, for what it writes to the disk
    #[arg(long, global = true)]
    pub pid: Option<u32>,

    /// The TCP gateway [default: where the server says]
    #[arg(long, global = true, value_name = "HOST:PORT")]
    pub gateway: Option<String>,

    /// How long to measure
    #[arg(long, global = true, default_value_t = 10, value_parser = value_parser!(u64).range(1..=SECONDS_MAX))]
    pub seconds: u64,

    /// How long to run before measuring
    #[arg(long, global = true, default_value_t = 1, value_parser = value_parser!(u64).range(0..=SECONDS_MAX))]
    pub warm_up: u64,

    /// How long to wait for what is late before it counts as lost
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 10, value_parser = value_parser!(u64).range(1..=SECONDS_MAX))]
    pub drain: u64,

    /// Bytes of a message's payload
    #[arg(long, global = true, value_name = "BYTES", default_value_t = 200,
        value_parser = value_parser!(u32).range(i64::from(PAYLOAD_BYTES_MIN)..=i64::from(PAYLOAD_BYTES_MAX)))]
    pub payload: u32,

    /// End early after this many deliveries: all of them are kept in memory to be judged
    #[arg(long, global = true, value_name = "N", default_value_t = 4_000_000, value_parser = value_parser!(u64).range(1..=DELIVERIES_MAX))]
    pub max_deliveries: u64,

    /// Load a server that is not on this machine. Be sure that it is yours
    #[arg(long, global = true)]
    pub allow_remote: bool,

    /// Also write a page with plots, complete in itself
    #[arg(long, global = true, value_name = "FILE")]
    pub html: Option<PathBuf>,
}

impl Flags {
    pub(crate) fn measured(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    pub(crate) fn warmed(&self) -> Duration {
        Duration::from_secs(self.warm_up)
    }

    pub(crate) fn drained(&self) -> Duration {
        Duration::from_secs(self.drain)
    }

    /// Refuses `host:port` elsewhere, unless that was allowed.
    pub(crate) fn check_is_here(&self, address: &str) -> anyhow::Result<()> {
        if self.allow_remote {
            return Ok(());
        }
        let found = address.to_socket_addrs();
        let mut found = found.with_context(|| format!("cannot find {address}"))?;
        if found.all(|one| is_loopback(one.ip())) {
            return Ok(());
        }
        bail!("{address} is not this machine: if you may load it, add --allow-remote")
    }
}

fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

/// Refuses more connections than this process may open: it would fail in the middle.
pub(crate) fn check_open_files(connections: u64) -> anyhow::Result<()> {
    let max = process::open_files_max().unwrap_or(u64::MAX);
    ensure!(
        connections + OTHER_FILES <= max,
        "{connections} connections need more open files than the {max} that this shell allows: \
         see `ulimit -n`"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        flags: Flags,
    }

    fn flags(line: &str) -> Result<Flags, clap::Error> {
        Line::try_parse_from(format!("bench {line}").split_whitespace()).map(|line| line.flags)
    }

    #[test]
    fn what_is_over_a_maximum_is_wrong_usage() {
        assert!(flags("").is_ok());
        for line in [
            "--seconds 3601",
            "--seconds 0",
            "--payload 61441",
            "--payload 15",
            "--max-deliveries 20000001",
        ] {
            assert!(flags(line).is_err(), "{line}");
        }
    }

    #[test]
    fn only_this_machine_is_loaded_unless_told_so() {
        let here = flags("").unwrap();
        assert!(here.check_is_here("127.0.0.1:80").is_ok());
        assert!(here.check_is_here("127.9.9.9:80").is_ok());
        assert!(here.check_is_here("[::1]:80").is_ok());
        let refused = here.check_is_here("192.0.2.1:80").unwrap_err().to_string();
        assert!(refused.contains("--allow-remote"), "{refused}");
        let anywhere = flags("--allow-remote").unwrap();
        assert!(anywhere.check_is_here("192.0.2.1:80").is_ok());
    }

    #[test]
    fn more_connections_than_open_files_are_refused_before_anything_is_opened() {
        assert!(check_open_files(1).is_ok());
        let refused = check_open_files(u64::MAX / 2).unwrap_err().to_string();
        assert!(refused.contains("ulimit"), "{refused}");
    }
}
