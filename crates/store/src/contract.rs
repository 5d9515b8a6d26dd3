//! What every store has to pass: each guarantee of the ports as one function that panics when the
//! store breaks it. One macro per port makes a test of each.
//!
//! Test support: it panics and unwraps as tests do.

#![allow(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "test support, called from tests only"
)]

pub mod directory;
pub mod log;
pub mod memberships;
pub mod messages;
pub mod relations;
pub mod sample;

mod devices;
mod history;
mod places;
mod queue;
mod topic_queue;

use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chat::port::{Clock, Directory, History, Memberships, Messages, Relations};

/// A clock that moves when told.
#[derive(Debug)]
pub struct TestClock(AtomicU64);

impl TestClock {
    /// In the afternoon of some day.
    pub fn new() -> Arc<Self> {
        Arc::new(Self(AtomicU64::new(1_700_000_000_000)))
    }

    /// Moves it on.
    pub fn advance(&self, ms: u64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }

    /// Sets it, backwards too: as a machine's clock between two runs.
    pub fn set(&self, ms: u64) {
        self.0.store(ms, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now_ms(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// An empty store under test.
pub struct Subject<T: ?Sized> {
    /// The store.
    pub store: Arc<T>,
    /// What lives as long as it does: a directory, a server.
    pub keep: Box<dyn Any + Send>,
}

/// Messages that can be read again.
pub trait Log: Messages + History {}

impl<T: Messages + History> Log for T {}

/// An empty [`Messages`].
pub type MessagesSubject = Subject<dyn Messages>;
/// An empty [`Log`].
pub type LogSubject = Subject<dyn Log>;
/// An empty [`Directory`].
pub type DirectorySubject = Subject<dyn Directory>;
/// An empty [`Memberships`].
pub type MembershipsSubject = Subject<dyn Memberships>;
/// An empty [`Relations`].
pub type RelationsSubject = Subject<dyn Relations>;

/// Makes a test of each guarantee of [`Messages`]. The argument is a function from an
/// `Arc<TestClock>` to a future of a [`MessagesSubject`].
#[macro_export]
macro_rules! messages_contract {
    ($make:expr) => {
        $crate::guarantees! { $make, messages, clock,
            sequences_follow_the_clock_and_always_ascend
            timestamps_ascend_within_a_conversation
            what_is_committed_can_be_read_as_it_was
            an_empty_batch_changes_nothing
            a_repetition_is_answered_as_the_first
            a_repetition_within_the_batch_is_recognised
            whatever_differs_makes_it_a_new_message
            every_message_with_one_packet_id_is_recognised
            without_a_packet_id_nothing_is_repeated
            after_seven_days_it_is_a_new_message
            a_refused_message_leaves_no_trace
            a_new_device_starts_where_its_account_is
            a_known_device_keeps_its_place
            devices_come_after_the_messages_of_their_batch
            a_cursor_moves_forward_and_never_back
            an_unknown_device_acknowledges_nothing
            moved_cursors_are_unsaved_until_the_next_commit
            an_unseen_device_is_forgotten_after_thirty_days
            the_longest_unseen_device_goes_first_and_a_bound_one_never
            a_queue_is_what_others_sent
            copies_of_own_messages_begin_at_the_first_login
            messages_leave_the_queue_after_seven_days
            a_page_ends_with_the_message_that_reaches_a_limit
            pages_together_are_the_whole_queue
            a_page_without_messages_reaches_the_newest
            stored_and_queued_messages_are_merged
            only_conversations_with_news_are_in_the_queue
            messages_of_topics_are_kept_and_repeated
        }
    };
}

/// Makes a test of each guarantee of [`Directory`]. The argument is a function without arguments
/// to a future of a [`DirectorySubject`].
#[macro_export]
macro_rules! directory_contract {
    ($make:expr) => {
        $crate::guarantees! { $make, directory,
            the_signing_key_is_made_once
            apps_are_listed_the_oldest_first
            an_app_is_read_as_it_was_saved
            ids_and_keys_of_apps_are_unique
            an_unknown_app_is_not_saved
            an_app_goes_with_its_accounts
            an_account_is_found_by_name_and_uuid
            names_are_compared_byte_for_byte
            an_existing_account_is_answered_instead
            calls_at_the_same_time_agree
            an_account_is_read_as_it_was_saved
            accounts_are_found_by_their_age
            accounts_are_listed_by_how_their_names_begin
            an_account_goes_and_its_name_is_free
        }
    };
}

/// Makes a test of each guarantee of [`Memberships`]. The argument is a function without arguments
/// to a future of a [`MembershipsSubject`].
#[macro_export]
macro_rules! memberships_contract {
    ($make:expr) => {
        $crate::guarantees! { $make, memberships,
            a_topic_is_read_as_it_was_made
            members_are_listed_in_join_order
            an_owner_changes_and_the_order_stays
            a_change_takes_effect_at_its_place
            joining_again_begins_a_second_time
            a_dismissed_topic_is_gone_and_its_members_are_remembered
            changes_are_made_together_or_not_at_all
            the_last_boundary_is_the_highest
            topics_of_an_account_are_in_join_order
            times_that_ended_are_found_after_a_place
            topics_are_listed_in_pages
            topics_have_sizes
            what_ended_before_a_place_is_forgotten
        }
    };
}

/// Makes a test of each guarantee of [`Relations`]. The argument is a function without arguments to
/// a future of a [`RelationsSubject`].
#[macro_export]
macro_rules! relations_contract {
    ($make:expr) => {
        $crate::guarantees! { $make, relations,
            blocking_twice_is_blocking_once
            a_block_has_a_direction
            a_conversation_is_hidden_up_to_its_newest_message
        }
    };
}

/// Makes a test of each guarantee of [`Log`]. The argument is a function from an `Arc<TestClock>`
/// to a future of a [`LogSubject`].
#[macro_export]
macro_rules! log_contract {
    ($make:expr) => {
        $crate::guarantees! { $make, log, clock,
            a_place_is_between_messages
            places_are_above_what_was_raised
            a_page_ends_where_it_was_asked_to
            a_forgotten_account_has_no_devices_and_no_queue
            peers_of_a_forgotten_account_keep_what_they_were_sent
            what_is_said_in_a_topic_is_for_its_members
            a_time_in_a_topic_has_a_beginning_and_an_end
            joining_again_misses_what_was_said_between
            copies_of_own_topic_messages_begin_at_the_first_login
            topic_messages_leave_the_queue_after_seven_days
            pages_over_pairs_and_topics_are_the_whole_queue
            a_span_is_half_open_and_its_newest_are_kept
            a_span_may_be_anything
            by_time_and_count_a_history_is_walked_without_gap
            timestamps_of_a_topic_ascend
            what_is_not_stored_is_no_history
            a_head_is_the_newest_stored_message
            peers_are_listed_the_newest_first
            a_message_is_found_by_its_place
            a_message_is_found_by_its_packet_id
            messages_with_callbacks_are_read_in_their_order
        }
    };
}

/// The tests of a contract, each with an empty store, and with a clock where it needs one.
#[doc(hidden)]
#[macro_export]
macro_rules! guarantees {
    ($make:expr, $module:ident, clock, $($name:ident)*) => {
        $(
            #[tokio::test]
            async fn $name() {
                let clock = $crate::contract::TestClock::new();
                let subject = $make(::std::sync::Arc::clone(&clock)).await;
                $crate::contract::$module::$name(&*subject.store, &clock).await;
            }
        )*
    };
    ($make:expr, $module:ident, $($name:ident)*) => {
        $(
            #[tokio::test]
            async fn $name() {
                let subject = $make().await;
                $crate::contract::$module::$name(subject.store).await;
            }
        )*
    };
}
