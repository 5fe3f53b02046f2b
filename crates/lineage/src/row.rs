//! Small facts about stored rows.

use std::hash::{DefaultHasher, Hash, Hasher};

use rolecall_model::{Row, Session, Sink, Time};

use crate::words;

/// Whether only the uses showed this column.
pub(crate) fn has_learned(row: &Session, column: &str) -> bool {
    words::split(&row.learned).any(|word| word == column)
}

/// Takes back what the uses taught, leaving the facts of the issuance.
pub(crate) fn unlearn(row: &mut Session) {
    let Some(learned) = row.learned.take() else { return };
    for column in learned.split(' ') {
        match column {
            "principal_id" => row.principal_id = None,
            "source_identity" => row.source_identity = None,
            "mfa" => row.mfa = None,
            _ => {}
        }
    }
}

/// The 64 bits behind a session's id.
pub(crate) fn number(session_id: &str) -> Option<u64> {
    u64::from_str_radix(session_id, 16).ok()
}

/// A digest of all values of a row: two rows are taken as equal if theirs are.
pub(crate) fn digest(row: &Session) -> u64 {
    let mut digest = Digest(DefaultHasher::new());
    row.put(&mut digest);
    digest.0.finish()
}

struct Digest(DefaultHasher);

impl Sink for Digest {
    fn text(&mut self, at: usize, value: Option<&str>) {
        (at, value).hash(&mut self.0);
    }
    fn long(&mut self, at: usize, value: Option<i64>) {
        (at, value).hash(&mut self.0);
    }
    fn flag(&mut self, at: usize, value: Option<bool>) {
        (at, value).hash(&mut self.0);
    }
    fn time(&mut self, at: usize, value: Option<Time>) {
        (at, value).hash(&mut self.0);
    }
    fn bytes(&mut self, at: usize, value: Option<&[u8]>) {
        (at, value).hash(&mut self.0);
    }
}
