//! What the screen shows: the account's conversations, which of them is open, what is being
//! written, and how the connection is. Pure: what happens goes in, errands for the server come out.
//!
//! - [`heard`] takes what the connection brings, [`learned`] what came of errands
//! - [`asked`] does what the person at the keyboard wants
//! - [`conversation`] and [`timeline`] keep what was said, [`scroll`] which part of it is looked at

mod asked;
pub(crate) mod conversation;
mod heard;
mod learned;
pub(crate) mod scroll;
#[cfg(test)]
mod tests;
pub(crate) mod timeline;

use client::Target;
use tokio::time::Instant;

use self::conversation::{Conversation, History};
use self::scroll::Scroll;
use super::editor::Editor;
use super::errand::Errand;

/// Conversations that are kept; of more the one goes that was quiet longest.
const CONVERSATIONS_MAX: usize = 2_000;

pub(crate) struct Model {
    pub(crate) me: String,
    pub(crate) connection: Connection,
    pub(crate) editor: Editor,
    /// One thing to know, until the next is done.
    pub(crate) notice: Option<Notice>,
    /// Lies above the conversation until it is closed.
    pub(crate) page: Option<Page>,
    conversations: Vec<Conversation>,
    open: Option<Target>,
    /// Whom a ping was sent that has no answer yet.
    pinged: Option<String>,
    is_leaving: bool,
}

/// How the connection is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Connection {
    Connecting,
    Online,
    /// Lost, and tried again at `until`.
    Waiting {
        why: String,
        until: Instant,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) text: String,
    pub(crate) is_error: bool,
}

/// Something to read: help, lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) title: String,
    pub(crate) items: Vec<Item>,
    pub(crate) scroll: Scroll,
}

/// A term and what there is to say about it; either may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) term: String,
    pub(crate) text: String,
}

impl Item {
    pub(crate) fn new(term: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            term: term.into(),
            text: text.into(),
        }
    }
}

impl Model {
    pub(crate) fn new(me: &str) -> Self {
        Self {
            me: me.to_owned(),
            connection: Connection::Connecting,
            editor: Editor::default(),
            notice: None,
            page: None,
            conversations: Vec::new(),
            open: None,
            pinged: None,
            is_leaving: false,
        }
    }

    pub(crate) fn is_leaving(&self) -> bool {
        self.is_leaving
    }

    /// The last active first.
    pub(crate) fn conversations(&self) -> Vec<&Conversation> {
        let mut all: Vec<_> = self.conversations.iter().collect();
        all.sort_by(|a, b| {
            let by_activity = b.timeline.activity().cmp(&a.timeline.activity());
            by_activity.then_with(|| a.title.cmp(&b.title))
        });
        all
    }

    /// The one that is open.
    pub(crate) fn current(&self) -> Option<&Conversation> {
        let open = self.open.as_ref()?;
        self.conversations.iter().find(|one| one.with == *open)
    }

    fn current_mut(&mut self) -> Option<&mut Conversation> {
        let open = self.open.clone()?;
        self.known_mut(&open)
    }

    fn known_mut(&mut self, with: &Target) -> Option<&mut Conversation> {
        self.conversations.iter_mut().find(|one| one.with == *with)
    }

    /// The conversation with somebody or of a topic, made when there is none.
    fn conversation(&mut self, with: &Target) -> &mut Conversation {
        let known = self.conversations.iter().position(|one| one.with == *with);
        let at = known.unwrap_or_else(|| {
            self.make_room();
            self.conversations.push(Conversation::new(with.clone()));
            self.conversations.len() - 1
        });
        &mut self.conversations[at]
    }

    fn make_room(&mut self) {
        if self.conversations.len() < CONVERSATIONS_MAX {
            return;
        }
        let open = self.open.as_ref();
        let closed = self.conversations.iter().enumerate();
        let closed = closed.filter(|(_, one)| Some(&one.with) != open);
        let quietest = closed.min_by_key(|(_, one)| (one.unread > 0, one.timeline.activity()));
        if let Some((at, _)) = quietest {
            self.conversations.remove(at);
        }
    }

    /// Opens a conversation: what is in it has been seen now.
    pub(crate) fn open(&mut self, with: &Target) -> Vec<Errand> {
        self.leave_open();
        self.open = Some(with.clone());
        self.page = None;
        let me = self.me.clone();
        let opened = self.conversation(with);
        let draft = opened.draft.take();
        let was_unread = std::mem::take(&mut opened.unread) > 0;
        let mut errands = Vec::new();
        if let (Target::Account(to), true) = (with, was_unread)
            && let Some(of) = opened.newest_of_others(&me)
        {
            let to = to.clone();
            errands.push(Errand::Receipt { to, of });
        }
        if let Target::Topic(topic) = *with
            && opened.members.is_empty()
        {
            errands.push(Errand::Members {
                topic,
                is_asked: false,
            });
        }
        if self.editor.text().is_empty() {
            self.editor = Editor::with(&draft);
        }
        errands.extend(self.wish_for_history());
        errands
    }

    /// What is being written stays with the conversation; without one it stays in hand.
    fn leave_open(&mut self) {
        let written = self.editor.clone();
        if let Some(left) = self.current_mut() {
            left.draft = written;
            self.editor.take();
        }
    }

    /// History of the open conversation, when nothing is known of it yet.
    fn wish_for_history(&mut self) -> Option<Errand> {
        let open = self.current_mut()?;
        match open.history {
            History::Unknown => load(open),
            _ => None,
        }
    }

    fn say(&mut self, text: impl Into<String>) {
        let text = text.into();
        let is_error = false;
        self.notice = Some(Notice { text, is_error });
    }

    fn complain(&mut self, text: impl Into<String>) {
        let text = text.into();
        let is_error = true;
        self.notice = Some(Notice { text, is_error });
    }
}

/// A page of what was said before what is there.
fn load(conversation: &mut Conversation) -> Option<Errand> {
    if !conversation.may_load() {
        return None;
    }
    let is_first = conversation.history == History::Unknown;
    conversation.history = History::Loading;
    // The one message that contacts tell may have others before and after it.
    let earliest_ms = conversation.timeline.earliest_ms();
    Some(Errand::History {
        with: conversation.with.clone(),
        before_ms: earliest_ms.filter(|_| !is_first),
    })
}
