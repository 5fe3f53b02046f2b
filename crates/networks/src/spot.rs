//! Where a call came from, as far as all databases together know.

use std::sync::Arc;

/// What is known about the source of a call. `None` is "not known", never "no".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spot {
    /// ISO 3166-1 alpha-2 code in capitals: `DE`.
    pub country: Option<Arc<str>>,
    /// The number of the autonomous system that announces the address.
    pub asn: Option<u32>,
    /// Who runs that system.
    pub operator: Option<Arc<str>>,
    /// Whether the address is AWS's, by AS number or by its published ranges; services are. Not
    /// known for private addresses, nor where neither the number nor the ranges are at hand.
    pub is_aws: Option<bool>,
    /// The lists that hold the address, in the order in which they were given, separated by blanks.
    pub lists: Option<Arc<str>>,
    /// What to compare when asking "is this somewhere else?"; never NULL, and coarser with fewer
    /// databases. The first that applies of: a service's name, `AWS Internal` or whatever else is
    /// no address, as it stands; the VPC endpoint's id for a private address; `AS64500`; `AWS`;
    /// `198.51.0.0/16` or `2001:db8::/32`.
    pub place: String,
}
