//! Connections by where they come from: one address cannot take the places of all.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chat::buckets::Buckets;
use model::Source;
use parking_lot::Mutex;
use thiserror::Error;

use crate::config::Config;

/// Sources whose pace is remembered.
const REMEMBERED_MAX: usize = 65_536;
/// A burst may be as long as this: after a restart everybody comes back.
const BURST: Duration = Duration::from_secs(10);
const MINUTE: Duration = Duration::from_mins(1);

/// Why a connection is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Crowded {
    /// So many of this source are open.
    #[error("too many connections of one address are open")]
    Open,
    /// So many of this source came lately.
    #[error("too many connections of one address came lately")]
    Pace,
}

/// What is known of all sources.
#[derive(Debug)]
pub(crate) struct Sources {
    open_max: u32,
    /// Open connections of those that have any.
    open: Mutex<HashMap<Source, u32>>,
    pace: Option<Buckets<Source>>,
    failures: Option<Buckets<Source>>,
}

/// A connection's place among those of its source, until it is dropped.
#[derive(Debug)]
pub struct Place {
    sources: Arc<Sources>,
    /// `None`: not counted.
    source: Option<Source>,
}

impl Sources {
    pub(crate) fn new(config: &Config) -> Self {
        let burst = config
            .connects_per_source_per_s
            .saturating_mul(u32::try_from(BURST.as_secs()).unwrap_or(u32::MAX));
        Self {
            open_max: config.connections_per_source_max,
            open: Mutex::default(),
            pace: Buckets::new(burst, BURST, REMEMBERED_MAX),
            failures: Buckets::new(config.login_failures_per_min, MINUTE, REMEMBERED_MAX),
        }
    }

    pub(crate) fn admit(self: &Arc<Self>, source: Option<Source>) -> Result<Place, Crowded> {
        if let Some(source) = source {
            self.enter(source)?;
        }
        Ok(Place {
            sources: Arc::clone(self),
            source,
        })
    }

    fn enter(&self, source: Source) -> Result<(), Crowded> {
        if let Some(pace) = &self.pace {
            pace.take(source).map_err(|_| Crowded::Pace)?;
        }
        if self.open_max == 0 {
            return Ok(());
        }
        let mut open = self.open.lock();
        let count = open.entry(source).or_default();
        if *count >= self.open_max {
            return Err(Crowded::Open);
        }
        *count += 1;
        Ok(())
    }

    /// A connection of a source has ended.
    pub(crate) fn leave(&self, source: Source) {
        if self.open_max == 0 {
            return;
        }
        let mut open = self.open.lock();
        if let Some(count) = open.get_mut(&source) {
            *count -= 1;
            if *count == 0 {
                open.remove(&source);
            }
        }
    }

    /// Whether a login of a source is looked at.
    pub(crate) fn may_log_in(&self, source: Option<Source>) -> bool {
        match (&self.failures, source) {
            (Some(failures), Some(source)) => failures.check(source).is_ok(),
            _ => true,
        }
    }

    /// Counts a login that was refused for its token or its signature.
    pub(crate) fn failed(&self, source: Option<Source>) {
        if let (Some(failures), Some(source)) = (&self.failures, source) {
            // One that was under way when the last was counted changes nothing.
            let _ = failures.take(source);
        }
    }
}

impl Place {
    /// Ends it without giving it back: whoever takes the source calls [`Sources::leave`].
    pub(crate) fn into_source(mut self) -> Option<Source> {
        self.source.take()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(source) = self.source {
            self.sources.leave(source);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use tokio::time::advance;

    use super::*;

    fn sources(open: u32, per_s: u32) -> Arc<Sources> {
        Arc::new(Sources::new(&Config {
            connections_per_source_max: open,
            connects_per_source_per_s: per_s,
            ..Config::default()
        }))
    }

    fn source(last: u8) -> Source {
        IpAddr::from([192, 0, 2, last]).into()
    }

    #[test]
    fn a_source_has_so_many_places_and_gets_them_back() {
        let sources = sources(2, 0);
        let first = sources.admit(Some(source(1))).unwrap();
        let _second = sources.admit(Some(source(1))).unwrap();
        assert_eq!(sources.admit(Some(source(1))).err(), Some(Crowded::Open));
        let other = sources.admit(Some(source(2))).unwrap();
        drop(first);
        let taken = sources.admit(Some(source(1))).unwrap();
        let kept = taken.into_source().unwrap();
        assert_eq!(sources.admit(Some(source(1))).err(), Some(Crowded::Open));
        sources.leave(kept);
        drop(other);
        assert!(sources.admit(Some(source(1))).is_ok());
        assert_eq!(sources.open.lock().len(), 1, "who has none is forgotten");
    }

    #[test]
    fn who_is_not_counted_has_no_limit_and_zero_is_none() {
        let sources = sources(1, 1);
        let many: Vec<_> = (0..100).map(|_| sources.admit(None).unwrap()).collect();
        assert_eq!(many.len(), 100);
        let sources = self::sources(0, 0);
        let many: Vec<_> = (0..100).map(|_| sources.admit(Some(source(1)))).collect();
        assert!(many.iter().all(Result::is_ok));
    }

    #[tokio::test(start_paused = true)]
    async fn a_source_may_come_in_a_burst_and_then_at_its_pace() {
        let sources = sources(0, 2);
        for _ in 0..20 {
            sources.admit(Some(source(1))).unwrap();
        }
        assert_eq!(sources.admit(Some(source(1))).err(), Some(Crowded::Pace));
        assert!(sources.admit(Some(source(2))).is_ok());
        advance(Duration::from_millis(500)).await;
        assert!(sources.admit(Some(source(1))).is_ok());
        assert_eq!(sources.admit(Some(source(1))).err(), Some(Crowded::Pace));
    }
}
