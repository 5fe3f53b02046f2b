//! A hasher for keys that are hashes already.

use std::hash::{BuildHasherDefault, Hasher};

/// Builds [`TheKey`].
pub(crate) type AsIs = BuildHasherDefault<TheKey>;

/// Takes a 64-bit key for its own hash.
#[derive(Default)]
pub(crate) struct TheKey(u64);

impl Hasher for TheKey {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxhash_rust::xxh3::xxh3_64_with_seed(bytes, self.0);
    }
    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}
