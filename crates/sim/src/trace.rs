//! What happened, line by line: hashed always, so that two runs of a seed can be compared, and printed
//! when somebody wants to read it.

use std::fmt::{self, Write as _};

use parking_lot::Mutex;
use tokio::time::Instant;

/// See the module.
pub(crate) struct Trace {
    began: Instant,
    is_shown: bool,
    state: Mutex<State>,
}

struct State {
    digest: u64,
    lines: u64,
    line: String,
}

impl Trace {
    /// Begins now, on the simulated clock.
    pub(crate) fn begin(is_shown: bool) -> Self {
        let state = State {
            digest: 0xcbf2_9ce4_8422_2325,
            lines: 0,
            line: String::new(),
        };
        Self {
            began: Instant::now(),
            is_shown,
            state: Mutex::new(state),
        }
    }

    /// Takes down one line.
    pub(crate) fn note(&self, what: fmt::Arguments<'_>) {
        let ms = self.began.elapsed().as_millis();
        let mut state = self.state.lock();
        let State {
            digest,
            lines,
            line,
        } = &mut *state;
        line.clear();
        // A String takes whatever is written.
        let _ = write!(line, "{:>6}.{:03} {what}", ms / 1000, ms % 1000);
        for byte in line.bytes() {
            *digest = (*digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        *lines += 1;
        if self.is_shown {
            eprintln!("{line}");
        }
    }

    /// The hash of all lines so far, and their number.
    pub(crate) fn digest(&self) -> (u64, u64) {
        let state = self.state.lock();
        (state.digest, state.lines)
    }
}

/// Notes a line of a trace, as `format!` does.
macro_rules! note {
    ($trace:expr, $($what:tt)+) => { $trace.note(format_args!($($what)+)) };
}
pub(crate) use note;
