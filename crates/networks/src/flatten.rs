//! Ranges that overlap become segments that do not: the most specific range wins.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The number of an address in its family.
pub(crate) trait Number: Copy + Ord {
    /// The address after it, if there is one.
    fn after(self) -> Option<Self>;
    /// How far it lies behind another.
    fn since(self, first: Self) -> Self;
}

macro_rules! number {
    ($type:ty) => {
        impl Number for $type {
            fn after(self) -> Option<Self> {
                self.checked_add(1)
            }
            fn since(self, first: Self) -> Self {
                self.saturating_sub(first)
            }
        }
    };
}
number!(u32);
number!(u128);

/// A range as it was read: both ends belong to it.
#[derive(Clone, Copy)]
pub(crate) struct Range<A> {
    pub(crate) first: A,
    pub(crate) last: A,
    pub(crate) value: u32,
}

/// What lies between two ranges.
pub(crate) const NOTHING: u32 = u32::MAX;

/// Where the value changes, in order: the first address of each segment, and the value from there.
#[derive(Debug, Default)]
pub(crate) struct Segments<A> {
    starts: Vec<A>,
    values: Vec<u32>,
}

impl<A: Number> Segments<A> {
    /// The segments of ranges in the order of their file. Of ranges that contain an address, the
    /// smallest wins; of equally small ones that which begins first, or else stands first.
    pub(crate) fn flatten(mut ranges: Vec<Range<A>>) -> Segments<A> {
        // Stable, so that the order of the file is kept among equals, and found below as an index.
        ranges.sort_by_key(|range| range.first);
        let mut segments = Segments { starts: Vec::new(), values: Vec::new() };
        let mut open = BinaryHeap::new();
        let mut rest = ranges.iter().enumerate().peekable();
        let mut at = ranges.first().map(|range| range.first);
        while let Some(here) = at {
            while let Some((order, range)) = rest.next_if(|(_, range)| range.first <= here) {
                open.push((Reverse(range.last.since(range.first)), Reverse(order)));
            }
            while open.peek().is_some_and(|(_, Reverse(order))| ranges[*order].last < here) {
                open.pop();
            }
            let next = rest.peek().map(|(_, range)| range.first);
            at = match open.peek() {
                None => {
                    segments.push(here, NOTHING);
                    next
                }
                Some((_, Reverse(order))) => {
                    let best = ranges[*order];
                    segments.push(here, best.value);
                    match next {
                        Some(next) if next <= best.last => Some(next),
                        _ => best.last.after(),
                    }
                }
            };
        }
        segments.starts.shrink_to_fit();
        segments.values.shrink_to_fit();
        segments
    }

    fn push(&mut self, start: A, value: u32) {
        if self.values.last() != Some(&value) {
            self.starts.push(start);
            self.values.push(value);
        }
    }

    /// The value at an address.
    pub(crate) fn get(&self, address: A) -> Option<u32> {
        let after = self.starts.partition_point(|start| *start <= address);
        let value = *self.values.get(after.checked_sub(1)?)?;
        (value != NOTHING).then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn segments_say_what_a_linear_scan_says(
            ends in proptest::collection::vec((any::<u8>(), any::<u8>()), 0..24),
        ) {
            // The ends of the family are among the addresses: 0 and 255 become the least and greatest.
            let wide = |n: u8| u32::from(n) * 0x0101_0101;
            let ranges: Vec<Range<u32>> = ends
                .iter()
                .zip(0..)
                .map(|((a, b), value)| {
                    Range { first: wide(*a.min(b)), last: wide(*a.max(b)), value }
                })
                .collect();
            let segments = Segments::flatten(ranges.clone());
            for n in 0..=255 {
                for address in [wide(n).saturating_sub(1), wide(n), wide(n).saturating_add(1)] {
                    let best = ranges
                        .iter()
                        .filter(|range| range.first <= address && address <= range.last)
                        .min_by_key(|range| (range.last - range.first, range.first));
                    prop_assert_eq!(segments.get(address), best.map(|range| range.value));
                }
            }
            prop_assert!(segments.starts.is_sorted_by(|a, b| a < b));
            prop_assert!(segments.starts.len() <= 2 * ranges.len() + 1);
        }
    }
}
