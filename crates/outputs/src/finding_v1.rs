//! `finding.v1`: what leaves the program. It changes only by additions; anything else is `v2`.
//!
//! `docs/finding.v1.schema.json` says the same to programs, and a test holds the two together.

use rolecall_model::{Finding, Severity};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The name of this form.
const SCHEMA: &str = "finding.v1";

/// A finding as programs read it: one JSON object a line. Instants are RFC 3339 in UTC.
///
/// Whoever reads it ignores fields that he does not know: there will be more of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FindingV1 {
    /// Always `finding.v1`.
    pub schema: String,
    /// The same for the same answer: receivers drop what they have seen.
    pub fingerprint: String,
    /// The detection's name.
    pub detection: String,
    /// What was seen, in a sentence.
    pub title: String,
    /// low, medium, high or critical.
    pub severity: String,
    /// low, medium or high.
    pub confidence: String,
    /// What or who it is about.
    pub subject: String,
    /// Who really did it.
    #[serde(default)]
    pub root: Option<String>,
    /// From the root to the subject.
    #[serde(default)]
    pub path: Vec<String>,
    /// The accounts concerned.
    #[serde(default)]
    pub accounts: Vec<String>,
    /// The networks concerned.
    #[serde(default)]
    pub networks: Vec<String>,
    /// The first evidence.
    pub first_at: String,
    /// The last evidence.
    pub last_at: String,
    /// How much evidence.
    pub count: i64,
    /// CloudTrail's ids of the events that prove it.
    #[serde(default)]
    pub event_ids: Vec<String>,
    /// The detection's further columns.
    #[serde(default)]
    pub evidence: Value,
    /// A query that shows more.
    #[serde(default)]
    pub more: Option<String>,
    /// The window that was asked about: from (in it) and until (not in it).
    pub window: [String; 2],
    /// When it was found.
    pub found_at: String,
    /// Why nobody is told, if an entry of `rolecall.toml` says so.
    #[serde(default)]
    pub suppressed: Option<String>,
    /// Whether it is only counted, because the lake's history is too short to be sure.
    #[serde(default)]
    pub dry_run: bool,
    /// The family of its detection; where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// The MITRE ATT&CK techniques of its detection, such as `T1078.004`; where that is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attack: Vec<String>,
    /// Why it matters, in Markdown of the detection; where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// When such a finding is harmless, in Markdown of the detection; where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub harmless: Option<String>,
    /// What was left out because a message was too long, in a sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cut: Vec<String>,
}

impl From<&Finding> for FindingV1 {
    fn from(finding: &Finding) -> FindingV1 {
        let words = |text: &Option<String>| -> Vec<String> {
            text.as_deref().unwrap_or_default().split_whitespace().map(str::to_owned).collect()
        };
        let path = finding.path.as_deref();
        FindingV1 {
            schema: SCHEMA.to_owned(),
            fingerprint: finding.fingerprint.clone(),
            detection: finding.detection.clone(),
            title: finding.title.clone(),
            severity: finding.severity.clone(),
            confidence: finding.confidence.clone(),
            subject: finding.subject.clone(),
            root: finding.root.clone(),
            path: path
                .map(|path| path.split(" > ").map(str::to_owned).collect())
                .unwrap_or_default(),
            accounts: words(&finding.accounts),
            networks: networks(words(&finding.networks)),
            first_at: finding.first_at.to_string(),
            last_at: finding.last_at.to_string(),
            count: finding.count,
            event_ids: words(&finding.event_ids),
            evidence: serde_json::from_str(&finding.evidence).unwrap_or(Value::Null),
            more: finding.more.clone(),
            window: [finding.window_from.to_string(), finding.window_until.to_string()],
            found_at: finding.found_at.to_string(),
            suppressed: finding.suppressed.clone(),
            dry_run: finding.dry_run,
            family: None,
            attack: Vec::new(),
            why: None,
            harmless: None,
            cut: Vec::new(),
        }
    }
}

/// CloudTrail's `AWS Internal` is one network, with a blank in its name.
fn networks(words: Vec<String>) -> Vec<String> {
    let mut networks: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        match networks.last_mut() {
            Some(last) if last == "AWS" && word == "Internal" => last.push_str(" Internal"),
            _ => networks.push(word),
        }
    }
    networks
}

/// A text that is no finding. It says where and what, never the text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Malformed {
    /// It is no JSON, or lacks a field.
    #[error("not a `finding.v1`: line {line}, column {column}: {what}")]
    Json {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// Whether its JSON is broken or a field is.
        what: &'static str,
    },
    /// It is of another form.
    #[error("not a `finding.v1`: its `schema` is another one, and a newer rolecall may read it")]
    Schema,
    /// Its severity is no word that is known.
    #[error("not a `finding.v1`: its `severity` is none of low, medium, high, critical")]
    Severity,
}

impl FindingV1 {
    /// Reads one JSON object. Fields that are not known are passed over.
    pub fn read(text: &str) -> Result<FindingV1, Malformed> {
        let finding: FindingV1 = serde_json::from_str(text).map_err(|error| Malformed::Json {
            line: error.line(),
            column: error.column(),
            what: match error.classify() {
                serde_json::error::Category::Data => "a field is missing or of another type",
                _ => "this is no JSON",
            },
        })?;
        if finding.schema != SCHEMA {
            return Err(Malformed::Schema);
        }
        if finding.severity().is_none() {
            return Err(Malformed::Severity);
        }
        Ok(finding)
    }

    /// Its severity; none if the word is not known.
    pub fn severity(&self) -> Option<Severity> {
        self.severity.parse().ok()
    }

    /// What names this finding in this window: the same whenever it is sent again. At most 64 letters,
    /// digits and hyphens.
    pub fn id(&self) -> String {
        let digits: String = self.window[0].chars().filter(char::is_ascii_digit).take(20).collect();
        let safe = |c: &char| c.is_ascii_alphanumeric();
        let fingerprint: String = self.fingerprint.chars().filter(safe).take(43).collect();
        format!("{fingerprint}-{digits}")
    }
}
