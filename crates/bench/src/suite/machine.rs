//! Where it was measured, and how busy the machine was besides.

use std::fmt;
use std::fs;

use serde::Serialize;

use crate::process::load_average;

/// This machine.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Machine {
    cpus: usize,
    cpu_model: Option<String>,
    memory_gib: Option<u64>,
    kernel: Option<String>,
    version: &'static str,
    /// Of the minute before the first run: what others do to this machine.
    load_average_before: Option<f64>,
    load_average_after: Option<f64>,
}

impl Machine {
    pub(super) fn here() -> Self {
        let cpus = std::thread::available_parallelism().map_or(0, usize::from);
        let kib = value_of("/proc/meminfo", "MemTotal").and_then(|text| {
            let digits = text.split_whitespace().next()?;
            digits.parse::<u64>().ok()
        });
        let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").ok();
        Self {
            cpus,
            cpu_model: value_of("/proc/cpuinfo", "model name"),
            memory_gib: kib.map(|kib| kib / (1024 * 1024)),
            kernel: kernel.map(|release| release.trim().to_owned()),
            version: env!("CARGO_PKG_VERSION"),
            load_average_before: load_average(),
            load_average_after: None,
        }
    }

    pub(super) fn is_done(&mut self) {
        self.load_average_after = load_average();
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} CPUs", self.cpus)?;
        if let Some(model) = &self.cpu_model {
            write!(f, " ({model})")?;
        }
        if let Some(memory) = self.memory_gib {
            write!(f, ", {memory} GiB")?;
        }
        if let Some(kernel) = &self.kernel {
            write!(f, ", Linux {kernel}")?;
        }
        write!(f, "; version {}", self.version)?;
        if let Some(load) = self.load_average_before {
            write!(f, "; load average {load} before")?;
        }
        if let Some(load) = self.load_average_after {
            write!(f, ", {load} after")?;
        }
        f.write_str("; load and server share the machine")
    }
}

fn value_of(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_has_cpus_and_says_how_busy_it_was() {
        let mut machine = Machine::here();
        machine.is_done();
        assert!(machine.cpus > 0);
        let said = machine.to_string();
        assert!(
            said.contains("CPUs") && said.contains("load average"),
            "{said}"
        );
    }
}
