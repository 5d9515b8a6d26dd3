//! What a server's process takes of the machine's memory, by the system.

use std::fs;

use crate::Server;

impl Server {
    /// Its resident memory now, in KiB.
    ///
    /// # Panics
    ///
    /// As all of these do, when it does not run, or the system does not tell.
    pub fn rss_kib(&self) -> u64 {
        self.memory("VmRSS:")
    }

    /// The most that it was since [`forget_peak`](Self::forget_peak).
    ///
    /// # Panics
    ///
    /// When it does not run.
    pub fn rss_kib_peak(&self) -> u64 {
        self.memory("VmHWM:")
    }

    /// From now on the peak is that of what comes.
    ///
    /// # Panics
    ///
    /// When it does not run.
    pub fn forget_peak(&self) {
        let file = format!("/proc/{}/clear_refs", self.pid());
        // 5 resets the high-water mark of resident memory: proc(5).
        fs::write(file, "5").expect("the process is ours");
    }

    fn memory(&self, name: &str) -> u64 {
        let file = format!("/proc/{}/status", self.pid());
        let status = fs::read_to_string(file).expect("the server runs");
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        kib.unwrap_or_else(|| panic!("no {name} in {status}"))
    }
}
