//! What Linux tells about a process.

use std::fs;

use crate::Failure;

/// Clock ticks per second: 100 on every Linux that matters.
const TICKS_PER_S: u64 = 100;

#[derive(Clone, Copy)]
pub(crate) struct Usage {
    /// User and system time, in microseconds.
    pub(crate) cpu_us: u64,
    /// Bytes that it caused to be sent to the storage layer.
    pub(crate) written_bytes: u64,
    /// Resident memory.
    pub(crate) rss_kb: u64,
}

pub(crate) fn usage(pid: u32) -> Result<Usage, Failure> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name in brackets may have blanks; utime and stime are the 12th and 13th after it.
    let (_, after_name) = stat.rsplit_once(')').ok_or("no name in stat")?;
    let mut times = after_name.split_whitespace().skip(11);
    let mut ticks = || -> Result<u64, Failure> { Ok(times.next().ok_or("stat is cut")?.parse()?) };
    let cpu_us = (ticks()? + ticks()?) * (1_000_000 / TICKS_PER_S);
    Ok(Usage {
        cpu_us,
        written_bytes: field(&format!("/proc/{pid}/io"), "write_bytes:")?,
        rss_kb: field(&format!("/proc/{pid}/status"), "VmRSS:")?,
    })
}

fn field(file: &str, name: &str) -> Result<u64, Failure> {
    let text = fs::read_to_string(file)?;
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number
        .ok_or_else(|| format!("{file} has no {name}"))?
        .parse()?)
}
