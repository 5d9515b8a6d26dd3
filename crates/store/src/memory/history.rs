//! What [`MemoryMessages`] keeps, read again.

use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use chat::port::{Found, History, Search, Span, StoreError};
use model::{Conversation, Message, Sequence, Uuid};

use super::messages::{Inner, MemoryMessages};
use crate::repeat::is_meant;

#[async_trait]
impl History for MemoryMessages {
    async fn newest(
        &self,
        conversation: Conversation,
        span: Span,
        limit: usize,
    ) -> Result<Vec<Arc<Message>>, StoreError> {
        let inner = self.inner.lock();
        let messages = inner.of(conversation);
        let within = match span {
            Span::Time(Range { start, end }) => {
                let place = |ms| messages.partition_point(|message| message.timestamp_ms < ms);
                place(start)..place(end)
            }
            Span::Sequence(Range { start, end }) => {
                let place = |at| messages.partition_point(|message| message.sequence < at);
                place(start)..place(end)
            }
        };
        let within = messages.get(within).unwrap_or_default().iter();
        let stored = within.rev().filter(|message| message.content.is_stored);
        let mut newest: Vec<_> = stored.take(limit).cloned().collect();
        newest.reverse();
        Ok(newest)
    }

    async fn head(
        &self,
        conversation: Conversation,
        after: Sequence,
    ) -> Result<Option<Sequence>, StoreError> {
        let head = head(self.inner.lock().of(conversation));
        Ok(head.filter(|head| *head > after))
    }

    async fn peers(
        &self,
        uuid: Uuid,
        after: Sequence,
        limit: usize,
    ) -> Result<Vec<(Uuid, Sequence)>, StoreError> {
        let inner = self.inner.lock();
        let heads = inner.conversations.iter().filter_map(|(pair, messages)| {
            let peer = other_end(*pair, uuid)?;
            let head = head(messages).filter(|head| *head > after)?;
            Some((peer, head))
        });
        let mut heads: Vec<_> = heads.collect();
        heads.sort_by_key(|(_, head)| std::cmp::Reverse(*head));
        heads.truncate(limit);
        Ok(heads)
    }

    async fn message(
        &self,
        conversation: Conversation,
        sequence: Sequence,
    ) -> Result<Option<Arc<Message>>, StoreError> {
        let inner = self.inner.lock();
        let messages = inner.of(conversation);
        let place = messages.binary_search_by_key(&sequence, |message| message.sequence);
        Ok(place.ok().map(|place| Arc::clone(&messages[place])))
    }

    async fn after(
        &self,
        sequence: Sequence,
        limit: usize,
    ) -> Result<(Vec<Arc<Message>>, Sequence), StoreError> {
        let inner = self.inner.lock();
        let wanted = &inner.called_back;
        let from = wanted.partition_point(|message| message.sequence <= sequence);
        let found: Vec<_> = wanted[from..].iter().take(limit).cloned().collect();
        let reached = match found.last() {
            Some(newest) if found.len() >= limit => newest.sequence,
            None if limit == 0 => sequence,
            _ => inner.state.last().max(sequence),
        };
        Ok((found, reached))
    }

    async fn at(&self, sequence: Sequence) -> Result<Option<Arc<Message>>, StoreError> {
        let inner = self.inner.lock();
        let mut all = inner.conversations.values().flatten();
        Ok(all.find(|message| message.sequence == sequence).cloned())
    }

    async fn sent_as(&self, search: Search) -> Result<Found, StoreError> {
        let inner = self.inner.lock();
        let all = inner.conversations.values().flatten();
        let mut messages: Vec<_> = all
            .filter(|message| is_meant(&search, message))
            .cloned()
            .collect();
        messages.sort_by_key(|message| std::cmp::Reverse(message.sequence));
        messages.truncate(search.limit);
        let after = Sequence(0);
        Ok(Found { messages, after })
    }
}

impl Inner {
    fn of(&self, conversation: Conversation) -> &[Arc<Message>] {
        self.conversations
            .get(&conversation)
            .map_or(&[], Vec::as_slice)
    }
}

fn head(messages: &[Arc<Message>]) -> Option<Sequence> {
    let newest = messages
        .iter()
        .rev()
        .find(|message| message.content.is_stored)?;
    Some(newest.sequence)
}

/// With whom an account talks in a conversation, unless it is a topic or with itself.
fn other_end(conversation: Conversation, uuid: Uuid) -> Option<Uuid> {
    match conversation {
        Conversation::Pair(one, other) if one == other => None,
        Conversation::Pair(one, other) if one == uuid => Some(other),
        Conversation::Pair(one, other) if other == uuid => Some(one),
        _ => None,
    }
}
