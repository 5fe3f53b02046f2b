//! An entry: what it says, to which detections, until when, and who vouches for it.

use rolecall_model::{Time, glob};

use crate::Probe;
use crate::flaw::Spot;
use crate::probe::any;
use crate::tables::Rows;

/// A detection, as entries can mean it.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The name of its folder.
    pub name: &'a str,
    /// The ids of the published catalogue that it covers.
    pub covers: &'a [String],
}

/// Where an entry comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// It stands in the file.
    #[default]
    File,
    /// It stands in the list of accounts that the file names.
    Accounts,
    /// It is true everywhere, and comes with rolecall.
    Defaults,
}

/// Who vouches for an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vouched {
    /// Who.
    pub owner: Option<String>,
    /// Why it is there.
    pub reason: Option<String>,
    /// The instant from which it no longer counts.
    pub expires_at: Option<Time>,
}

/// The name of a detection as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Meant {
    pub(crate) name: String,
    pub(crate) spot: Spot,
}

/// One entry of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its section as people write it, such as `[[partner]]`.
    pub section: &'static str,
    /// Where it begins.
    pub spot: Spot,
    /// What it is about, in a few words.
    pub about: String,
    /// Who vouches for it.
    pub vouched: Vouched,
    /// Where it comes from.
    pub origin: Origin,
    /// Questions that tell what it met, one for each of its patterns. None where silence is what
    /// one hopes for, as with decoys.
    pub probes: Vec<Probe>,
    pub(crate) meant: Vec<Meant>,
    pub(crate) rows: Option<Rows>,
}

impl Entry {
    /// The table that it fills; suppressions fill none.
    pub fn table(&self) -> Option<&'static str> {
        self.rows.as_ref().map(|rows| rows.table().name)
    }

    /// The detections for which it is meant, by folder name or catalogue id; empty for all.
    pub fn detections(&self) -> impl Iterator<Item = &str> {
        self.meant.iter().map(|meant| meant.name.as_str())
    }

    /// Whether it is over at an instant.
    pub fn is_expired(&self, at: Time) -> bool {
        self.vouched.expires_at.is_some_and(|end| end <= at)
    }

    /// Whether it counts for a detection at an instant.
    pub fn counts(&self, detection: Scope<'_>, at: Time) -> bool {
        !self.is_expired(at)
            && (self.meant.is_empty() || self.meant.iter().any(|one| one.means(detection)))
    }

    /// A query that counts the rows of the lake that the entry as a whole met: one row, one number.
    /// None if it has no probes.
    pub fn met_sql(&self) -> Option<String> {
        let table = self.probes.first()?.table;
        let conditions = self.probes.iter().map(|probe| probe.condition.clone());
        Some(format!("SELECT count(*) FROM {table} WHERE {}", any(conditions)))
    }
}

impl Meant {
    pub(crate) fn means(&self, detection: Scope<'_>) -> bool {
        let mut names =
            std::iter::once(detection.name).chain(detection.covers.iter().map(String::as_str));
        names.any(|name| glob::fits(name, &self.name))
    }
}
