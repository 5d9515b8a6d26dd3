//! How long to wait before the next attempt: twice as long each time, and never all at once.

use std::time::Duration;

/// The first wait, before chance shortens it.
pub const BACKOFF_FIRST: Duration = Duration::from_millis(200);
/// The longest wait.
pub const BACKOFF_MAX: Duration = Duration::from_secs(30);

/// Waits that double from `first` to `max`. Each is cut to somewhere between its half and its
/// whole by chance, so that clients which lost their server together do not return together.
#[derive(Clone, Debug)]
pub struct Backoff {
    first: Duration,
    max: Duration,
    next: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self::new(BACKOFF_FIRST, BACKOFF_MAX)
    }
}

impl Backoff {
    /// Between these; a `max` below `first` counts as `first`.
    pub fn new(first: Duration, max: Duration) -> Self {
        Self {
            first,
            max: max.max(first),
            next: first,
        }
    }

    /// The wait before the next attempt; longer each time.
    pub fn next_wait(&mut self) -> Duration {
        let whole = self.next;
        self.next = (whole * 2).min(self.max);
        whole / 2 + (whole / 2).mul_f64(chance())
    }

    /// All is well again.
    pub fn reset(&mut self) {
        self.next = self.first;
    }
}

/// In 0..1. Without a source of chance the waits are the shortest ones, and as correct.
fn chance() -> f64 {
    getrandom::u32().map_or(0.0, |drawn| f64::from(drawn) / (f64::from(u32::MAX) + 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_maximum_and_start_over() {
        let ms = Duration::from_millis;
        let mut backoff = Backoff::new(ms(100), ms(350));
        for whole in [100, 200, 350, 350] {
            let wait = backoff.next_wait();
            assert!(wait >= ms(whole / 2) && wait <= ms(whole), "{wait:?}");
        }
        backoff.reset();
        assert!(backoff.next_wait() <= ms(100));
    }
}
