//! A conversation with an account or in a topic.

use client::rest::Roster;
use client::{Receipt, Target};

use super::scroll::Scroll;
use super::timeline::{Entry, Stored, Timeline};
use crate::chat::screen::editor::Editor;

#[derive(Debug)]
pub(crate) struct Conversation {
    pub(crate) with: Target,
    /// The account, or the topic's name once it is known.
    pub(crate) title: String,
    pub(crate) timeline: Timeline,
    pub(crate) history: History,
    /// Messages that came while it was not open.
    pub(crate) unread: usize,
    /// The newest message of ours that the other has seen.
    pub(crate) read_by_them: i64,
    /// A message that they have seen, and that is not settled here.
    seen_early: String,
    /// Of a topic, in the order of joining.
    pub(crate) members: Vec<String>,
    /// Of a topic, once it is known.
    pub(crate) owner: String,
    pub(crate) scroll: Scroll,
    /// What is being written while another conversation is open.
    pub(crate) draft: Editor,
}

/// What is known of what was said before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum History {
    /// Nothing: it was not asked for, or the answer did not come.
    Unknown,
    Loading,
    /// The server may have more.
    Partial,
    /// Here is the beginning.
    Complete,
}

impl Conversation {
    pub(crate) fn new(with: Target) -> Self {
        let title = match &with {
            Target::Account(account) => account.clone(),
            Target::Topic(id) => id.to_string(),
        };
        Self {
            with,
            title,
            timeline: Timeline::default(),
            history: History::Unknown,
            unread: 0,
            read_by_them: 0,
            seen_early: String::new(),
            members: Vec::new(),
            owner: String::new(),
            scroll: Scroll::Bottom,
            draft: Editor::default(),
        }
    }

    pub(crate) fn is_topic(&self) -> bool {
        matches!(self.with, Target::Topic(_))
    }

    /// As it is shown: topics have a `#`.
    pub(crate) fn name(&self) -> String {
        let sign = if self.is_topic() { "#" } else { "" };
        format!("{sign}{}", self.title)
    }

    /// A message that is older than all of a full timeline stays on the server.
    pub(crate) fn add(&mut self, message: Stored) {
        self.timeline.add(message);
        if self.timeline.shorten() {
            self.history = History::Partial;
        }
    }

    /// A message of ours has arrived, or will not.
    pub(crate) fn settle(&mut self, me: &str, id: &str, told: Result<Receipt, String>) {
        self.timeline.settle(me, id, told);
        if self.seen_early == id {
            self.seen_by_them(me, id);
        }
    }

    /// Whether earlier messages can be asked for now.
    pub(crate) fn may_load(&self) -> bool {
        match self.history {
            History::Unknown => true,
            History::Partial => !self.timeline.is_full(),
            History::Loading | History::Complete => false,
        }
    }

    pub(crate) fn take_roster(&mut self, roster: &Roster) {
        self.title.clone_from(&roster.topic_info.topic_name);
        self.owner.clone_from(&roster.topic_info.owner_account);
        self.members = roster.accounts().into_iter().map(str::to_owned).collect();
    }

    /// The other has seen the message, and with it all before. That may be told before the server
    /// has told that it has it.
    pub(crate) fn seen_by_them(&mut self, me: &str, id: &str) {
        match self.timeline.sequence_of(me, id) {
            Some(seen) => self.read_by_them = self.read_by_them.max(seen),
            None => id.clone_into(&mut self.seen_early),
        }
    }

    /// The newest message of somebody else that has an id, by which a receipt can name it.
    pub(crate) fn newest_of_others(&self, me: &str) -> Option<String> {
        let shown = self.timeline.shown();
        let mut theirs = shown.iter().rev().filter(|one| one.entry.from != me);
        let newest = theirs.find(|one| !one.entry.frame.id.is_empty())?;
        Some(newest.entry.frame.id.clone())
    }

    /// The newest message of ours that could be taken back.
    pub(crate) fn newest_of_mine(&self, me: &str) -> Option<String> {
        let shown = self.timeline.shown();
        let is_mine = |entry: &Entry| {
            entry.from == me && !entry.frame.id.is_empty() && entry.sequence().is_some()
        };
        let mut mine = shown.iter().rev().filter(|one| is_mine(one.entry));
        let newest = mine.find(|one| !one.is_recalled)?;
        Some(newest.entry.frame.id.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::screen::model::timeline::ENTRIES_MAX;
    use crate::format::{self, Content, Frame};

    fn message(sequence: i64, from: &str, text: &str) -> Stored {
        Stored {
            sequence,
            timestamp_ms: sequence,
            from: from.to_owned(),
            frame: format::read(text.as_bytes()),
        }
    }

    #[test]
    fn a_full_conversation_loads_no_more_and_forgets_the_oldest_for_the_newest() {
        let mut with_ben = Conversation::new(Target::from("ben"));
        assert!(with_ben.may_load());
        with_ben.history = History::Complete;
        let max = i64::try_from(ENTRIES_MAX).unwrap();
        for sequence in 1..=max {
            with_ben.add(message(sequence, "ben", "x"));
        }
        assert_eq!(with_ben.history, History::Complete);
        with_ben.add(message(max + 1, "ben", "x"));
        assert_eq!(with_ben.history, History::Partial);
        assert!(!with_ben.may_load());
    }

    #[test]
    fn a_receipt_counts_for_all_before_it_and_moves_forward_only() {
        let mut with_ben = Conversation::new(Target::from("ben"));
        for (sequence, id) in [(1, "a"), (2, "b"), (3, "c")] {
            let json = format!(r#"{{"version":0,"msgType":"TEXT","msgId":"{id}","payload":"x"}}"#);
            with_ben.add(message(sequence, "ann", &json));
        }
        with_ben.seen_by_them("ann", "b");
        with_ben.seen_by_them("ann", "a");
        with_ben.seen_by_them("ann", "unknown");
        assert_eq!(with_ben.read_by_them, 2);
        assert_eq!(with_ben.newest_of_mine("ann").as_deref(), Some("c"));
        assert_eq!(with_ben.newest_of_others("ann"), None);
    }

    #[test]
    fn what_was_seen_before_its_receipt_came_counts_when_it_comes() {
        let mut with_ben = Conversation::new(Target::from("ben"));
        let frame = Frame {
            id: "a".to_owned(),
            content: Content::Text("x".to_owned()),
        };
        with_ben.timeline.begin("ann", frame);
        with_ben.seen_by_them("ann", "a");
        assert_eq!(with_ben.read_by_them, 0);
        let receipt = Receipt {
            sequence: 5,
            timestamp_ms: 5,
        };
        with_ben.settle("ann", "a", Ok(receipt));
        assert_eq!(with_ben.read_by_them, 5);
    }
}
