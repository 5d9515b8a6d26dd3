//! Requests that come too often: those of one app, and those from an address that tries
//! credentials. Successful ones are never counted against an address.

mod peer;

use std::time::Duration;

use axum::response::Response;
use chat::buckets::{Buckets, TooOften};
use http::{HeaderValue, header};
use model::{AppId, Source};

pub use self::peer::PeerAddress;
pub(crate) use self::peer::peer;
use crate::config::Config;

/// Apps, and addresses, that are remembered at a time.
const REMEMBERED_MAX: usize = 65_536;
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);

/// Over a limit, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMany {
    /// Seconds, at least one.
    retry_after_s: u64,
}

/// What is off is `None`.
pub(crate) struct Limits {
    requests: Option<Buckets<AppId>>,
    failures: Option<Buckets<Source>>,
}

impl From<TooOften> for TooMany {
    fn from(TooOften { retry_after_s }: TooOften) -> Self {
        Self { retry_after_s }
    }
}

impl TooMany {
    /// A moment is enough.
    pub(crate) const SOON: Self = Self { retry_after_s: 1 };

    /// Says in the answer when to come again.
    pub(crate) fn tell(self, response: &mut Response) {
        let seconds = HeaderValue::from(self.retry_after_s);
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
}

impl Limits {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            requests: Buckets::new(config.app_requests_per_s, SECOND, REMEMBERED_MAX),
            failures: Buckets::new(config.auth_failures_per_min, MINUTE, REMEMBERED_MAX),
        }
    }

    /// Counts a request that has authenticated as an app.
    pub(crate) fn request(&self, app_id: AppId) -> Result<(), TooMany> {
        match &self.requests {
            Some(requests) => Ok(requests.take(app_id)?),
            None => Ok(()),
        }
    }

    /// Whether credentials from an address are looked at. Without an address there is no limit.
    pub(crate) fn may_try(&self, peer: Option<Source>) -> Result<(), TooMany> {
        match (&self.failures, peer) {
            (Some(failures), Some(peer)) => Ok(failures.check(peer)?),
            _ => Ok(()),
        }
    }

    /// Counts credentials that were wrong.
    pub(crate) fn failed(&self, peer: Option<Source>) {
        if let (Some(failures), Some(peer)) = (&self.failures, peer) {
            // One that was under way when the last was counted changes nothing.
            let _ = failures.take(peer);
        }
    }
}
