//! What keeps findings quiet that are true and yet no news.

use rolecall_model::{Finding, Time, glob};

use crate::{Entry, Scope};

/// A suppression: a finding that fits each of its lists is not told.
#[derive(Clone, Debug, PartialEq)]
pub struct Suppression {
    /// Where it stands, who vouches for it, until when.
    pub entry: Entry,
    pub(crate) marks: Marks,
}

/// Patterns, of which one of each list that is not empty must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    pub(crate) fingerprints: Vec<String>,
    pub(crate) subjects: Vec<String>,
    pub(crate) roots: Vec<String>,
    pub(crate) paths: Vec<String>,
    pub(crate) accounts: Vec<String>,
    pub(crate) networks: Vec<String>,
}

impl Suppression {
    /// Whether it keeps a finding quiet at an instant.
    ///
    /// Of a finding about several accounts or networks, every one must fit: what touches one more
    /// is news.
    pub fn fits(&self, finding: &Finding, covers: &[String], at: Time) -> bool {
        let marks = &self.marks;
        self.entry.counts(Scope { name: &finding.detection, covers }, at)
            && one(&marks.fingerprints, Some(&finding.fingerprint))
            && one(&marks.subjects, Some(&finding.subject))
            && one(&marks.roots, finding.root.as_deref())
            && one(&marks.paths, finding.path.as_deref())
            && every(&marks.accounts, finding.accounts.as_deref())
            && every(&marks.networks, finding.networks.as_deref())
    }
}

/// Whether one of the patterns fits; without patterns, everything does.
fn one(patterns: &[String], text: Option<&str>) -> bool {
    patterns.is_empty()
        || text.is_some_and(|text| patterns.iter().any(|pattern| glob::fits(text, pattern)))
}

/// Whether each word fits one of the patterns; no words fit none.
fn every(patterns: &[String], words: Option<&str>) -> bool {
    let words: Vec<&str> = words.unwrap_or_default().split_whitespace().collect();
    patterns.is_empty() || !words.is_empty() && words.iter().all(|word| one(patterns, Some(word)))
}
