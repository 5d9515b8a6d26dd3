//! What the process takes, from `/proc`.

use std::fs;

/// Resident memory in bytes; 0 where there is no `/proc`.
pub(super) fn resident_bytes() -> u64 {
    let statm = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 = nth(&statm, 1);
    pages * rustix::param::page_size() as u64
}

/// CPU time of all threads so far, in seconds.
pub(super) fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field is the name in brackets and may hold blanks.
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: u64 = nth::<u64>(after_name, 11) + nth::<u64>(after_name, 12);
    let per_second = rustix::param::clock_ticks_per_second().max(1);
    #[expect(clippy::cast_precision_loss, reason = "centuries of ticks fit")]
    let seconds = ticks as f64 / per_second as f64;
    seconds
}

fn nth<T: std::str::FromStr + Default>(text: &str, index: usize) -> T {
    text.split_ascii_whitespace()
        .nth(index)
        .and_then(|word| word.parse().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_takes_memory() {
        assert!(resident_bytes() > 1 << 20);
        assert!(cpu_seconds() >= 0.0);
    }
}
