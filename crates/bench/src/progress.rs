//! Tells people on stderr how far it is. A closed stderr is nobody to talk to.

use std::io::Write as _;
use std::time::Duration;

use tokio::time::Instant;

/// How often a long step is told of.
const EVERY: Duration = Duration::from_secs(1);

/// One line.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// A step with many parts, told of once in a second.
#[derive(Debug)]
pub(crate) struct Progress {
    what: &'static str,
    all: u64,
    told_at: Instant,
}

impl Progress {
    pub(crate) fn new(what: &'static str, all: u64) -> Self {
        Self {
            what,
            all,
            told_at: Instant::now(),
        }
    }

    pub(crate) fn at(&mut self, done: u64) {
        if self.told_at.elapsed() >= EVERY {
            self.told_at = Instant::now();
            say(&format!("{}: {done} of {}", self.what, self.all));
        }
    }
}
