//! Topics and who is in them, in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chat::port::{Memberships, StoreError, TopicChange, TopicUpdate};
use model::{AppId, Member, Membership, Party, Roster, Sequence, Topic, TopicId, Uuid};
use parking_lot::Mutex;

/// See [`crate::memory`].
#[derive(Default)]
pub struct MemoryMemberships {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    topics: BTreeMap<TopicId, Known>,
    last_boundary: Sequence,
    /// Given to the next interval: they ascend in join order over all topics.
    next_position: u64,
}

/// A topic, dismissed or not.
#[derive(Clone)]
struct Known {
    topic: Topic,
    is_dismissed: bool,
    /// In join order.
    intervals: Vec<Interval>,
}

/// A time of an account in a topic.
#[derive(Clone)]
struct Interval {
    party: Party,
    joined: Sequence,
    left: Option<Sequence>,
    position: u64,
}

impl MemoryMemberships {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }
}

#[async_trait]
impl Memberships for MemoryMemberships {
    async fn apply(&self, updates: Vec<TopicUpdate>, at: Sequence) -> Result<(), StoreError> {
        let mut inner = self.inner.lock();
        let mut draft = inner.draft(&updates);
        for TopicUpdate { topic, changes } in updates {
            for change in changes {
                draft.change(topic, change, at)?;
            }
        }
        inner.topics.append(&mut draft.topics);
        inner.next_position = draft.next_position;
        inner.last_boundary = inner.last_boundary.max(at);
        Ok(())
    }

    async fn last_boundary(&self) -> Result<Sequence, StoreError> {
        Ok(self.inner.lock().last_boundary)
    }

    async fn roster(&self, id: TopicId) -> Result<Option<Roster>, StoreError> {
        let inner = self.inner.lock();
        let known = inner.topics.get(&id).filter(|known| !known.is_dismissed);
        Ok(known.map(|known| Roster {
            topic: known.topic.clone(),
            members: known.present().map(Interval::member).collect(),
        }))
    }

    async fn members_at(&self, id: TopicId, at: Sequence) -> Result<Vec<Party>, StoreError> {
        let inner = self.inner.lock();
        let intervals = inner
            .topics
            .get(&id)
            .map_or(&[][..], |known| &known.intervals);
        let there = intervals
            .iter()
            .filter(|interval| interval.membership(id).holds(at));
        Ok(there.map(|interval| interval.party.clone()).collect())
    }

    async fn of_account(&self, uuid: Uuid, after: Sequence) -> Result<Vec<Membership>, StoreError> {
        let inner = self.inner.lock();
        let times = inner.intervals_of(uuid).into_iter();
        let times = times.map(|(known, interval)| interval.membership(known.topic.id));
        Ok(times
            .filter(|time| time.left.is_none_or(|left| left > after))
            .collect())
    }

    async fn topics_of(&self, uuid: Uuid) -> Result<Vec<Topic>, StoreError> {
        let inner = self.inner.lock();
        let present = inner.intervals_of(uuid).into_iter();
        let present = present.filter(|(_, interval)| interval.left.is_none());
        Ok(present.map(|(known, _)| known.topic.clone()).collect())
    }

    async fn sizes(&self, ids: Vec<TopicId>) -> Result<Vec<usize>, StoreError> {
        let inner = self.inner.lock();
        let size = |id| {
            inner
                .topics
                .get(id)
                .map_or(0, |known| known.present().count())
        };
        Ok(ids.iter().map(size).collect())
    }

    async fn list(
        &self,
        app_id: AppId,
        after: Option<TopicId>,
        limit: usize,
    ) -> Result<Vec<Topic>, StoreError> {
        let inner = self.inner.lock();
        let topics = inner.topics.values().filter(|known| !known.is_dismissed);
        let topics = topics
            .map(|known| &known.topic)
            .filter(|topic| topic.app_id == app_id && after.is_none_or(|after| topic.id > after));
        Ok(topics.take(limit).cloned().collect())
    }

    async fn prune(&self, before: Sequence) -> Result<(), StoreError> {
        self.inner.lock().topics.retain(|_, known| {
            known
                .intervals
                .retain(|interval| interval.left.is_none_or(|left| left >= before));
            !known.is_dismissed || !known.intervals.is_empty()
        });
        Ok(())
    }
}

impl Inner {
    /// The topics that are to change, to be changed in vain if need be.
    fn draft(&self, updates: &[TopicUpdate]) -> Self {
        let touched = updates.iter().filter_map(|update| {
            let known = self.topics.get(&update.topic)?;
            Some((update.topic, known.clone()))
        });
        Self {
            topics: touched.collect(),
            last_boundary: self.last_boundary,
            next_position: self.next_position,
        }
    }

    fn change(&mut self, id: TopicId, change: TopicChange, at: Sequence) -> Result<(), StoreError> {
        if let TopicChange::Create(topic) = change {
            return self.create(id, topic);
        }
        let known = self.topics.get_mut(&id).filter(|known| !known.is_dismissed);
        let known = known.ok_or_else(|| impossible("there is no such topic"))?;
        match change {
            TopicChange::Create(_) => {}
            TopicChange::Join(parties) => {
                for party in parties {
                    known.join(party, at, self.next_position)?;
                    self.next_position += 1;
                }
            }
            TopicChange::Leave(uuids) => known.leave(at, |uuid| uuids.contains(&uuid)),
            TopicChange::Describe(topic) => known.topic = topic,
            TopicChange::Dismiss => {
                known.is_dismissed = true;
                known.leave(at, |_| true);
            }
        }
        Ok(())
    }

    fn create(&mut self, id: TopicId, topic: Topic) -> Result<(), StoreError> {
        if self.topics.contains_key(&id) {
            return Err(impossible("the id of the topic is taken"));
        }
        let known = Known {
            topic,
            is_dismissed: false,
            intervals: Vec::new(),
        };
        self.topics.insert(id, known);
        Ok(())
    }

    /// An account's times in topics, in join order.
    fn intervals_of(&self, uuid: Uuid) -> Vec<(&Known, &Interval)> {
        let mut found = Vec::new();
        for known in self.topics.values() {
            let own = known.intervals.iter();
            let own = own.filter(|interval| interval.party.uuid == uuid);
            found.extend(own.map(|interval| (known, interval)));
        }
        found.sort_by_key(|(_, interval)| interval.position);
        found
    }
}

impl Known {
    fn present(&self) -> impl Iterator<Item = &Interval> {
        self.intervals
            .iter()
            .filter(|interval| interval.left.is_none())
    }

    fn join(&mut self, party: Party, at: Sequence, position: u64) -> Result<(), StoreError> {
        if self.present().any(|member| member.party.uuid == party.uuid) {
            return Err(impossible("the account is in the topic already"));
        }
        self.intervals.push(Interval {
            party,
            joined: at,
            left: None,
            position,
        });
        Ok(())
    }

    fn leave(&mut self, at: Sequence, who: impl Fn(Uuid) -> bool) {
        for interval in &mut self.intervals {
            if interval.left.is_none() && who(interval.party.uuid) {
                interval.left = Some(at);
            }
        }
    }
}

impl Interval {
    fn member(&self) -> Member {
        Member {
            party: self.party.clone(),
            joined: self.joined,
        }
    }

    fn membership(&self, topic: TopicId) -> Membership {
        Membership {
            topic,
            joined: self.joined,
            left: self.left,
        }
    }
}

/// The caller checks before; so this is nobody's ordinary day.
fn impossible(why: &str) -> StoreError {
    StoreError::Unavailable(format!("a change of topics is impossible: {why}"))
}
