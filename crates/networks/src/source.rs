//! Which databases were given, and how old they are.

use std::fmt;

use rolecall_model::Time;

/// The age beyond which a database is stale, in days.
///
/// Networks are sold and lent all the time; AWS adds prefixes weekly, and Tor exits change daily.
/// Vendors publish weekly or monthly, so that an older file is one that nobody renews.
pub const MAX_AGE_DAYS: i64 = 30;

/// A database that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The name under which it was given; for a list, the list's.
    pub name: String,
    /// What it is.
    pub kind: SourceKind,
    /// When its contents were true, as far as it or its giver says.
    pub as_of: Option<Time>,
}

/// What a database is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// A MaxMind DB, of any vendor.
    Mmdb,
    /// A table of ranges.
    Csv,
    /// AWS's own `ip-ranges.json`.
    AwsRanges,
    /// Addresses that have something in common.
    List,
}

impl Source {
    /// Whether it is known to be older than [`MAX_AGE_DAYS`].
    pub fn is_stale(&self, now: Time) -> bool {
        self.as_of.is_some_and(|as_of| as_of.plus_seconds(MAX_AGE_DAYS * 86_400) < now)
    }
}

impl fmt::Display for SourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SourceKind::Mmdb => "MMDB",
            SourceKind::Csv => "CSV of ranges",
            SourceKind::AwsRanges => "AWS ranges",
            SourceKind::List => "list of addresses",
        })
    }
}
