//! Ranges of both families, and what stands for the one that holds an address.

use std::net::IpAddr;

use crate::flatten::{Range, Segments};

/// Ranges while they are read.
#[derive(Default)]
pub(crate) struct RangesBuilder {
    v4: Vec<Range<u32>>,
    v6: Vec<Range<u128>>,
}

/// Ranges that can be asked.
#[derive(Debug)]
pub(crate) struct Ranges {
    v4: Segments<u32>,
    v6: Segments<u128>,
}

impl RangesBuilder {
    /// Adds a range; its ends are of one family and in order.
    pub(crate) fn add(&mut self, (first, last): (IpAddr, IpAddr), value: u32) {
        match (first, last) {
            (IpAddr::V4(first), IpAddr::V4(last)) => {
                self.v4.push(Range { first: first.into(), last: last.into(), value });
            }
            (IpAddr::V6(first), IpAddr::V6(last)) => {
                self.v6.push(Range { first: first.into(), last: last.into(), value });
            }
            _ => {}
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    pub(crate) fn finish(self) -> Ranges {
        Ranges { v4: Segments::flatten(self.v4), v6: Segments::flatten(self.v6) }
    }
}

impl Ranges {
    /// The value of the most specific range that holds an address.
    pub(crate) fn get(&self, address: IpAddr) -> Option<u32> {
        match address {
            IpAddr::V4(ip) => self.v4.get(ip.into()),
            IpAddr::V6(ip) => self.v6.get(ip.into()),
        }
    }

    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        self.get(address).is_some()
    }
}
