//! Takes in a request body: all of it, within its time, up to its size.

use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use thiserror::Error;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::refusal::{BadParameter, Refusal};
use crate::state::Api;

/// What is read and thrown away of a body that is too large, in bytes, so that a client that
/// writes before it reads gets to see the answer.
const DISCARDED_BYTES_MAX: usize = 4 << 20;
/// What of each body is not counted, in bytes: most are smaller.
const FREE_BYTES: usize = 1024;

/// Why there is no body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum BodyError {
    #[error("request timeout")]
    TooSlow,
    #[error("request body too large")]
    TooLarge,
    #[error("busy")]
    Busy,
    #[error("broken off")]
    Broken,
}

impl From<BodyError> for Refusal {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::TooSlow => Self::BodyTooSlow,
            BodyError::TooLarge => Self::BodyTooLarge,
            BodyError::Busy => Self::Busy,
            BodyError::Broken => BadParameter::new("body", "broken off").into(),
        }
    }
}

pub(crate) async fn read(body: Body, api: &Api) -> Result<Bytes, BodyError> {
    let mut ready = api.ready.clone();
    tokio::select! {
        biased;
        read = collect(body, api.config.body_bytes_max, &api.bodies) => read,
        () = tokio::time::sleep(Duration::from_secs(api.config.body_timeout_s)) => {
            Err(BodyError::TooSlow)
        }
        // A server that is about to end does not wait for who has not said all.
        _ = ready.wait_for(|is_ready| !is_ready) => Err(BodyError::Busy),
    }
}

async fn collect(mut body: Body, bytes_max: usize, budget: &Semaphore) -> Result<Bytes, BodyError> {
    let mut read = BytesMut::new();
    let mut room = Room {
        budget,
        bytes: FREE_BYTES,
        permit: None,
    };
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| BodyError::Broken)?.into_data() else {
            continue;
        };
        let length = read.len() + data.len();
        if length > bytes_max {
            discard(body).await;
            return Err(BodyError::TooLarge);
        }
        room.grow(length)?;
        read.extend_from_slice(&data);
    }
    Ok(read.freeze())
}

async fn discard(mut body: Body) {
    let mut left = DISCARDED_BYTES_MAX;
    while let Some(Ok(frame)) = body.frame().await {
        let length = frame.data_ref().map_or(0, Bytes::len);
        let Some(rest) = left.checked_sub(length) else {
            return;
        };
        left = rest;
    }
}

/// One body's share of what all may take.
struct Room<'a> {
    budget: &'a Semaphore,
    bytes: usize,
    permit: Option<SemaphorePermit<'a>>,
}

impl Room<'_> {
    fn grow(&mut self, length: usize) -> Result<(), BodyError> {
        if length <= self.bytes {
            return Ok(());
        }
        let kib = (length - self.bytes).div_ceil(1024);
        let permits = u32::try_from(kib).map_err(|_| BodyError::TooLarge)?;
        let more = self
            .budget
            .try_acquire_many(permits)
            .map_err(|_| BodyError::Busy)?;
        match &mut self.permit {
            Some(permit) => permit.merge(more),
            None => self.permit = Some(more),
        }
        self.bytes += kib * 1024;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn collected(bytes: usize, budget_kib: usize) -> Result<usize, BodyError> {
        let budget = Semaphore::new(budget_kib);
        let read = collect(Body::from(vec![b'x'; bytes]), 1 << 20, &budget).await;
        assert_eq!(budget.available_permits(), budget_kib, "all is given back");
        read.map(|read| read.len())
    }

    #[tokio::test]
    async fn a_body_is_taken_up_to_its_limit() {
        assert_eq!(collected(0, 0).await, Ok(0));
        assert_eq!(collected(1 << 20, 1023).await, Ok(1 << 20));
        assert_eq!(
            collected((1 << 20) + 1, 9999).await,
            Err(BodyError::TooLarge)
        );
    }

    #[tokio::test]
    async fn bodies_together_have_a_limit_and_small_ones_pass() {
        assert_eq!(collected(1024, 0).await, Ok(1024));
        assert_eq!(collected(1025, 0).await, Err(BodyError::Busy));
        assert_eq!(collected(1025, 1).await, Ok(1025));
    }
}
