//! Which message is meant: by its sequence, or by the packetId that its sender gave it.

use std::sync::Arc;

use model::limits::{DAY_MS, QUEUE_MS};
use model::{App, Conversation, Message, Sequence, Target, Uuid};

use super::event::{Event, Refused, Stored};
use super::{Other, Question, Ring, TraceError};
use crate::Chat;
use crate::port::{Search, StoreError};
use crate::sending::{Addressee, TextKey};

/// How much of the log is read for a packetId that is not remembered, in bytes.
const SEARCH_BYTES_MAX: u64 = 512 << 20;
/// Others with the same packetId that are named.
const OTHERS_MAX: usize = 10;

/// What was found.
pub(super) enum Subject {
    Stored(Traced),
    /// It was never stored: each time it was refused, the oldest first.
    Refused(Vec<(u64, Refused)>),
}

/// A message that was stored.
pub(super) struct Traced {
    pub(super) sequence: Sequence,
    /// When, in milliseconds since 1970.
    pub(super) at_ms: u64,
    /// `None`: it has no packetId.
    pub(super) packet: Option<TextKey>,
    pub(super) from: Uuid,
    pub(super) to: Addressee,
    /// `None`: the log has it no more.
    pub(super) message: Option<Arc<Message>>,
}

impl Traced {
    fn of(message: Arc<Message>) -> Self {
        let content = &message.content;
        Self {
            sequence: message.sequence,
            at_ms: message.timestamp_ms,
            packet: key(&content.packet_id),
            from: content.from.uuid,
            to: addressee(&content.to),
            message: Some(message),
        }
    }

    fn gone(at_ms: u64, stored: Stored) -> Self {
        Self {
            sequence: stored.sequence,
            at_ms,
            packet: Some(stored.packet).filter(|packet| *packet != TextKey::of("")),
            from: stored.from,
            to: stored.to,
            message: None,
        }
    }
}

/// What is remembered under a packetId.
#[derive(Clone, Copy)]
enum Remembered {
    Stored(Stored),
    Refused(Refused),
}

impl Remembered {
    fn from(&self) -> Uuid {
        match self {
            Self::Stored(stored) => stored.from,
            Self::Refused(refused) => refused.from.uuid,
        }
    }
}

impl Chat {
    pub(super) async fn find(
        &self,
        app: &App,
        question: Question<'_>,
    ) -> Result<(Subject, Vec<Other>), TraceError> {
        if let Ok(sequence) = question.id.parse()
            && let Some(traced) = self.find_at(app, sequence).await?
        {
            return Ok((Subject::Stored(traced), Vec::new()));
        }
        let from = match question.from {
            None => None,
            Some(name) => {
                let account = self.accounts.find(app.id, name).await?;
                Some(account.ok_or(TraceError::NoSender)?.uuid)
            }
        };
        if question.id.is_empty() {
            return Err(self.unknown(Sequence(0)));
        }
        let remembered = self.remembered(app, question.id, from).await;
        if !remembered.is_empty() {
            return self.newest(app, question.id, remembered).await;
        }
        self.search(app, question.id, from).await
    }

    pub(super) fn unknown(&self, searched: Sequence) -> TraceError {
        let ring = self.remembered.as_ref();
        TraceError::Unknown {
            remembered_ms: ring.map_or_else(|| self.clock.now_ms(), |ring| ring.since_ms()),
            searched_ms: searched.ms(),
        }
    }

    /// The message at a place, if it is the app's.
    async fn find_at(&self, app: &App, at: Sequence) -> Result<Option<Traced>, StoreError> {
        let visit = move |found: &mut Option<_>, at_ms, event| match event {
            Event::Stored(stored) if stored.sequence == at => *found = Some((at_ms, stored)),
            _ => {}
        };
        if let Some((at_ms, stored)) = read(self.remembered.clone(), visit).await {
            let traced = self.traced(app, at_ms, stored).await?;
            return Ok((stored.app_id == app.id).then_some(traced));
        }
        let message = self.history.at(at).await?;
        let message = message.filter(|message| self.is_shown(app, message));
        Ok(message.map(Traced::of))
    }

    /// A message that is remembered, with what the log has of it.
    async fn traced(&self, app: &App, at_ms: u64, stored: Stored) -> Result<Traced, StoreError> {
        let conversation = match stored.to {
            Addressee::Account(to) => Conversation::between(stored.from, to),
            Addressee::Topic(topic) => Conversation::Topic(topic),
        };
        let message = self.history.message(conversation, stored.sequence).await?;
        let message = message.filter(|message| self.is_shown(app, message));
        let gone = Traced::gone(at_ms, stored);
        Ok(message.map_or(gone, Traced::of))
    }

    /// A message of the app that is not older than what its history shows.
    fn is_shown(&self, app: &App, message: &Message) -> bool {
        let kept_ms = u64::from(app.settings.retention_days) * DAY_MS;
        let kept_ms = kept_ms.max(QUEUE_MS);
        message.content.app_id == app.id
            && self.clock.now_ms().saturating_sub(kept_ms) <= message.timestamp_ms
    }

    /// All that is remembered under a packetId, the oldest first.
    async fn remembered(
        &self,
        app: &App,
        packet_id: &str,
        from: Option<Uuid>,
    ) -> Vec<(u64, Remembered)> {
        let (app_id, packet) = (app.id, TextKey::of(packet_id));
        let visit = move |all: &mut Vec<_>, at_ms, event| {
            let remembered = match event {
                Event::Stored(stored) if (stored.app_id, stored.packet) == (app_id, packet) => {
                    Remembered::Stored(stored)
                }
                Event::Refused(refused) if (refused.app_id, refused.packet) == (app_id, packet) => {
                    Remembered::Refused(refused)
                }
                _ => return,
            };
            if from.is_none_or(|from| from == remembered.from()) {
                all.push((at_ms, remembered));
            }
        };
        let mut all: Vec<_> = read(self.remembered.clone(), visit).await;
        all.sort_by_key(|(at_ms, _)| *at_ms);
        all
    }

    /// The newest message of whoever used the packetId last, and the others.
    async fn newest(
        &self,
        app: &App,
        packet_id: &str,
        mut remembered: Vec<(u64, Remembered)>,
    ) -> Result<(Subject, Vec<Other>), TraceError> {
        let Some(from) = remembered.last().map(|(_, last)| last.from()) else {
            return Err(self.unknown(Sequence(0)));
        };
        let stored = remembered.iter().rev().find_map(|(at_ms, one)| match one {
            Remembered::Stored(stored) if stored.from == from => Some((*at_ms, *stored)),
            _ => None,
        });
        let mut refusals = Vec::new();
        let mut others = Vec::new();
        for (at_ms, one) in remembered.drain(..) {
            match one {
                Remembered::Refused(refused) if refused.from.uuid == from => {
                    refusals.push((at_ms, refused));
                }
                Remembered::Stored(one) if stored.is_some_and(|(_, newest)| newest == one) => {}
                Remembered::Stored(one) => others.push((Some(one.sequence), at_ms, one.from)),
                Remembered::Refused(refused) => others.push((None, at_ms, refused.from.uuid)),
            }
        }
        others.reverse();
        let others = self.others(others).await?;
        let Some((at_ms, stored)) = stored else {
            return Ok((Subject::Refused(refusals), others));
        };
        let traced = self.traced(app, at_ms, stored).await?;
        let message = traced.message.as_ref();
        if message.is_some_and(|message| *message.content.packet_id != *packet_id) {
            return Err(self.unknown(Sequence(0)));
        }
        Ok((Subject::Stored(traced), others))
    }

    /// Looks through the log, for one question at a time.
    async fn search(
        &self,
        app: &App,
        packet_id: &str,
        from: Option<Uuid>,
    ) -> Result<(Subject, Vec<Other>), TraceError> {
        let _alone = self.searching.lock().await;
        let search = Search {
            app_id: app.id,
            packet_id: packet_id.into(),
            from,
            limit: 1 + OTHERS_MAX,
            bytes: SEARCH_BYTES_MAX,
        };
        let found = self.history.sent_as(search).await?;
        let messages = found.messages.into_iter();
        let mut shown = messages.filter(|message| self.is_shown(app, message));
        let newest = shown.next().ok_or_else(|| self.unknown(found.after))?;
        let others = shown
            .map(|message| {
                let from = message.content.from.uuid;
                (Some(message.sequence), message.timestamp_ms, from)
            })
            .collect();
        Ok((
            Subject::Stored(Traced::of(newest)),
            self.others(others).await?,
        ))
    }

    async fn others(
        &self,
        others: Vec<(Option<Sequence>, u64, Uuid)>,
    ) -> Result<Vec<Other>, StoreError> {
        let mut named = Vec::new();
        for (sequence, at_ms, from) in others.into_iter().take(OTHERS_MAX) {
            let from = self.accounts.find_by_uuid(from).await?;
            named.push(Other {
                sequence,
                at_ms,
                from: from.map(|account| account.name.clone()),
            });
        }
        Ok(named)
    }
}

fn key(packet_id: &str) -> Option<TextKey> {
    (!packet_id.is_empty()).then(|| TextKey::of(packet_id))
}

fn addressee(to: &Target) -> Addressee {
    match to {
        Target::Account(to) => Addressee::Account(to.uuid),
        Target::Topic(topic) => Addressee::Topic(*topic),
    }
}

/// What a walk through all that is remembered has gathered. It takes milliseconds, and so is done
/// where it holds nobody up.
pub(super) async fn read<T: Default + Send + 'static>(
    ring: Option<Arc<Ring>>,
    mut visit: impl FnMut(&mut T, u64, Event) + Send + 'static,
) -> T {
    let Some(ring) = ring else {
        return T::default();
    };
    let reading = tokio::task::spawn_blocking(move || {
        let mut gathered = T::default();
        ring.read(|at_ms, event| visit(&mut gathered, at_ms, event));
        gathered
    });
    // It fails only when the process ends.
    reading.await.unwrap_or_default()
}
