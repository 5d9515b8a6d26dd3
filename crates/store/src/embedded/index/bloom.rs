//! Bloom filters: which segments need not be asked. One block of 64 bytes is all a key touches.

use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes of a block.
pub(super) const BLOCK_BYTES: usize = 64;
/// With these and [`BITS_PER_KEY`] about 1.5 % of unknown keys are thought to be known.
const PROBES: u32 = 6;
const BITS_PER_KEY: usize = 10;

/// Memory that all filters together may take.
#[derive(Debug)]
pub(crate) struct Budget {
    left: AtomicU64,
}

impl Budget {
    /// So many bytes.
    pub(crate) fn new(bytes: u64) -> Self {
        Self {
            left: AtomicU64::new(bytes),
        }
    }

    /// Whether there was so much left, which is now taken.
    pub(super) fn take(&self, bytes: u64) -> bool {
        let taken = self
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(bytes)
            });
        taken.is_ok()
    }

    /// Gives back.
    pub(super) fn give(&self, bytes: u64) {
        self.left.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// How many blocks a filter of so many keys has.
pub(super) fn blocks(keys: usize) -> usize {
    (keys * BITS_PER_KEY).div_ceil(BLOCK_BYTES * 8).max(1)
}

/// The block of a key.
pub(super) fn block_of(key: u64, blocks: u64) -> u64 {
    let place = (u128::from(key.rotate_left(32)) * u128::from(blocks)) >> 64;
    u64::try_from(place).expect("it is below the number of blocks")
}

/// Notes a key in its block.
pub(super) fn insert(block: &mut [u8], key: u64) {
    for bit in bits(key) {
        block[bit / 8] |= 1 << (bit % 8);
    }
}

/// Whether a key may have been noted in its block.
pub(super) fn may_contain(block: &[u8], key: u64) -> bool {
    bits(key).all(|bit| block[bit / 8] & (1 << (bit % 8)) != 0)
}

fn bits(key: u64) -> impl Iterator<Item = usize> {
    let mixed = super::mix(key);
    (0..PROBES).map(move |probe| {
        usize::from((mixed >> (probe * 9)).to_le_bytes()[0]) * 2
            + usize::from((mixed >> (probe * 9 + 8)).to_le_bytes()[0] & 1)
    })
}

#[cfg(test)]
mod tests {
    use super::super::mix;
    use super::*;

    #[test]
    fn known_keys_are_found_and_few_others() {
        let keys = 10_000;
        let blocks = blocks(keys);
        let mut filter = vec![0; blocks * BLOCK_BYTES];
        let start = |key| usize::try_from(block_of(key, blocks as u64)).unwrap() * BLOCK_BYTES;
        for key in (0..keys as u64).map(mix) {
            insert(&mut filter[start(key)..][..BLOCK_BYTES], key);
        }
        let is_known = |key| may_contain(&filter[start(key)..][..BLOCK_BYTES], key);
        assert!((0..keys as u64).map(mix).all(is_known));
        let wrong = (keys as u64..2 * keys as u64)
            .map(mix)
            .filter(|key| is_known(*key))
            .count();
        assert!(wrong < keys / 40, "{wrong} of {keys}");
    }

    #[test]
    fn a_budget_is_never_overdrawn() {
        let budget = Budget::new(100);
        assert!(budget.take(60) && !budget.take(60));
        budget.give(60);
        assert!(budget.take(100) && !budget.take(1));
    }
}
