//! What holds of whatever bytes come. Every reader of bytes from outside or from a disk has a property
//! here: a function that takes any bytes and panics when what must hold does not. `fuzz/` runs each for
//! as long as one likes, the tests of this crate on the same seeds within bounds.
//!
//! - [`frames`]: a frame of the socket protocol that opens, opens again after it was sealed
//! - [`packets`]: what decodes, encodes to what decodes to the same
//! - the rooms' own, for what they do not show: tokens, WebSocket frames, JSON bodies, configuration,
//!   records of the log, index files, checkpoints

mod frames;
mod packets;

/// A property.
pub type Property = fn(&[u8]);

/// All of them by the names of their targets in `fuzz/`.
pub const ALL: &[(&str, Property)] = &[
    ("frame_v5", frames::v5),
    ("frame_v6", frames::v6),
    ("header", packets::header),
    ("bind", packets::bind),
    ("packet", packets::packet),
    ("websocket", gateway::properties::websocket),
    ("token", chat::properties::token),
    ("json", api::properties::json),
    ("config", server::properties::config),
    ("record", store::properties::record),
    ("index", store::properties::index),
    ("checkpoint", store::properties::checkpoint),
];

/// Runs one by its name.
///
/// # Panics
///
/// When it does not hold, or there is none of this name.
pub fn check(name: &str, bytes: &[u8]) {
    let found = ALL.iter().find(|(known, _)| *known == name);
    let (_, property) = found.expect("a target is named after its property");
    property(bytes);
}
