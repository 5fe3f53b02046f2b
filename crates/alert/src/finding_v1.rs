//! `finding.v1`: what leaves the program. It changes only by additions; anything else is `v2`.

use rolecall_model::Finding;
use serde::Serialize;
use serde_json::Value;

/// A finding as programs read it: one JSON object a line. Instants are RFC 3339 in UTC.
#[derive(Debug, Serialize)]
pub struct FindingV1<'a> {
    /// Always `finding.v1`.
    schema: &'static str,
    /// The same for the same answer: receivers drop what they have seen.
    fingerprint: &'a str,
    /// The detection's name.
    detection: &'a str,
    /// What was seen, in a sentence.
    title: &'a str,
    /// low, medium, high or critical.
    severity: &'a str,
    /// low, medium or high.
    confidence: &'a str,
    /// What or who it is about.
    subject: &'a str,
    /// Who really did it.
    root: Option<&'a str>,
    /// From the root to the subject.
    path: Vec<&'a str>,
    /// The accounts concerned.
    accounts: Vec<&'a str>,
    /// The networks concerned.
    networks: Vec<&'a str>,
    /// The first evidence.
    first_at: String,
    /// The last evidence.
    last_at: String,
    /// How much evidence.
    count: i64,
    /// CloudTrail's ids of the events that prove it.
    event_ids: Vec<&'a str>,
    /// The detection's further columns.
    evidence: Value,
    /// A query that shows more.
    more: Option<&'a str>,
    /// The window that was asked about: from (in it) and until (not in it).
    window: [String; 2],
    /// When it was found.
    found_at: String,
    /// Why nobody is told, if an entry of `rolecall.toml` says so.
    suppressed: Option<&'a str>,
    /// Whether it is only counted, because the lake's history is too short to be sure.
    dry_run: bool,
}

impl<'a> From<&'a Finding> for FindingV1<'a> {
    fn from(finding: &'a Finding) -> FindingV1<'a> {
        let words = |text: &'a Option<String>| -> Vec<&'a str> {
            text.as_deref().unwrap_or_default().split_whitespace().collect()
        };
        let path = finding.path.as_deref().map(|path| path.split(" > ").collect());
        FindingV1 {
            schema: "finding.v1",
            fingerprint: &finding.fingerprint,
            detection: &finding.detection,
            title: &finding.title,
            severity: &finding.severity,
            confidence: &finding.confidence,
            subject: &finding.subject,
            root: finding.root.as_deref(),
            path: path.unwrap_or_default(),
            accounts: words(&finding.accounts),
            networks: words(&finding.networks),
            first_at: finding.first_at.to_string(),
            last_at: finding.last_at.to_string(),
            count: finding.count,
            event_ids: words(&finding.event_ids),
            evidence: serde_json::from_str(&finding.evidence).unwrap_or(Value::Null),
            more: finding.more.as_deref(),
            window: [finding.window_from.to_string(), finding.window_until.to_string()],
            found_at: finding.found_at.to_string(),
            suppressed: finding.suppressed.as_deref(),
            dry_run: finding.dry_run,
        }
    }
}
