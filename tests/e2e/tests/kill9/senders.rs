//! Who keeps messages under way.

use std::collections::VecDeque;
use std::sync::Arc;

use client::rest::{AppCredentials, Push, Rest};
use client::{Client, Device, SendOptions, Sending, Target};
use e2e::Server;
use tokio::time::Instant;

use crate::course::Course;

/// Messages that a sender has on their way.
const WINDOW: usize = 32;
/// In whose name the app's backend pushes.
pub(crate) const PUSHER: &str = "backend";

/// A kind of message, and who gets it.
#[derive(Clone)]
pub(crate) struct Errand {
    pub(crate) to: Target,
    pub(crate) conversation: String,
    pub(crate) expected_at: Vec<Device>,
    /// Whether history keeps it.
    pub(crate) is_kept: bool,
}

/// Keeps a window of messages on their way, one errand after the other, until it is over and all have
/// their receipts.
pub(crate) async fn send(
    client: Client,
    device: Device,
    errands: Vec<Errand>,
    course: Arc<Course>,
) {
    let mut waiting: VecDeque<(String, Sending, &Errand)> = VecDeque::new();
    let mut turns = errands.iter().cycle();
    loop {
        while waiting.len() < WINDOW && !course.counts().is_over {
            course.kept_up_with().await;
            let errand = turns.next().expect("a cycle has no end");
            let (packet_id, sending) = course.sent(&device, errand, || give(&client, errand));
            waiting.push_back((packet_id, sending, errand));
        }
        let Some((packet_id, sending, errand)) = waiting.pop_front() else {
            return;
        };
        let receipt = sending.await.expect("nothing here is refused");
        course.acked(&device, &packet_id, receipt.sequence, errand);
    }
}

fn give(client: &Client, errand: &Errand) -> (String, Sending) {
    let options = SendOptions {
        is_store: errand.is_kept,
        ..SendOptions::default()
    };
    let sending = client.send(errand.to.clone(), "x".repeat(200), options);
    (sending.packet_id().to_owned(), sending)
}

/// The device that pushes are from in the checker's eyes.
pub(crate) fn pusher() -> Device {
    Device::new(PUSHER, "rest")
}

/// Pushes over REST, one after the other. What was under way at a kill may be there or not: nobody
/// was told.
pub(crate) struct Pusher {
    rest: Rest,
    app: AppCredentials,
    errands: Vec<Errand>,
    course: Arc<Course>,
}

impl Pusher {
    pub(crate) fn new(server: &Server, errands: Vec<Errand>, course: Arc<Course>) -> Self {
        Self {
            rest: server.rest(),
            app: server.app(),
            errands,
            course,
        }
    }

    pub(crate) async fn push(self) {
        for (number, errand) in self.errands.iter().cycle().enumerate() {
            self.course.up().await;
            if self.course.counts().is_over {
                return;
            }
            let name = format!("push-{number}");
            let text = format!("{name} {}", "x".repeat(200));
            let mut push = Push::new(PUSHER, errand.to.clone(), text);
            push.is_store = errand.is_kept;
            self.course.pushing(&name, errand);
            let began = Instant::now();
            let is_acked = self.rest.push(&self.app, &push).await.is_ok();
            self.course.pushed(&name, began, is_acked);
        }
    }
}
