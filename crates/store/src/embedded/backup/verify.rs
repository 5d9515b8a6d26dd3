//! Whether a copied log opens, as a start would, changing nothing.

use std::path::Path;
use std::sync::Arc;

use super::super::Config;
use super::super::disk::RealDisk;
use super::super::error::{At, OpenError};
use super::super::index::Budget;
use super::super::rebuild::rebuilt_index;
use super::super::recover::{Recovered, RecoveredSegment, recover};

/// How many messages it holds.
pub(super) fn messages(dir: &Path) -> Result<u64, OpenError> {
    let config = Config {
        accepts_clock_behind: true,
        ..Config::default()
    };
    // At the beginning of time nothing is too old.
    let now_ms = 0;
    let budget = Arc::new(Budget::new(0));
    let Recovered { families, .. } = recover(&RealDisk, dir, now_ms, &config, &budget)?;
    let mut messages = 0;
    for family in &families {
        for segment in &family.sealed {
            messages += messages_of(segment)?;
        }
        let active = family.active.as_ref();
        messages += active.map_or(0, |active| active.index.messages());
    }
    Ok(messages)
}

fn messages_of(segment: &RecoveredSegment) -> Result<u64, OpenError> {
    if let Some(index) = &segment.index {
        return Ok(index.messages());
    }
    let index = rebuilt_index(&segment.file, segment.len).at(&segment.file.path)?;
    Ok(index.messages())
}
