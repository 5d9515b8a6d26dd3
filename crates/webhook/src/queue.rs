//! Where two paces meet: messages are committed at theirs, and turned into rows at the store's.

use std::collections::VecDeque;

use model::{App, AppId, Conversation, Message, Sequence, Target, Uuid};
use parking_lot::Mutex;
use tokio::sync::Notify;

/// What the intake has to know of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) app_id: AppId,
    pub(crate) conversation: Conversation,
    pub(crate) sequence: Sequence,
    pub(crate) timestamp_ms: u64,
    pub(crate) from: Uuid,
    /// The receiver, when it is not a topic.
    pub(crate) to: Option<Uuid>,
    /// It goes to the instant URL.
    pub(crate) is_instant: bool,
    /// It goes to the offline URL when it does not reach all.
    pub(crate) is_offline: bool,
}

impl Note {
    /// `None` when the app has no URL for it.
    pub(crate) fn of(message: &Message, app: &App) -> Option<Self> {
        let content = &message.content;
        let to = match &content.to {
            Target::Account(to) => Some(to.uuid),
            Target::Topic(_) => None,
        };
        let is_to_oneself = to == Some(content.from.uuid);
        let wanted = content.callbacks;
        let is_instant = wanted.instant && app.settings.instant_callback.is_some();
        let is_offline =
            wanted.offline && app.settings.offline_callback.is_some() && !is_to_oneself;
        (is_instant || is_offline).then(|| Self {
            app_id: content.app_id,
            conversation: content.conversation(),
            sequence: message.sequence,
            timestamp_ms: message.timestamp_ms,
            from: content.from.uuid,
            to,
            is_instant,
            is_offline,
        })
    }
}

/// What the intake found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    /// Ascending.
    pub(crate) notes: Vec<Note>,
    /// Every message up to here was in the queue, now or before, or was of no interest.
    pub(crate) reached: Sequence,
    /// Something did not fit: the log has to be read. There are no notes then.
    pub(crate) is_behind: bool,
}

#[derive(Default)]
struct Inside {
    notes: VecDeque<Note>,
    newest: Sequence,
    is_behind: bool,
}

/// Bounded: what does not fit is forgotten, and that is remembered.
pub(crate) struct Queue {
    inside: Mutex<Inside>,
    filled: Notify,
    notes_max: usize,
}

impl Queue {
    pub(crate) fn new(notes_max: usize) -> Self {
        Self {
            inside: Mutex::default(),
            filled: Notify::new(),
            notes_max,
        }
    }

    /// Adds notes of messages up to `newest`. Whether the queue overflowed just now.
    pub(crate) fn push(&self, notes: Vec<Note>, newest: Sequence) -> bool {
        let is_interesting = !notes.is_empty();
        let mut inside = self.inside.lock();
        inside.newest = newest;
        let overflows = inside.notes.len() + notes.len() > self.notes_max && !inside.is_behind;
        if overflows {
            inside.is_behind = true;
            inside.notes.clear();
        } else if !inside.is_behind {
            inside.notes.extend(notes);
        }
        drop(inside);
        if is_interesting {
            self.filled.notify_one();
        }
        overflows
    }

    /// The oldest notes. When something was lost, what follows is whole again: the caller reads
    /// the log up to its end after this.
    pub(crate) fn take(&self, notes_max: usize) -> Taken {
        let mut inside = self.inside.lock();
        if std::mem::take(&mut inside.is_behind) {
            return Taken {
                notes: Vec::new(),
                reached: Sequence(0),
                is_behind: true,
            };
        }
        let count = notes_max.min(inside.notes.len());
        let notes: Vec<Note> = inside.notes.drain(..count).collect();
        let reached = match notes.last() {
            Some(last) if !inside.notes.is_empty() => last.sequence,
            _ => inside.newest,
        };
        Taken {
            notes,
            reached,
            is_behind: false,
        }
    }

    /// Waits until there is something; returns at once when there was since it was last called.
    pub(crate) async fn filled(&self) {
        self.filled.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn notes(sequences: std::ops::RangeInclusive<u64>) -> Vec<Note> {
        let app = sample::app("http://x.example/", "http://x.example/");
        let note = |sequence| {
            let mut message = sample::message(1, 2, "x");
            message.sequence = Sequence(sequence);
            Note::of(&message, &app).unwrap()
        };
        sequences.map(note).collect()
    }

    #[test]
    fn what_was_pushed_comes_in_order_and_says_how_far_it_reaches() {
        let queue = Queue::new(10);
        assert!(!queue.push(notes(1..=3), Sequence(5)));
        let first = queue.take(2);
        assert_eq!((first.notes, first.reached), (notes(1..=2), Sequence(2)));
        let rest = queue.take(2);
        assert_eq!((rest.notes, rest.reached), (notes(3..=3), Sequence(5)));
        let nothing = queue.take(2);
        assert_eq!((nothing.notes, nothing.reached), (vec![], Sequence(5)));
    }

    #[test]
    fn over_its_maximum_it_says_once_that_the_log_has_to_be_read() {
        let queue = Queue::new(3);
        assert!(!queue.push(notes(1..=3), Sequence(3)));
        assert!(queue.push(notes(4..=4), Sequence(4)));
        assert!(!queue.push(notes(5..=5), Sequence(5)), "counted once");
        assert!(queue.take(2).is_behind);
        queue.push(notes(6..=6), Sequence(6));
        let taken = queue.take(2);
        assert_eq!((taken.notes, taken.is_behind), (notes(6..=6), false));
    }

    #[test]
    fn without_a_url_there_is_no_note() {
        let message = sample::message(1, 2, "x");
        assert_eq!(Note::of(&message, &sample::app("", "")), None);
        let note = Note::of(&message, &sample::app("http://x.example/", "")).unwrap();
        assert_eq!((note.is_instant, note.is_offline), (true, false));
    }

    #[test]
    fn a_message_to_oneself_has_nobody_to_be_offline() {
        let app = sample::app("http://x.example/", "http://x.example/");
        let note = Note::of(&sample::message(1, 1, "x"), &app).unwrap();
        assert_eq!((note.is_instant, note.is_offline), (true, false));
    }
}
