//! Chance that is the same on every machine: SplitMix64, and the ids drawn from it.

/// A generator of numbers; the same seed gives the same trail.
pub(crate) struct Dice(u64);

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`, which must not be 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// Whether something that happens `percent` times in a hundred happens now.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u64) as usize]
    }

    /// A number around 0 with deviation 1, near enough to normal.
    pub(crate) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.next() as f64 / u64::MAX as f64).sum::<f64>() - 6.0
    }

    /// A UUID of version 4, or 3 as in the copies that services leave.
    pub(crate) fn uuid(&mut self, version: u64) -> String {
        let (a, b) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-{version}{:03x}-{:04x}-{:012x}",
            a >> 32,
            a >> 16 & 0xffff,
            a & 0xfff,
            b >> 48 & 0x3fff | 0x8000,
            b & 0xffff_ffff_ffff
        )
    }

    pub(crate) fn hex(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from(b"0123456789abcdef"[self.below(16) as usize])).collect()
    }

    pub(crate) fn letters(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from(*self.pick(LETTERS))).collect()
    }

    /// An id that decodes to `account`: generation bit, forty bits of account, the rest free;
    /// 20 characters for keys, 21 for users and roles.
    pub(crate) fn unique_id(&mut self, prefix: &str, account: u64) -> String {
        let head = u128::from(1 << 47 | account << 7 | self.below(128));
        let bits = head << 32 | u128::from(self.next() & 0xffff_ffff);
        let mut id = prefix.to_owned();
        id.extend((0..16).rev().map(|at| char::from(BASE32[(bits >> (5 * at) & 31) as usize])));
        if !matches!(prefix, "AKIA" | "ASIA") {
            id.push(char::from(*self.pick(BASE32)));
        }
        id
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn keys_carry_their_account_in_the_first_characters() {
        let mut dice = Dice::new(7);
        // Seen in public logs: all of an account's ids begin alike.
        assert!(dice.unique_id("ASIA", 29_608_264_753).starts_with("ASIAQNZGKIQY"));
        assert!(dice.unique_id("AROA", 774_305_579_662).starts_with("AROA3ISBVQKH"));
        assert_eq!(dice.unique_id("AKIA", 111_111_111_111).len(), 20);
        assert_eq!(dice.unique_id("AIDA", 111_111_111_111).len(), 21);
    }
}
