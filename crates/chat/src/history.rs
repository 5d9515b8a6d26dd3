//! Reading again what was said, for those it was said to.

use std::ops::Range;
use std::sync::Arc;

use model::limits::{DAY_MS, HISTORY_COUNT_MAX, HISTORY_ROWS_MAX};
use model::{Account, AccountName, Conversation, Message, Sequence, TopicId};
use thiserror::Error;

use crate::Chat;
use crate::port::{Span, StoreError};

/// Which part of a history is wanted. Ranges are half open.
#[derive(Clone, Debug)]
pub enum Part {
    /// By time, in milliseconds since 1970: the newest 1,000 of it.
    Time(Range<u64>),
    /// So many, the newest before a time in milliseconds since 1970; at most 200.
    Count {
        /// The end.
        before_ms: u64,
        /// How many.
        count: usize,
    },
    /// By place: the newest 1,000 of it.
    Sequence(Range<Sequence>),
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum HistoryError {
    /// The topic is unknown or dismissed, or the caller is no member of it.
    #[error("not a member")]
    NotMember,
    /// The store has no room for it.
    #[error("no space left in the store")]
    StoreFull,
    /// The store failed.
    #[error("unavailable")]
    Unavailable,
}

impl From<StoreError> for HistoryError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::StoreFull,
            StoreError::Unavailable(_) => Self::Unavailable,
        }
    }
}

impl Chat {
    /// What the caller and another account have said to each other, ascending. With an account that
    /// nobody knows that is nothing, and it stays unknown.
    pub async fn p2p_history(
        &self,
        caller: &Account,
        peer: &AccountName,
        part: Part,
    ) -> Result<Vec<Arc<Message>>, HistoryError> {
        let Some(peer) = self.accounts.find(caller.app_id, peer).await? else {
            return Ok(Vec::new());
        };
        self.read(caller, Conversation::between(caller.uuid, peer.uuid), part)
            .await
    }

    /// What was said in a topic, ascending, also before the caller joined it.
    pub async fn topic_history(
        &self,
        caller: &Account,
        topic: TopicId,
        part: Part,
    ) -> Result<Vec<Arc<Message>>, HistoryError> {
        let roster = self.topics.cell(topic).await?.roster()?;
        if roster.is_none_or(|roster| roster.member(caller.uuid).is_none()) {
            return Err(HistoryError::NotMember);
        }
        self.read(caller, Conversation::Topic(topic), part).await
    }

    async fn read(
        &self,
        caller: &Account,
        conversation: Conversation,
        part: Part,
    ) -> Result<Vec<Arc<Message>>, HistoryError> {
        let app = self.apps.get(caller.app_id);
        let days = app.map_or(0, |app| u64::from(app.settings.retention_days));
        let kept_ms = self.clock.now_ms().saturating_sub(days * DAY_MS);
        let (span, limit) = match part {
            Part::Time(range) => (
                Span::Time(range.start.max(kept_ms)..range.end),
                HISTORY_ROWS_MAX,
            ),
            Part::Count { before_ms, count } => {
                (Span::Time(kept_ms..before_ms), count.min(HISTORY_COUNT_MAX))
            }
            Part::Sequence(range) => {
                let kept = Sequence::at_ms(kept_ms);
                (
                    Span::Sequence(range.start.max(kept)..range.end),
                    HISTORY_ROWS_MAX,
                )
            }
        };
        Ok(self.history.newest(conversation, span, limit).await?)
    }
}
