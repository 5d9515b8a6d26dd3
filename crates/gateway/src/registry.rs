//! Which connections there are, so that all of them can be asked to end.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Waker};

use model::Source;
use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::link::Transport;
use crate::sources::{Place, Sources};

/// The keys are ours, so nobody chooses them: without a random key of its own, the order in which the
/// bells are rung is the same in every run.
type Bells = HashMap<u64, Option<Waker>, BuildHasherDefault<DefaultHasher>>;

/// The open connections.
#[derive(Debug)]
pub(crate) struct Registry(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    bells: Mutex<Bells>,
    next: AtomicU64,
    counts: [AtomicUsize; 2],
    is_stopping: AtomicBool,
    emptied: Notify,
    connections_max: usize,
    sources: Arc<Sources>,
}

/// A connection's place in the registry, and among those of its source.
#[derive(Debug)]
pub(crate) struct Entry {
    registry: Arc<Inner>,
    id: u64,
    transport: Transport,
    source: Option<Source>,
    /// Whether the task has a bell, which is rung when all shall end.
    has_bell: bool,
}

impl Registry {
    pub(crate) fn new(connections_max: usize, sources: Arc<Sources>) -> Self {
        Self(Arc::new(Inner {
            bells: Mutex::default(),
            next: AtomicU64::new(0),
            counts: Default::default(),
            is_stopping: AtomicBool::new(false),
            emptied: Notify::new(),
            connections_max,
            sources,
        }))
    }

    /// A place for a connection, unless there are too many or all are to end.
    pub(crate) fn enter(&self, transport: Transport, place: Place) -> Option<Entry> {
        let mut bells = self.0.bells.lock();
        if bells.len() >= self.0.connections_max || self.is_stopping() {
            return None;
        }
        let id = self.0.next.fetch_add(1, Ordering::Relaxed);
        bells.insert(id, None);
        self.0.count(transport).fetch_add(1, Ordering::Relaxed);
        Some(Entry {
            registry: Arc::clone(&self.0),
            id,
            transport,
            source: place.into_source(),
            has_bell: false,
        })
    }

    pub(crate) fn counts(&self) -> (usize, usize) {
        let count = |transport| self.0.count(transport).load(Ordering::Relaxed);
        (count(Transport::Tcp), count(Transport::WebSocket))
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.0.is_stopping.load(Ordering::Acquire)
    }

    pub(crate) fn stop(&self) {
        let bells = self.0.bells.lock();
        self.0.is_stopping.store(true, Ordering::Release);
        bells.values().flatten().for_each(Waker::wake_by_ref);
    }

    pub(crate) async fn emptied(&self) {
        loop {
            let emptied = self.0.emptied.notified();
            if self.0.bells.lock().is_empty() {
                return;
            }
            emptied.await;
        }
    }
}

impl Inner {
    fn count(&self, transport: Transport) -> &AtomicUsize {
        &self.counts[transport as usize]
    }
}

impl Entry {
    /// Whom the connection comes from; `None`: not counted.
    pub(crate) fn source(&self) -> Option<Source> {
        self.source
    }

    /// Whether all are to end; wakes the task, which is always the same, when that comes later.
    pub(crate) fn is_stopping(&mut self, context: &Context<'_>) -> bool {
        if !self.has_bell {
            let mut bells = self.registry.bells.lock();
            bells.insert(self.id, Some(context.waker().clone()));
            self.has_bell = true;
        }
        self.registry.is_stopping.load(Ordering::Acquire)
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        if let Some(source) = self.source {
            self.registry.sources.leave(source);
        }
        let mut bells = self.registry.bells.lock();
        bells.remove(&self.id);
        self.registry
            .count(self.transport)
            .fetch_sub(1, Ordering::Relaxed);
        if bells.is_empty() {
            self.registry.emptied.notify_waiters();
        }
    }
}
