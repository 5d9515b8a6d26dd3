//! An app's share of the scheduler. What an app's server does slows down its own lane only.

use std::collections::{BTreeMap, HashSet};
use std::ops::Bound::{Excluded, Unbounded};

use chat::port::{Delivery, Due};
use model::AppId;

/// One app.
#[derive(Default)]
pub(crate) struct Lane {
    /// When its next row is due, as far as is known, in milliseconds since 1970.
    next_at_ms: Option<u64>,
    /// Nothing is started before: the store was not ready.
    paused_until_ms: u64,
    /// Ids under way, or tried and not recorded yet.
    claimed: HashSet<String>,
}

impl Lane {
    /// A row is due then.
    pub(crate) fn expect(&mut self, at_ms: u64) {
        self.next_at_ms = Some(self.next_at_ms.map_or(at_ms, |next| next.min(at_ms)));
    }

    /// Nothing is started before that time; then it is looked again.
    pub(crate) fn pause(&mut self, until_ms: u64) {
        self.paused_until_ms = until_ms;
        self.expect(until_ms);
    }

    /// How many rows to ask for so that `slots` of them can be started: those that are claimed
    /// are still due in the store.
    pub(crate) fn rows_to_ask(&self, slots: usize) -> usize {
        self.claimed.len() + slots
    }

    /// Claims up to `slots` of the rows and notes when to look again.
    pub(crate) fn claim(&mut self, due: Due, slots: usize, now_ms: u64) -> Vec<Delivery> {
        let mut free = due.deliveries;
        free.retain(|delivery| !self.claimed.contains(&delivery.id));
        self.next_at_ms = if free.len() > slots {
            Some(now_ms)
        } else {
            due.next_at_ms
        };
        free.truncate(slots);
        self.claimed
            .extend(free.iter().map(|delivery| delivery.id.clone()));
        free
    }

    /// It is over with this one, for now.
    pub(crate) fn release(&mut self, id: &str) {
        self.claimed.remove(id);
    }

    fn slots(&self, per_app_max: usize) -> usize {
        per_app_max.saturating_sub(self.claimed.len())
    }

    fn starts_at_ms(&self) -> Option<u64> {
        Some(self.next_at_ms?.max(self.paused_until_ms))
    }

    fn is_idle(&self) -> bool {
        self.claimed.is_empty() && self.next_at_ms.is_none()
    }
}

/// All apps that have something to post.
#[derive(Default)]
pub(crate) struct Lanes {
    lanes: BTreeMap<AppId, Lane>,
    /// The app that was served last: the next round begins after it.
    served: AppId,
}

impl Lanes {
    /// The lane of an app, made when there is none.
    pub(crate) fn lane(&mut self, app_id: AppId) -> &mut Lane {
        self.lanes.entry(app_id).or_default()
    }

    /// Every lane is looked at now: what was known of times is of another clock.
    pub(crate) fn look_again(&mut self, now_ms: u64) {
        for lane in self.lanes.values_mut() {
            lane.next_at_ms = Some(now_ms);
            lane.paused_until_ms = 0;
        }
    }

    /// Whether a row is claimed in any lane.
    pub(crate) fn have_claimed(&self, id: &str) -> bool {
        self.lanes.values().any(|lane| lane.claimed.contains(id))
    }

    /// Posts of all apps that are under way.
    pub(crate) fn claimed(&self) -> usize {
        self.lanes.values().map(|lane| lane.claimed.len()).sum()
    }

    /// The apps that can start something now, in turn.
    pub(crate) fn ready(&self, now_ms: u64, per_app_max: usize) -> Vec<AppId> {
        let is_ready = |lane: &Lane| {
            lane.slots(per_app_max) > 0 && lane.starts_at_ms().is_some_and(|at_ms| at_ms <= now_ms)
        };
        let after = self.lanes.range((Excluded(self.served), Unbounded));
        let all = after.chain(self.lanes.range(..=self.served));
        let ready = all.filter(|(_, lane)| is_ready(lane));
        ready.map(|(app_id, _)| *app_id).collect()
    }

    /// The lane of an app whose turn it is, and how much it may start.
    pub(crate) fn serve(&mut self, app_id: AppId, per_app_max: usize) -> (&mut Lane, usize) {
        self.served = app_id;
        let lane = self.lane(app_id);
        let slots = lane.slots(per_app_max);
        (lane, slots)
    }

    /// When the first lane with a free slot can start something; forgets lanes that have nothing.
    pub(crate) fn next_at_ms(&mut self, per_app_max: usize) -> Option<u64> {
        self.lanes.retain(|_, lane| !lane.is_idle());
        let open = self.lanes.values();
        let open = open.filter(|lane| lane.slots(per_app_max) > 0);
        open.filter_map(Lane::starts_at_ms).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn due(numbers: std::ops::Range<u64>, next_at_ms: Option<u64>) -> Due {
        let deliveries = numbers.map(|number| sample::delivery(1, number)).collect();
        Due {
            deliveries,
            next_at_ms,
        }
    }

    #[test]
    fn apps_take_turns() {
        let mut lanes = Lanes::default();
        for app in [1, 2, 3] {
            lanes.lane(AppId(app)).expect(10);
        }
        lanes.lane(AppId(4)).expect(11);
        assert_eq!(lanes.ready(10, 1), [1, 2, 3].map(AppId));
        lanes.serve(AppId(2), 1);
        assert_eq!(lanes.ready(10, 1), [3, 1, 2].map(AppId));
        assert_eq!(lanes.ready(11, 1), [3, 4, 1, 2].map(AppId));
    }

    #[test]
    fn a_row_under_way_is_not_started_again() {
        let mut lane = Lane::default();
        assert_eq!(lane.rows_to_ask(2), 2);
        assert_eq!(lane.claim(due(0..2, Some(5)), 2, 5).len(), 2);
        assert_eq!(lane.rows_to_ask(1), 3);
        let third = lane.claim(due(0..3, None), 1, 5);
        assert_eq!(third, due(2..3, None).deliveries);
    }

    #[test]
    fn a_full_lane_waits_for_an_end_not_for_a_time() {
        let mut lanes = Lanes::default();
        let (lane, slots) = lanes.serve(AppId(1), 2);
        lane.claim(due(0..2, Some(5)), slots, 5);
        assert_eq!((lanes.next_at_ms(2), lanes.claimed()), (None, 2));
        lanes.lane(AppId(1)).release(&sample::delivery(1, 0).id);
        assert_eq!((lanes.next_at_ms(2), lanes.claimed()), (Some(5), 1));
    }

    #[test]
    fn a_paused_lane_starts_nothing_before_its_time() {
        let mut lanes = Lanes::default();
        lanes.lane(AppId(1)).pause(100);
        lanes.lane(AppId(1)).expect(10);
        assert!(lanes.ready(99, 1).is_empty());
        assert_eq!(lanes.next_at_ms(1), Some(100));
        assert_eq!(lanes.ready(100, 1), [AppId(1)]);
    }
}
