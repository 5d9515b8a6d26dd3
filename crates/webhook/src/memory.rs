//! Rows that are gone with the process: for tests, and beside a store that forgets as well.

use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use chat::port::{
    ATTEMPTS_KEPT_MAX, Decided, Deliveries, Delivery, DeliveryCursor, DeliveryKind, DeliveryPage,
    DeliveryStatus, Due, ListDeliveries, StoreError, Tried,
};
use model::{AppId, Sequence};
use parking_lot::Mutex;

/// Ascending: the order of an app's list, from its end.
type Place = (Sequence, DeliveryKind);

#[derive(Default)]
struct Inside {
    position: Sequence,
    apps: BTreeMap<AppId, BTreeMap<Place, Delivery>>,
    places: HashMap<String, (AppId, Place)>,
}

/// Keeps rows in memory.
#[derive(Default)]
pub struct MemoryDeliveries(Mutex<Inside>);

impl Inside {
    fn all(&self) -> impl Iterator<Item = &Delivery> {
        self.apps.values().flat_map(BTreeMap::values)
    }

    fn of(&mut self, app_id: AppId) -> impl Iterator<Item = &mut Delivery> {
        self.apps
            .get_mut(&app_id)
            .into_iter()
            .flat_map(BTreeMap::values_mut)
    }

    fn row(&mut self, id: &str) -> Option<&mut Delivery> {
        let (app_id, place) = self.places.get(id)?;
        self.apps.get_mut(app_id)?.get_mut(place)
    }

    fn remove(&mut self, id: &str) {
        if let Some((app_id, place)) = self.places.remove(id)
            && let Some(rows) = self.apps.get_mut(&app_id)
        {
            rows.remove(&place);
            if rows.is_empty() {
                self.apps.remove(&app_id);
            }
        }
    }

    /// Removes those and says how many.
    fn remove_all(&mut self, ids: &[String]) -> usize {
        for id in ids {
            self.remove(id);
        }
        ids.len()
    }
}

#[async_trait]
impl Deliveries for MemoryDeliveries {
    async fn position(&self) -> Result<Sequence, StoreError> {
        Ok(self.0.lock().position)
    }

    async fn take_in(&self, position: Sequence, rows: Vec<Delivery>) -> Result<(), StoreError> {
        let mut inside = self.0.lock();
        inside.position = inside.position.max(position);
        for row in rows {
            let place = (row.sequence, row.kind);
            let rows = inside.apps.entry(row.app_id).or_default();
            if rows.contains_key(&place) {
                continue;
            }
            let (id, app_id) = (row.id.clone(), row.app_id);
            rows.insert(place, row);
            inside.places.insert(id, (app_id, place));
        }
        Ok(())
    }

    async fn waiting(&self) -> Result<Vec<(AppId, u64)>, StoreError> {
        let inside = self.0.lock();
        let earliest =
            |rows: &BTreeMap<Place, Delivery>| rows.values().filter_map(pending_at).min();
        let apps = inside.apps.iter();
        Ok(apps
            .filter_map(|(app_id, rows)| Some((*app_id, earliest(rows)?)))
            .collect())
    }

    async fn due(&self, app_id: AppId, now_ms: u64, limit: usize) -> Result<Due, StoreError> {
        let mut inside = self.0.lock();
        let rows = inside.of(app_id).map(|row| &*row);
        let timed = rows.filter_map(|row| Some((pending_at(row)?, row)));
        Ok(due(timed.collect(), now_ms, limit))
    }

    async fn undecided(&self, now_ms: u64, limit: usize) -> Result<Due, StoreError> {
        let inside = self.0.lock();
        let timed = inside.all().filter_map(|row| match row.status {
            DeliveryStatus::Undecided { until_ms } => Some((until_ms, row)),
            _ => None,
        });
        Ok(due(timed.collect(), now_ms, limit))
    }

    async fn bring_forward(&self, latest_ms: u64, now_ms: u64) -> Result<(), StoreError> {
        let mut inside = self.0.lock();
        for row in inside.apps.values_mut().flat_map(BTreeMap::values_mut) {
            let (DeliveryStatus::Pending {
                next_at_ms: at_ms, ..
            }
            | DeliveryStatus::Undecided { until_ms: at_ms }) = &mut row.status
            else {
                continue;
            };
            if *at_ms > latest_ms {
                *at_ms = now_ms;
            }
        }
        Ok(())
    }

    async fn record(&self, tried: Vec<Tried>) -> Result<(), StoreError> {
        let mut inside = self.0.lock();
        for Tried {
            id,
            attempt,
            status,
        } in tried
        {
            let Some(row) = inside.row(&id) else {
                continue;
            };
            row.status = status;
            row.attempts.push(attempt);
            let too_many = row.attempts.len().saturating_sub(ATTEMPTS_KEPT_MAX);
            row.attempts.drain(..too_many);
        }
        Ok(())
    }

    async fn decide(&self, decided: Vec<Decided>) -> Result<(), StoreError> {
        let mut inside = self.0.lock();
        for answer in decided {
            let row = inside.row(&answer.id);
            let Some(row) = row.filter(|row| is_undecided(row)) else {
                continue;
            };
            if answer.receivers.is_empty() {
                inside.remove(&answer.id);
                continue;
            }
            row.receivers = answer.receivers;
            row.status = pending(answer.next_at_ms);
        }
        Ok(())
    }

    async fn backlog(&self, count_max: usize) -> Result<usize, StoreError> {
        let inside = self.0.lock();
        let pending = inside.all().filter(|row| pending_at(row).is_some());
        Ok(pending.take(count_max).count())
    }

    async fn delivery(&self, app_id: AppId, id: &str) -> Result<Option<Delivery>, StoreError> {
        let mut inside = self.0.lock();
        let row = inside.row(id);
        let row = row.filter(|row| row.app_id == app_id && !is_undecided(row));
        Ok(row.cloned())
    }

    async fn list(
        &self,
        app_id: AppId,
        wanted: ListDeliveries,
    ) -> Result<DeliveryPage, StoreError> {
        let mut inside = self.0.lock();
        let after = wanted.after.map(|cursor| (cursor.sequence, cursor.kind));
        let rows = inside.of(app_id).map(|row| &*row).filter(|row| {
            let is_wanted = if wanted.only_failed {
                row.status == DeliveryStatus::Failed
            } else {
                !is_undecided(row)
            };
            is_wanted && after.is_none_or(|after| (row.sequence, row.kind) < after)
        });
        let mut rows: Vec<&Delivery> = rows.collect();
        rows.reverse();
        let has_more = rows.len() > wanted.limit;
        rows.truncate(wanted.limit);
        let last = rows.last().filter(|_| has_more);
        Ok(DeliveryPage {
            next: last.map(|row| DeliveryCursor {
                sequence: row.sequence,
                kind: row.kind,
            }),
            deliveries: rows.into_iter().cloned().collect(),
        })
    }

    async fn replay(&self, app_id: AppId, id: &str, now_ms: u64) -> Result<bool, StoreError> {
        let mut inside = self.0.lock();
        let row = inside.row(id);
        let Some(row) = row.filter(|row| row.app_id == app_id && !is_undecided(row)) else {
            return Ok(false);
        };
        row.status = pending(now_ms);
        Ok(true)
    }

    async fn replay_failed(&self, app_id: AppId, now_ms: u64) -> Result<usize, StoreError> {
        let mut inside = self.0.lock();
        let mut count = 0;
        for row in inside.of(app_id) {
            if row.status == DeliveryStatus::Failed {
                row.status = pending(now_ms);
                count += 1;
            }
        }
        Ok(count)
    }

    async fn clear(&self, app_id: AppId, kind: DeliveryKind) -> Result<usize, StoreError> {
        let mut inside = self.0.lock();
        let open = inside.of(app_id);
        let open = open.filter(|row| row.kind == kind && !row.status.is_finished());
        let open: Vec<String> = open.map(|row| row.id.clone()).collect();
        Ok(inside.remove_all(&open))
    }

    async fn forget(&self, app_id: AppId) -> Result<(), StoreError> {
        let mut inside = self.0.lock();
        let all: Vec<String> = inside.of(app_id).map(|row| row.id.clone()).collect();
        inside.remove_all(&all);
        Ok(())
    }

    async fn prune(&self, before_ms: u64, per_app_max: usize) -> Result<usize, StoreError> {
        let mut inside = self.0.lock();
        let mut over = Vec::new();
        for rows in inside.apps.values() {
            for status in [DeliveryStatus::Delivered, DeliveryStatus::Failed] {
                let newest_first = rows.values().rev().filter(|row| row.status == status);
                let is_over = |(place, row): &(usize, &Delivery)| {
                    *place >= per_app_max || row.changed_at_ms() < before_ms
                };
                let ended = newest_first.enumerate().filter(is_over);
                over.extend(ended.map(|(_, row)| row.id.clone()));
            }
        }
        Ok(inside.remove_all(&over))
    }
}

fn pending(next_at_ms: u64) -> DeliveryStatus {
    DeliveryStatus::Pending {
        next_at_ms,
        failures: 0,
    }
}

fn pending_at(row: &Delivery) -> Option<u64> {
    match row.status {
        DeliveryStatus::Pending { next_at_ms, .. } => Some(next_at_ms),
        _ => None,
    }
}

fn is_undecided(row: &Delivery) -> bool {
    matches!(row.status, DeliveryStatus::Undecided { .. })
}

fn due(mut timed: Vec<(u64, &Delivery)>, now_ms: u64, limit: usize) -> Due {
    timed.sort_unstable_by_key(|(at_ms, row)| (*at_ms, row.sequence, row.kind));
    let come = timed.iter().take(limit);
    let count = come.take_while(|(at_ms, _)| *at_ms <= now_ms).count();
    Due {
        next_at_ms: timed.get(count).map(|(at_ms, _)| *at_ms),
        deliveries: timed[..count]
            .iter()
            .map(|(_, row)| (*row).clone())
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::MemoryDeliveries;
    use crate::contract::Subject;

    fn make() -> std::future::Ready<Subject> {
        std::future::ready(Subject {
            store: Arc::new(MemoryDeliveries::default()),
            keep: Box::new(()),
        })
    }

    crate::deliveries_contract!(make);
}
