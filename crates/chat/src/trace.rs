//! "Why did it not arrive?": what became of one message, step by step, and where it stands.
//!
//! Two things are asked. The memory of what happened lately ([`Ring`], filled by the [`Recorder`])
//! knows times, refusals and resends, and forgets. The log proves the rest, also of yesterday and
//! from before a restart: the message itself, who was in the topic at its place, and by each
//! device's cursor what was acknowledged.
//!
//! `find` says which message is meant, `heard` reads the memory, `standing` says where each device
//! is, `steps` tells the story, `verdict` ends it.

mod event;
mod find;
mod heard;
mod recorder;
mod ring;
mod standing;
mod steps;
mod verdict;

use bytes::Bytes;
use model::{AccountName, App, Callbacks, Party, Resource, Sequence, TopicId, Uuid};
use thiserror::Error;

use crate::Chat;
use crate::port::StoreError;
use crate::sending::Addressee;
use event::Refused;
use find::{Subject, Traced};
pub(crate) use recorder::Recorder;
pub(crate) use ring::Ring;
pub use ring::TRACE_BYTES_MIN;
use steps::Story;
pub use steps::{Step, What, Whose};
use verdict::Tally;
pub use verdict::{Since, Verdict};

/// Receivers that are looked at before others get their turn.
const RECEIVERS_AT_ONCE: usize = 500;

/// Which message.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// Its sequence, or the packetId that its sender gave it.
    pub id: &'a str,
    /// Who sent it: packetIds are unique for a device only.
    pub from: Option<&'a AccountName>,
}

/// Why there is no answer.
#[derive(Clone, Debug, Error)]
pub enum TraceError {
    /// Nothing is known of it.
    #[error("nothing is known of such a message")]
    Unknown {
        /// Everything that happened after this is remembered, in milliseconds since 1970.
        remembered_ms: u64,
        /// Everything that was stored after this was looked at, in milliseconds since 1970.
        searched_ms: u64,
    },
    /// The account that is said to have sent it does not exist.
    #[error("there is no such sender")]
    NoSender,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What became of a message.
#[derive(Clone, Debug)]
pub struct Trace {
    /// What its sender called it, where that is known.
    pub packet_id: Option<Box<str>>,
    /// Its place; `None`: it was not stored.
    pub sequence: Option<Sequence>,
    /// When it was stored or refused, in milliseconds since 1970.
    pub at_ms: u64,
    /// Who sent it; `None`: an account that is gone.
    pub from: Option<Party>,
    /// From which device, where that is known.
    pub from_resource: Option<Resource>,
    /// Whom it is for, where that is known.
    pub to: Option<Receiver>,
    /// Payload in bytes, where that is known.
    pub bytes: Option<usize>,
    /// Whether history and contacts know it, where that is known.
    pub is_stored: Option<bool>,
    /// What it says. Not for everybody.
    pub payload: Option<Bytes>,
    /// Which callbacks its app wanted.
    pub callbacks: Callbacks,
    /// Whether all that happened to it is remembered.
    pub is_complete: bool,
    /// What happened, the oldest first; what has no time last.
    pub steps: Vec<Step>,
    /// Steps that were left out, since there are too many.
    pub steps_omitted: usize,
    /// Where it stands.
    pub verdict: Verdict,
    /// Others with the same packetId that were come across, the newest first.
    pub others: Vec<Other>,
}

/// Whom a message is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receiver {
    /// One account.
    Account(Party),
    /// Those who were members at its place.
    Topic {
        /// Which topic.
        id: TopicId,
        /// Its name; `None`: it is unknown or dismissed.
        name: Option<String>,
        /// How many there were, with the sender if it was one of them.
        members: usize,
    },
}

/// Another message with the same packetId.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    /// Its place; `None`: it was refused.
    pub sequence: Option<Sequence>,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// Who sent it; `None`: an account that is gone.
    pub from: Option<AccountName>,
}

impl Chat {
    /// What became of a message of an app.
    pub async fn trace(&self, app: &App, question: Question<'_>) -> Result<Trace, TraceError> {
        let (subject, others) = self.find(app, question).await?;
        let trace = match subject {
            Subject::Stored(traced) => self.trace_stored(traced).await?,
            Subject::Refused(refusals) => self.trace_refused(question.id, &refusals).await?,
        };
        Ok(Trace { others, ..trace })
    }

    async fn trace_stored(&self, traced: Traced) -> Result<Trace, StoreError> {
        let (to, receivers) = self.receivers(&traced).await?;
        let uuids = receivers.iter().map(|party| party.uuid).collect();
        let heard = self.hear(&traced, uuids).await;
        let now_ms = self.clock.now_ms();
        let mut story = Story::begin(&traced, &heard);
        let mut tally = Tally::new(&traced, now_ms);
        for (number, party) in receivers.iter().enumerate() {
            if number % RECEIVERS_AT_ONCE == RECEIVERS_AT_ONCE - 1 {
                tokio::task::yield_now().await;
            }
            let standing = self.standing(party, &traced, &heard, tally.is_expired());
            story.tell_of(&standing, &heard, tally.is_expired());
            tally.add(standing);
        }
        let is_note = traced.to == Addressee::Account(traced.from);
        if !is_note && let Some(from) = self.party(traced.from).await? {
            let copies = self.standing(&from, &traced, &heard, tally.is_expired());
            story.tell_of_copies(&copies, &heard);
        }
        let verdict = self.verdict_of(to.as_ref(), tally).await?;
        let (steps, steps_omitted) = story.end();
        let content = traced.message.as_ref().map(|message| &message.content);
        let from = match content {
            Some(content) => Some(content.from.clone()),
            None => self.party(traced.from).await?,
        };
        Ok(Trace {
            packet_id: content.map(|content| content.packet_id.clone()),
            sequence: Some(traced.sequence),
            at_ms: traced.at_ms,
            from,
            from_resource: content.map(|content| content.from_resource.clone()),
            to,
            bytes: content.map(|content| content.payload.len()),
            is_stored: content.map(|content| content.is_stored),
            payload: content.map(|content| content.payload.clone()),
            callbacks: content.map(|content| content.callbacks).unwrap_or_default(),
            is_complete: heard.is_complete,
            steps,
            steps_omitted,
            verdict,
            others: Vec::new(),
        })
    }

    /// Of a message that was never taken, however often it was tried; the oldest first.
    async fn trace_refused(
        &self,
        id: &str,
        refusals: &[(u64, Refused)],
    ) -> Result<Trace, TraceError> {
        let Some((at_ms, refused)) = refusals.last().copied() else {
            return Err(self.unknown(Sequence(0)));
        };
        let (steps, steps_omitted) = Story::of_refusals(refusals).end();
        let from = self.party(refused.from.uuid).await?;
        Ok(Trace {
            packet_id: Some(id.into()),
            sequence: None,
            at_ms,
            from,
            from_resource: self.resource(refused.from),
            to: self.receiver_of(refused.to).await?,
            bytes: usize::try_from(refused.bytes).ok(),
            is_stored: None,
            payload: None,
            callbacks: Callbacks::default(),
            is_complete: true,
            steps,
            steps_omitted,
            verdict: Verdict::Refused(refused.why),
            others: Vec::new(),
        })
    }

    async fn party(&self, uuid: Uuid) -> Result<Option<Party>, StoreError> {
        let account = self.accounts.find_by_uuid(uuid).await?;
        Ok(account.map(|account| crate::send::party(&account)))
    }
}
