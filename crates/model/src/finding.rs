//! What was found, to be told once.

use crate::Time;

/// The names under which upkeep tells what the trail and `rolecall.toml` lack. No folder of the
/// catalogue has them; their family is `upkeep`.
pub const UPKEEP_FINDINGS: [&str; 7] = [
    "trail-fell-silent",
    "coverage-gap",
    "lost-object",
    "unreadable-object",
    "unreadable-record",
    "expired-entry",
    "unused-entry",
];

impl Finding {
    /// Whether it is told to anybody: it is neither in dry run nor suppressed.
    pub fn is_told(&self) -> bool {
        !self.dry_run && self.suppressed.is_none()
    }
}

crate::table! {
    /// One row per finding: a detection, its subject, and the evidence.
    Finding is "finding" by first_at, sorted ["first_at"], bloom ["fingerprint"];
    /// The same for the same answer: a hash of the detection and its fingerprint columns.
    fingerprint: String,
    /// The detection, which is the name of its folder.
    detection: String,
    /// Its title in a sentence.
    title: String,
    /// How bad it is if true: low, medium, high or critical.
    severity: String,
    /// How often such a finding is true: low, medium or high.
    confidence: String,
    /// What or who it is about.
    subject: String,
    /// Who really did it.
    root: Option<String>,
    /// Principals from the root to the subject, joined by ` > `.
    path: Option<String>,
    /// The accounts concerned, separated by blanks.
    accounts: Option<String>,
    /// The networks concerned, separated by blanks.
    networks: Option<String>,
    /// The first evidence.
    first_at: Time,
    /// The last evidence.
    last_at: Time,
    /// How much evidence.
    count: i64,
    /// The events that prove it, separated by blanks.
    event_ids: Option<String>,
    /// The detection's further columns as a JSON object.
    evidence: String,
    /// A query that shows more.
    more: Option<String>,
    /// The beginning of the window that was asked about.
    window_from: Time,
    /// The end of that window (not in it).
    window_until: Time,
    /// When it was found.
    found_at: Time,
    /// Why it is not sent: the reason of the entry in `rolecall.toml` that suppresses it.
    suppressed: Option<String>,
    /// Whether it is only counted, not sent.
    dry_run: bool,
}
