//! Whether all segments are there.

use std::path::Path;
use std::sync::Arc;

use super::super::checkpoint::Position;
use super::super::disk::Disk;
use super::super::error::{At, OpenError};
use super::super::log::SegmentFile;
use super::super::segment::{Family, HEADER_BYTES, Header, SegmentId};

/// Opens the segments of a family, the oldest first, and checks that each is followed by the one
/// that names it and has the length that one says.
pub(super) fn read_chain(
    disk: &dyn Disk,
    dir: &Path,
    names: &[String],
    family: Family,
) -> Result<Vec<Arc<SegmentFile>>, OpenError> {
    let ids = names
        .iter()
        .filter_map(|name| SegmentId::parse(name, "log"));
    let mut chain: Vec<Arc<SegmentFile>> = Vec::new();
    for id in ids.filter(|id| id.family == family) {
        let file = open_segment(disk, dir, id)?;
        if let Some(before) = chain.last() {
            check_link(dir, before, &file.header)?;
        }
        chain.push(Arc::new(file));
    }
    Ok(chain)
}

/// Opens one and reads its header.
pub(crate) fn open_segment(
    disk: &dyn Disk,
    dir: &Path,
    id: SegmentId,
) -> Result<SegmentFile, OpenError> {
    let path = id.log_path(dir);
    let file = disk.open(&path).at(&path)?;
    let len = file.len().at(&path)?.min(HEADER_BYTES);
    let mut bytes = vec![0; usize::try_from(len).unwrap_or_default()];
    file.read_at(&mut bytes, 0).at(&path)?;
    let header = Header::decode(&bytes, id, &path)?;
    Ok(SegmentFile { header, path, file })
}

/// Checks that a segment is followed by the one that names it.
pub(crate) fn check_link(dir: &Path, before: &SegmentFile, next: &Header) -> Result<(), OpenError> {
    if next.previous != before.header.id.first {
        return Err(missing(dir, next));
    }
    let len = before.file.len().at(&before.path)?;
    if len < next.previous_len {
        let what = format!("it ends here and was {} bytes long", next.previous_len);
        return Err(OpenError::damaged(&before.path, len, what));
    }
    Ok(())
}

/// Checks that the log since these positions is all there.
pub(crate) fn check_links(
    dir: &Path,
    chains: &[Vec<Arc<SegmentFile>>; 2],
    positions: [Position; 2],
) -> Result<(), OpenError> {
    for family in Family::ALL {
        check_beginning(
            dir,
            family,
            &chains[family.number()],
            positions[family.number()],
        )?;
    }
    Ok(())
}

fn check_beginning(
    dir: &Path,
    family: Family,
    chain: &[Arc<SegmentFile>],
    position: Position,
) -> Result<(), OpenError> {
    let find = |first| chain.iter().find(|file| file.header.id.first == first);
    if position == Position::default() {
        return match chain.first() {
            Some(first) if first.header.previous.0 != 0 => Err(missing(dir, &first.header)),
            _ => Ok(()),
        };
    }
    let path = |first| SegmentId { family, first }.log_path(dir);
    let Some(file) = find(position.first) else {
        return Err(OpenError::damaged(
            &path(position.first),
            0,
            "it is missing",
        ));
    };
    if find(position.oldest).is_none() {
        return Err(OpenError::damaged(
            &path(position.oldest),
            0,
            "it is missing",
        ));
    }
    let len = file.file.len().at(&file.path)?;
    if len < position.offset {
        let what = format!(
            "it ends here and was at least {} bytes long",
            position.offset
        );
        return Err(OpenError::damaged(&file.path, len, what));
    }
    Ok(())
}

/// The segment before is missing.
fn missing(dir: &Path, next: &Header) -> OpenError {
    let id = SegmentId {
        first: next.previous,
        ..next.id
    };
    OpenError::damaged(&id.log_path(dir), 0, "it is missing")
}
