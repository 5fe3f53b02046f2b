//! Chance that is the same on every machine: SplitMix64, and the ids drawn from it.

/// A generator of numbers; the same seed gives the same numbers.
#[derive(Clone)]
pub(crate) struct Dice(u64);

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789AZ";
const HEX: &[u8; 16] = b"0123456789abcdef";

/// A number that depends on every one of the parts.
pub(crate) fn mix(parts: &[u64]) -> u64 {
    parts
        .iter()
        .fold(0x51ed_270b, |sum, part| scramble(sum ^ part.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
}

/// A number that depends on every byte of the label.
pub(crate) fn hash(label: &str) -> u64 {
    let mut sum = 0xcbf2_9ce4_8422_2325u64;
    for byte in label.bytes() {
        sum = (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    scramble(sum)
}

fn scramble(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        let drawn = scramble(self.0);
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        drawn
    }

    /// A number below `end`, which must not be 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        // The high half of a product is as even as a remainder, and cheaper.
        ((u128::from(self.next()) * u128::from(end)) >> 64) as u64
    }

    /// A number from `least` to `most`, both included.
    pub(crate) fn between(&mut self, least: i64, most: i64) -> i64 {
        least + self.below((most - least).max(0) as u64 + 1) as i64
    }

    /// Whether something that happens `permille` times in a thousand happens now.
    pub(crate) fn chance(&mut self, permille: u64) -> bool {
        self.below(1000) < permille
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u64) as usize]
    }

    /// A UUID of version 4, or 3 as in the copies that services leave.
    pub(crate) fn uuid(&mut self, version: u8) -> String {
        let mut text = String::with_capacity(36);
        self.push_uuid(&mut text, version);
        text
    }

    pub(crate) fn push_uuid(&mut self, into: &mut String, version: u8) {
        let (a, b) = (self.next(), self.next() & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000);
        let a = a & !0xf000 | u64::from(version) << 12;
        for at in 0..32u32 {
            if matches!(at, 8 | 12 | 16 | 20) {
                into.push('-');
            }
            let word = if at < 16 { a } else { b };
            into.push(char::from(HEX[(word >> (60 - 4 * (at % 16)) & 15) as usize]));
        }
    }

    pub(crate) fn hex(&mut self, length: usize) -> String {
        let mut text = String::with_capacity(length);
        self.push_hex(&mut text, length);
        text
    }

    pub(crate) fn push_hex(&mut self, into: &mut String, length: usize) {
        let mut word = 0;
        for at in 0..length {
            if at % 16 == 0 {
                word = self.next();
            }
            into.push(char::from(HEX[(word & 15) as usize]));
            word >>= 4;
        }
    }

    pub(crate) fn letters(&mut self, length: usize) -> String {
        let mut text = String::with_capacity(length);
        self.push_letters(&mut text, length);
        text
    }

    pub(crate) fn push_letters(&mut self, into: &mut String, length: usize) {
        let mut word = 0;
        for at in 0..length {
            if at % 10 == 0 {
                word = self.next();
            }
            into.push(char::from(LETTERS[(word & 63) as usize]));
            word >>= 6;
        }
    }
}

/// An id that decodes to `account`: generation bit, forty bits of account, then 39 bits of `rest`;
/// 20 characters for keys, 21 for users and roles.
pub(crate) fn unique_id(prefix: &str, account: u64, rest: u64) -> String {
    let bits = (1u128 << 79) | (u128::from(account) << 39) | u128::from(rest & ((1 << 39) - 1));
    let mut id = String::with_capacity(21);
    id.push_str(prefix);
    id.extend((0..16).rev().map(|at| char::from(BASE32[(bits >> (5 * at) & 31) as usize])));
    if !matches!(prefix, "AKIA" | "ASIA") {
        id.push(char::from(BASE32[(rest >> 40 & 31) as usize]));
    }
    id
}

/// The `count`th of 2^38 numbers in an order that looks like none; with `side` the other 2^38.
pub(crate) fn shuffled(count: u64, side: bool) -> u64 {
    const MASK: u64 = (1 << 38) - 1;
    let mut z = count & MASK;
    for _ in 0..2 {
        z = z.wrapping_mul(0x2545_f491_4f6c_dd1d) & MASK;
        z ^= z >> 19;
    }
    u64::from(side) << 38 | z
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_carry_their_account_in_the_first_characters() {
        // Seen in public logs: all of an account's ids begin alike.
        assert!(unique_id("ASIA", 29_608_264_753, 5).starts_with("ASIAQNZGKIQY"));
        assert!(unique_id("AROA", 774_305_579_662, 1 << 38).starts_with("AROA3ISBVQKH"));
        assert_eq!(unique_id("AKIA", 111_111_111_111, 9).len(), 20);
        assert_eq!(unique_id("AIDA", 111_111_111_111, 9).len(), 21);
    }

    #[test]
    fn shuffling_gives_every_number_once() {
        let mut seen: Vec<u64> = (0..50_000).map(|count| shuffled(count, count % 2 == 1)).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 50_000);
    }

    #[test]
    fn uuids_say_their_version() {
        let text = Dice::new(3).uuid(3);
        assert_eq!((text.len(), &text[14..15]), (36, "3"));
        assert!(matches!(&text[19..20], "8" | "9" | "a" | "b"));
    }
}
