//! Who takes what comes.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use client::arrival::{Arrival, List};
use client::connection::Connection;
use client::rest::Envelope;
use client::session::{LoginOptions, Session};
use client::{Device, Event, Events, Gateway, Message};
use e2e::{Person, Server};
use tokio::time::Instant;

use crate::course::{Course, Taken};

/// Lists after which a watcher hangs up.
const VISIT_LISTS: usize = 40;

/// With the client that apps use: what it shows is what an app sees.
pub(crate) async fn receive(at: Person, course: Arc<Course>) {
    listen(at.device, at.events, course).await;
}

pub(crate) async fn listen(at: Device, mut events: Events, course: Arc<Course>) {
    while let Some(event) = events.next().await {
        if let Event::Message(message) = event {
            course.shown(&at, &message);
        }
    }
}

/// A device that hangs up now and then, and looks at what comes before any filter does. After each
/// acknowledgement it pings: with the answer it knows that the server has taken it.
pub(crate) struct Watcher {
    device: Device,
    gateway: Gateway,
    envelope: Envelope,
    course: Arc<Course>,
    /// What came, and when it was known that the server has taken its acknowledgement.
    seen: BTreeMap<i64, Option<Taken>>,
    /// Of these, without that.
    unknown: BTreeSet<i64>,
}

impl Watcher {
    /// One that has been there before anything is sent to it.
    pub(crate) async fn new(server: &Server, device: Device, course: Arc<Course>) -> Self {
        let envelope = server.rest().token(&server.app(), &device.account).await;
        let watcher = Self {
            gateway: server.gateway(),
            envelope: envelope.expect("the app's own accounts get tokens"),
            device,
            course,
            seen: BTreeMap::new(),
            unknown: BTreeSet::new(),
        };
        watcher.login().await.expect("the server is there");
        watcher
    }

    pub(crate) async fn watch(mut self) {
        loop {
            self.course.up().await;
            let life = self.course.life();
            // One that fails meets a kill; one that took longer than a life is of no known life.
            if let Some(mut session) = self.login().await
                && life == self.course.life()
            {
                self.visit(&mut session, life).await;
            }
        }
    }

    async fn login(&self) -> Option<Session> {
        let connection = Connection::open(self.gateway.clone()).await.ok()?;
        let (envelope, resource) = (&self.envelope, &self.device.resource);
        let login = Session::login(connection, envelope, resource, LoginOptions::default());
        login.await.ok()
    }

    /// Until it has had enough, or the server is gone.
    async fn visit(&mut self, session: &mut Session, life: usize) {
        let mut acknowledged = VecDeque::new();
        let mut lists = 0;
        while let Ok(arrival) = session.next().await {
            match arrival {
                Arrival::List(List {
                    messages,
                    max_sequence,
                }) => {
                    for message in &messages {
                        self.take(message, life);
                    }
                    session.queue_sequence_ack(max_sequence);
                    session.queue_ping();
                    acknowledged.push_back(max_sequence);
                    lists += 1;
                }
                Arrival::Pong => {
                    if let Some(sequence) = acknowledged.pop_front() {
                        self.is_taken_up_to(sequence, life);
                    }
                    if lists >= VISIT_LISTS {
                        return;
                    }
                }
                _ => {}
            }
        }
    }

    fn take(&mut self, message: &Message, life: usize) {
        let sequence = message.sequence;
        match self.seen.insert(sequence, None) {
            None => self.course.shown(&self.device, message),
            Some(None) => {}
            Some(Some(taken)) => self.course.resent(taken, life),
        }
        self.unknown.insert(sequence);
    }

    fn is_taken_up_to(&mut self, acknowledged: i64, life: usize) {
        let known_at = Instant::now();
        let later = self.unknown.split_off(&(acknowledged + 1));
        for sequence in std::mem::replace(&mut self.unknown, later) {
            self.seen.insert(sequence, Some(Taken { known_at, life }));
        }
    }
}
