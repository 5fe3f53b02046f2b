//! Sixty-four bytes at a time: where quotes and backslashes are, as bit masks.

/// Where quotes and backslashes are in 64 bytes.
#[inline]
pub(crate) fn masks(bytes: &[u8; 64]) -> (u64, u64) {
    // Backslashes are rare: asking whether there are any is cheaper than asking where.
    let any = bytes.iter().fold(false, |any, byte| any | (*byte == b'\\'));
    (mask(bytes, b'"'), if any { mask(bytes, b'\\') } else { 0 })
}

/// Bit i is set where byte i equals a byte. Written so that the compiler makes vector instructions of
/// the comparison: each equal byte becomes a bit of its own within its eight, and the product adds
/// the eight up in its highest byte.
#[inline]
fn mask(bytes: &[u8; 64], byte: u8) -> u64 {
    const EACH: u64 = u64::from_ne_bytes([1; 8]);
    let mut bits = [0; 64];
    for (at, bit) in bits.iter_mut().enumerate() {
        *bit = if bytes[at] == byte { 1u8 << (at % 8) } else { 0 };
    }
    bits.as_chunks::<8>()
        .0
        .iter()
        .rev()
        .fold(0, |mask, eight| mask << 8 | u64::from_le_bytes(*eight).wrapping_mul(EACH) >> 56)
}

/// The characters after an odd number of backslashes, and whether the block's last byte escapes
/// the first of the next. Backslashes are rare, so one step per backslash is quick enough.
pub(crate) fn escaped_characters(mut backslashes: u64, first_is_escaped: bool) -> (u64, bool) {
    let mut escaped = u64::from(first_is_escaped);
    while backslashes != 0 {
        let at = backslashes.trailing_zeros();
        backslashes &= backslashes - 1;
        if escaped >> at & 1 == 0 {
            if at == 63 {
                return (escaped, true);
            }
            escaped |= 2 << at;
        }
    }
    (escaped, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn masks_say_where(bytes in proptest::collection::vec(proptest::sample::select(b"\"\\a\x22\x80\xff".to_vec()), 64)) {
            let (quotes, backslashes) = masks(bytes.first_chunk().unwrap());
            for (at, byte) in bytes.iter().enumerate() {
                proptest::prop_assert_eq!(quotes >> at & 1 == 1, *byte == b'"');
                proptest::prop_assert_eq!(backslashes >> at & 1 == 1, *byte == b'\\');
            }
        }
    }
}
