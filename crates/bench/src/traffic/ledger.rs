//! What each participant saw, and what the checker says of it.

use std::sync::Arc;

use client::Device;
use client::checker::{Checker, Verdict};

use super::line::{Got, STRANGER};
use super::room::Conversation;
use super::session_line::account;
use crate::target::RESOURCE;

/// What one participant saw.
#[derive(Debug)]
pub(crate) struct Part {
    pub(super) number: u32,
    pub(super) conversation: Arc<Conversation>,
    /// The sequence of each message in the order of sending, if it was acknowledged.
    pub(super) acked: Vec<Option<i64>>,
    /// Messages without an answer.
    pub(super) unanswered: u64,
    pub(super) received: Vec<Received>,
    /// Whether its connection broke.
    pub(super) is_broken: bool,
}

impl Part {
    /// Of one who was absent while the others talked, and should have been given everything up to
    /// `last` since.
    pub(crate) fn of_absent(number: u32, received: &[Got], last: i64) -> Self {
        Self {
            number,
            conversation: Arc::new(Conversation::that_is_over(last)),
            acked: Vec::new(),
            unanswered: 0,
            received: received.iter().copied().map(Received::from).collect(),
            is_broken: false,
        }
    }

    pub(crate) fn number(&self) -> u32 {
        self.number
    }

    /// The highest sequence that this one got a receipt for.
    pub(crate) fn last_acked(&self) -> Option<i64> {
        self.acked.iter().copied().flatten().max()
    }
}

/// A message that was given to a participant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Received {
    from: u32,
    number: u32,
    sequence: i64,
}

impl From<Got> for Received {
    fn from(got: Got) -> Self {
        Self {
            from: got.from,
            number: got.number,
            sequence: got.sequence,
        }
    }
}

/// By what the server promises.
pub(super) fn verdict(parts: &[Part]) -> Verdict {
    let mut checker = Checker::new();
    for part in parts.iter().filter(|part| !part.acked.is_empty()) {
        tell_sends(&mut checker, part);
    }
    for part in parts {
        let at = device(part.number);
        for received in &part.received {
            let from = device(received.from);
            let packet_id = received.number.to_string();
            checker.delivered(&at, &from, &packet_id, received.sequence);
        }
    }
    checker.verdict()
}

fn tell_sends(checker: &mut Checker, part: &Part) {
    let sender = device(part.number);
    let room = &part.conversation;
    let others = room.everybody().filter(|other| *other != part.number);
    let expected_at: Vec<_> = others.map(device).collect();
    let name = room.senders.first().map(u32::to_string).unwrap_or_default();
    for (number, sequence) in part.acked.iter().enumerate() {
        let packet_id = number.to_string();
        checker.sent(&sender, &name, &packet_id, &expected_at);
        if let Some(sequence) = sequence {
            checker.acked(&sender, &packet_id, *sequence);
        }
    }
}

fn device(number: u32) -> Device {
    let name = match number {
        STRANGER => "stranger".to_owned(),
        number => account(number),
    };
    Device::new(name, RESOURCE)
}

#[cfg(test)]
mod tests {
    use client::checker::Violation;

    use super::super::Room;
    use super::*;

    fn part(number: u32, conversation: &Arc<Conversation>) -> Part {
        Part {
            number,
            conversation: Arc::clone(conversation),
            acked: Vec::new(),
            unanswered: 0,
            received: Vec::new(),
            is_broken: false,
        }
    }

    fn received(from: u32, number: u32, sequence: i64) -> Received {
        Received {
            from,
            number,
            sequence,
        }
    }

    #[test]
    fn a_group_gets_everything_that_is_acknowledged_but_not_from_itself() {
        let room = Room {
            senders: vec![(0, ()), (1, ())],
            listeners: vec![(2, ())],
            absent: vec![3],
        };
        let conversation = Arc::new(Conversation::of(&room));
        let mut parts: Vec<_> = (0..4).map(|number| part(number, &conversation)).collect();
        parts[0].acked = vec![Some(10), None];
        parts[1].acked = vec![Some(20)];
        parts[0].received = vec![received(1, 0, 20)];
        parts[1].received = vec![received(0, 0, 10)];
        parts[2].received = vec![received(0, 0, 10), received(1, 0, 20)];
        parts[3].received = parts[2].received.clone();
        let clean = verdict(&parts);
        assert!(clean.is_clean(), "{clean}");
        assert_eq!((clean.acked, clean.delivered), (2, 6));

        parts[2].received.pop();
        parts[2].received.push(received(STRANGER, 7, 30));
        let verdict = verdict(&parts);
        assert_eq!(
            verdict.count(|one| matches!(one, Violation::Lost { .. })),
            1
        );
        assert_eq!(
            verdict.count(|one| matches!(one, Violation::NeverSent { .. })),
            1
        );
    }
}
