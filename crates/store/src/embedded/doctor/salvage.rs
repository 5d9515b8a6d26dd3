//! Setting damaged parts aside so that the directory opens again with everything else.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::Sequence;

use super::super::checkpoint::{self, Position};
use super::super::disk::{Disk, RealDisk, UNFINISHED, write_whole};
use super::super::error::{At, OpenError};
use super::super::index::check_pages;
use super::super::lock::DirLock;
use super::super::log::SegmentFile;
use super::super::record::put_holes;
use super::super::recover::{check_links, open_segment};
use super::super::segment::{Family, HEADER_BYTES, Header, SegmentId};
use super::{bad_ranges, checkpoints, known, needed, salt, segment_ids};
use crate::code::Put;
use crate::state::State;

/// Where copies of damaged bytes go.
const SALVAGED_DIR: &str = "salvaged";
/// How often the ends of both families are looked at: a round each, one that finds nothing, and one
/// more.
const ROUNDS_MAX: usize = 4;
/// Copied at once.
const COPY_BYTES: u64 = 1 << 20;

/// A part that was set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Salvaged {
    /// The file it was in.
    pub file: PathBuf,
    /// Where in it.
    pub offset: u64,
    /// How long it was.
    pub bytes: u64,
    /// Where a copy of what was there is.
    pub copy: PathBuf,
}

/// Sets aside all damage of a directory that no process has: a copy goes to `salvaged/`, the log
/// gets holes in its place. What cannot be made whole this way (the database) is left as it is.
pub fn salvage(dir: &Path) -> Result<Vec<Salvaged>, OpenError> {
    let _lock = DirLock::take(dir)?;
    salvage_on(&RealDisk, dir)
}

/// The same for the log alone, on any disk.
pub fn salvage_on(disk: &dyn Disk, dir: &Path) -> Result<Vec<Salvaged>, OpenError> {
    let mut salvage = Salvage {
        disk,
        dir,
        done: Vec::new(),
    };
    salvage.checkpoints()?;
    let mut chains = [Vec::new(), Vec::new()];
    for family in Family::ALL {
        chains[family.number()] = salvage.chain(family)?;
    }
    let positions = salvage.positions(&chains)?;
    for chain in &chains {
        salvage.sealed(chain, positions)?;
    }
    // What is made whole in one family may show what is missing in the other.
    for _ in 0..ROUNDS_MAX {
        let done = salvage.done.len();
        for chain in &chains {
            let needed = needed(&chains, positions).at(dir)?;
            if let Some(active) = chain.last() {
                salvage.records(active, None, known(active, None, positions, needed))?;
            }
        }
        if salvage.done.len() == done {
            break;
        }
    }
    Ok(salvage.done)
}

struct Salvage<'a> {
    disk: &'a dyn Disk,
    dir: &'a Path,
    done: Vec<Salvaged>,
}

impl Salvage<'_> {
    /// Moves unreadable checkpoints away.
    fn checkpoints(&mut self) -> Result<(), OpenError> {
        for path in checkpoints(self.disk, self.dir).at(self.dir)? {
            if let Err(OpenError::Damaged { .. }) = checkpoint::read(self.disk, &path) {
                self.move_away(&path)?;
            }
        }
        Ok(())
    }

    /// The segments of a family with sound headers that name each other.
    fn chain(&mut self, family: Family) -> Result<Vec<Arc<SegmentFile>>, OpenError> {
        let mut chain: Vec<Arc<SegmentFile>> = Vec::new();
        for id in segment_ids(self.disk, self.dir, family)? {
            let before = chain.last().cloned();
            let file = match open_segment(self.disk, self.dir, id) {
                Ok(file) => Some(self.linked(file, before.as_deref())?),
                Err(OpenError::Damaged { .. }) => self.with_new_header(id, before.as_deref())?,
                Err(error) => return Err(error),
            };
            chain.extend(file.map(Arc::new));
        }
        Ok(chain)
    }

    /// A segment whose header names the one before, if there is one.
    fn linked(
        &mut self,
        mut file: SegmentFile,
        before: Option<&SegmentFile>,
    ) -> Result<SegmentFile, OpenError> {
        let Some(before) = before.filter(|before| before.header.id.first != file.header.previous)
        else {
            return Ok(file);
        };
        let previous_len = before.file.len().at(&before.path)?;
        file.header.previous = before.header.id.first;
        file.header.previous_len = previous_len;
        self.replace_header(file)
    }

    /// A segment whose header is damaged; one whose records tell nothing is moved away.
    fn with_new_header(
        &mut self,
        id: SegmentId,
        before: Option<&SegmentFile>,
    ) -> Result<Option<SegmentFile>, OpenError> {
        let path = id.log_path(self.dir);
        let file = self.disk.open(&path).at(&path)?;
        let len = file.len().at(&path)?;
        let mut records = vec![0; to_usize(len.saturating_sub(HEADER_BYTES).min(COPY_BYTES))];
        if !records.is_empty() {
            file.read_at(&mut records, HEADER_BYTES).at(&path)?;
        }
        let Some(salt) = salt::recovered(&records) else {
            self.move_away(&path)?;
            return Ok(None);
        };
        let previous_len = match before {
            Some(before) => before.file.len().at(&before.path)?,
            None => 0,
        };
        let previous = before.map_or(Sequence(0), |before| before.header.id.first);
        let header = Header::new(id, salt, previous, previous_len);
        let file = SegmentFile { header, path, file };
        self.replace_header(file).map(Some)
    }

    fn replace_header(&mut self, file: SegmentFile) -> Result<SegmentFile, OpenError> {
        self.copy(&file, 0..HEADER_BYTES)?;
        let bytes = file.header.encode();
        file.file.write_at(&bytes, 0).at(&file.path)?;
        file.file.sync().at(&file.path)?;
        Ok(file)
    }

    /// From where a start will replay. When no checkpoint fits the log that is left, one is made
    /// that begins with its first segments.
    fn positions(
        &mut self,
        chains: &[Vec<Arc<SegmentFile>>; 2],
    ) -> Result<[Position; 2], OpenError> {
        for path in checkpoints(self.disk, self.dir).at(self.dir)? {
            let positions = checkpoint::read(self.disk, &path)?.positions;
            if let Some(fitting) = fitting(positions, chains) {
                if fitting != positions {
                    let bytes = checkpoint::with_positions(self.disk, &path, fitting)?;
                    write_whole(self.disk, &path, &bytes).at(&path)?;
                }
                return Ok(fitting);
            }
            self.move_away(&path)?;
        }
        let beginning = [Position::default(); 2];
        if check_links(self.dir, chains, beginning).is_ok() {
            return Ok(beginning);
        }
        self.begin_with(chains)
    }

    fn begin_with(&self, chains: &[Vec<Arc<SegmentFile>>; 2]) -> Result<[Position; 2], OpenError> {
        let positions = [0, 1].map(|number| {
            chains[number]
                .first()
                .map_or_else(Position::default, |file| Position {
                    first: file.header.id.first,
                    offset: HEADER_BYTES,
                    oldest: file.header.id.first,
                })
        });
        let mut bytes = checkpoint::encode_head(Sequence(0), positions);
        State::new().dump_rest(Sequence(0), &mut bytes);
        bytes.put_u32(crc32c::crc32c(&bytes));
        let path = checkpoint::path(self.dir, Sequence(0));
        write_whole(self.disk, &path, &bytes).at(&path)?;
        Ok(positions)
    }

    /// The segments of a family that nothing is added to any more.
    fn sealed(
        &mut self,
        chain: &[Arc<SegmentFile>],
        positions: [Position; 2],
    ) -> Result<(), OpenError> {
        for (file, next) in chain.iter().zip(chain.iter().skip(1)) {
            let len = Some(next.header.previous_len);
            self.records(file, len, known(file, len, positions, [0; 2]))?;
        }
        Ok(())
    }

    /// Puts holes where there are no records.
    fn records(
        &mut self,
        file: &SegmentFile,
        len: Option<u64>,
        known: u64,
    ) -> Result<(), OpenError> {
        for range in bad_ranges(file, len, known).at(&file.path)? {
            self.copy(file, range.clone())?;
            // A replay may begin in the middle.
            let middle = known.clamp(range.start, range.end);
            put_hole(file, range.start..middle)?;
            put_hole(file, middle..range.end)?;
            file.file.sync().at(&file.path)?;
        }
        self.index(file)
    }

    /// A damaged index goes; a start makes it again.
    fn index(&self, file: &SegmentFile) -> Result<(), OpenError> {
        let path = file.header.id.index_path(self.dir);
        match check_pages(self.disk, &path) {
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                self.disk.remove(&path).at(&path)
            }
            _ => Ok(()),
        }
    }

    /// Copies what is there of a range.
    fn copy(&mut self, file: &SegmentFile, range: Range<u64>) -> Result<(), OpenError> {
        let copy = self.copy_path(&file.path, range.start)?;
        let target = self.disk.create(&copy).at(&copy)?;
        let end = range.end.min(file.file.len().at(&file.path)?);
        let mut offset = range.start;
        while offset < end {
            let mut bytes = vec![0; to_usize((end - offset).min(COPY_BYTES))];
            file.file.read_at(&mut bytes, offset).at(&file.path)?;
            target.write_at(&bytes, offset - range.start).at(&copy)?;
            offset += bytes.len() as u64;
        }
        target.sync().at(&copy)?;
        self.note(&file.path, &range, copy)
    }

    fn move_away(&mut self, path: &Path) -> Result<(), OpenError> {
        let file = self.disk.open(path).at(path)?;
        let range = 0..file.len().at(path)?;
        let copy = self.copy_path(path, 0)?;
        self.disk.rename(path, &copy).at(path)?;
        self.note(path, &range, copy)
    }

    /// A name that nothing has yet.
    fn copy_path(&self, path: &Path, offset: u64) -> Result<PathBuf, OpenError> {
        let dir = self.dir.join(SALVAGED_DIR);
        self.disk.create_dir(&dir).at(&dir)?;
        let there = self.disk.list(&dir).at(&dir)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let first = format!("{name}-{offset}");
        let others = (2..).map(|number| format!("{first}.{number}"));
        let mut names = std::iter::once(first.clone()).chain(others);
        let free = names.find(|name| !there.contains(name)).unwrap_or_default();
        debug_assert!(
            !free.ends_with(UNFINISHED),
            "such files are removed by a start"
        );
        Ok(dir.join(free))
    }

    fn note(&mut self, file: &Path, range: &Range<u64>, copy: PathBuf) -> Result<(), OpenError> {
        for dir in [copy.parent(), file.parent()].into_iter().flatten() {
            self.disk.sync_dir(dir).at(dir)?;
        }
        self.done.push(Salvaged {
            file: file.to_owned(),
            offset: range.start,
            bytes: range.end - range.start,
            copy,
        });
        Ok(())
    }
}

/// Positions whose oldest segments are those that are left, if a replay can begin at them.
fn fitting(
    mut positions: [Position; 2],
    chains: &[Vec<Arc<SegmentFile>>; 2],
) -> Option<[Position; 2]> {
    for (position, chain) in positions.iter_mut().zip(chains) {
        let is_there = |first| chain.iter().any(|file| file.header.id.first == first);
        if *position == Position::default() {
            continue;
        }
        if !is_there(position.first) {
            return None;
        }
        if !is_there(position.oldest) {
            position.oldest = chain.first()?.header.id.first;
        }
    }
    Some(positions)
}

fn put_hole(file: &SegmentFile, range: Range<u64>) -> Result<(), OpenError> {
    let mut holes = Vec::new();
    let bytes = to_usize(range.end - range.start);
    put_holes(&mut holes, file.header.salt, bytes);
    file.file.write_at(&holes, range.start).at(&file.path)
}

/// Segments have less than 4 GiB.
fn to_usize(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}
