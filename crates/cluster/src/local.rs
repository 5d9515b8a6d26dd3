//! The sessions of this node, by account.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chat::mailbox::{End, Fleeting, Mailbox};
use chat::port::Router;
use model::{AppId, Message, Resource, Uuid};
use parking_lot::Mutex;

/// Locks are held for the length of one account's sessions; so many keep cores apart.
const SHARDS: usize = 64;

/// Uuids are ours and random: nobody chooses them so that they collide. Without a random key, the
/// order of a walk is the same in every run.
type Hasher = BuildHasherDefault<DefaultHasher>;
type Sessions = HashMap<Uuid, Vec<Arc<Mailbox>>, Hasher>;

/// A router for a single node.
#[derive(Debug)]
pub struct LocalRouter {
    shards: [Mutex<Sessions>; SHARDS],
    count: AtomicUsize,
}

impl LocalRouter {
    /// One without sessions.
    pub fn new() -> Self {
        Self {
            shards: std::array::from_fn(|_| Mutex::default()),
            count: AtomicUsize::new(0),
        }
    }

    fn shard(&self, uuid: Uuid) -> &Mutex<Sessions> {
        let hash = Hasher::default().hash_one(uuid);
        &self.shards[usize::try_from(hash % SHARDS as u64).unwrap_or(0)]
    }

    /// Does something with the sessions of an account; returns how many there are.
    fn for_each(&self, uuid: Uuid, mut act: impl FnMut(&Arc<Mailbox>)) -> usize {
        let shard = self.shard(uuid).lock();
        let sessions = shard.get(&uuid).map_or(&[][..], Vec::as_slice);
        sessions.iter().for_each(&mut act);
        sessions.len()
    }
}

impl Default for LocalRouter {
    fn default() -> Self {
        Self::new()
    }
}

impl Router for LocalRouter {
    fn attach(&self, session: Arc<Mailbox>) -> Option<Arc<Mailbox>> {
        let mut shard = self.shard(session.uuid()).lock();
        // Most accounts have one device: no room for more until there are more.
        let sessions = shard
            .entry(session.uuid())
            .or_insert_with(|| Vec::with_capacity(1));
        let same = sessions
            .iter_mut()
            .find(|other| other.device() == session.device());
        if let Some(place) = same {
            return Some(std::mem::replace(place, session));
        }
        sessions.push(session);
        self.count.fetch_add(1, Ordering::Relaxed);
        None
    }

    fn detach(&self, session: &Arc<Mailbox>) {
        let mut shard = self.shard(session.uuid()).lock();
        let Some(sessions) = shard.get_mut(&session.uuid()) else {
            return;
        };
        let Some(at) = sessions
            .iter()
            .position(|other| Arc::ptr_eq(other, session))
        else {
            return;
        };
        sessions.swap_remove(at);
        if sessions.is_empty() {
            shard.remove(&session.uuid());
        }
        self.count.fetch_sub(1, Ordering::Relaxed);
    }

    fn deliver(&self, uuid: Uuid, messages: &[Arc<Message>]) -> usize {
        self.for_each(uuid, |session| session.offer(messages))
    }

    fn relay(&self, uuid: Uuid, resource: Option<&str>, fleeting: &Arc<Fleeting>) {
        self.for_each(uuid, |session| {
            if resource.is_none_or(|resource| resource == &*session.device().resource) {
                session.offer_fleeting(fleeting);
            }
        });
    }

    fn end(&self, uuid: Uuid, except: Option<&Arc<Mailbox>>, end: End) -> usize {
        let mut ended = 0;
        self.for_each(uuid, |session| {
            if !except.is_some_and(|spared| Arc::ptr_eq(spared, session)) {
                session.end(end);
                ended += 1;
            }
        });
        ended
    }

    fn end_app(&self, app_id: AppId, end: End) {
        for shard in &self.shards {
            let shard = shard.lock();
            let sessions = shard
                .values()
                .flatten()
                .filter(|session| session.app_id() == app_id);
            sessions.for_each(|session| session.end(end));
        }
    }

    fn bound(&self, uuid: Uuid) -> Vec<Resource> {
        let mut resources = Vec::new();
        self.for_each(uuid, |session| {
            resources.push(session.device().resource.clone());
        });
        resources
    }

    fn sessions(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }
}
