//! Watches server and load while messages are under way: snapshots at the ends of the measurement,
//! samples in between.

mod trend;

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until};

use crate::figure::{exact, per, per_s, rounded};
use crate::process::{self, Usage};
use crate::progress::say;
use crate::target::Commits;
use crate::traffic::Times;
use crate::traffic::tally::{Counts, Tally};

/// Samples of one run, whatever its length.
const SAMPLES_MAX: u32 = 300;
/// Samples come no faster.
const SAMPLE_EVERY_MIN: Duration = Duration::from_millis(200);
/// How often people are told.
const TOLD_EVERY: Duration = Duration::from_secs(1);

/// One moment, for plots.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sample {
    /// Seconds since the measurement began; negative before.
    pub(crate) at_s: f64,
    /// Since the sample before.
    pub(crate) delivered_per_s: f64,
    /// Since the sample before, in CPUs.
    pub(crate) cpus: f64,
    pub(crate) rss_mb: f64,
    /// Since the sample before; `None` when nothing was acknowledged.
    pub(crate) ack_p99_ms: Option<f64>,
}

/// What was so at a moment.
#[derive(Clone, Copy, Debug)]
struct Snapshot {
    at: Instant,
    counts: Counts,
    usage: Usage,
    load_cpu_us: u64,
    commits: Option<Commits>,
    log_bytes: Option<u64>,
}

/// What was seen. Figures are `None` when the measurement did not begin, or the server does not tell.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) samples: Vec<Sample>,
    /// Of the measurement, without what came late.
    pub(crate) delivered_per_s: Option<f64>,
    /// The same of receipts.
    pub(crate) acked_per_s: Option<f64>,
    pub(crate) measured: Duration,
    pub(crate) cpu_us_per_delivered: Option<f64>,
    pub(crate) cpu_us_per_acked: Option<f64>,
    /// Of this process, which makes the load.
    pub(crate) load_cpu_us_per_delivered: Option<f64>,
    pub(crate) written_bytes_per_acked: Option<f64>,
    pub(crate) log_bytes_per_acked: Option<f64>,
    pub(crate) rss_mb: Option<f64>,
    pub(crate) messages_per_commit: Option<f64>,
    /// By the server: the time of a commit, flush included.
    pub(crate) commit_ms: Option<f64>,
}

impl Seen {
    /// The most memory that was seen, in MB.
    pub(crate) fn rss_mb_max(&self) -> Option<f64> {
        let samples = self.samples.iter().map(|sample| sample.rss_mb);
        samples.chain(self.rss_mb).reduce(f64::max)
    }

    /// By how many percent memory grows in 10 minutes: the least squares over the second half of the
    /// measurement, for in the first one everything that is kept for later is filled.
    pub(crate) fn rss_percent_per_10_min(&self) -> Option<f64> {
        let half = self.measured.as_secs_f64() / 2.0;
        let late = self.samples.iter().filter(|sample| sample.at_s >= half);
        let points: Vec<_> = late.map(|sample| (sample.at_s, sample.rss_mb)).collect();
        trend::growth_per_s(&points).map(|per_s| rounded(per_s * 600.0 * 100.0))
    }
}

/// A process that is watched.
pub(crate) trait Subject {
    async fn usage(&self) -> anyhow::Result<Usage>;

    /// Its commits so far; `None` when it does not tell, or makes none.
    async fn commits(&self) -> Option<Commits> {
        None
    }

    /// Bytes of its log; `None` when it has none that is known.
    fn log_bytes(&self) -> Option<u64> {
        None
    }
}

/// Does the work and watches it.
pub(crate) async fn watched<T>(
    target: &impl Subject,
    tally: &Tally,
    times: Times,
    work: impl Future<Output = T>,
) -> anyhow::Result<(T, Seen)> {
    tokio::pin!(work);
    let all = times.ends.saturating_duration_since(times.first);
    let every = (all / SAMPLES_MAX).max(SAMPLE_EVERY_MIN);
    let mut ticks = interval_at(times.first + every, every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut samples = Samples::new(times.measured_from, snapshot(target, tally, false).await?);
    let (mut before, mut end) = (None, None);
    let done = loop {
        tokio::select! {
            done = &mut work => break done,
            () = sleep_until(times.measured_from), if before.is_none() => {
                before = Some(snapshot(target, tally, true).await?);
            }
            () = sleep_until(times.ends), if end.is_none() => {
                end = Some((Instant::now(), tally.counts()));
            }
            _ = ticks.tick() => {
                let recent = tally.take_recent().ack;
                let p99 = recent.quantiles().map(|quantiles| quantiles.p99);
                samples.add(snapshot(target, tally, false).await?, p99);
            }
        }
    };
    let after = snapshot(target, tally, true).await?;
    let end = end.unwrap_or((after.at, after.counts));
    let mut seen = before.map_or_else(Seen::default, |before| seen(before, end, after));
    seen.samples = samples.all;
    seen.rss_mb = Some(mb(after.usage.rss_kib));
    Ok((done, seen))
}

/// The whole of it asks the server, too.
async fn snapshot(
    target: &impl Subject,
    tally: &Tally,
    is_whole: bool,
) -> anyhow::Result<Snapshot> {
    Ok(Snapshot {
        at: Instant::now(),
        counts: tally.counts(),
        usage: target.usage().await?,
        load_cpu_us: process::usage(std::process::id())?.cpu_us,
        commits: if is_whole {
            target.commits().await
        } else {
            None
        },
        log_bytes: if is_whole { target.log_bytes() } else { None },
    })
}

fn seen(before: Snapshot, (ended, at_end): (Instant, Counts), after: Snapshot) -> Seen {
    let measured = ended.saturating_duration_since(before.at);
    let delivered = after.counts.delivered - before.counts.delivered;
    let acked = after.counts.acked - before.counts.acked;
    let cpu_us = after.usage.cpu_us.saturating_sub(before.usage.cpu_us);
    let commits = after.commits.zip(before.commits);
    let commits = commits.map(|(after, before)| after.since(before));
    let between = |after: Option<u64>, before: Option<u64>| Some(after?.saturating_sub(before?));
    let written = between(after.usage.written_bytes, before.usage.written_bytes);
    let logged = between(after.log_bytes, before.log_bytes);
    Seen {
        samples: Vec::new(),
        delivered_per_s: per_s(at_end.delivered - before.counts.delivered, measured),
        acked_per_s: per_s(at_end.acked - before.counts.acked, measured),
        measured,
        cpu_us_per_delivered: per(cpu_us, delivered),
        cpu_us_per_acked: per(cpu_us, acked),
        load_cpu_us_per_delivered: per(after.load_cpu_us - before.load_cpu_us, delivered),
        written_bytes_per_acked: written.and_then(|bytes| per(bytes, acked)),
        log_bytes_per_acked: logged.and_then(|bytes| per(bytes, acked)),
        rss_mb: None,
        messages_per_commit: commits.and_then(|commits| per(commits.messages, commits.count)),
        commit_ms: commits.filter(|commits| commits.count > 0).map(|commits| {
            let ms = 1e3 * commits.seconds / exact(commits.count);
            (ms * 1e3).round() / 1e3
        }),
    }
}

pub(crate) fn mb(kib: u64) -> f64 {
    rounded(exact(kib) / 1024.0)
}

/// Differences of snapshots, told of as they come.
struct Samples {
    measured_from: Instant,
    last: Snapshot,
    told: Snapshot,
    all: Vec<Sample>,
}

impl Samples {
    fn new(measured_from: Instant, first: Snapshot) -> Self {
        Self {
            measured_from,
            last: first,
            told: first,
            all: Vec::new(),
        }
    }

    fn add(&mut self, now: Snapshot, ack_p99_ms: Option<f64>) {
        let mut sample = difference(&self.last, &now);
        let since = now.at.saturating_duration_since(self.measured_from);
        let until = self.measured_from.saturating_duration_since(now.at);
        sample.at_s = since.as_secs_f64() - until.as_secs_f64();
        sample.ack_p99_ms = ack_p99_ms;
        self.all.push(sample);
        self.last = now;
        if now.at - self.told.at >= TOLD_EVERY {
            let told = difference(&self.told, &now);
            self.told = now;
            say(&format!(
                "{:>5.0} s  {:>9.0} delivered/s  {:>5.2} CPUs  {:>7.1} MB",
                sample.at_s, told.delivered_per_s, told.cpus, told.rss_mb
            ));
        }
    }
}

fn difference(before: &Snapshot, now: &Snapshot) -> Sample {
    let time = now.at - before.at;
    let delivered = now.counts.delivered - before.counts.delivered;
    let cpu_us = now.usage.cpu_us.saturating_sub(before.usage.cpu_us);
    Sample {
        at_s: 0.0,
        delivered_per_s: per_s(delivered, time).unwrap_or_default(),
        cpus: per_s(cpu_us, time).unwrap_or_default() / 1e6,
        rss_mb: mb(now.usage.rss_kib),
        ack_p99_ms: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(at: Instant, messages: u64, cpu_us: u64) -> Snapshot {
        Snapshot {
            at,
            counts: Counts {
                sent: messages,
                acked: messages,
                delivered: 10 * messages,
            },
            usage: Usage {
                cpu_us,
                rss_kib: 2_048,
                written_bytes: Some(400 * messages),
            },
            load_cpu_us: 2 * cpu_us,
            commits: None,
            log_bytes: Some(300 * messages),
        }
    }

    #[test]
    fn figures_are_those_between_the_snapshots() {
        let began = Instant::now();
        let before = snapshot(began, 1_000, 50_000);
        let ended = began + Duration::from_secs(2);
        let after = snapshot(ended + Duration::from_secs(1), 3_000, 150_000);
        let mut at_end = after.counts;
        at_end.delivered -= 4_000;
        let seen = seen(before, (ended, at_end), after);
        assert_eq!(
            seen.delivered_per_s,
            Some(8_000.0),
            "what came late is no throughput"
        );
        assert_eq!(seen.acked_per_s, Some(1_000.0));
        assert_eq!(seen.cpu_us_per_delivered, Some(5.0), "but it costs");
        assert_eq!(seen.cpu_us_per_acked, Some(50.0));
        assert_eq!(seen.load_cpu_us_per_delivered, Some(10.0));
        assert_eq!(seen.written_bytes_per_acked, Some(400.0));
        assert_eq!(seen.log_bytes_per_acked, Some(300.0));
        assert_eq!((seen.messages_per_commit, seen.commit_ms), (None, None));
    }

    #[test]
    fn memory_grows_by_what_the_second_half_shows() {
        let sample = |at_s: f64, rss_mb| Sample {
            at_s,
            rss_mb,
            ..Sample::default()
        };
        let mut seen = Seen {
            measured: Duration::from_mins(20),
            rss_mb: Some(102.0),
            ..Seen::default()
        };
        assert_eq!(seen.rss_percent_per_10_min(), None);
        // It fills at first; then it grows by 2 MB in 10 minutes, of 100 in the middle.
        seen.samples = vec![
            sample(-1.0, 10.0),
            sample(300.0, 90.0),
            sample(600.0, 99.0),
            sample(900.0, 100.0),
            sample(1_200.0, 101.0),
        ];
        assert_eq!(seen.rss_percent_per_10_min(), Some(2.0));
        assert_eq!(seen.rss_mb_max(), Some(102.0));
    }

    #[test]
    fn a_sample_tells_rates_since_the_one_before() {
        let began = Instant::now();
        let mut samples = Samples::new(began, snapshot(began, 0, 0));
        let half = Duration::from_millis(500);
        samples.add(snapshot(began + half, 100, 250_000), Some(1.5));
        let sample = samples.all[0];
        assert!(
            (sample.delivered_per_s - 2_000.0).abs() < 1e-9,
            "{sample:?}"
        );
        assert!((sample.cpus - 0.5).abs() < 1e-9, "{sample:?}");
        assert!((sample.at_s - 0.5).abs() < 1e-9, "{sample:?}");
        assert_eq!(sample.ack_p99_ms, Some(1.5));
    }
}
