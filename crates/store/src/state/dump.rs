//! The living state as bytes, for checkpoints.
//!
//! Tagged entries in any order, ended by a 0:
//!
//! ```text
//! 1 account  uuid u64 | watermark near base | devices varint, each: resource, cursor near base,
//!            ownAfter near base, seen near its ms | heads varint, each: peer u64, head near base
//! 2 topic    id u64 | head near base
//! 3 odd      0 pair: u64, u64 or 1 topic: u64 | timestamp near the base's ms
//! 4 forgotten timestamp u64
//! ```
//!
//! The base is a sequence that is written before. Parts may be dumped at different moments, the
//! accounts first: what is missing or older than the rest is made good by the replay.

use model::{Conversation, Device, Resource, Sequence, TopicId, Uuid};

use super::account::Account;
use super::{State, Timestamps};
use crate::code::{Malformed, Put, Reader};

const END: u8 = 0;
const ACCOUNT: u8 = 1;
const TOPIC: u8 = 2;
const ODD: u8 = 3;
const FORGOTTEN: u8 = 4;

impl State {
    /// Appends one part of the accounts.
    pub(crate) fn dump_shard(&self, number: usize, base: Sequence, out: &mut Vec<u8>) {
        for (uuid, account) in &self.shards[number] {
            out.put_u8(ACCOUNT);
            out.put_u64(uuid.0);
            put_account(out, account, base);
        }
    }

    /// Appends everything else, and the end.
    pub(crate) fn dump_rest(&self, base: Sequence, out: &mut Vec<u8>) {
        for (topic, head) in &self.topics {
            out.put_u8(TOPIC);
            out.put_u64(topic.0);
            out.put_near(head.0, base.0);
        }
        for (conversation, timestamp_ms) in &self.timestamps.odd {
            out.put_u8(ODD);
            put_conversation(out, conversation);
            out.put_near(*timestamp_ms, base.ms());
        }
        out.put_u8(FORGOTTEN);
        out.put_u64(self.timestamps.forgotten_max);
        out.put_u8(END);
    }

    /// Reads what was dumped.
    pub(crate) fn load(reader: &mut Reader<'_>, base: Sequence) -> Result<Self, Malformed> {
        let mut state = Self::new();
        state.raise_last(base);
        loop {
            match reader.u8()? {
                ACCOUNT => {
                    let uuid = Uuid(reader.u64()?);
                    *state.account_mut(uuid) = account(reader, base)?;
                }
                TOPIC => {
                    let topic = TopicId(reader.u64()?);
                    state.topics.insert(topic, Sequence(reader.near(base.0)?));
                }
                ODD => state.timestamps.load_odd(reader, base)?,
                FORGOTTEN => state.timestamps.forgotten_max = reader.u64()?,
                END => return Ok(state),
                _ => return Err(Malformed),
            }
        }
    }
}

impl Timestamps {
    fn load_odd(&mut self, reader: &mut Reader<'_>, base: Sequence) -> Result<(), Malformed> {
        let conversation = conversation(reader)?;
        self.odd.insert(conversation, reader.near(base.ms())?);
        Ok(())
    }
}

fn put_account(out: &mut Vec<u8>, account: &Account, base: Sequence) {
    out.put_near(account.watermark.0, base.0);
    out.put_varint(account.devices.len() as u64);
    for (resource, device) in &account.devices {
        out.put_text(resource);
        out.put_near(device.cursor.0, base.0);
        out.put_near(device.own_after.0, base.0);
        out.put_near(device.seen_at_ms, base.ms());
    }
    out.put_varint(account.heads.len() as u64);
    for (peer, head) in &account.heads {
        out.put_u64(peer.0);
        out.put_near(head.0, base.0);
    }
}

fn account(reader: &mut Reader<'_>, base: Sequence) -> Result<Account, Malformed> {
    let mut account = Account {
        watermark: Sequence(reader.near(base.0)?),
        ..Account::default()
    };
    for _ in 0..reader.varint()? {
        let resource = Resource::new(reader.text()?).map_err(|_| Malformed)?;
        let device = Device {
            cursor: Sequence(reader.near(base.0)?),
            own_after: Sequence(reader.near(base.0)?),
            seen_at_ms: reader.near(base.ms())?,
        };
        account.devices.push((resource, device));
    }
    for _ in 0..reader.varint()? {
        let peer = Uuid(reader.u64()?);
        account.heads.insert(peer, Sequence(reader.near(base.0)?));
    }
    Ok(account)
}

fn put_conversation(out: &mut Vec<u8>, conversation: &Conversation) {
    match conversation {
        Conversation::Pair(one, other) => {
            out.put_u8(0);
            out.put_u64(one.0);
            out.put_u64(other.0);
        }
        Conversation::Topic(topic) => {
            out.put_u8(1);
            out.put_u64(topic.0);
        }
    }
}

fn conversation(reader: &mut Reader<'_>) -> Result<Conversation, Malformed> {
    match reader.u8()? {
        0 => Ok(Conversation::Pair(Uuid(reader.u64()?), Uuid(reader.u64()?))),
        1 => Ok(Conversation::Topic(TopicId(reader.u64()?))),
        _ => Err(Malformed),
    }
}
