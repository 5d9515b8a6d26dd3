//! What every keeper of rows has to pass: each guarantee of [`Deliveries`] as one function that
//! panics when it is broken. [`deliveries_contract!`](crate::deliveries_contract) makes a test of
//! each.
//!
//! Test support: it panics and unwraps as tests do.

#![allow(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "test support, called from tests only"
)]

mod lists;
mod rows;

use std::any::Any;
use std::sync::Arc;

use chat::port::{
    Attempt, Deliveries, Delivery, DeliveryKind, DeliveryStatus, ListDeliveries, Tried,
};
use model::{AppId, Conversation, Sequence, TopicId, Uuid};

pub use self::lists::*;
pub use self::rows::*;

/// An empty keeper under test.
pub struct Subject {
    /// The keeper.
    pub store: Arc<dyn Deliveries>,
    /// What lives as long as it does: a directory, a server.
    pub keep: Box<dyn Any + Send>,
}

/// Makes a test of each guarantee of [`Deliveries`]. The argument is a function without arguments
/// to a future of a [`Subject`].
#[macro_export]
macro_rules! deliveries_contract {
    ($make:expr) => {
        $crate::deliveries_contract! { @ $make,
            at_first_there_is_nothing
            rows_and_position_are_taken_in_together
            the_position_never_moves_back
            a_message_has_its_rows_once
            a_row_is_read_as_it_was_given
            due_rows_come_by_their_time
            rows_of_other_apps_are_not_due
            an_attempt_is_added_and_the_status_follows
            the_oldest_attempts_are_dropped
            what_came_of_a_row_that_is_gone_is_ignored
            undecided_rows_come_by_their_time
            what_is_due_too_late_is_brought_forward
            a_decided_row_is_pending_or_gone
            a_row_is_decided_once
            a_backlog_is_counted_no_further_than_asked
            one_row_is_found_by_its_id
            a_list_begins_with_the_newest
            undecided_rows_are_not_listed
            pages_together_are_the_whole_list
            failed_ones_can_be_listed_alone
            a_replayed_row_is_pending_without_failures
            a_row_of_another_app_is_not_replayed
            all_failed_ones_are_replayed_at_once
            clearing_drops_what_is_open_of_its_kind
            a_forgotten_app_has_no_rows
            old_rows_are_pruned_when_they_are_finished
            success_pushes_out_no_failure
        }
    };
    (@ $make:expr, $($name:ident)*) => {
        $(
            #[tokio::test]
            async fn $name() {
                let subject = $make().await;
                $crate::contract::$name(&*subject.store).await;
            }
        )*
    };
}

const APP: AppId = AppId(2_882_303_761_517_000_000);
const OTHER_APP: AppId = AppId(2_882_303_761_517_000_001);

/// A row that is due at a time, of a message of its own.
fn row(app_id: AppId, number: u64, next_at_ms: u64) -> Delivery {
    Delivery {
        id: format!("cb_{number}"),
        app_id,
        kind: DeliveryKind::Instant,
        conversation: Conversation::between(Uuid(1), Uuid(2)),
        sequence: Sequence(170_000_000_000_000_000 + number),
        status: pending(next_at_ms),
        created_at_ms: 1_000 + number,
        attempts: Vec::new(),
        receivers: Vec::new(),
    }
}

fn rows(app_id: AppId, numbers: std::ops::Range<u64>) -> Vec<Delivery> {
    numbers.map(|number| row(app_id, number, 100)).collect()
}

/// The question about a message to a topic.
fn question(number: u64, until_ms: u64) -> Delivery {
    Delivery {
        kind: DeliveryKind::Offline,
        conversation: Conversation::Topic(TopicId(12_345_678_901_234_567)),
        status: DeliveryStatus::Undecided { until_ms },
        ..row(APP, number, 0)
    }
}

fn pending(next_at_ms: u64) -> DeliveryStatus {
    DeliveryStatus::Pending {
        next_at_ms,
        failures: 0,
    }
}

fn attempt(at_ms: u64) -> Attempt {
    Attempt {
        at_ms,
        url: "https://example.com/callback".into(),
        http_status: Some(500),
        error: Some("answered 500, not 200".into()),
        took_ms: 12,
    }
}

fn tried(number: u64, at_ms: u64, status: DeliveryStatus) -> Tried {
    Tried {
        id: format!("cb_{number}"),
        attempt: attempt(at_ms),
        status,
    }
}

async fn take_in(store: &dyn Deliveries, rows: Vec<Delivery>) {
    let newest = rows.iter().map(|row| row.sequence).max();
    store.take_in(newest.unwrap(), rows).await.unwrap();
}

async fn list(store: &dyn Deliveries, app_id: AppId) -> Vec<Delivery> {
    let wanted = ListDeliveries {
        only_failed: false,
        after: None,
        limit: 1_000,
    };
    store.list(app_id, wanted).await.unwrap().deliveries
}

/// The ids of the app's list.
async fn listed(store: &dyn Deliveries, app_id: AppId) -> Vec<String> {
    ids(&list(store, app_id).await)
}

async fn due(store: &dyn Deliveries, now_ms: u64) -> Vec<String> {
    ids(&store.due(APP, now_ms, 1_000).await.unwrap().deliveries)
}

fn ids(rows: &[Delivery]) -> Vec<String> {
    rows.iter().map(|row| row.id.clone()).collect()
}

fn named<const N: usize>(numbers: [u64; N]) -> Vec<String> {
    numbers.map(|number| format!("cb_{number}")).to_vec()
}
