//! Looking for damage, and setting it aside.

mod ranges;
mod salt;
mod salvage;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::check_directory;
use super::checkpoint::{self, Position};
use super::disk::{Disk, RealDisk};
use super::error::{At, OpenError};
use super::index::{Budget, FileIndex, check_pages};
use super::log::SegmentFile;
use super::recover::{check_link, check_links, open_segment};
use super::segment::{Family, LOG_DIR, SegmentId};
use super::tail::{Tail, Verdict, judge};
use crate::sqlite::{DELIVERIES, DIRECTORY, check_header, integrity_problems};
use ranges::bad_ranges;
pub use salvage::{Salvaged, salvage, salvage_on};

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which file.
    pub file: PathBuf,
    /// Where in it.
    pub offset: u64,
    /// What.
    pub what: String,
}

/// Looks for damage, changing nothing: what a start would read, or, if `deep`, every record,
/// index page and database page. Best while no process has the directory.
pub fn check(dir: &Path, deep: bool) -> Vec<Finding> {
    let mut findings = check_on(&RealDisk, dir, deep);
    for schema in [DIRECTORY, DELIVERIES] {
        let path = dir.join(schema.file);
        let checked = if schema.file == DIRECTORY.file {
            check_directory(&RealDisk, dir)
        } else {
            check_header(&path, &schema)
        };
        match checked {
            Ok(true) if deep => findings.extend(check_integrity(&path)),
            Ok(_) => {}
            Err(error) => findings.push(Finding::of(&path, error)),
        }
    }
    findings
}

/// The same for the log alone, on any disk.
pub fn check_on(disk: &dyn Disk, dir: &Path, deep: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    let survey = Survey::of(disk, dir, &mut findings);
    let needed = needed(&survey.chains, survey.positions).unwrap_or_else(|error| {
        findings.push(Finding::of(dir, error));
        [0; 2]
    });
    for chain in &survey.chains {
        for (number, file) in chain.iter().enumerate() {
            let next = chain.get(number + 1);
            if let Some(next) = next
                && let Err(error) = check_link(dir, file, &next.header)
            {
                findings.push(Finding::of(&file.path, error));
            }
            let end = next.map(|next| next.header.previous_len);
            if deep || end.is_none() {
                findings.extend(survey.check_records(file, end, needed));
            }
            if let Some(len) = end {
                findings.extend(check_index(disk, dir, file, len, deep));
            }
        }
    }
    findings
}

/// The files of a directory that can be opened, and where the log must be whole.
struct Survey {
    chains: [Vec<Arc<SegmentFile>>; 2],
    /// Of the newest sound checkpoint.
    positions: [Position; 2],
}

impl Survey {
    /// What cannot be opened is a finding.
    fn of(disk: &dyn Disk, dir: &Path, findings: &mut Vec<Finding>) -> Self {
        let mut survey = Self {
            chains: [Vec::new(), Vec::new()],
            positions: [Position::default(); 2],
        };
        let log_dir = dir.join(LOG_DIR);
        match disk.list(&log_dir) {
            Ok(names) => {
                for id in names
                    .iter()
                    .filter_map(|name| SegmentId::parse(name, "log"))
                {
                    match open_segment(disk, dir, id) {
                        Ok(file) => survey.chains[id.family.number()].push(Arc::new(file)),
                        Err(error) => findings.push(Finding::of(&id.log_path(dir), error)),
                    }
                }
            }
            Err(error) => findings.push(Finding::of(&log_dir, error)),
        }
        match checkpoints(disk, dir) {
            Ok(paths) => survey.read_checkpoints(disk, dir, &paths, findings),
            Err(error) => findings.push(Finding::of(dir, error)),
        }
        survey
    }

    /// The newest first.
    fn read_checkpoints(
        &mut self,
        disk: &dyn Disk,
        dir: &Path,
        paths: &[PathBuf],
        findings: &mut Vec<Finding>,
    ) {
        let mut newest = None;
        for path in paths {
            match checkpoint::read(disk, path) {
                Ok(checkpoint) => {
                    newest.get_or_insert(checkpoint.positions);
                }
                Err(error) => findings.push(Finding::of(path, error)),
            }
        }
        self.positions = newest.unwrap_or_default();
        if let Err(error) = check_links(dir, &self.chains, self.positions) {
            findings.push(Finding::of(dir, error));
        }
    }

    fn check_records(
        &self,
        file: &SegmentFile,
        end: Option<u64>,
        needed: [u64; 2],
    ) -> Vec<Finding> {
        match bad_ranges(file, end, known(file, end, self.positions, needed)) {
            Ok(ranges) => ranges
                .into_iter()
                .map(|range| Finding {
                    file: file.path.clone(),
                    offset: range.start,
                    what: format!("{} bytes are no records", range.end - range.start),
                })
                .collect(),
            Err(error) => vec![Finding::of(&file.path, error)],
        }
    }
}

/// The offset in a segment up to which it is known to have been on the disk: by a checkpoint, or,
/// of an active one, by what is `needed`.
fn known(file: &SegmentFile, end: Option<u64>, positions: [Position; 2], needed: [u64; 2]) -> u64 {
    let SegmentId { family, first } = file.header.id;
    let position = positions[family.number()];
    let by_checkpoint = if position.first == first {
        position.offset
    } else {
        0
    };
    let by_other = end.map_or(needed[family.number()], |_| 0);
    by_checkpoint.max(by_other)
}

/// Up to where the active segments must be sound because of a batch that is in both.
fn needed(chains: &[Vec<Arc<SegmentFile>>; 2], positions: [Position; 2]) -> io::Result<[u64; 2]> {
    let mut tails = [None, None];
    for (tail, chain) in tails.iter_mut().zip(chains) {
        if let Some(file) = chain.last() {
            *tail = Some(Tail::read(file, file.file.len()?, |_| {})?);
        }
    }
    let ends = [0, 1].map(|number| Some((&**chains[number].last()?, tails[number]?)));
    let mut needed = [0; 2];
    if let Verdict::Damaged(family, to) = judge(ends, positions) {
        needed[family.number()] = to;
    }
    Ok(needed)
}

/// All checkpoints, the newest first.
fn checkpoints(disk: &dyn Disk, dir: &Path) -> io::Result<Vec<PathBuf>> {
    let names = disk.list(dir)?;
    let mut bases: Vec<_> = names
        .iter()
        .filter_map(|name| checkpoint::parse_name(name))
        .collect();
    bases.sort_unstable();
    let newest_first = bases.into_iter().rev();
    Ok(newest_first
        .map(|base| checkpoint::path(dir, base))
        .collect())
}

fn check_index(
    disk: &dyn Disk,
    dir: &Path,
    file: &SegmentFile,
    len: u64,
    deep: bool,
) -> Option<Finding> {
    let path = file.header.id.index_path(dir);
    // Without memory for filters: each block would be read from its page.
    let budget = Arc::new(Budget::new(0));
    let checked = match FileIndex::open(disk, &path, &file.header, len, &budget) {
        Ok(_) if deep => check_pages(disk, &path),
        Ok(_) => Ok(()),
        Err(error) => Err(error),
    };
    match checked {
        Ok(()) => None,
        // It was not written yet, or by an older program.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::Unsupported
            ) =>
        {
            None
        }
        Err(error) => Some(Finding::of(
            &path,
            format!("{error}; a start makes it again"),
        )),
    }
}

fn check_integrity(path: &Path) -> Vec<Finding> {
    match integrity_problems(path) {
        Ok(problems) => problems
            .into_iter()
            .map(|what| Finding::of(path, what))
            .collect(),
        Err(error) => vec![Finding::of(path, error)],
    }
}

impl Finding {
    fn of(path: &Path, error: impl Into<Found>) -> Self {
        let Found { place, what } = error.into();
        let (file, offset) = place.unwrap_or_else(|| (path.to_owned(), 0));
        Self { file, offset, what }
    }
}

/// An error as a finding: some know their place.
struct Found {
    place: Option<(PathBuf, u64)>,
    what: String,
}

impl From<OpenError> for Found {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Damaged {
                file, offset, what, ..
            } => Self {
                place: Some((file, offset)),
                what,
            },
            other => other.to_string().into(),
        }
    }
}

impl From<String> for Found {
    fn from(what: String) -> Self {
        Self { place: None, what }
    }
}

impl From<io::Error> for Found {
    fn from(error: io::Error) -> Self {
        error.to_string().into()
    }
}

impl From<rusqlite::Error> for Found {
    fn from(error: rusqlite::Error) -> Self {
        error.to_string().into()
    }
}

/// The ids of all segments of a family, the oldest first.
fn segment_ids(disk: &dyn Disk, dir: &Path, family: Family) -> Result<Vec<SegmentId>, OpenError> {
    let log_dir = dir.join(LOG_DIR);
    let names = disk.list(&log_dir).at(&log_dir)?;
    let ids = names
        .iter()
        .filter_map(|name| SegmentId::parse(name, "log"));
    Ok(ids.filter(|id| id.family == family).collect())
}
