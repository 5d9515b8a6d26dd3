//! How long the disk takes to make a write safe: every message waits for one such flush.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::Instant;

use super::Finding;

const CHECK: &str = "disk flush";
const PROBES: usize = 50;
const PROBE_BYTES: [u8; 4096] = [0; 4096];
/// Slower than a spinning disk.
const SLOW: Duration = Duration::from_millis(20);
/// Faster than anything that survives a power cut, a battery-backed cache excepted.
const TOO_FAST: Duration = Duration::from_micros(15);

/// Nothing when there is no directory to write in.
pub(super) fn flush_latency(dir: &Path) -> Option<Finding> {
    if !dir.is_dir() {
        return None;
    }
    Some(match probe(dir) {
        Ok(taken) => judged(taken),
        Err(error) => Finding::problem(
            CHECK,
            format!("{}: {error}", dir.display()),
            "the server must be able to write here",
        ),
    })
}

fn judged(mut taken: Vec<Duration>) -> Finding {
    taken.sort_unstable();
    let at = |percent: usize| taken[(taken.len() * percent / 100).min(taken.len() - 1)];
    let (median, worst) = (at(50), at(100));
    let found = format!("{median:.1?} in the middle, {worst:.1?} at worst");
    if median > SLOW {
        let advice = "every message waits for this: use a faster disk";
        return Finding::warning(CHECK, found, advice);
    }
    if median < TOO_FAST {
        let advice =
            "this disk seems to keep writes in memory: what it says is safe is lost with the power";
        return Finding::warning(CHECK, found, advice);
    }
    Finding::ok(CHECK, found)
}

fn probe(dir: &Path) -> io::Result<Vec<Duration>> {
    let (file, _removed_later) = Probe::make(dir)?;
    (0..PROBES).map(|_| flush(&file)).collect()
}

fn flush(mut file: &File) -> io::Result<Duration> {
    let began = Instant::now();
    file.write_all(&PROBE_BYTES)?;
    file.sync_data()?;
    Ok(began.elapsed())
}

/// A file that goes when we do.
struct Probe(PathBuf);

impl Probe {
    fn make(dir: &Path) -> io::Result<(File, Self)> {
        let path = dir.join(format!("doctor-{}.tmp", std::process::id()));
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)?;
        Ok((file, Self(path)))
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        // It is small, and its name says what it was.
        let _ = std::fs::remove_file(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn slow_disks_and_those_that_lie_are_warned_of() {
        let all = |taken: Duration| judged(vec![taken; PROBES]).state;
        assert_eq!(all(Duration::from_millis(1)), State::Ok);
        assert_eq!(all(Duration::from_millis(30)), State::Warning);
        assert_eq!(all(Duration::from_micros(1)), State::Warning);
    }
}
