//! Checkpoints: the living state in a file, so that a start need not read the whole log.
//!
//! `checkpoint-<newest sequence in hex>`:
//!
//! ```text
//! magic 8 | version u16 | 0 u16 | base sequence u64
//! | for each family: segment u64, offset in it u64, oldest segment u64 | state | crc32c u32
//! ```
//!
//! Segments are named by their first sequence; those from the oldest on must be there.
//! The state holds at least all that was on the disk before these offsets; replaying what
//! comes after them makes it whole.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use model::Sequence;

use super::disk::{Disk, UNFINISHED};
use super::error::{At, OpenError};
use super::segment::check_version;
use super::shared::Shared;
use crate::code::{Malformed, Put, Reader};
use crate::state::{SHARDS, State};

const MAGIC: [u8; 8] = *b"mimc-ckp";
const VERSION: u16 = 1;
const CRC_BYTES: usize = 4;
const PREFIX: &str = "checkpoint-";
/// The one before is kept: it helps when the newest becomes unreadable and the log since then is
/// still there.
const KEPT: usize = 2;

/// A place in a family's log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Position {
    /// The segment; 0 for the very beginning.
    pub(crate) first: Sequence,
    /// The offset of a record in it.
    pub(crate) offset: u64,
    /// The oldest segment that was not to be dropped.
    pub(crate) oldest: Sequence,
}

/// What a checkpoint holds.
pub(crate) struct Checkpoint {
    pub(crate) positions: [Position; 2],
    pub(crate) state: State,
}

/// The sequence in the name of a checkpoint.
pub(crate) fn parse_name(name: &str) -> Option<Sequence> {
    let digits = name.strip_prefix(PREFIX)?;
    let is_plain = digits.len() == 16 && !digits.contains('.');
    let sequence = u64::from_str_radix(digits, 16).ok()?;
    is_plain.then_some(Sequence(sequence))
}

/// The file of a checkpoint.
pub(crate) fn path(dir: &Path, base: Sequence) -> PathBuf {
    dir.join(format!("{PREFIX}{:016x}", base.0))
}

/// Reads and checks a checkpoint.
pub(crate) fn read(disk: &dyn Disk, path: &Path) -> Result<Checkpoint, OpenError> {
    let bytes = read_whole(disk, path).at(path)?;
    check(&bytes, path)?;
    let malformed = |Malformed| OpenError::damaged(path, 0, "it is malformed");
    decode(&bytes[..bytes.len() - CRC_BYTES]).map_err(malformed)
}

fn check(bytes: &[u8], path: &Path) -> Result<(), OpenError> {
    let split = bytes.len().saturating_sub(CRC_BYTES);
    let (covered, crc) = bytes.split_at(split);
    if crc32c::crc32c(covered).to_le_bytes() != crc {
        return Err(OpenError::damaged(path, 0, "its checksum is wrong"));
    }
    // After the checksum, since the version may be what is damaged: all versions end with one.
    check_version(bytes, MAGIC, VERSION, path)
}

/// The bytes of a sound checkpoint with other positions.
pub(crate) fn with_positions(
    disk: &dyn Disk,
    path: &Path,
    positions: [Position; 2],
) -> Result<Vec<u8>, OpenError> {
    let mut bytes = read_whole(disk, path).at(path)?;
    check(&bytes, path)?;
    let base = bytes.get(12..20).and_then(|base| base.first_chunk());
    let base = Sequence(base.map_or(0, |base| u64::from_le_bytes(*base)));
    let head = encode_head(base, positions);
    if let Some(place) = bytes.get_mut(..head.len()) {
        place.copy_from_slice(&head);
    }
    bytes.truncate(bytes.len() - CRC_BYTES);
    bytes.put_u32(crc32c::crc32c(&bytes));
    Ok(bytes)
}

fn decode(covered: &[u8]) -> Result<Checkpoint, Malformed> {
    let mut reader = Reader(covered);
    reader.bytes(12)?;
    let base = Sequence(reader.u64()?);
    let mut positions = [Position::default(); 2];
    for position in &mut positions {
        position.first = Sequence(reader.u64()?);
        position.offset = reader.u64()?;
        position.oldest = Sequence(reader.u64()?);
    }
    let state = State::load(&mut reader, base)?;
    reader.finish()?;
    Ok(Checkpoint { positions, state })
}

/// The header, up to the state.
pub(crate) fn encode_head(base: Sequence, positions: [Position; 2]) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend_from_slice(&MAGIC);
    out.put_u16(VERSION);
    out.put_u16(0);
    out.put_u64(base.0);
    for position in positions {
        out.put_u64(position.first.0);
        out.put_u64(position.offset);
        out.put_u64(position.oldest.0);
    }
    out
}

fn read_whole(disk: &dyn Disk, path: &Path) -> io::Result<Vec<u8>> {
    let file = disk.open(path)?;
    let len = usize::try_from(file.len()?).map_err(io::Error::other)?;
    let mut bytes = vec![0; len];
    file.read_at(&mut bytes, 0)?;
    Ok(bytes)
}

impl Shared {
    /// Writes a checkpoint; commits go on meanwhile. The lock on housekeeping is held, and so many
    /// of the first segments of each family are dropped afterwards.
    pub(super) fn checkpoint(&self, dropped: [usize; 2]) -> io::Result<()> {
        let positions = self.positions(dropped);
        let base = self.state.read().last();
        let path = path(&self.dir, base);
        let unfinished = path.with_extension(UNFINISHED);
        let len = self.write_checkpoint(&unfinished, base, positions)?;
        self.disk.rename(&unfinished, &path)?;
        self.disk.sync_dir(&self.dir)?;
        // Many accounts make long checkpoints, which are worth it less often.
        let due = self.config.checkpoint_bytes_min.max(2 * len);
        self.checkpoint_due_bytes.store(due, Ordering::Relaxed);
        self.remove_old_checkpoints()
    }

    /// Up to where the disk has the log. What is counted as written since is written after.
    fn positions(&self, dropped: [usize; 2]) -> [Position; 2] {
        let writer = self.writer.lock();
        let log = self.log.read();
        self.unchecked_bytes.store(0, Ordering::Relaxed);
        [0, 1].map(|number| {
            let family = &writer.families[number];
            family
                .file
                .as_ref()
                .map_or_else(Position::default, |file| Position {
                    first: file.header.id.first,
                    offset: family.synced,
                    oldest: log.families[number]
                        .sealed
                        .get(dropped[number])
                        .map_or(file.header.id.first, |oldest| oldest.file.header.id.first),
                })
        })
    }

    fn write_checkpoint(
        &self,
        path: &Path,
        base: Sequence,
        positions: [Position; 2],
    ) -> io::Result<u64> {
        let file = self.disk.create(path)?;
        let mut out = encode_head(base, positions);
        let (mut offset, mut crc) = (0, 0);
        for number in 0..=SHARDS {
            if number < SHARDS {
                self.state.read().dump_shard(number, base, &mut out);
            } else {
                self.state.read().dump_rest(base, &mut out);
            }
            crc = crc32c::crc32c_append(crc, &out);
            if number == SHARDS {
                out.put_u32(crc);
            }
            file.write_at(&out, offset)?;
            offset += out.len() as u64;
            out.clear();
        }
        file.sync()?;
        Ok(offset)
    }

    fn remove_old_checkpoints(&self) -> io::Result<()> {
        let names = self.disk.list(&self.dir)?;
        let mut all: Vec<_> = names.iter().filter_map(|name| parse_name(name)).collect();
        all.sort_unstable();
        for old in all.iter().rev().skip(KEPT) {
            self.disk.remove(&path(&self.dir, *old))?;
        }
        Ok(())
    }
}
