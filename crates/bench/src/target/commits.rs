//! What a server says about itself at `/metrics`.

use crate::process::Usage;

/// Group commits since the server's start.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Commits {
    pub(crate) count: u64,
    pub(crate) messages: u64,
    pub(crate) seconds: f64,
}

impl Commits {
    pub(super) fn read(metrics: &str) -> Option<Self> {
        Some(Self {
            count: whole(value(metrics, "mimc_commit_duration_seconds_count")?),
            messages: whole(value(metrics, "mimc_commit_messages_total")?),
            seconds: value(metrics, "mimc_commit_duration_seconds_sum")?,
        })
    }

    /// What came since `before`.
    pub(crate) fn since(self, before: Self) -> Self {
        Self {
            count: self.count.saturating_sub(before.count),
            messages: self.messages.saturating_sub(before.messages),
            seconds: self.seconds - before.seconds,
        }
    }
}

/// What the server says that its process takes. It does not say what it writes.
pub(super) fn usage(metrics: &str) -> Usage {
    let cpu_s = value(metrics, "mimc_process_cpu_seconds").unwrap_or_default();
    let rss = value(metrics, "mimc_process_resident_memory_bytes").unwrap_or_default();
    Usage {
        cpu_us: whole(cpu_s * 1e6),
        rss_kib: whole(rss / 1024.0),
        written_bytes: None,
    }
}

fn value(metrics: &str, name: &str) -> Option<f64> {
    let line = metrics
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))?;
    line.trim().parse().ok()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts, which metrics write as floats; what is no count becomes one"
)]
fn whole(value: f64) -> u64 {
    value as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const METRICS: &str = "# HELP mimc_commit_messages Messages in all commits.\n\
        mimc_commit_messages_total 120\n\
        mimc_commit_duration_seconds_sum 0.5\n\
        mimc_commit_duration_seconds_count 40\n\
        mimc_commit_duration_seconds_bucket{le=\"0.001\"} 1\n\
        mimc_process_resident_memory_bytes 2097152\n\
        mimc_process_cpu_seconds 1.25\n# EOF\n";

    #[test]
    fn commits_and_usage_are_read_from_the_metrics() {
        let commits = Commits::read(METRICS).unwrap();
        let expected = Commits {
            count: 40,
            messages: 120,
            seconds: 0.5,
        };
        assert_eq!(commits, expected);
        assert_eq!(commits.since(commits).count, 0);
        let usage = usage(METRICS);
        assert_eq!((usage.cpu_us, usage.rss_kib), (1_250_000, 2_048));
        assert_eq!(usage.written_bytes, None);
    }

    #[test]
    fn a_server_that_does_not_tell_has_no_commits() {
        assert_eq!(Commits::read("# EOF\n"), None);
    }
}
