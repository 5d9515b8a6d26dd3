//! Segments: the files that the log is made of.
//!
//! `log/stored-<first sequence in hex>.log` and `log/queue-….log`, each with a header and then
//! records:
//!
//! ```text
//! magic 8 | version u16 | family u8 | 0 u8 | salt u32 | first sequence u64
//! | first sequence of the segment before u64, 0 if none | its length u64 | crc32c u32
//! ```
//!
//! A segment gets its name when its header is on the disk, and the header of the next one says
//! how long it became: a segment that is missing or cut is noticed.

use std::path::{Path, PathBuf};

use model::{Content, Sequence};

use super::error::OpenError;
use crate::code::{Put, Reader};

/// Where the segments and their indexes are.
pub(crate) const LOG_DIR: &str = "log";
/// Bytes before the first record.
pub(crate) const HEADER_BYTES: u64 = 44;

const HEADER_LEN: usize = 44;
const MAGIC: &[u8; 8] = b"mimc-log";
/// 2: messages that want callbacks, accounts that ended. 3: batches that are in both families.
const VERSION: u16 = 3;

/// Two logs, since what is only queued is dropped much sooner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Family {
    /// What history knows.
    Stored,
    /// What is dropped after 7 days.
    Queue,
}

impl Family {
    /// Both, in the order of [`Self::number`].
    pub(crate) const ALL: [Self; 2] = [Self::Stored, Self::Queue];

    /// Its place in an array of two.
    pub(crate) fn number(self) -> usize {
        match self {
            Self::Stored => 0,
            Self::Queue => 1,
        }
    }

    /// Where a message belongs.
    pub(crate) fn of(content: &Content) -> Self {
        if content.is_stored {
            Self::Stored
        } else {
            Self::Queue
        }
    }

    /// As in file names.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Queue => "queue",
        }
    }
}

/// Which segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SegmentId {
    /// Of which log.
    pub(crate) family: Family,
    /// The next sequence when it began, and above that of the segment before. After a clock was
    /// set back its first messages may be below.
    pub(crate) first: Sequence,
}

impl SegmentId {
    /// From the name of a `.log` or `.idx` file.
    pub(crate) fn parse(name: &str, extension: &str) -> Option<Self> {
        let stem = name.strip_suffix(extension)?.strip_suffix('.')?;
        Family::ALL.into_iter().find_map(|family| {
            let digits = stem.strip_prefix(family.name())?.strip_prefix('-')?;
            let first = Sequence(u64::from_str_radix(digits, 16).ok()?);
            let id = Self { family, first };
            (id.stem() == stem).then_some(id)
        })
    }

    /// The file of the records.
    pub(crate) fn log_path(self, dir: &Path) -> PathBuf {
        dir.join(LOG_DIR).join(format!("{}.log", self.stem()))
    }

    /// The file of the index.
    pub(crate) fn index_path(self, dir: &Path) -> PathBuf {
        dir.join(LOG_DIR).join(format!("{}.idx", self.stem()))
    }

    fn stem(self) -> String {
        format!("{}-{:016x}", self.family.name(), self.first.0)
    }
}

/// What a segment begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// Of the format of its records.
    pub(crate) version: u16,
    /// Which it is.
    pub(crate) id: SegmentId,
    /// Its checksums begin with this.
    pub(crate) salt: u32,
    /// The segment before.
    pub(crate) previous: Sequence,
    /// How long that one became.
    pub(crate) previous_len: u64,
}

impl Header {
    /// Of a segment that begins now.
    pub(crate) fn new(id: SegmentId, salt: u32, previous: Sequence, previous_len: u64) -> Self {
        Self {
            version: VERSION,
            id,
            salt,
            previous,
            previous_len,
        }
    }

    /// Whether an older program began it: nothing new is added to it.
    pub(crate) fn is_old(&self) -> bool {
        self.version < VERSION
    }

    /// As bytes.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEADER_LEN);
        out.extend_from_slice(MAGIC);
        out.put_u16(self.version);
        out.put_u8(family_code(self.id.family));
        out.put_u8(0);
        out.put_u32(self.salt);
        out.put_u64(self.id.first.0);
        out.put_u64(self.previous.0);
        out.put_u64(self.previous_len);
        out.put_u32(crc32c::crc32c(&out));
        out
    }

    /// From the first bytes of a file that has this name.
    pub(crate) fn decode(bytes: &[u8], id: SegmentId, file: &Path) -> Result<Self, OpenError> {
        let damaged = |what: &str| OpenError::damaged(file, 0, what);
        let bytes = bytes
            .get(..HEADER_LEN)
            .ok_or_else(|| damaged("it is too short for a segment of the log"))?;
        let (covered, crc) = bytes.split_at(HEADER_LEN - 4);
        // Before the version, which may be what is damaged: all versions have this header.
        if crc32c::crc32c(covered).to_le_bytes() != crc {
            return Err(damaged("the checksum of its header is wrong"));
        }
        check_version(bytes, *MAGIC, VERSION, file)?;
        let malformed = |_| damaged("its header is malformed");
        let mut reader = Reader(&covered[8..]);
        let version = reader.u16().map_err(malformed)?;
        let family = reader.u8().map_err(malformed)?;
        reader.u8().map_err(malformed)?;
        let salt = reader.u32().map_err(malformed)?;
        let first = Sequence(reader.u64().map_err(malformed)?);
        if family != family_code(id.family) || first != id.first {
            return Err(damaged("its header is that of another segment"));
        }
        Ok(Self {
            version,
            id,
            salt,
            previous: Sequence(reader.u64().map_err(malformed)?),
            previous_len: reader.u64().map_err(malformed)?,
        })
    }
}

/// Checks what all our files begin with: a magic and a version.
pub(crate) fn check_version(
    bytes: &[u8],
    magic: [u8; 8],
    known: u16,
    file: &Path,
) -> Result<(), OpenError> {
    let mut reader = Reader(bytes);
    if reader.array() != Ok(magic) {
        return Err(OpenError::damaged(
            file,
            0,
            "it does not begin as such a file does",
        ));
    }
    let too_short = |_| OpenError::damaged(file, 8, "it ends within its header");
    let found = reader.u16().map_err(too_short)?;
    if found > known {
        return Err(OpenError::Newer {
            file: file.to_owned(),
            found: found.into(),
            known: known.into(),
        });
    }
    Ok(())
}

fn family_code(family: Family) -> u8 {
    match family {
        Family::Stored => 1,
        Family::Queue => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: SegmentId = SegmentId {
        family: Family::Queue,
        first: Sequence(0x25b),
    };

    #[test]
    fn names_say_which_segment_it_is() {
        let path = ID.log_path(Path::new("d"));
        assert_eq!(path, Path::new("d/log/queue-000000000000025b.log"));
        assert_eq!(
            SegmentId::parse("queue-000000000000025b.log", "log"),
            Some(ID)
        );
        for other in [
            "queue-25b.log",
            "other-000000000000025b.log",
            "queue-000000000000025b.idx",
        ] {
            assert_eq!(SegmentId::parse(other, "log"), None);
        }
    }

    #[test]
    fn a_changed_header_is_refused_and_a_newer_version_named() {
        let header = Header::new(ID, 7, Sequence(5), 99);
        let file = Path::new("f");
        let bytes = header.encode();
        assert_eq!(bytes.len() as u64, HEADER_BYTES);
        assert_eq!(Header::decode(&bytes, ID, file).unwrap(), header);
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            assert!(Header::decode(&changed, ID, file).is_err());
            assert!(Header::decode(&bytes[..place], ID, file).is_err());
        }
        let newer = Header {
            version: 4,
            ..header
        };
        let newer = newer.encode();
        let error = Header::decode(&newer, ID, file).unwrap_err().to_string();
        assert_eq!(
            error,
            "f has format version 4, this program knows up to 3: use a newer mimc"
        );
    }
}
