//! Slows down clients that ask the same question until they like the answer.

use std::collections::HashMap;
use std::time::Duration;

use model::Uuid;
use parking_lot::Mutex;
use tokio::sync::{Semaphore, watch};
use tokio::time::Instant;

/// A question within this time of the last answer is a repetition, and is held as long.
const HOLD: Duration = Duration::from_secs(3);
/// Accounts whose last question is remembered; others are answered at once.
const REMEMBERED_MAX: usize = 10_000;

/// The accounts that asked a moment ago.
pub(crate) struct Held {
    answered: Mutex<HashMap<Uuid, Instant>>,
    places: Semaphore,
}

impl Held {
    pub(crate) fn new(places: usize) -> Self {
        Self {
            answered: Mutex::default(),
            places: Semaphore::new(places),
        }
    }

    /// Returns when the account is to be answered: at once, unless it repeats itself and there is
    /// a place to wait. Nobody waits while the server is about to end.
    pub(crate) async fn wait(&self, uuid: Uuid, mut ready: watch::Receiver<bool>) {
        if self.repeats(uuid)
            && let Ok(_place) = self.places.try_acquire()
        {
            tokio::select! {
                () = tokio::time::sleep(HOLD) => {}
                _ = ready.wait_for(|is_ready| !is_ready) => {}
            }
        }
        self.note(uuid);
    }

    fn repeats(&self, uuid: Uuid) -> bool {
        self.answered
            .lock()
            .get(&uuid)
            .is_some_and(|at| at.elapsed() < HOLD)
    }

    fn note(&self, uuid: Uuid) {
        let mut answered = self.answered.lock();
        if answered.len() >= REMEMBERED_MAX {
            answered.retain(|_, at| at.elapsed() < HOLD);
        }
        if answered.len() < REMEMBERED_MAX {
            answered.insert(uuid, Instant::now());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn waited(held: &Held, uuid: u64, ready: &watch::Receiver<bool>) -> u64 {
        let started = Instant::now();
        held.wait(Uuid(uuid), ready.clone()).await;
        started.elapsed().as_secs()
    }

    #[tokio::test(start_paused = true)]
    async fn only_a_repetition_is_held() {
        let (_sender, ready) = watch::channel(true);
        let held = Held::new(10);
        assert_eq!(waited(&held, 1, &ready).await, 0);
        assert_eq!(waited(&held, 2, &ready).await, 0);
        assert_eq!(waited(&held, 1, &ready).await, 3);
        assert_eq!(waited(&held, 1, &ready).await, 3);
        tokio::time::advance(HOLD).await;
        assert_eq!(waited(&held, 1, &ready).await, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_place_it_is_answered_at_once() {
        let (_sender, ready) = watch::channel(true);
        let held = Held::new(0);
        for _ in 0..3 {
            assert_eq!(waited(&held, 1, &ready).await, 0);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_when_the_server_ends() {
        let (_sender, ready) = watch::channel(false);
        let held = Held::new(10);
        for _ in 0..3 {
            assert_eq!(waited(&held, 1, &ready).await, 0);
        }
    }
}
