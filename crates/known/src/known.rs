//! All that a file says, and what of it one detection is told.

use std::collections::{BTreeMap, HashSet};

use rolecall_model::{Finding, Time};
use toml::de::DeTable;

use crate::entry::Origin;
use crate::{Databases, DetectionSettings, Entry, Flaw, Scope, Suppression, Tables, read};

/// What the organisation knows about itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Known {
    pub(crate) organization: Option<String>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) suppressions: Vec<Suppression>,
    pub(crate) settings: BTreeMap<String, DetectionSettings>,
    pub(crate) databases: Databases,
}

/// The file of accounts that a text names, if it is readable so far: what to read before
/// [`Known::parse`].
pub fn accounts_file(text: &str) -> Option<String> {
    let (document, _) = DeTable::parse_recoverable(text);
    let organization = document.get_ref().get("organization")?.get_ref().as_table()?;
    organization.get("accounts_file")?.get_ref().as_str().map(str::to_owned)
}

impl Known {
    /// Reads a file, or says everything that is wrong with it, in the order of its lines.
    ///
    /// `accounts` is the content of the file that [`accounts_file`] names: the output of
    /// `aws organizations list-accounts`, or the CSV of the console of AWS Organizations.
    /// It is a flaw to name such a file and not to give it.
    pub fn parse(text: &str, accounts: Option<&str>) -> Result<Known, Vec<Flaw>> {
        let (known, flaws) = Known::sift(text, accounts.ok_or("was not read"));
        if flaws.is_empty() { Ok(known) } else { Err(flaws) }
    }

    /// What can be read of a file, and everything that is wrong with the rest: for whoever looks for
    /// flaws, and not for whoever asks. Instead of the accounts there may be why they are not given,
    /// as in "was not read".
    pub fn sift(text: &str, accounts: Result<&str, &str>) -> (Known, Vec<Flaw>) {
        read::file(text, accounts)
    }

    /// What is true everywhere.
    pub fn defaults() -> Known {
        // A test keeps the text without flaws.
        let mut known = Known::parse(include_str!("../defaults.toml"), None).unwrap_or_default();
        known.entries.iter_mut().for_each(|entry| entry.origin = Origin::Defaults);
        known
    }

    /// Adds what is true everywhere. What the file says about the same role, client or API stands,
    /// for the detections and the time for which it counts.
    pub fn with_defaults(mut self) -> Known {
        self.entries.retain(|entry| entry.origin != Origin::Defaults);
        self.entries.extend(Known::defaults().entries);
        self
    }

    /// What one detection is told at an instant: the entries that are meant for it and have not
    /// expired.
    pub fn tables(&self, detection: Scope<'_>, at: Time) -> Tables {
        let mut tables = Tables::default();
        let mut said = HashSet::new();
        let counting = || self.entries.iter().filter(|entry| entry.counts(detection, at));
        for entry in counting().filter(|entry| entry.origin != Origin::Defaults) {
            let Some(rows) = &entry.rows else { continue };
            said.extend(
                rows.keys().into_iter().map(|mut key| (rows.table().name, key.swap_remove(0))),
            );
            tables.add(rows);
        }
        for entry in counting().filter(|entry| entry.origin == Origin::Defaults) {
            let Some(rows) = &entry.rows else { continue };
            let name = rows.table().name;
            tables.add(&rows.filtered(|key| !said.contains(&(name, key.to_owned()))));
        }
        tables
    }

    /// Every entry, suppressions last.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().chain(self.suppressions.iter().map(|suppression| &suppression.entry))
    }

    /// The entries that are over at an instant.
    pub fn expired(&self, at: Time) -> impl Iterator<Item = &Entry> {
        self.entries().filter(move |entry| entry.is_expired(at))
    }

    /// What keeps findings quiet.
    pub fn suppressions(&self) -> &[Suppression] {
        &self.suppressions
    }

    /// The suppression that keeps a finding quiet at an instant, if any; `covers` are the catalogue
    /// ids of its detection.
    pub fn suppressed(
        &self,
        finding: &Finding,
        covers: &[String],
        at: Time,
    ) -> Option<&Suppression> {
        self.suppressions.iter().find(|suppression| suppression.fits(finding, covers, at))
    }

    /// How a detection is turned, by the name of its folder.
    pub fn settings(&self, detection: &str) -> Option<&DetectionSettings> {
        self.settings.get(detection)
    }

    /// The id of the organisation.
    pub fn organization(&self) -> Option<&str> {
        self.organization.as_deref()
    }

    /// The databases that tell where an address lies.
    pub fn databases(&self) -> &Databases {
        &self.databases
    }
}
