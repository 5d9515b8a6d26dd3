//! What can only be said when everything has come to rest.

use std::collections::BTreeMap;

use super::{Group, Person, Phone, Place, State, Talk, To};

/// A message as history tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Read {
    pub(crate) number: usize,
    pub(crate) place: Place,
}

impl State {
    /// Everything acknowledged so far is in what was read of a conversation, and nothing else is but
    /// what was sent. `known` is how many messages there were when the reading began.
    pub(crate) fn check_history(&mut self, talk: Talk, read: &[Read], acked: &[usize]) {
        for pair in read.windows(2) {
            let (one, next) = (&pair[0], &pair[1]);
            if one.place.0 >= next.place.0 || one.place.1 >= next.place.1 {
                self.violate(format_args!(
                    "history of {talk:?} has {next:?} after {one:?}"
                ));
            }
        }
        for Read { number, place } in read {
            self.place(*number, *place, "history");
            let sent = &self.messages[*number];
            if sent.talk() != talk || !sent.is_stored {
                self.violate(format_args!("history of {talk:?} has m{number}"));
            }
        }
        for number in acked {
            let sent = &self.messages[*number];
            let is_there = read.iter().any(|read| read.number == *number);
            if sent.talk() == talk && sent.is_stored && !is_there {
                self.violate(format_args!(
                    "m{number} was acknowledged and is not in the history of {talk:?}"
                ));
            }
        }
    }

    /// Every message that has a receipt by now.
    pub(crate) fn acked_now(&self) -> Vec<usize> {
        let numbered = self.messages.iter().enumerate();
        numbered
            .filter(|(_, sent)| sent.is_acked)
            .map(|(number, _)| number)
            .collect()
    }

    /// The end: `members` says who was in which topic at which sequence, as the server has it.
    pub(crate) fn judge(&mut self, members: &BTreeMap<(Group, u64), Vec<Person>>) {
        self.check_members(members);
        for number in 0..self.messages.len() {
            self.check_fate(number);
            if let Some((sequence, _)) = self.messages[number].place {
                for phone in 0..self.phones.len() {
                    self.check_delivery(phone, number, sequence, members);
                }
            }
        }
        self.check_order();
    }

    /// What the server says of memberships is what those know who changed them.
    fn check_members(&mut self, members: &BTreeMap<(Group, u64), Vec<Person>>) {
        for ((group, sequence), inside) in members {
            let persons: Vec<_> = self
                .timelines
                .keys()
                .filter(|(of, _)| of == group)
                .map(|(_, person)| *person)
                .collect();
            for person in persons {
                let is_in = inside.contains(&person);
                if self
                    .is_member(*group, person, *sequence)
                    .is_some_and(|known| known != is_in)
                {
                    self.violate(format_args!(
                        "the server says that p{person} is {} g{group} at {sequence}",
                        if is_in { "in" } else { "not in" }
                    ));
                }
            }
        }
    }

    fn check_fate(&mut self, number: usize) {
        let sent = &self.messages[number];
        if sent.phone.is_some() && sent.is_open {
            self.violate(format_args!("m{number} has no answer"));
            return;
        }
        if sent.place.is_some() && self.is_denied(number) {
            let refusals = sent.refusals.clone();
            self.violate(format_args!(
                "m{number} was refused with {refusals:?} and is there all the same"
            ));
        }
    }

    /// Acknowledged or not: what has a place is given to all whom it is for.
    fn check_delivery(
        &mut self,
        phone: Phone,
        number: usize,
        sequence: u64,
        members: &BTreeMap<(Group, u64), Vec<Person>>,
    ) {
        let device = &self.phones[phone];
        let is_shown = device.shown.contains_key(&sequence);
        let is_owed = device.owed_after.is_some_and(|after| sequence > after);
        let sent = &self.messages[number];
        let is_for = match sent.to {
            To::Group(group) if sent.phone != Some(phone) => members
                .get(&(group, sequence))
                .is_some_and(|inside| inside.contains(&device.person)),
            _ => self.is_for(phone, number, sequence).unwrap_or(false),
        };
        if is_for && is_owed && !is_shown {
            let what = if sent.is_acked {
                "acknowledged"
            } else {
                "stored"
            };
            self.violate(format_args!(
                "m{number} was {what} at {sequence} and never came to d{phone}"
            ));
        }
        if !is_for && is_shown {
            self.violate(format_args!(
                "m{number} at {sequence} came to d{phone}, which it is not for"
            ));
        }
    }

    /// What one device sent to one conversation is in the order in which it sent it. What was refused
    /// and sent again later has lost its turn.
    fn check_order(&mut self) {
        let mut newest: BTreeMap<(Phone, Talk), (u64, usize)> = BTreeMap::new();
        let mut broken = Vec::new();
        for (number, sent) in self.messages.iter().enumerate() {
            let (Some(phone), Some((sequence, _))) = (sent.phone, sent.place) else {
                continue;
            };
            // To a topic, an answer that was lost may have been that the sender is no member yet.
            let is_unsure = sent.attempts > 1 && matches!(sent.to, To::Group(_));
            if is_unsure || !sent.refusals.is_empty() {
                continue;
            }
            let key = (phone, sent.talk());
            let (before, earlier) = *newest.get(&key).unwrap_or(&(0, number));
            if sequence < before {
                broken.push((number, earlier));
            }
            newest.insert(key, (sequence.max(before), number));
        }
        for (number, earlier) in broken {
            self.violate(format_args!(
                "m{number} has a place before m{earlier}, which was sent before it"
            ));
        }
    }
}
