//! Telling a message that is sent again from a new one.
//!
//! The same device, packetId, target and payload make a repetition. Their fingerprint finds the
//! candidate; only a comparison of the messages themselves decides.

use chat::port::Search;
use model::limits::IDEMPOTENCE_MS;
use model::{Content, Message, Sequence, Target};
use sha2::{Digest, Sha256};

/// What the index knows of a message for this purpose. Kept on disk: the first 8 bytes,
/// little-endian, of the SHA-256 of the fields below, each text preceded by its length.
///
/// Target and payload are part of it, so that a client which gives one packetId to everything
/// makes no long list of candidates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Fingerprint(pub(crate) u64);

/// The fingerprint of a message, unless it has no packetId and so is never a repetition.
pub(crate) fn fingerprint(content: &Content) -> Option<Fingerprint> {
    if content.packet_id.is_empty() {
        return None;
    }
    let mut hash = Sha256::new();
    hash.update(content.from.uuid.0.to_le_bytes());
    update_text(&mut hash, &content.from_resource);
    update_text(&mut hash, &content.packet_id);
    match &content.to {
        Target::Account(to) => {
            hash.update([0]);
            hash.update(to.uuid.0.to_le_bytes());
        }
        Target::Topic(topic) => {
            hash.update([1]);
            hash.update(topic.0.to_le_bytes());
        }
    }
    hash.update(&content.payload);
    let digest = hash.finalize();
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    Some(Fingerprint(u64::from_le_bytes(first)))
}

fn update_text(hash: &mut Sha256, text: &str) {
    hash.update((text.len() as u64).to_le_bytes());
    hash.update(text.as_bytes());
}

/// Whether one is the other, sent again.
pub(crate) fn is_same(one: &Content, other: &Content) -> bool {
    one.from.uuid == other.from.uuid
        && one.from_resource == other.from_resource
        && one.packet_id == other.packet_id
        && is_same_target(&one.to, &other.to)
        && one.payload == other.payload
}

/// Names do not count: the uuid is the account.
fn is_same_target(one: &Target, other: &Target) -> bool {
    match (one, other) {
        (Target::Account(one), Target::Account(other)) => one.uuid == other.uuid,
        (Target::Topic(one), Target::Topic(other)) => one == other,
        _ => false,
    }
}

/// Whether a message is one that is looked for.
pub(crate) fn is_meant(search: &Search, message: &Message) -> bool {
    let content = &message.content;
    content.app_id == search.app_id
        && content.packet_id == search.packet_id
        && search.from.is_none_or(|from| from == content.from.uuid)
}

/// Messages after this one are young enough to be repeated.
pub(crate) fn remembered_after(now_ms: u64) -> Sequence {
    before_ms((now_ms + 1).saturating_sub(IDEMPOTENCE_MS))
}

/// The last sequence before a millisecond.
pub(crate) fn before_ms(ms: u64) -> Sequence {
    Sequence(Sequence::at_ms(ms).0.saturating_sub(1))
}
