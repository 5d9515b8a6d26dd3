//! What is owed to the apps' own servers: one row per message and URL it goes to.

use std::fmt;
use std::str::FromStr;

use async_trait::async_trait;
use model::{AppId, Conversation, Sequence, Uuid};

use super::StoreError;

/// Attempts that a row remembers; the oldest are dropped beyond it.
pub const ATTEMPTS_KEPT_MAX: usize = 20;

/// Which of an app's two URLs a delivery goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeliveryKind {
    /// Every accepted message.
    Instant,
    /// What did not reach all of its receivers.
    Offline,
}

impl DeliveryKind {
    /// `instant` or `offline`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Instant => "instant",
            Self::Offline => "offline",
        }
    }
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryStatus {
    /// Whether there is anything to post is open until then, in milliseconds since 1970.
    Undecided {
        /// When it is decided at the latest.
        until_ms: u64,
    },
    /// To be posted.
    Pending {
        /// When, in milliseconds since 1970.
        next_at_ms: u64,
        /// Failed attempts since it became pending or was replayed.
        failures: u32,
    },
    /// Its receiver has taken it.
    Delivered,
    /// Given up. It can be replayed.
    Failed,
}

impl DeliveryStatus {
    /// Whether nothing more happens to it by itself.
    pub fn is_finished(self) -> bool {
        matches!(self, Self::Delivered | Self::Failed)
    }
}

/// One POST and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// When it began, in milliseconds since 1970.
    pub at_ms: u64,
    /// Where it went.
    pub url: String,
    /// What was answered, if anything was.
    pub http_status: Option<u16>,
    /// Why it failed, for people.
    pub error: Option<String>,
    /// From its beginning to its end, in milliseconds.
    pub took_ms: u64,
}

/// A message that is owed to one of an app's URLs. It has no body: that is built again from the
/// message, and from the members of the topic at its sequence, for each attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Random letters, digits, `-` and `_`. The receiver sees it.
    pub id: String,
    /// The app of the message.
    pub app_id: AppId,
    /// To which URL.
    pub kind: DeliveryKind,
    /// Where the message is.
    pub conversation: Conversation,
    /// Its place.
    pub sequence: Sequence,
    /// Where the delivery stands.
    pub status: DeliveryStatus,
    /// When the message was taken in, in milliseconds since 1970.
    pub created_at_ms: u64,
    /// The oldest first, at most [`ATTEMPTS_KEPT_MAX`].
    pub attempts: Vec<Attempt>,
    /// For offline ones, once decided: who was not reached.
    pub receivers: Vec<Uuid>,
}

impl Delivery {
    /// What the body says it is.
    pub fn msg_type(&self) -> &'static str {
        match (self.kind, self.conversation) {
            (DeliveryKind::Instant, Conversation::Pair(..)) => "NORMAL_MSG",
            (DeliveryKind::Instant, Conversation::Topic(_)) => "NORMAL_TOPIC_MSG",
            (DeliveryKind::Offline, Conversation::Pair(..)) => "OFFLINE_MSG",
            (DeliveryKind::Offline, Conversation::Topic(_)) => "OFFLINE_TOPIC_MSG",
        }
    }

    /// When something last happened to it: its newest attempt, or that it was taken in.
    pub fn changed_at_ms(&self) -> u64 {
        let newest = self.attempts.last();
        newest.map_or(self.created_at_ms, |attempt| attempt.at_ms)
    }
}

/// Rows whose time has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// The earliest first; of the same time the lowest sequence first.
    pub deliveries: Vec<Delivery>,
    /// The time of the earliest row that is not among them, in milliseconds since 1970. It may
    /// have come as well, when there were more than asked for.
    pub next_at_ms: Option<u64>,
}

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// Of the delivery.
    pub id: String,
    /// To be added to the others.
    pub attempt: Attempt,
    /// What follows.
    pub status: DeliveryStatus,
}

/// The answer to the question of an undecided delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Of the delivery.
    pub id: String,
    /// Who was not reached, in any order. When nobody is left the row is removed.
    pub receivers: Vec<Uuid>,
    /// When it is to be posted, in milliseconds since 1970.
    pub next_at_ms: u64,
}

/// A place in an app's list, between two rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryCursor {
    /// Of the row before.
    pub sequence: Sequence,
    /// Of the row before.
    pub kind: DeliveryKind,
}

/// As in `1700000000000000-instant`.
impl fmt::Display for DeliveryCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.sequence, self.kind.as_str())
    }
}

/// The text is no place in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no place in the list")]
pub struct BadCursor;

impl FromStr for DeliveryCursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let (sequence, kind) = text.split_once('-').ok_or(BadCursor)?;
        let kind = match kind {
            "instant" => DeliveryKind::Instant,
            "offline" => DeliveryKind::Offline,
            _ => return Err(BadCursor),
        };
        let sequence = sequence.parse().map_err(|_| BadCursor)?;
        Ok(Self { sequence, kind })
    }
}

/// What of an app's list is wanted.
#[derive(Clone, Copy, Debug)]
pub struct ListDeliveries {
    /// Failed ones only.
    pub only_failed: bool,
    /// Where the page before ended; `None` begins with the newest.
    pub after: Option<DeliveryCursor>,
    /// Rows, at least 1.
    pub limit: usize,
}

/// A part of an app's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryPage {
    /// The newest message first, of one message the offline row first.
    pub deliveries: Vec<Delivery>,
    /// Where to go on; `None` when there is no more.
    pub next: Option<DeliveryCursor>,
}

/// Keeps what is owed to the apps' servers, and how far the log has been turned into it.
///
/// What a call has answered is durable and seen by every later call; on an error none of it
/// happened. Ids that are not there (any more) are ignored by [`record`](Self::record) and
/// [`decide`](Self::decide): a row may be cleared while it is being posted.
#[async_trait]
pub trait Deliveries: Send + Sync + 'static {
    /// Every message up to here has been turned into rows; 0 at first.
    async fn position(&self) -> Result<Sequence, StoreError>;

    /// Adds rows and moves the position, both or neither: after a crash the engine goes on from
    /// the position, so that no message is without its rows and none has them twice. The position
    /// never moves back. A row of a message and kind that is there already is ignored.
    async fn take_in(&self, position: Sequence, rows: Vec<Delivery>) -> Result<(), StoreError>;

    /// The apps that have pending rows, each with the time of its earliest one.
    async fn waiting(&self) -> Result<Vec<(AppId, u64)>, StoreError>;

    /// Pending rows of an app whose time is not after `now_ms`, at most `limit` of them.
    async fn due(&self, app_id: AppId, now_ms: u64, limit: usize) -> Result<Due, StoreError>;

    /// Undecided rows of all apps whose time is not after `now_ms`, at most `limit` of them.
    async fn undecided(&self, now_ms: u64, limit: usize) -> Result<Due, StoreError>;

    /// Pending and undecided rows whose time is after `latest_ms` have it at `now_ms`: they had
    /// theirs from a clock that was ahead.
    async fn bring_forward(&self, latest_ms: u64, now_ms: u64) -> Result<(), StoreError>;

    /// Notes what came of attempts, with what follows.
    async fn record(&self, tried: Vec<Tried>) -> Result<(), StoreError>;

    /// Makes undecided rows pending, without failures, or removes them. Rows that are decided
    /// already stay as they are.
    async fn decide(&self, decided: Vec<Decided>) -> Result<(), StoreError>;

    /// How many rows of all apps are pending, counted no further than `count_max`.
    async fn backlog(&self, count_max: usize) -> Result<usize, StoreError>;

    /// A row of the app; undecided ones do not count.
    async fn delivery(&self, app_id: AppId, id: &str) -> Result<Option<Delivery>, StoreError>;

    /// Rows of an app, newest first, undecided ones excepted: they may turn out to be nothing.
    async fn list(&self, app_id: AppId, wanted: ListDeliveries)
    -> Result<DeliveryPage, StoreError>;

    /// Makes a row of the app pending at `now_ms`, without failures; its attempts are kept.
    /// Whether there is such a row; an undecided one does not count.
    async fn replay(&self, app_id: AppId, id: &str, now_ms: u64) -> Result<bool, StoreError>;

    /// Does that with all failed rows of an app. Returns how many.
    async fn replay_failed(&self, app_id: AppId, now_ms: u64) -> Result<usize, StoreError>;

    /// Removes an app's undecided and pending rows of a kind: its URL was cleared. Returns how
    /// many.
    async fn clear(&self, app_id: AppId, kind: DeliveryKind) -> Result<usize, StoreError>;

    /// Removes all rows of an app.
    async fn forget(&self, app_id: AppId) -> Result<(), StoreError>;

    /// Removes finished rows that last changed before `before_ms` (see
    /// [`Delivery::changed_at_ms`]), and of each app all but the newest `per_app_max` delivered
    /// and the newest `per_app_max` failed ones: success pushes out nothing that waits for
    /// replay. Returns how many.
    async fn prune(&self, before_ms: u64, per_app_max: usize) -> Result<usize, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_list_survives_its_text() {
        for kind in [DeliveryKind::Instant, DeliveryKind::Offline] {
            let sequence = Sequence(170_000_000_000_000_007);
            let cursor = DeliveryCursor { sequence, kind };
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
    }

    #[test]
    fn other_texts_are_no_places() {
        for text in ["", "1", "-", "1-", "-instant", "x-offline", "1-both", "1-"] {
            assert_eq!(text.parse::<DeliveryCursor>(), Err(BadCursor), "{text}");
        }
    }
}
