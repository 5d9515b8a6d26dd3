//! Every fixed maximum of the product, with its unit. What an operator can set is in the
//! configuration of the room that obeys it; these are the bounds of the contract.

use std::ops::RangeInclusive;

/// Account names, in bytes of UTF-8.
pub const ACCOUNT_NAME_BYTES_MAX: usize = 128;
/// Resources, in bytes of UTF-8.
pub const RESOURCE_BYTES_MAX: usize = 256;
/// packetIds that are carried, in bytes of UTF-8. Official clients make 10 to 40.
pub const PACKET_ID_BYTES_MAX: usize = 512;
/// bizTypes that are carried, in bytes of UTF-8.
pub const BIZ_TYPE_BYTES_MAX: usize = 512;

/// Payload of a message in bytes, unless the app's operator sets another.
pub const PAYLOAD_BYTES_DEFAULT: u32 = 15_360;
/// What the operator may set for payloads, in bytes.
pub const PAYLOAD_BYTES: RangeInclusive<u32> = 1..=61_440;
/// What the operator may set for the lifetime of accounts, in seconds.
pub const ACCOUNT_TTL_S: RangeInclusive<u32> = 0..=315_360_000;
/// What the operator may set for members of a topic.
pub const TOPIC_MEMBERS: RangeInclusive<u32> = 1..=100_000;
/// What the operator may set for the retention of history, in days.
pub const RETENTION_DAYS: RangeInclusive<u32> = 1..=3_650;

/// How long a message waits for a device, in milliseconds: 7 days.
pub const QUEUE_MS: u64 = 7 * DAY_MS;
/// How long a packetId is remembered, in milliseconds: 7 days.
pub const IDEMPOTENCE_MS: u64 = 7 * DAY_MS;
/// A device unseen for this long is forgotten, in milliseconds: 30 days.
pub const DEVICE_UNSEEN_MS_MAX: u64 = 30 * DAY_MS;
/// Devices of one account; the longest unseen goes first.
pub const DEVICES_PER_ACCOUNT_MAX: usize = 200;
/// Elements of a push list.
pub const PUSH_LIST_MAX: usize = 1_000;

/// Names of topics, in bytes of UTF-8.
pub const TOPIC_NAME_BYTES_MAX: usize = 256;
/// Bulletins and extras of topics, in bytes of UTF-8.
pub const TOPIC_TEXT_BYTES_MAX: usize = 4 * 1024;
/// How long the end of a membership is remembered, in milliseconds: a day longer than the queue.
pub const BOUNDARY_MS: u64 = 8 * DAY_MS;
/// Rows of a history answer by count.
pub const HISTORY_COUNT_MAX: usize = 200;
/// Rows of a history answer by time or sequence.
pub const HISTORY_ROWS_MAX: usize = 1_000;
/// Widest window of a history question by time, in milliseconds.
pub const HISTORY_WINDOW_MS_MAX: u64 = DAY_MS;
/// Recent contacts in an answer.
pub const CONTACTS_MAX: usize = 1_000;
/// How long a conversation is a recent contact, in milliseconds: 30 days.
pub const CONTACT_MS: u64 = 30 * DAY_MS;

/// A day in milliseconds.
pub const DAY_MS: u64 = 86_400_000;
