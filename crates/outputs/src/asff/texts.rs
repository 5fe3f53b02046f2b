//! The texts of the format, each within its limit.

use rolecall_model::UPKEEP_FINDINGS;
use serde_json::{Map, Value, json};

use crate::seen::shown;
use crate::text::{cut, plain};
use crate::{FindingV1, word};

/// Limits of the format, in characters and items.
pub(super) const TITLE: usize = 256;
pub(super) const DESCRIPTION: usize = 1024;
pub(super) const RECOMMENDATION: usize = 512;
pub(super) const IDENTIFIER: usize = 512;
const FIELDS: usize = 50;
const FIELD_NAME: usize = 128;
const FIELD_TEXT: usize = 2048;

/// Namespace, category and classifier, as Security Hub's taxonomy of types has them.
pub(super) fn kind(finding: &FindingV1) -> String {
    let category = match finding.family.as_deref() {
        Some("cross-account chain") => "TTPs/Lateral Movement",
        Some("leaked key") => "TTPs/Credential Access",
        Some("recon") => "TTPs/Discovery",
        Some("federation") => "TTPs/Persistence",
        Some("root") => "TTPs/Privilege Escalation",
        _ if UPKEEP_FINDINGS.contains(&finding.detection.as_str()) => {
            "Software and Configuration Checks/Logging"
        }
        // Long sessions, and what only lineage shows.
        _ => "Unusual Behaviors/User",
    };
    format!("{category}/{}", finding.detection)
}

/// Who really did what, in a few sentences; what does not fit stands in the product's fields.
pub(super) fn description(finding: &FindingV1) -> String {
    let mut parts = vec![format!("{}.", finding.title.trim_end_matches('.'))];
    if let Some(root) = &finding.root {
        parts.push(format!("Root: {root}."));
    }
    parts.push(format!("Subject: {}.", finding.subject));
    if finding.path.len() > 1 {
        parts.push(format!("Path: {}.", finding.path.join(" > ")));
    }
    if !finding.networks.is_empty() {
        parts.push(format!("Networks: {}.", finding.networks.join(", ")));
    }
    parts.push(format!("From {} to {}.", finding.first_at, finding.last_at));
    parts.join(" ")
}

pub(super) fn recommendation(finding: &FindingV1) -> String {
    let who = plain(finding.root.as_ref().unwrap_or(&finding.subject));
    format!(
        "Run `rolecall lineage {}` for everything above and below it, and `rolecall explain {}` for when \
         this is harmless. ProductFields has the evidence, and an SQL query that shows more.",
        word(&cut(&who, 200)),
        plain(&finding.detection)
    )
}

/// What the format has no place for: names and texts, the detection's own columns last.
pub(super) fn product_fields(finding: &FindingV1) -> Map<String, Value> {
    let list = |items: &[String]| items.join(" ");
    let own = [
        ("fingerprint", finding.fingerprint.clone()),
        ("detection", finding.detection.clone()),
        ("family", finding.family.clone().unwrap_or_default()),
        ("attack", list(&finding.attack)),
        ("subject", finding.subject.clone()),
        ("root", finding.root.clone().unwrap_or_default()),
        ("path", finding.path.join(" > ")),
        ("accounts", list(&finding.accounts)),
        ("networks", list(&finding.networks)),
        ("count", finding.count.to_string()),
        ("event_ids", list(&finding.event_ids)),
        ("more", finding.more.clone().unwrap_or_default()),
        ("window", finding.window.join(" ")),
        ("why", finding.why.clone().unwrap_or_default()),
        ("harmless", finding.harmless.clone().unwrap_or_default()),
        ("suppressed", finding.suppressed.clone().unwrap_or_default()),
        ("dry_run", finding.dry_run.to_string()),
        ("cut", finding.cut.join(" ")),
    ];
    let own = own.into_iter().map(|(name, text)| (format!("rolecall/{name}"), text));
    let columns = finding.evidence.as_object().into_iter().flatten();
    let columns = columns
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| (format!("rolecall/evidence/{name}"), shown(value)));
    own.chain(columns)
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(name, text)| (fitted(&name, FIELD_NAME), json!(fitted(&text, FIELD_TEXT))))
        .take(FIELDS)
        .collect()
}

/// The text in one line and within a limit; a text without anything to see is a dash, for the format
/// refuses empty ones.
pub(super) fn fitted(text: &str, most: usize) -> String {
    let text = cut(&plain(text), most);
    if text.trim().is_empty() { "-".to_owned() } else { text }
}
