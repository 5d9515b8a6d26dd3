//! The Bloom filter of an index file, in memory.

use std::io;
use std::sync::Arc;

use super::super::bloom::{BLOCK_BYTES, Budget};
use super::super::table::{Pages, Table};
use super::invalid;

/// Its blocks; what they take is given back when it goes.
pub(super) struct Filter {
    bytes: Vec<u8>,
    budget: Arc<Budget>,
}

impl Drop for Filter {
    fn drop(&mut self) {
        self.budget.give(self.bytes.len() as u64);
    }
}

impl Filter {
    /// Reads it, when there is memory for it.
    pub(super) fn load(
        blocks: &Table,
        pages: &mut Pages<'_>,
        budget: &Arc<Budget>,
    ) -> io::Result<Option<Self>> {
        let count = usize::try_from(blocks.rows).map_err(invalid)?;
        let len = count * BLOCK_BYTES;
        if !budget.take(len as u64) {
            return Ok(None);
        }
        // Gives back what was taken, even when a page cannot be read.
        let mut filter = Self {
            bytes: vec![0; len],
            budget: Arc::clone(budget),
        };
        for (number, block) in (0..).zip(filter.bytes.chunks_exact_mut(BLOCK_BYTES)) {
            block.copy_from_slice(blocks.get(pages, number)?);
        }
        Ok(Some(filter))
    }

    /// A block.
    pub(super) fn block(&self, number: u64) -> &[u8] {
        let number = usize::try_from(number).unwrap_or_default();
        &self.bytes[number * BLOCK_BYTES..][..BLOCK_BYTES]
    }
}
