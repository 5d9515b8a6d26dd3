//! A bare append with a flush after each batch: what a durable message must at least cost.

use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use tokio::time::Instant;

use crate::latency::Latencies;

/// Bytes of a batch.
const BATCH_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Appends batches of so many bytes to a file of its own in `dir`, each followed by `fdatasync`, for so
/// long; how long each batch took.
pub(crate) async fn probe(dir: &Path, bytes: usize, time: Duration) -> anyhow::Result<Latencies> {
    let dir = dir.to_owned();
    let probing = move || probe_here(&dir, bytes.clamp(1, BATCH_BYTES_MAX), time);
    tokio::task::spawn_blocking(probing).await?
}

fn probe_here(dir: &Path, bytes: usize, time: Duration) -> anyhow::Result<Latencies> {
    let file = tempfile::Builder::new()
        .prefix("mimc-bench-probe-")
        .tempfile_in(dir);
    let mut file = file.with_context(|| format!("cannot write in {}", dir.display()))?;
    // Not zeros: a file system may spare itself those.
    let batch: Vec<u8> = (0..=u8::MAX).cycle().take(bytes).collect();
    let mut taken = Latencies::default();
    let until = Instant::now() + time;
    loop {
        let began = Instant::now();
        if began >= until {
            return Ok(taken);
        }
        file.write_all(&batch)?;
        file.as_file().sync_data()?;
        taken.record(began.elapsed());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_batch_is_timed_and_nothing_is_left_behind() {
        let dir = tempfile::tempdir().unwrap();
        let taken = probe(dir.path(), 300, Duration::from_millis(20))
            .await
            .unwrap();
        assert!(taken.len() > 0);
        assert_eq!(dir.path().read_dir().unwrap().count(), 0);
        assert!(
            probe(&dir.path().join("none"), 1, Duration::ZERO)
                .await
                .is_err()
        );
    }
}
