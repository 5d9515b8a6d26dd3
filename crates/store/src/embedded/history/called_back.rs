//! Messages that want callbacks, over both families.

use std::sync::Arc;

use model::{Message, Sequence};

use super::super::index::Place;
use super::super::log::SegmentFile;
use super::super::segment::Family;
use super::super::shared::Shared;

/// Where such a message is.
type Called = (Sequence, Place, Arc<SegmentFile>);

impl Shared {
    /// See [`chat::port::History::after`]. Blocks.
    pub(super) fn called_back(
        &self,
        after: Sequence,
        limit: usize,
    ) -> (Vec<Arc<Message>>, Sequence) {
        if limit == 0 {
            return (Vec::new(), after);
        }
        let last = self.state.read().last().max(after);
        let [mut called, queued] =
            Family::ALL.map(|family| self.called_back_in(family, after, limit));
        called.extend(queued);
        // What is just being published is in the index already.
        called.retain(|(sequence, ..)| *sequence <= last);
        called.sort_unstable_by_key(|(sequence, ..)| *sequence);
        // Each family gave its first ones: the first of both together are all there.
        called.truncate(limit);
        let reached = match called.last() {
            Some((newest, ..)) if called.len() == limit => *newest,
            _ => last,
        };
        let read = |(_, place, file): Called| self.read(&file, place);
        (called.into_iter().filter_map(read).collect(), reached)
    }

    /// The first ones of a family, ascending.
    fn called_back_in(&self, family: Family, after: Sequence, limit: usize) -> Vec<Called> {
        let log = self.log.read();
        let family = &log.families[family.number()];
        let sealed = Arc::clone(&family.sealed);
        let active = family.active.as_ref().map(|active| {
            let mut calls = Vec::new();
            active.index.called_back(after, limit, &mut calls);
            (Arc::clone(&active.file), calls)
        });
        drop(log);

        let mut called = Vec::new();
        for sealed in sealed.iter() {
            let room = limit - called.len();
            if room == 0 {
                return called;
            }
            if sealed.index.read().last() <= after {
                continue;
            }
            let calls = self.ask(sealed, |index| {
                let mut calls = Vec::new();
                index.called_back(after, room, &mut calls)?;
                Ok(calls)
            });
            let file = &sealed.file;
            called.extend(
                calls
                    .into_iter()
                    .map(|(at, place)| (at, place, Arc::clone(file))),
            );
        }
        if let Some((file, calls)) = active {
            let calls = calls.into_iter();
            called.extend(calls.map(|(at, place)| (at, place, Arc::clone(&file))));
        }
        called.truncate(limit);
        called
    }
}
