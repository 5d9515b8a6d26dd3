//! How often is too often: a bounded table of token buckets. A bucket that nobody has is full, so only those that are not
//! full are kept; when there are too many, the ones that are nearest to full go.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

/// A bucket per key; each holds as many tokens as it gains in the period.
#[derive(Debug)]
pub struct Buckets<K> {
    /// Between two tokens.
    interval: Duration,
    /// From empty to full.
    period: Duration,
    entries_max: usize,
    /// When each bucket will be full.
    full_at: Mutex<HashMap<K, Instant>>,
}

/// There is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooOften {
    /// When there will be one, in seconds from now: at least 1.
    pub retry_after_s: u64,
}

impl<K: Copy + Eq + Hash> Buckets<K> {
    /// `None` for 0 tokens, which is no limit. More than `entries_max` keys are not remembered.
    pub fn new(tokens: u32, period: Duration, entries_max: usize) -> Option<Self> {
        let interval = period.checked_div(tokens)?;
        Some(Self {
            interval,
            // Not the period itself: the interval was rounded down.
            period: interval * tokens,
            entries_max,
            full_at: Mutex::default(),
        })
    }

    /// Takes a token, if there is one.
    pub fn take(&self, key: K) -> Result<(), TooOften> {
        let now = Instant::now();
        let mut full_at = self.full_at.lock();
        let after = self.without_one(full_at.get(&key), now)?;
        if full_at.len() >= self.entries_max && !full_at.contains_key(&key) {
            self.make_room(&mut full_at, now);
        }
        full_at.insert(key, after);
        Ok(())
    }

    /// Whether there is a token, which stays.
    pub fn check(&self, key: K) -> Result<(), TooOften> {
        let full_at = self.full_at.lock();
        self.without_one(full_at.get(&key), Instant::now())
            .map(drop)
    }

    /// When a bucket will be full once a token is taken out of it.
    fn without_one(&self, full_at: Option<&Instant>, now: Instant) -> Result<Instant, TooOften> {
        let after = full_at.map_or(now, |at| now.max(*at)) + self.interval;
        let missing = after.saturating_duration_since(now + self.period);
        if missing.is_zero() {
            return Ok(after);
        }
        let is_rounded = missing.subsec_nanos() > 0;
        Err(TooOften {
            retry_after_s: missing.as_secs() + u64::from(is_rounded),
        })
    }

    /// Leaves at most three quarters, so that the next sweep is far.
    fn make_room(&self, full_at: &mut HashMap<K, Instant>, now: Instant) {
        full_at.retain(|_, at| *at > now);
        let excess = full_at.len().saturating_sub(self.entries_max / 4 * 3);
        if excess == 0 {
            return;
        }
        let mut times: Vec<_> = full_at.values().copied().collect();
        let (_, last_out, _) = times.select_nth_unstable(excess - 1);
        full_at.retain(|_, at| *at > *last_out);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tokio::time::advance;

    use super::*;

    const PERIOD: Duration = Duration::from_mins(1);

    fn buckets(tokens: u32) -> Buckets<u32> {
        Buckets::new(tokens, PERIOD, 8).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_bucket_gives_what_it_holds_and_gains_it_again() {
        let buckets = buckets(3);
        for _ in 0..3 {
            assert_eq!(buckets.check(1), Ok(()));
            assert_eq!(buckets.take(1), Ok(()));
        }
        let refused = Err(TooOften { retry_after_s: 20 });
        assert_eq!((buckets.check(1), buckets.take(1)), (refused, refused));
        assert_eq!(buckets.take(2), Ok(()), "each key has its own");
        advance(Duration::from_millis(19_001)).await;
        assert_eq!(buckets.take(1), Err(TooOften { retry_after_s: 1 }));
        advance(Duration::from_millis(999)).await;
        assert_eq!(buckets.take(1), Ok(()));
        assert!(buckets.take(1).is_err());
        advance(PERIOD * 100).await;
        for _ in 0..3 {
            assert_eq!(buckets.take(1), Ok(()));
        }
        assert!(buckets.take(1).is_err(), "no more than it holds");
    }

    #[test]
    fn nothing_at_all_is_no_limit() {
        assert!(Buckets::<u32>::new(0, PERIOD, 8).is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn of_too_many_the_ones_nearest_to_full_go() {
        let buckets = buckets(3);
        for _ in 0..3 {
            buckets.take(0).unwrap();
        }
        for key in 1..1_000 {
            advance(Duration::from_millis(1)).await;
            buckets.take(key).unwrap();
            assert!(buckets.full_at.lock().len() <= 8);
        }
        assert!(buckets.check(0).is_err(), "who is over the limit stays");
        let kept = buckets.full_at.lock().contains_key(&999);
        assert!(kept, "the newest has the longest to go of the others");
    }

    #[tokio::test(start_paused = true)]
    async fn full_buckets_make_room_before_others_do() {
        let buckets = buckets(3);
        for key in 0..7 {
            buckets.take(key).unwrap();
        }
        advance(Duration::from_secs(20)).await;
        buckets.take(7).unwrap();
        buckets.take(8).unwrap();
        let mut kept: Vec<_> = buckets.full_at.lock().keys().copied().collect();
        kept.sort_unstable();
        assert_eq!(kept, [7, 8]);
    }

    proptest! {
        #[test]
        fn a_full_bucket_gives_exactly_what_it_holds(tokens in 1_u32..20_000) {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .start_paused(true)
                .build()
                .unwrap();
            runtime.block_on(async {
                let buckets = Buckets::new(tokens, Duration::from_secs(1), 8).unwrap();
                let given = (0..=tokens).take_while(|_| buckets.take(0).is_ok()).count();
                assert_eq!(given, tokens as usize);
            });
        }
    }
}
