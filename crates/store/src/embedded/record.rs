//! The records of the log.
//!
//! ```text
//! crc32c u32 | length of the body u32 | body
//! ```
//!
//! The checksum covers length and body and begins with the salt of the segment, so that neither
//! a payload that looks like a record nor a block of another file is taken for one. A body begins
//! with its kind:
//!
//! ```text
//! 1 message    flags u8 | sequence u64 | timestamp near its ms | app u64 | from u64 | to u64
//!              | from name | to name, unless a topic | resource | packetId | bizType | payload
//! 2 new        at u64 | uuid u64 | cursor near at | ownAfter near at | seen near its ms | resource
//! 3 moved      the same
//! 4 forgotten  at u64 | uuid u64 | resource
//! 5 mark       all before this offset was on the disk when this was written: offset u64
//! 6 hole       where something was salvaged: zeros
//! 7 ended      at u64 | uuid u64
//! 8 joint      the batch that begins here has u32 bytes in this family, this record with them,
//!              and the others in the queue's segment u64 from offset u32 to offset u32
//! ```
//!
//! Flags: 1 to a topic, 2 not stored, 4 wants instant callbacks, 8 wants offline callbacks. `at` is
//! the newest sequence when it was written: it orders the records of the two families. An account
//! ends before the messages of its batch, devices change after them.
//!
//! Version 1 of the format had neither flags 4 and 8 nor kind 7, version 2 no kind 8.

use bytes::Bytes;
use model::limits::{
    ACCOUNT_NAME_BYTES_MAX, BIZ_TYPE_BYTES_MAX, PACKET_ID_BYTES_MAX, PAYLOAD_BYTES,
    RESOURCE_BYTES_MAX,
};
use model::{
    AccountName, AppId, Callbacks, Content, Device, DeviceId, Message, Party, Resource, Sequence,
    Target, TopicId, Uuid,
};

use crate::code::{Malformed, Put, Reader};
use crate::state::Change;

/// Checksum and length.
pub(crate) const FRAME_BYTES: usize = 8;
/// No body is longer.
pub(crate) const BODY_BYTES_MAX: usize = *PAYLOAD_BYTES.end() as usize
    + 2 * ACCOUNT_NAME_BYTES_MAX
    + RESOURCE_BYTES_MAX
    + PACKET_ID_BYTES_MAX
    + BIZ_TYPE_BYTES_MAX
    + 128;
/// A mark with its frame.
pub(crate) const MARK_BYTES: usize = FRAME_BYTES + 9;
/// A joint with its frame.
pub(crate) const JOINT_BYTES: usize = FRAME_BYTES + 21;

const MESSAGE: u8 = 1;
const NEW: u8 = 2;
const MOVED: u8 = 3;
const FORGOTTEN: u8 = 4;
const MARK: u8 = 5;
const HOLE: u8 = 6;
const ENDED: u8 = 7;
const JOINT: u8 = 8;

const TO_TOPIC: u8 = 1;
const NOT_STORED: u8 = 2;
const INSTANT: u8 = 4;
const OFFLINE: u8 = 8;

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Record {
    /// A message.
    Message(Message),
    /// Something happened to a device or an account.
    Change {
        /// The newest sequence then.
        at: Sequence,
        /// What.
        change: Change,
    },
    /// All before this offset was on the disk.
    Mark(u64),
    /// Something was here.
    Hole,
    /// A batch that is in both families begins.
    Joint(Joint),
}

/// What the stored family's part of a batch says of the queue's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Joint {
    /// How long the part is that begins with this.
    pub(crate) bytes: u32,
    /// The segment of the other part.
    pub(crate) segment: Sequence,
    /// Where that begins.
    pub(crate) from: u32,
    /// And ends.
    pub(crate) to: u32,
}

/// Appends a message.
pub(crate) fn put_message(out: &mut Vec<u8>, salt: u32, message: &Message) {
    let content = &message.content;
    let (topic_flag, to) = match &content.to {
        Target::Account(to) => (0, to.uuid.0),
        Target::Topic(topic) => (TO_TOPIC, topic.0),
    };
    let flag = |is_set, flag| if is_set { flag } else { 0 };
    let flags = topic_flag
        | flag(!content.is_stored, NOT_STORED)
        | flag(content.callbacks.instant, INSTANT)
        | flag(content.callbacks.offline, OFFLINE);
    framed(out, salt, |out| {
        out.put_u8(MESSAGE);
        out.put_u8(flags);
        out.put_u64(message.sequence.0);
        out.put_near(message.timestamp_ms, message.sequence.ms());
        out.put_u64(content.app_id.0);
        out.put_u64(content.from.uuid.0);
        out.put_u64(to);
        out.put_text(&content.from.account);
        if let Target::Account(to) = &content.to {
            out.put_text(&to.account);
        }
        out.put_text(&content.from_resource);
        out.put_text(&content.packet_id);
        out.put_text(&content.biz_type);
        out.extend_from_slice(&content.payload);
    });
}

/// Appends a change.
pub(crate) fn put_change(out: &mut Vec<u8>, salt: u32, at: Sequence, change: &Change) {
    let (kind, id, device) = match change {
        Change::New { id, device } => (NEW, Some(id), Some(device)),
        Change::Moved { id, device } => (MOVED, Some(id), Some(device)),
        Change::Forgotten { id } => (FORGOTTEN, Some(id), None),
        Change::Ended { .. } => (ENDED, None, None),
    };
    framed(out, salt, |out| {
        out.put_u8(kind);
        out.put_u64(at.0);
        out.put_u64(change.uuid().0);
        if let Some(device) = device {
            out.put_near(device.cursor.0, at.0);
            out.put_near(device.own_after.0, at.0);
            out.put_near(device.seen_at_ms, at.ms());
        }
        if let Some(id) = id {
            out.put_text(&id.resource);
        }
    });
}

/// Appends a mark, which will stand at this offset.
pub(crate) fn put_mark(out: &mut Vec<u8>, salt: u32, offset: u64) {
    framed(out, salt, |out| {
        out.put_u8(MARK);
        out.put_u64(offset);
    });
}

/// Appends a joint.
pub(crate) fn put_joint(out: &mut Vec<u8>, salt: u32, joint: Joint) {
    framed(out, salt, |out| {
        out.put_u8(JOINT);
        out.put_u32(joint.bytes);
        out.put_u64(joint.segment.0);
        out.put_u32(joint.from);
        out.put_u32(joint.to);
    });
}

/// Appends holes of this many bytes together.
pub(crate) fn put_holes(out: &mut Vec<u8>, salt: u32, mut bytes: usize) {
    const BYTES_MIN: usize = FRAME_BYTES + 1;
    const BYTES_MAX: usize = FRAME_BYTES + BODY_BYTES_MAX;
    while bytes > 0 {
        let length = if bytes <= BYTES_MAX {
            bytes
        } else {
            // What is left must be long enough for a hole of its own.
            BYTES_MAX.min(bytes - BYTES_MIN)
        };
        framed(out, salt, |out| {
            out.put_u8(HOLE);
            out.resize(out.len() + length.saturating_sub(BYTES_MIN), 0);
        });
        bytes = bytes.saturating_sub(length.max(BYTES_MIN));
    }
}

fn framed(out: &mut Vec<u8>, salt: u32, put_body: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.put_u64(0);
    put_body(out);
    let length = u32::try_from(out.len() - start - FRAME_BYTES).expect("a body has a maximum");
    out[start + 4..start + 8].copy_from_slice(&length.to_le_bytes());
    let crc = crc32c::crc32c_append(salt, &out[start + 4..]);
    out[start..start + 4].copy_from_slice(&crc.to_le_bytes());
}

/// The length of the record that begins here, with its frame, if it is whole and sound.
pub(crate) fn sound_length(bytes: &[u8], salt: u32) -> Option<usize> {
    let mut reader = Reader(bytes);
    let crc = reader.u32().ok()?;
    let length = usize::try_from(reader.u32().ok()?).ok()?;
    if length == 0 || length > BODY_BYTES_MAX {
        return None;
    }
    let end = FRAME_BYTES + length;
    let covered = bytes.get(4..end)?;
    (crc32c::crc32c_append(salt, covered) == crc).then_some(end)
}

/// Reads a whole record: exactly these bytes.
pub(crate) fn read(bytes: &Bytes, salt: u32) -> Result<Record, Malformed> {
    if sound_length(bytes, salt) != Some(bytes.len()) {
        return Err(Malformed);
    }
    decode(&bytes.slice(FRAME_BYTES..))
}

/// Reads a body.
pub(crate) fn decode(body: &Bytes) -> Result<Record, Malformed> {
    let mut reader = Reader(body);
    match reader.u8()? {
        MESSAGE => message(reader, body).map(Record::Message),
        kind @ (NEW | MOVED | FORGOTTEN | ENDED) => change(reader, kind),
        MARK => {
            let offset = reader.u64()?;
            reader.finish()?;
            Ok(Record::Mark(offset))
        }
        HOLE => Ok(Record::Hole),
        JOINT => {
            let joint = Joint {
                bytes: reader.u32()?,
                segment: Sequence(reader.u64()?),
                from: reader.u32()?,
                to: reader.u32()?,
            };
            reader.finish()?;
            Ok(Record::Joint(joint))
        }
        _ => Err(Malformed),
    }
}

fn message(mut reader: Reader<'_>, body: &Bytes) -> Result<Message, Malformed> {
    let flags = reader.u8()?;
    if flags & !(TO_TOPIC | NOT_STORED | INSTANT | OFFLINE) != 0 {
        return Err(Malformed);
    }
    let sequence = Sequence(reader.u64()?);
    let timestamp_ms = reader.near(sequence.ms())?;
    let app_id = AppId(reader.u64()?);
    let from = Uuid(reader.u64()?);
    let to = reader.u64()?;
    let from = Party {
        uuid: from,
        account: account_name(reader.text()?)?,
    };
    let to = if flags & TO_TOPIC == 0 {
        Target::Account(Party {
            uuid: Uuid(to),
            account: account_name(reader.text()?)?,
        })
    } else {
        Target::Topic(TopicId(to))
    };
    let content = Content {
        app_id,
        from,
        to,
        from_resource: resource(reader.text()?)?,
        packet_id: reader.text()?.into(),
        biz_type: reader.text()?.into(),
        payload: body.slice(body.len() - reader.0.len()..),
        is_stored: flags & NOT_STORED == 0,
        callbacks: Callbacks {
            instant: flags & INSTANT != 0,
            offline: flags & OFFLINE != 0,
        },
    };
    Ok(Message {
        sequence,
        timestamp_ms,
        content,
    })
}

fn change(mut reader: Reader<'_>, kind: u8) -> Result<Record, Malformed> {
    let at = Sequence(reader.u64()?);
    let uuid = Uuid(reader.u64()?);
    let mut device = Device {
        cursor: Sequence(0),
        own_after: Sequence(0),
        seen_at_ms: 0,
    };
    if kind == ENDED {
        reader.finish()?;
        let change = Change::Ended { uuid };
        return Ok(Record::Change { at, change });
    }
    if kind != FORGOTTEN {
        device.cursor = Sequence(reader.near(at.0)?);
        device.own_after = Sequence(reader.near(at.0)?);
        device.seen_at_ms = reader.near(at.ms())?;
    }
    let resource = resource(reader.text()?)?;
    reader.finish()?;
    let id = DeviceId { uuid, resource };
    let change = match kind {
        NEW => Change::New { id, device },
        MOVED => Change::Moved { id, device },
        _ => Change::Forgotten { id },
    };
    Ok(Record::Change { at, change })
}

fn account_name(text: &str) -> Result<AccountName, Malformed> {
    AccountName::new(text).map_err(|_| Malformed)
}

fn resource(text: &str) -> Result<Resource, Malformed> {
    Resource::new(text).map_err(|_| Malformed)
}

#[cfg(test)]
mod tests;
