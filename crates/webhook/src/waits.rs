//! Who is waited for: the questions that an acknowledgement may answer before their time is over.
//!
//! Only an index: what is lost here, or does not fit, is decided after its time from the rows.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use model::{AppId, Sequence, Uuid};
use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::queue::Note;

/// An open question.
pub(crate) struct Wait {
    /// Of the row.
    pub(crate) id: String,
    /// The message.
    pub(crate) note: Note,
    /// When it is decided from the rows.
    pub(crate) until_ms: u64,
}

#[derive(Default)]
struct Inside {
    waits: HashMap<Sequence, (Wait, HashSet<Uuid>)>,
    by_uuid: HashMap<Uuid, HashSet<Sequence>>,
    per_app: HashMap<AppId, usize>,
    hinted: BTreeSet<Uuid>,
}

/// Open questions by message and by who may answer them.
pub(crate) struct Waits {
    inside: Mutex<Inside>,
    /// Accounts that are waited for. Acknowledgements are many, questions few: most look at this
    /// and go on.
    uuids: AtomicUsize,
    hinted: Notify,
    per_app_max: usize,
}

impl Waits {
    pub(crate) fn new(per_app_max: usize) -> Self {
        Self {
            inside: Mutex::default(),
            uuids: AtomicUsize::new(0),
            hinted: Notify::new(),
            per_app_max,
        }
    }

    /// Waits for these accounts, unless the app waits for too many. They are looked at once more
    /// at the next hearing: they may have acknowledged before this.
    pub(crate) fn add(&self, wait: Wait, uuids: Vec<Uuid>) {
        let mut guard = self.inside.lock();
        let inside = &mut *guard;
        let count = inside.per_app.entry(wait.note.app_id).or_default();
        if *count + uuids.len() > self.per_app_max {
            return;
        }
        *count += uuids.len();
        let sequence = wait.note.sequence;
        for uuid in &uuids {
            inside.by_uuid.entry(*uuid).or_default().insert(sequence);
        }
        inside.hinted.extend(&uuids);
        let uuids = uuids.into_iter().collect();
        inside.waits.insert(sequence, (wait, uuids));
        self.uuids.store(inside.by_uuid.len(), Ordering::Release);
        drop(guard);
        self.hinted.notify_one();
    }

    /// An account has acknowledged something.
    pub(crate) fn acknowledged(&self, uuid: Uuid) {
        if self.uuids.load(Ordering::Acquire) == 0 {
            return;
        }
        let mut inside = self.inside.lock();
        if inside.by_uuid.contains_key(&uuid) && inside.hinted.insert(uuid) {
            drop(inside);
            self.hinted.notify_one();
        }
    }

    /// Waits until there is a hint; returns at once when there was one since it was last called.
    pub(crate) async fn hinted(&self) {
        self.hinted.notified().await;
    }

    /// Of each message, the oldest first, the accounts that may have acknowledged it; forgets the
    /// hints.
    pub(crate) fn hear(&self) -> BTreeMap<Sequence, Vec<Uuid>> {
        let mut inside = self.inside.lock();
        let hinted = std::mem::take(&mut inside.hinted);
        let mut heard: BTreeMap<Sequence, Vec<Uuid>> = BTreeMap::new();
        for uuid in hinted {
            for sequence in inside.by_uuid.get(&uuid).into_iter().flatten() {
                heard.entry(*sequence).or_default().push(uuid);
            }
        }
        heard
    }

    /// These have acknowledged the message. The question, when nobody is left; it is forgotten.
    pub(crate) fn reached(&self, sequence: Sequence, uuids: &[Uuid]) -> Option<Wait> {
        let mut guard = self.inside.lock();
        let inside = &mut *guard;
        let (wait, left) = inside.waits.get_mut(&sequence)?;
        let app_id = wait.note.app_id;
        for uuid in uuids.iter().filter(|uuid| left.remove(uuid)) {
            forget(&mut inside.by_uuid, *uuid, sequence);
            give_back(&mut inside.per_app, app_id, 1);
        }
        let is_over = left.is_empty();
        self.uuids.store(inside.by_uuid.len(), Ordering::Release);
        if is_over {
            let (wait, _) = inside.waits.remove(&sequence)?;
            return Some(wait);
        }
        None
    }

    /// Forgets what is decided from the rows by now.
    pub(crate) fn expire(&self, now_ms: u64) {
        let mut guard = self.inside.lock();
        let inside = &mut *guard;
        let over = inside
            .waits
            .extract_if(|_, (wait, _)| wait.until_ms <= now_ms);
        for (sequence, (wait, left)) in over {
            give_back(&mut inside.per_app, wait.note.app_id, left.len());
            for uuid in left {
                forget(&mut inside.by_uuid, uuid, sequence);
            }
        }
        self.uuids.store(inside.by_uuid.len(), Ordering::Release);
    }
}

fn forget(by_uuid: &mut HashMap<Uuid, HashSet<Sequence>>, uuid: Uuid, sequence: Sequence) {
    if let Some(sequences) = by_uuid.get_mut(&uuid) {
        sequences.remove(&sequence);
        if sequences.is_empty() {
            by_uuid.remove(&uuid);
        }
    }
}

fn give_back(per_app: &mut HashMap<AppId, usize>, app_id: AppId, count: usize) {
    if let Some(held) = per_app.get_mut(&app_id) {
        *held = held.saturating_sub(count);
        if *held == 0 {
            per_app.remove(&app_id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    const ONE: Uuid = Uuid(1);
    const TWO: Uuid = Uuid(2);

    fn wait(sequence: u64) -> Wait {
        let mut message = sample::message(9, 1, "x");
        message.sequence = Sequence(sequence);
        Wait {
            id: sequence.to_string(),
            note: Note::of(&message, &sample::app("", "http://x.example/")).unwrap(),
            until_ms: 100 + sequence,
        }
    }

    #[test]
    fn who_is_added_is_looked_at_once_and_then_when_hinted() {
        let waits = Waits::new(10);
        waits.add(wait(5), vec![ONE]);
        assert_eq!(waits.hear(), BTreeMap::from([(Sequence(5), vec![ONE])]));
        assert!(waits.hear().is_empty());
        waits.acknowledged(TWO);
        assert!(waits.hear().is_empty());
        waits.acknowledged(ONE);
        assert_eq!(waits.hear(), BTreeMap::from([(Sequence(5), vec![ONE])]));
    }

    #[test]
    fn the_last_one_who_is_reached_ends_the_wait() {
        let waits = Waits::new(10);
        waits.add(wait(5), vec![ONE, TWO]);
        assert!(waits.reached(Sequence(5), &[ONE]).is_none());
        assert_eq!(waits.reached(Sequence(5), &[TWO]).unwrap().id, "5");
        assert!(waits.reached(Sequence(5), &[TWO]).is_none());
        assert_eq!(waits.uuids.load(Ordering::Acquire), 0);
    }

    #[test]
    fn over_its_maximum_an_app_waits_for_nobody_more() {
        let waits = Waits::new(2);
        waits.add(wait(5), vec![ONE, TWO]);
        waits.add(wait(6), vec![ONE]);
        assert!(waits.reached(Sequence(6), &[ONE]).is_none());
        waits.reached(Sequence(5), &[ONE]);
        waits.add(wait(7), vec![ONE]);
        assert!(waits.reached(Sequence(7), &[ONE]).is_some());
    }

    #[test]
    fn what_is_over_is_forgotten() {
        let waits = Waits::new(2);
        waits.add(wait(5), vec![ONE, TWO]);
        waits.expire(104);
        assert_eq!(waits.hear().len(), 1);
        waits.expire(105);
        waits.acknowledged(ONE);
        assert!(waits.hear().is_empty());
        waits.add(wait(6), vec![ONE, TWO]);
        assert_eq!(waits.hear().len(), 1, "the places were given back");
    }
}
