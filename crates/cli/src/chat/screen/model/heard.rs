//! What the connection brings.

use client::{Event, Message, OnlineMessage, Target};
use tokio::time::Instant;

use super::timeline::Stored;
use super::{Connection, Model};
use crate::chat::screen::errand::Errand;
use crate::format::{self, Content};

impl Model {
    /// Something happened to the client. Its last events are not for here: they end the chat.
    pub(crate) fn heard(&mut self, event: Event, now: Instant) -> Vec<Errand> {
        match event {
            Event::Connected { .. } => {
                self.connection = Connection::Online;
                let mut errands = vec![Errand::Conversations];
                errands.extend(self.wish_for_history());
                errands
            }
            Event::Disconnected { why, retry_in } => {
                self.connection = Connection::Waiting {
                    why: why.to_string(),
                    until: now + retry_in,
                };
                Vec::new()
            }
            Event::Message(message) => {
                let mut errands: Vec<_> = self.heard_message(&message).into_iter().collect();
                errands.extend(self.open_the_first());
                errands
            }
            Event::OnlineMessage(message) => self.heard_online(&message).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Where nothing is open, what comes is.
    pub(super) fn open_the_first(&mut self) -> Vec<Errand> {
        let first = self.conversations().first().map(|one| one.with.clone());
        match (&self.open, first) {
            (None, Some(first)) => self.open(&first),
            _ => Vec::new(),
        }
    }

    fn heard_message(&mut self, message: &Message) -> Option<Errand> {
        let from = message.from.account.clone();
        let is_mine = from == self.me;
        let with = match &message.to {
            Target::Account(_) if !is_mine => Target::Account(from.clone()),
            to => to.clone(),
        };
        let frame = format::read(&message.payload);
        match (&frame.content, &with) {
            (Content::Ping, Target::Account(_)) if !is_mine => {
                let asked_ms = message.timestamp_ms;
                Some(Errand::Pong { to: from, asked_ms })
            }
            (Content::Pong, _) if !is_mine => {
                self.answered(&from);
                None
            }
            (Content::Read { of }, _) if !is_mine => {
                let me = self.me.clone();
                if let Some(known) = self.known_mut(&with) {
                    known.seen_by_them(&me, of);
                }
                None
            }
            (content, _) if !content.is_stored() => None,
            _ => self.heard_to_keep(
                &with,
                Stored {
                    sequence: message.sequence,
                    timestamp_ms: message.timestamp_ms,
                    from,
                    frame,
                },
            ),
        }
    }

    /// The client hands out each message once, so that this is the first time, even if history was
    /// faster.
    fn heard_to_keep(&mut self, with: &Target, message: Stored) -> Option<Errand> {
        let is_first = self.known_mut(with).is_none();
        let is_open = self.open.as_ref() == Some(with);
        let is_news = message.from != self.me && message.frame.content.is_shown();
        let id = message.frame.id.clone();
        let conversation = self.conversation(with);
        conversation.add(message);
        if is_news && !is_open {
            conversation.unread += 1;
        }
        match with {
            Target::Account(to) if is_news && is_open && !id.is_empty() => {
                let to = to.clone();
                Some(Errand::Receipt { to, of: id })
            }
            // Its name is not known yet.
            Target::Topic(topic) if is_first => Some(Errand::Members {
                topic: *topic,
                is_asked: false,
            }),
            _ => None,
        }
    }

    /// Pings and pongs come so from apps whose SDK can send what is not kept at all.
    fn heard_online(&mut self, message: &OnlineMessage) -> Option<Errand> {
        let from = message.from.account.clone();
        match format::read(&message.payload).content {
            Content::Ping => Some(Errand::PongOnline { to: from }),
            Content::Pong => {
                self.answered(&from);
                None
            }
            _ => None,
        }
    }

    fn answered(&mut self, who: &str) {
        if self.pinged.take_if(|pinged| pinged == who).is_some() {
            self.say(format!("{who} is there"));
        }
    }
}
