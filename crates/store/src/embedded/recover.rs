//! Starting: everything is read and checked first, and only then something is changed.

mod chain;
mod repair;
mod replay;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Config;
use super::checkpoint::{self, Checkpoint, Position};
use super::disk::{Disk, UNFINISHED};
use super::error::{At, OpenError};
use super::index::{Budget, FileIndex, MemoryIndex};
use super::log::SegmentFile;
use super::rebuild::note;
use super::scan::{Scanner, was_synced};
use super::segment::{Family, HEADER_BYTES, LOG_DIR, SegmentId};
use super::tail::{Tail, Verdict, judge};
use crate::state::State;
use chain::read_chain;
pub(super) use chain::{check_link, check_links, open_segment};

/// `last` may be ahead of the clock by this much, in milliseconds.
const AHEAD_MS_MAX: u64 = 3_600_000;

/// What a start found, all of it checked.
pub(super) struct Recovered {
    pub(super) state: State,
    pub(super) families: [RecoveredFamily; 2],
    /// Files that nobody needs.
    pub(super) leftovers: Vec<PathBuf>,
}

/// One family.
#[derive(Default)]
pub(super) struct RecoveredFamily {
    pub(super) sealed: Vec<RecoveredSegment>,
    pub(super) active: Option<RecoveredActive>,
}

/// A sealed segment.
pub(super) struct RecoveredSegment {
    pub(super) file: Arc<SegmentFile>,
    pub(super) len: u64,
    /// None when it has to be made again.
    pub(super) index: Option<FileIndex>,
}

/// The segment that is added to.
pub(super) struct RecoveredActive {
    pub(super) file: Arc<SegmentFile>,
    pub(super) index: MemoryIndex,
    /// Up to here it is sound, and no part of a batch whose other part is missing.
    pub(super) len: u64,
    /// Up to here, a mark says, the disk has everything.
    pub(super) marked: u64,
    /// As it is on the disk.
    pub(super) file_len: u64,
}

/// Reads a directory.
pub(super) fn recover(
    disk: &dyn Disk,
    dir: &Path,
    now_ms: u64,
    config: &Config,
    budget: &Arc<Budget>,
) -> Result<Recovered, OpenError> {
    let log_dir = dir.join(LOG_DIR);
    let names = disk.list(&log_dir).at(&log_dir)?;
    let mut chains = [Vec::new(), Vec::new()];
    for family in Family::ALL {
        chains[family.number()] = read_chain(disk, dir, &names, family)?;
    }
    let Checkpoint {
        positions,
        mut state,
    } = newest_checkpoint(disk, dir, &chains)?;

    let mut families = [RecoveredFamily::default(), RecoveredFamily::default()];
    let mut tails = [None, None];
    for number in [0, 1] {
        let chain = std::mem::take(&mut chains[number]);
        (families[number], tails[number]) =
            recover_family(disk, dir, chain, positions[number], budget)?;
    }
    settle(&mut families, tails, positions)?;
    replay::replay(&mut state, &families, positions)?;
    state.prune(now_ms);
    check_clock(&state, dir, now_ms, config)?;
    let leftovers = leftovers(disk, dir, &names)?;
    Ok(Recovered {
        state,
        families,
        leftovers,
    })
}

/// The newest checkpoint that is sound and whose log is still there; without any, the beginning.
fn newest_checkpoint(
    disk: &dyn Disk,
    dir: &Path,
    chains: &[Vec<Arc<SegmentFile>>; 2],
) -> Result<Checkpoint, OpenError> {
    let names = disk.list(dir).at(dir)?;
    let mut bases: Vec<_> = names
        .iter()
        .filter_map(|name| checkpoint::parse_name(name))
        .collect();
    bases.sort_unstable();
    let mut problem = None;
    for base in bases.into_iter().rev() {
        let path = checkpoint::path(dir, base);
        match checkpoint::read(disk, &path) {
            Ok(checkpoint) => match check_links(dir, chains, checkpoint.positions) {
                Ok(()) => return Ok(checkpoint),
                Err(missing) => return Err(problem.unwrap_or(missing)),
            },
            Err(error @ OpenError::Damaged { .. }) => {
                tracing::warn!(%error, "falling back to what is before it");
                problem.get_or_insert(error);
            }
            Err(error) => return Err(error),
        }
    }
    let beginning = Checkpoint {
        positions: [Position::default(); 2],
        state: State::new(),
    };
    let is_log_empty = chains.iter().all(Vec::is_empty);
    match (check_links(dir, chains, beginning.positions), problem) {
        (_, Some(problem)) if is_log_empty => Err(problem),
        (Ok(()), _) => Ok(beginning),
        (Err(missing), problem) => Err(problem.unwrap_or(missing)),
    }
}

fn recover_family(
    disk: &dyn Disk,
    dir: &Path,
    mut chain: Vec<Arc<SegmentFile>>,
    position: Position,
    budget: &Arc<Budget>,
) -> Result<(RecoveredFamily, Option<Tail>), OpenError> {
    let Some(last) = chain.pop() else {
        return Ok((RecoveredFamily::default(), None));
    };
    let mut family = RecoveredFamily::default();
    let lens: Vec<_> = chain
        .iter()
        .skip(1)
        .chain([&last])
        .map(|next| next.header.previous_len)
        .collect();
    for (file, len) in chain.into_iter().zip(lens) {
        family
            .sealed
            .push(recover_sealed(disk, dir, file, len, budget)?);
    }
    let (active, tail) = recover_active(last, position)?;
    family.active = Some(active);
    Ok((family, Some(tail)))
}

fn recover_sealed(
    disk: &dyn Disk,
    dir: &Path,
    file: Arc<SegmentFile>,
    len: u64,
    budget: &Arc<Budget>,
) -> Result<RecoveredSegment, OpenError> {
    let path = file.header.id.index_path(dir);
    let index = match FileIndex::open(disk, &path, &file.header, len, budget) {
        Ok(index) => Some(index),
        Err(error) => {
            tracing::warn!(file = %path.display(), %error, "the index is made again from its segment");
            check_sound(&file, len)?;
            None
        }
    };
    Ok(RecoveredSegment { file, len, index })
}

/// Every record of a sealed segment must be sound.
fn check_sound(file: &SegmentFile, len: u64) -> Result<(), OpenError> {
    let mut scanner = Scanner::new(&*file.file, file.header.salt, HEADER_BYTES, len);
    while scanner.next().at(&file.path)?.is_some() {}
    if scanner.is_bad() {
        return Err(bad_record(file, scanner.offset()));
    }
    Ok(())
}

/// Reads the active segment: where it ends, and its index.
fn recover_active(
    file: Arc<SegmentFile>,
    position: Position,
) -> Result<(RecoveredActive, Tail), OpenError> {
    let file_len = file.file.len().at(&file.path)?;
    let mut index = MemoryIndex::default();
    let tail = Tail::read(&file, file_len, |scanned| note(&mut index, scanned)).at(&file.path)?;
    let len = tail.len;
    if file.header.id.first == position.first && len < position.offset {
        return Err(bad_record(&file, len));
    }
    if len < file_len {
        let salt = file.header.salt;
        if was_synced(&*file.file, salt, len, file_len).at(&file.path)? {
            return Err(bad_record(&file, len));
        }
    }
    let active = RecoveredActive {
        file,
        index,
        len,
        marked: tail.marked,
        file_len,
    };
    Ok((active, tail))
}

/// Cuts off both parts of a batch of which one is missing.
fn settle(
    families: &mut [RecoveredFamily; 2],
    tails: [Option<Tail>; 2],
    positions: [Position; 2],
) -> Result<(), OpenError> {
    let ends = [0, 1].map(|number| {
        let active = families[number].active.as_ref()?;
        Some((&*active.file, tails[number]?))
    });
    match judge(ends, positions) {
        Verdict::Whole => {}
        Verdict::Damaged(family, _) => {
            if let Some(active) = &families[family.number()].active {
                return Err(bad_record(&active.file, active.len));
            }
        }
        Verdict::CutOff(lens) => {
            for (family, len) in families.iter_mut().zip(lens) {
                if let Some(active) = &mut family.active {
                    active.cut(len)?;
                }
            }
        }
    }
    Ok(())
}

impl RecoveredActive {
    /// Leaves out what is after an offset.
    fn cut(&mut self, len: u64) -> Result<(), OpenError> {
        if len < self.len {
            let mut index = MemoryIndex::default();
            let tail = Tail::read(&self.file, len, |scanned| note(&mut index, scanned));
            self.marked = tail.at(&self.file.path)?.marked;
            self.index = index;
            self.len = len;
        }
        Ok(())
    }
}

/// Says that there is no sound record where one must be.
pub(super) fn bad_record(file: &SegmentFile, offset: u64) -> OpenError {
    OpenError::damaged(
        &file.path,
        offset,
        "the record there is not what was written",
    )
}

fn check_clock(state: &State, dir: &Path, now_ms: u64, config: &Config) -> Result<(), OpenError> {
    let ahead_ms = state.last().ms().saturating_sub(now_ms);
    if ahead_ms > AHEAD_MS_MAX && !config.accepts_clock_behind {
        return Err(OpenError::ClockAhead {
            dir: dir.to_owned(),
            ahead_ms,
        });
    }
    Ok(())
}

/// Unfinished files, and indexes whose segment is gone.
fn leftovers(disk: &dyn Disk, dir: &Path, names: &[String]) -> Result<Vec<PathBuf>, OpenError> {
    let is_unfinished = |name: &&String| {
        Path::new(name)
            .extension()
            .is_some_and(|it| it == UNFINISHED)
    };
    let is_orphan = |name: &&String| {
        SegmentId::parse(name, "idx").is_some_and(|id| {
            let segment = id.log_path(dir);
            !names.iter().any(|name| segment.ends_with(name))
        })
    };
    let here = disk.list(dir).at(dir)?;
    let here = here.iter().filter(is_unfinished).map(|name| dir.join(name));
    let in_log = names
        .iter()
        .filter(|name| is_unfinished(name) || is_orphan(name));
    Ok(here
        .chain(in_log.map(|name| dir.join(LOG_DIR).join(name)))
        .collect())
}
