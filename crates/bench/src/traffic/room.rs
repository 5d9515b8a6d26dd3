//! Those who talk with each other know when everything has been said.

use parking_lot::Mutex;
use tokio::sync::watch;

use super::Room;
use super::line::STRANGER;

/// What the participants of a room have in common.
#[derive(Debug)]
pub(super) struct Conversation {
    pub(super) senders: Vec<u32>,
    /// Here or absent.
    listeners: Vec<u32>,
    last_words: Mutex<Vec<LastWord>>,
    is_all_said: watch::Sender<bool>,
}

/// The highest sequence that a sender got a receipt for.
#[derive(Clone, Copy, Debug)]
struct LastWord {
    sender: u32,
    sequence: i64,
}

impl Conversation {
    pub(super) fn of<L>(room: &Room<L>) -> Self {
        let numbers =
            |all: &[(u32, L)]| -> Vec<u32> { all.iter().map(|(number, _)| *number).collect() };
        Self {
            senders: numbers(&room.senders),
            listeners: [numbers(&room.listeners), room.absent.clone()].concat(),
            last_words: Mutex::default(),
            is_all_said: watch::Sender::new(room.senders.is_empty()),
        }
    }

    /// Everything up to this sequence was said by others.
    pub(super) fn that_is_over(sequence: i64) -> Self {
        let sender = STRANGER;
        Self {
            senders: vec![sender],
            listeners: Vec::new(),
            last_words: Mutex::new(vec![LastWord { sender, sequence }]),
            is_all_said: watch::Sender::new(true),
        }
    }

    pub(super) fn everybody(&self) -> impl Iterator<Item = u32> {
        self.senders.iter().chain(&self.listeners).copied()
    }

    /// A sender is done; told once by each.
    pub(super) fn said_all(&self, sender: u32, sequence: i64) {
        let mut last_words = self.last_words.lock();
        last_words.push(LastWord { sender, sequence });
        if last_words.len() == self.senders.len() {
            self.is_all_said.send_replace(true);
        }
    }

    /// Becomes true when everything has been said.
    pub(super) fn is_all_said(&self) -> watch::Receiver<bool> {
        self.is_all_said.subscribe()
    }

    /// Whoever has been given this sequence has been given everything: sequences ascend.
    pub(super) fn last_for(&self, number: u32) -> i64 {
        let last_words = self.last_words.lock();
        let others = last_words.iter().filter(|word| word.sender != number);
        others.map(|word| word.sequence).max().unwrap_or_default()
    }

    /// Whether this one gets what somebody else says.
    pub(super) fn is_heard_by(&self, number: u32) -> bool {
        self.senders.iter().any(|sender| *sender != number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_said_when_the_last_sender_says_so_and_nobody_waits_for_himself() {
        let room = Room {
            senders: vec![(1, ()), (2, ())],
            listeners: vec![(3, ())],
            absent: vec![],
        };
        let conversation = Conversation::of(&room);
        let is_all_said = conversation.is_all_said();
        conversation.said_all(1, 70);
        assert!(!*is_all_said.borrow());
        conversation.said_all(2, 60);
        assert!(*is_all_said.borrow());
        let last = [1, 2, 3].map(|number| conversation.last_for(number));
        assert_eq!(last, [60, 70, 70]);
    }
}
