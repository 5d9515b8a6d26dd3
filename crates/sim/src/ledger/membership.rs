//! Who is in a topic at which place, as far as those know who changed it.

use super::{Group, Person, State};

/// Whether an account is in a topic: from which sequence on, and `None` where only the server knows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Timeline(Vec<(u64, Option<bool>)>);

impl Timeline {
    fn at(&self, sequence: u64) -> Option<bool> {
        let before = self.0.iter().rev().find(|(from, _)| *from <= sequence);
        before.map_or(Some(false), |(_, is_in)| *is_in)
    }
}

impl State {
    /// Whether an account is in a topic at a place.
    pub(crate) fn is_member(&self, group: Group, person: Person, sequence: u64) -> Option<bool> {
        let timeline = self.timelines.get(&(group, person));
        timeline.map_or(Some(false), |timeline| timeline.at(sequence))
    }

    /// From this sequence on it is so, or unknown.
    pub(crate) fn member_from(
        &mut self,
        group: Group,
        person: Person,
        from: u64,
        is_in: Option<bool>,
    ) {
        let timeline = self.timelines.entry((group, person)).or_default();
        timeline.0.push((from, is_in));
    }

    /// The same of everybody.
    pub(crate) fn all_from(
        &mut self,
        group: Group,
        persons: usize,
        from: u64,
        is_in: Option<bool>,
    ) {
        for person in 0..persons {
            self.member_from(group, person, from, is_in);
        }
    }
}
