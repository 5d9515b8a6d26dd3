//! What Linux tells about a process.

use std::fs;

use anyhow::Context as _;
use rustix::process::{Pid, setpriority_process};

/// What a process has taken so far, and takes now.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Usage {
    /// User and system time.
    pub(crate) cpu_us: u64,
    /// Resident memory.
    pub(crate) rss_kib: u64,
    /// Bytes that it caused to be sent to the disk; `None` where that is not told.
    pub(crate) written_bytes: Option<u64>,
}

/// Of the process with this id.
pub(crate) fn usage(pid: u32) -> anyhow::Result<Usage> {
    let file = format!("/proc/{pid}/stat");
    let stat = fs::read_to_string(&file).with_context(|| format!("cannot read {file}"))?;
    Ok(Usage {
        cpu_us: cpu_us(&stat).with_context(|| format!("{file} is cut"))?,
        rss_kib: field(&format!("/proc/{pid}/status"), "VmRSS:").unwrap_or_default(),
        written_bytes: field(&format!("/proc/{pid}/io"), "write_bytes:"),
    })
}

fn cpu_us(stat: &str) -> Option<u64> {
    // The name in brackets may have blanks; utime and stime are the 12th and 13th after it.
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut times = after_name.split_whitespace().skip(11);
    let mut ticks = || times.next()?.parse::<u64>().ok();
    let ticks = ticks()? + ticks()?;
    Some(ticks * 1_000_000 / rustix::param::clock_ticks_per_second().max(1))
}

/// How far this process steps back: 10 is some tenth of the CPU time where another wants it.
const NICENESS: i32 = 10;

/// Has this process leave CPU time to others that want it, as a load on another machine would.
pub(crate) fn give_way() -> anyhow::Result<()> {
    // Each thread has a priority of its own; those that come later inherit it.
    for thread in fs::read_dir("/proc/self/task")? {
        let name = thread?.file_name();
        let thread = name.to_str().and_then(|name| name.parse().ok());
        // One that has ended meanwhile takes nothing any more.
        let _ = setpriority_process(thread.and_then(Pid::from_raw), NICENESS);
    }
    Ok(())
}

/// Files and sockets that this process may have open; `None` where that is not told.
pub(crate) fn open_files_max() -> Option<u64> {
    field("/proc/self/limits", "Max open files")
}

/// How busy the machine was in the last minute.
pub(crate) fn load_average() -> Option<f64> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    text.split_whitespace().next()?.parse().ok()
}

fn field(file: &str, name: &str) -> Option<u64> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_takes_memory_and_may_open_files() {
        let usage = usage(std::process::id()).unwrap();
        assert!(usage.rss_kib > 1_000, "{usage:?}");
        assert!(open_files_max() > Some(10));
        assert!(load_average() >= Some(0.0));
    }

    #[test]
    fn who_gives_way_goes_on_all_the_same() {
        give_way().unwrap();
        let here = rustix::process::getpriority_process(None).unwrap();
        assert_eq!(here, NICENESS);
    }

    #[test]
    fn a_name_with_blanks_and_brackets_does_not_shift_the_times() {
        let stat = "7 (a ) b) S 1 1 1 0 -1 4194560 1 0 0 0 150 50 0 0 20";
        let per_s = rustix::param::clock_ticks_per_second();
        assert_eq!(cpu_us(stat), Some(200 * 1_000_000 / per_s));
        assert_eq!(cpu_us("7 (a) S 1"), None);
    }

    #[test]
    fn a_process_that_is_not_there_is_an_error() {
        assert!(usage(u32::MAX).is_err());
    }
}
