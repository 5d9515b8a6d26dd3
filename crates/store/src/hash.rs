//! Hashing of our own ids, for tables in memory only. They are ours and random, so a cheap hash
//! will do; what comes from outside is hashed otherwise.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use model::Uuid;

/// A table whose keys are ids.
pub(crate) type IdMap<K, V> = HashMap<K, V, BuildHasherDefault<IdHasher>>;

/// Multiplies and folds.
#[derive(Default)]
pub(crate) struct IdHasher(u64);

/// 2^64 divided by the golden ratio, odd.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

impl Hasher for IdHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(26) ^ value).wrapping_mul(FACTOR);
    }

    fn write_isize(&mut self, value: isize) {
        self.write_u64(value.unsigned_abs() as u64);
    }

    fn finish(&self) -> u64 {
        (self.0 ^ (self.0 >> 32)).wrapping_mul(FACTOR)
    }
}

/// A number below `count` for an account, always the same.
pub(crate) fn shard(uuid: Uuid, count: usize) -> usize {
    let mut hasher = IdHasher::default();
    hasher.write_u64(uuid.0);
    let upper = hasher.finish() >> 32;
    usize::try_from(upper).unwrap_or_default() % count
}
