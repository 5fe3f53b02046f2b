//! Stable 64-bit names for events, sessions and findings.
//!
//! XXH3 is not cryptographic: nobody gains by forging one of these, since a forged event would
//! need write access to the trail.

use xxhash_rust::xxh3::Xxh3Default;

/// Hashes parts in order. Each part is followed by its length, so that `("ab", "c")` and
/// `("a", "bc")` differ.
pub fn of<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> u64 {
    let mut hash = Xxh3Default::new();
    for part in parts {
        hash.update(part);
        hash.update(&(part.len() as u64).to_le_bytes());
    }
    hash.digest()
}

/// The name of a session or finding: the hash in 16 hexadecimal digits.
pub fn name<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    format!("{:016x}", of(parts.into_iter().map(str::as_bytes)))
}

/// Packs hashes into the `event_hashes` column: 8 bytes each, little-endian, ascending.
pub fn pack(mut hashes: Vec<u64>) -> Vec<u8> {
    hashes.sort_unstable();
    hashes.iter().flat_map(|hash| hash.to_le_bytes()).collect()
}

/// Reads what [`pack`] wrote.
pub fn unpack(bytes: &[u8]) -> impl Iterator<Item = u64> + '_ {
    bytes.as_chunks::<8>().0.iter().map(|chunk| u64::from_le_bytes(*chunk))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(name(["ab", "c"]), name(["a", "bc"]));
        assert_eq!(unpack(&pack(vec![3, 1])).collect::<Vec<_>>(), [1, 3]);
    }
}
