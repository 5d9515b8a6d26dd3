//! The store: whether it takes anything, for how long, and how quickly.

use super::{Evidence, Judgement, bytes, float, worst};
use crate::telemetry::reading::Reading;

/// Space is short below the smaller of a tenth of the disk and 10 GiB,
const DISK_WARN_PART: u64 = 10;
const DISK_WARN_BYTES: u64 = 10 << 30;
/// and nearly gone below the smaller of a fiftieth and 1 GiB.
const DISK_BAD_PART: u64 = 50;
const DISK_BAD_BYTES: u64 = 1 << 30;
/// Half of the commits of the last minute take longer, in milliseconds: slower than a spinning
/// disk, as `mimc doctor` has it.
const FLUSH_WARN_MS: f64 = 20.0;
/// One in a hundred takes longer, in milliseconds.
const FLUSH_BAD_MS: f64 = 1_000.0;
/// Fewer say nothing.
const FLUSHES_MIN: u64 = 10;

pub(super) fn writable(now: &Reading) -> Judgement {
    let is_broken = now.moment.is_read_only;
    let (en, zh) = if is_broken {
        (
            "a write failed, and the store takes no message since",
            "一次写入失败，此后存储不再接受任何消息",
        )
    } else {
        ("the store takes messages", "存储可写")
    };
    Judgement::new(
        "store-read-only",
        worst(false, is_broken),
        en.into(),
        zh.into(),
    )
    .advise(
        "see the log for the file and the error, mend the disk, then start the server again",
        "查看日志中的文件与错误，修复磁盘后重启服务器",
    )
}

pub(super) fn disk_space(now: &Reading) -> Judgement {
    const CHECK: &str = "disk-space";
    let Some(disk) = now.survey.disk else {
        let (en, zh) = (
            "the system does not tell how much is free",
            "系统未提供剩余空间",
        );
        return Judgement::new(CHECK, worst(false, false), en.into(), zh.into());
    };
    let warn_bytes = DISK_WARN_BYTES.min(disk.bytes / DISK_WARN_PART);
    let bad_bytes = DISK_BAD_BYTES.min(disk.bytes / DISK_BAD_PART);
    let verdict = worst(disk.free_bytes < warn_bytes, disk.free_bytes < bad_bytes);
    let (free, all) = (bytes(disk.free_bytes), bytes(disk.bytes));
    Judgement::new(
        CHECK,
        verdict,
        format!("{free} of {all} are free"),
        format!("{all} 中剩余 {free}"),
    )
    .advise(
        "make room, move the data directory to a larger disk, or keep less: `mimc app set --retention-days`",
        "清理空间，把数据目录迁到更大的磁盘，或用 `mimc app set --retention-days` 缩短保留期",
    )
    .with(&[
        ("freeBytes", float(disk.free_bytes)),
        ("diskBytes", float(disk.bytes)),
        ("warnBelowBytes", float(warn_bytes)),
        ("badBelowBytes", float(bad_bytes)),
    ])
}

pub(super) fn flush(evidence: &Evidence<'_>) -> Judgement {
    const CHECK: &str = "flush-latency";
    let taken = evidence.now.flush.since(&evidence.minute_ago.flush);
    let (Some(p50), Some(p99), true) = (
        taken.percentile_ms(50.0),
        taken.percentile_ms(99.0),
        taken.count() >= FLUSHES_MIN,
    ) else {
        let (en, zh) = (
            "too little was written in the last minute to tell",
            "最近一分钟写入太少，无法判断",
        );
        return Judgement::new(CHECK, worst(false, false), en.into(), zh.into());
    };
    Judgement::new(
        CHECK,
        worst(p50 > FLUSH_WARN_MS, p99 > FLUSH_BAD_MS),
        format!("a commit takes {p50:.1} ms in the middle, 99 % take at most {p99:.1} ms"),
        format!("一次提交的中位耗时为 {p50:.1} 毫秒，99% 不超过 {p99:.1} 毫秒"),
    )
    .advise(
        "every message waits for this: use a faster disk, or find who else writes to it",
        "每条消息都要等待它：换更快的磁盘，或找出还有谁在写这块磁盘",
    )
    .with(&[
        ("p50Ms", p50),
        ("p99Ms", p99),
        ("warnAboveP50Ms", FLUSH_WARN_MS),
        ("badAboveP99Ms", FLUSH_BAD_MS),
    ])
}

pub(super) fn damages(now: &Reading) -> Judgement {
    let count = now.moment.damages;
    let (en, zh) = match count {
        0 => ("no damage was met".into(), "未遇到损坏".into()),
        1 => (
            "one damaged place was met since the start, and answered around".into(),
            "启动以来遇到 1 处损坏，已绕过".into(),
        ),
        _ => (
            format!("{count} damaged places were met since the start, and answered around"),
            format!("启动以来遇到 {count} 处损坏，已绕过"),
        ),
    };
    Judgement::new("store-damages", worst(count > 0, false), en, zh)
        .advise(
            "see the log for the files; `mimc doctor --deep` finds all of it, `--salvage` sets it aside",
            "文件见日志；`mimc doctor --deep` 可找出全部损坏，`--salvage` 将其移开",
        )
        .with(&[("damages", float(count))])
}

#[cfg(test)]
mod tests {
    use api::insight::Verdict;

    use super::*;
    use crate::telemetry::latency::Latency;
    use crate::telemetry::reading::Disk;

    const GIB: u64 = 1 << 30;

    fn space(free_bytes: u64, all_bytes: u64) -> Verdict {
        let mut now = Reading::default();
        now.survey.disk = Some(Disk {
            bytes: all_bytes,
            free_bytes,
        });
        disk_space(&now).verdict
    }

    #[test]
    fn space_is_short_by_part_on_small_disks_and_by_bytes_on_large_ones() {
        for (free, all, expected) in [
            (10 * GIB, 1_000 * GIB, Verdict::Ok),
            (10 * GIB - 1, 1_000 * GIB, Verdict::Warn),
            (GIB, 1_000 * GIB, Verdict::Warn),
            (GIB - 1, 1_000 * GIB, Verdict::Bad),
            (GIB, 10 * GIB, Verdict::Ok),
            (GIB - 1, 10 * GIB, Verdict::Warn),
            (GIB / 5 - 1, 10 * GIB, Verdict::Bad),
            (0, 0, Verdict::Ok),
        ] {
            assert_eq!(space(free, all), expected, "{free} of {all}");
        }
        assert_eq!(disk_space(&Reading::default()).verdict, Verdict::Ok);
    }

    #[test]
    fn a_store_that_has_failed_is_bad_and_damage_a_warning() {
        let mut now = Reading::default();
        assert_eq!(writable(&now).verdict, Verdict::Ok);
        assert_eq!(damages(&now).verdict, Verdict::Ok);
        assert!(damages(&now).advice.is_none());
        now.moment.is_read_only = true;
        now.moment.damages = 2;
        assert_eq!(writable(&now).verdict, Verdict::Bad);
        let damaged = damages(&now);
        assert_eq!(
            (damaged.verdict, damaged.values["damages"]),
            (Verdict::Warn, 2.0)
        );
        assert!(damaged.advice.is_some());
    }

    #[test]
    fn commits_of_the_last_minute_are_judged_when_there_are_enough() {
        let verdict = |commits: u64, took_ms: u64, slowest_ms: u64| {
            let latency = Latency::default();
            (0..50).for_each(|_| latency.took(9_000_000));
            let reading = |latency: &Latency| Reading {
                flush: latency.so_far(),
                ..Reading::default()
            };
            let before = reading(&latency);
            (1..commits).for_each(|_| latency.took(took_ms * 1_000));
            latency.took(slowest_ms * 1_000);
            let now = reading(&latency);
            let evidence = Evidence {
                now: &now,
                minute_ago: &before,
                five_ago: &before,
            };
            flush(&evidence).verdict
        };
        assert_eq!(verdict(100, 4, 40), Verdict::Ok);
        assert_eq!(verdict(100, 30, 40), Verdict::Warn);
        assert_eq!(verdict(50, 4, 2_000), Verdict::Bad);
        assert_eq!(verdict(9, 5_000, 5_000), Verdict::Ok, "too few to tell");
    }
}
