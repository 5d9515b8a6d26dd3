//! With whom an account talks.

use std::collections::HashSet;
use std::sync::Arc;

use model::{Sequence, Uuid};

use super::super::segment::Family;
use super::super::shared::Shared;

impl Shared {
    /// See [`chat::port::History::peers`]. Blocks.
    pub(super) fn peers(&self, uuid: Uuid, after: Sequence, limit: usize) -> Vec<(Uuid, Sequence)> {
        let last = self.state.read().last();
        let log = self.log.read();
        let family = &log.families[Family::Stored.number()];
        let sealed = Arc::clone(&family.sealed);
        let active = family.active.as_ref();
        let mut peers = active.map_or_else(Vec::new, |active| active.index.peers(uuid, last));
        drop(log);
        peers.retain(|(_, head)| *head > after);
        peers.truncate(limit);

        // All of a segment is newer than all of those before it: what is known stays as it is.
        let mut known: HashSet<Uuid> = peers.iter().map(|(peer, _)| *peer).collect();
        for sealed in sealed.iter().rev() {
            let room = limit - peers.len();
            if room == 0 || sealed.index.read().extent().is_up_to(after) {
                break;
            }
            let more = self.ask(sealed, |index| {
                let mut more = Vec::new();
                index.peers(uuid, |peer, head| {
                    if head > after && !known.contains(&peer) {
                        more.push((peer, head));
                    }
                    head > after && more.len() < room
                })?;
                Ok(more)
            });
            known.extend(more.iter().map(|(peer, _)| *peer));
            peers.extend(more);
        }
        peers
    }
}
