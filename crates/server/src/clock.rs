//! Time that never goes back and never jumps on a whim.
//!
//! It is monotonic time plus an offset to the wall clock. The offset follows the wall clock slowly;
//! a step of more than 60 s is not believed before it has held for 60 s.

use std::time::{SystemTime, UNIX_EPOCH};

use chat::port::Clock;
use parking_lot::Mutex;
use tokio::time::Instant;

/// How often the wall clock is looked at, in milliseconds of monotonic time.
const LOOK_MS: i64 = 100;
/// A difference beyond this is a step, in milliseconds.
const STEP_MS: i64 = 60_000;
/// How long a step must hold to be believed, in milliseconds.
const BELIEVED_AFTER_MS: i64 = 60_000;
/// Two looks see the same step when they differ by less, in milliseconds.
const SAME_STEP_MS: i64 = 1_000;
/// Our time runs at most this much faster or slower: a tenth.
const SLEW_DIVISOR: i64 = 10;
/// A step back that is believed is caught up at half speed.
const STEP_BACK_DIVISOR: i64 = 2;

/// Where time comes from.
pub trait Source: Send + Sync + 'static {
    /// Milliseconds since 1970, as the machine believes; may jump.
    fn wall_ms(&self) -> i64;
    /// Milliseconds since some moment; never jumps.
    fn monotonic_ms(&self) -> i64;
}

/// The machine's clocks.
#[derive(Debug)]
pub struct Machine {
    started: Instant,
}

impl Source for Machine {
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    fn wall_ms(&self) -> i64 {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    fn monotonic_ms(&self) -> i64 {
        i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX)
    }
}

/// The clock of the process.
#[derive(Debug)]
pub struct SystemClock<S = Machine> {
    source: S,
    state: Mutex<State>,
}

/// How our time differs from the machine's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    /// The machine's time minus ours at the last look, in milliseconds; within a minute unless the
    /// machine's clock was set.
    pub off_ms: i64,
    /// When a step forward was last believed, in milliseconds since 1970.
    pub taken_at_ms: Option<u64>,
}

#[derive(Debug)]
struct State {
    /// Wall time is monotonic time plus this.
    offset_ms: i64,
    looked_at_ms: i64,
    latest_ms: i64,
    step: Option<Step>,
    steps: Steps,
}

/// A wall clock far from ours.
#[derive(Clone, Copy, Debug)]
struct Step {
    since_ms: i64,
    offset_ms: i64,
}

impl SystemClock {
    /// Starts at the machine's wall time.
    pub fn new() -> Self {
        Self::with_source(Machine {
            started: Instant::now(),
        })
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Source> SystemClock<S> {
    /// The same on other clocks.
    pub fn with_source(source: S) -> Self {
        let monotonic_ms = source.monotonic_ms();
        let wall_ms = source.wall_ms();
        let state = State {
            offset_ms: wall_ms - monotonic_ms,
            looked_at_ms: monotonic_ms,
            latest_ms: wall_ms,
            step: None,
            steps: Steps::default(),
        };
        Self {
            source,
            state: Mutex::new(state),
        }
    }
}

impl<S> SystemClock<S> {
    /// What the machine's clock has done.
    pub fn steps(&self) -> Steps {
        self.state.lock().steps
    }
}

impl<S: Source> Clock for SystemClock<S> {
    fn now_ms(&self) -> u64 {
        let mut state = self.state.lock();
        let monotonic_ms = self.source.monotonic_ms();
        if monotonic_ms - state.looked_at_ms >= LOOK_MS {
            state.follow(monotonic_ms, self.source.wall_ms());
        }
        state.latest_ms = state.latest_ms.max(monotonic_ms + state.offset_ms);
        u64::try_from(state.latest_ms).unwrap_or(0)
    }
}

impl State {
    fn follow(&mut self, monotonic_ms: i64, wall_ms: i64) {
        let elapsed_ms = monotonic_ms - self.looked_at_ms;
        self.looked_at_ms = monotonic_ms;
        let wanted_ms = wall_ms - monotonic_ms;
        let off_ms = wanted_ms - self.offset_ms;
        self.steps.off_ms = off_ms;
        if off_ms.abs() <= STEP_MS {
            self.step = None;
            self.slew(off_ms, elapsed_ms / SLEW_DIVISOR);
        } else if !self.is_believed(wanted_ms, monotonic_ms) {
            // Our own pace is the better guess.
        } else if off_ms > 0 {
            tracing::warn!(
                ms = off_ms,
                "the machine's clock stepped forward, and so does ours"
            );
            self.offset_ms = wanted_ms;
            self.steps = Steps {
                off_ms: 0,
                taken_at_ms: u64::try_from(wall_ms).ok(),
            };
        } else {
            self.slew(off_ms, elapsed_ms / STEP_BACK_DIVISOR);
        }
    }

    fn slew(&mut self, off_ms: i64, most_ms: i64) {
        self.offset_ms += off_ms.clamp(-most_ms, most_ms);
    }

    /// Notes a step, and whether it has held for long enough.
    fn is_believed(&mut self, offset_ms: i64, now_ms: i64) -> bool {
        let same = self
            .step
            .filter(|step| (step.offset_ms - offset_ms).abs() < SAME_STEP_MS);
        let since_ms = same.map_or(now_ms, |step| step.since_ms);
        self.step = Some(Step {
            since_ms,
            offset_ms,
        });
        now_ms - since_ms >= BELIEVED_AFTER_MS
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    #[derive(Default)]
    struct Hands {
        wall: AtomicI64,
        monotonic: AtomicI64,
    }

    impl Source for Arc<Hands> {
        fn wall_ms(&self) -> i64 {
            self.wall.load(Ordering::Relaxed)
        }

        fn monotonic_ms(&self) -> i64 {
            self.monotonic.load(Ordering::Relaxed)
        }
    }

    const START: i64 = 1_700_000_000_000;

    struct Test {
        hands: Arc<Hands>,
        clock: SystemClock<Arc<Hands>>,
    }

    impl Test {
        fn new() -> Self {
            let hands = Arc::new(Hands::default());
            hands.wall.store(START, Ordering::Relaxed);
            let clock = SystemClock::with_source(Arc::clone(&hands));
            Self { hands, clock }
        }

        fn step(&self, ms: i64) {
            self.hands.wall.fetch_add(ms, Ordering::Relaxed);
        }

        /// Lets time pass in steps of 100 ms; our time since the start.
        fn pass(&self, ms: i64) -> i64 {
            let mut before = self.clock.now_ms();
            for _ in 0..ms / 100 {
                self.hands.wall.fetch_add(100, Ordering::Relaxed);
                self.hands.monotonic.fetch_add(100, Ordering::Relaxed);
                let now = self.clock.now_ms();
                assert!(now >= before, "time never goes back");
                before = now;
            }
            i64::try_from(before).unwrap() - START
        }
    }

    #[test]
    fn it_runs_with_the_wall_clock() {
        assert_eq!(Test::new().pass(10_000), 10_000);
    }

    #[test]
    fn a_small_difference_is_caught_up_slowly() {
        let test = Test::new();
        test.step(500);
        assert_eq!(test.pass(1_000), 1_100);
        assert_eq!(test.pass(9_000), 10_500);
        test.step(-500);
        assert_eq!(test.pass(1_000), 11_400);
        assert_eq!(test.pass(9_000), 20_000);
    }

    #[test]
    fn a_step_is_not_believed_at_once() {
        let test = Test::new();
        test.step(3_600_000);
        assert_eq!(test.pass(59_000), 59_000);
        let doubted = test.clock.steps();
        assert_eq!((doubted.off_ms, doubted.taken_at_ms), (3_600_000, None));
        test.step(-3_600_000);
        assert_eq!(test.pass(100_000), 159_000);
    }

    #[test]
    fn a_step_forward_that_holds_is_taken() {
        let test = Test::new();
        test.step(3_600_000);
        assert_eq!(test.pass(62_000), 3_662_000);
        let Steps {
            off_ms,
            taken_at_ms,
        } = test.clock.steps();
        assert_eq!(off_ms, 0);
        let taken_at_ms = i64::try_from(taken_at_ms.unwrap()).unwrap();
        assert!((3_660_000..=3_662_000).contains(&(taken_at_ms - START)));
    }

    #[test]
    fn a_step_back_that_holds_is_caught_up_at_half_speed() {
        let test = Test::new();
        assert_eq!(test.pass(1_000), 1_000);
        test.step(-100_000);
        let before = test.pass(61_000);
        assert!((61_000..=62_000).contains(&before), "{before}");
        let after = test.pass(10_000);
        assert!(
            (4_000..=6_000).contains(&(after - before)),
            "{}",
            after - before
        );
        test.pass(2_000_000);
        assert_eq!(
            i64::try_from(test.clock.now_ms()).unwrap(),
            test.hands.wall_ms()
        );
    }

    #[test]
    fn a_clock_that_wanders_wildly_is_never_believed() {
        let test = Test::new();
        for _ in 0..20 {
            test.step(100_000);
            test.pass(10_000);
        }
        assert_eq!(test.pass(100), 200_100);
    }
}
