//! A finding as a Detection Finding of the Open Cybersecurity Schema Framework (class 2004).
//!
//! Source of the form: <https://schema.ocsf.io/1.4.0/classes/detection_finding?profiles=cloud>. Only attributes are
//! used that every release from 1.4.0 to 1.8.0 has.

mod shown;
mod who;

use rolecall_model::{Confidence, Severity, Time};
use serde_json::{Map, Value, json};

use crate::error::Checked;
use crate::named::Named;
use crate::seen::seen;
use crate::{FindingV1, Unfit};
use shown::{evidences, observables};
use who::{about_account, account, resources};

/// The release that events name in `metadata.version`: the oldest one in which they are valid.
pub const OCSF_VERSION: &str = "1.4.0";

/// The class, and its activity Create: a finding is told once, and never updated or closed.
const CLASS: u64 = 2004;
const CREATE: u64 = 1;

/// A text has at most 65535 characters; a finding that is shorter than this has none that is longer.
const LONGEST: usize = 60_000;

/// Events, endpoints and resources that are named.
const ITEMS: usize = 50;

/// The finding as one event: a JSON object.
///
/// # Errors
///
/// An instant or the severity is no such thing, which only findings from elsewhere can have.
pub fn ocsf(finding: &FindingV1) -> Result<Value, Unfit> {
    let Checked { severity, first_at, last_at, found_at } = Checked::of(finding)?;
    let finding = &finding.fitted(LONGEST);
    let seen = seen(finding);
    let (severity_id, severity) = match severity {
        Severity::Low => (2, "Low"),
        Severity::Medium => (3, "Medium"),
        Severity::High => (4, "High"),
        Severity::Critical => (5, "Critical"),
    };
    let (confidence_id, confidence) = match finding.confidence.parse() {
        Ok(Confidence::Low) => (1, "Low"),
        Ok(Confidence::Medium) => (2, "Medium"),
        Ok(Confidence::High) => (3, "High"),
        Err(_) => (99, finding.confidence.as_str()),
    };
    let is_suppressed = finding.suppressed.is_some();
    let (status_id, status) = if is_suppressed { (3, "Suppressed") } else { (1, "New") };
    Ok(pruned(json!({
        "activity_id": CREATE,
        "activity_name": "Create",
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": CLASS,
        "class_name": "Detection Finding",
        "type_uid": CLASS * 100 + CREATE,
        "type_name": "Detection Finding: Create",
        "time": milliseconds(found_at),
        "start_time": milliseconds(first_at),
        "end_time": milliseconds(last_at),
        "severity_id": severity_id,
        "severity": severity,
        "confidence_id": confidence_id,
        "confidence": confidence,
        "status_id": status_id,
        "status": status,
        "status_detail": finding.suppressed,
        "is_alert": !is_suppressed && !finding.dry_run,
        "count": finding.count,
        "message": finding.title,
        "cloud": {
            "provider": "AWS",
            "account": about_account(finding).map(account),
            "cloud_partition": Named::new(&finding.subject).partition,
        },
        "metadata": metadata(finding),
        "finding_info": finding_info(finding, first_at, last_at, found_at),
        "resources": resources(finding),
        "evidences": evidences(finding, &seen),
        "observables": observables(finding, &seen),
        "unmapped": unmapped(finding),
    })))
}

fn metadata(finding: &FindingV1) -> Value {
    json!({
        "version": OCSF_VERSION,
        "profiles": ["cloud"],
        "uid": finding.id(),
        "correlation_uid": finding.fingerprint,
        "event_code": finding.detection,
        "log_provider": "AWS CloudTrail",
        "product": {
            "name": "rolecall",
            "vendor_name": "rolecall",
            "version": env!("CARGO_PKG_VERSION"),
        },
    })
}

fn finding_info(finding: &FindingV1, first_at: Time, last_at: Time, found_at: Time) -> Value {
    let events = finding.event_ids.iter().take(ITEMS).map(|id| {
        json!({
            "uid": id,
            "type": "CloudTrail event",
            "product": {"name": "CloudTrail", "vendor_name": "AWS"},
        })
    });
    json!({
        "uid": finding.id(),
        "title": finding.title,
        "desc": finding.why,
        "types": finding.family.iter().collect::<Vec<_>>(),
        "created_time": milliseconds(found_at),
        "first_seen_time": milliseconds(first_at),
        "last_seen_time": milliseconds(last_at),
        "data_sources": ["AWS CloudTrail"],
        "analytic": {"type_id": 1, "type": "Rule", "uid": finding.detection, "name": finding.title},
        "attacks": finding.attack.iter().map(|id| attack(id)).collect::<Vec<_>>(),
        "related_events": events.collect::<Vec<_>>(),
        "related_events_count": finding.event_ids.len(),
    })
}

/// `T1078.004` is a sub-technique of `T1078`.
fn attack(id: &str) -> Value {
    let page = |id: &str| format!("https://attack.mitre.org/techniques/{}/", id.replace('.', "/"));
    match id.split_once('.') {
        Some((technique, _)) => json!({
            "technique": {"uid": technique, "src_url": page(technique)},
            "sub_technique": {"uid": id, "src_url": page(id)},
        }),
        None => json!({"technique": {"uid": id, "src_url": page(id)}}),
    }
}

/// What the class has no place for, under the names of `finding.v1`.
fn unmapped(finding: &FindingV1) -> Value {
    json!({
        "schema": finding.schema,
        "subject": finding.subject,
        "root": finding.root,
        "path": finding.path,
        "accounts": finding.accounts,
        "networks": finding.networks,
        "window": finding.window,
        "more": finding.more,
        "harmless": finding.harmless,
        "dry_run": finding.dry_run,
        "cut": finding.cut,
    })
}

fn milliseconds(time: Time) -> i64 {
    time.0.div_euclid(1000)
}

/// The value without what is not known: attributes without a value are left away in OCSF.
fn pruned(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(
                fields
                    .map(|(name, value)| {
                        // The columns of the detection are its own, and NULL among them is an answer.
                        let value = if name == "data" { value } else { pruned(value) };
                        (name, value)
                    })
                    .filter(|(_, value)| !is_empty(value))
                    .collect::<Map<_, _>>(),
            )
        }
        Value::Array(items) => Value::Array(items.into_iter().map(pruned).collect()),
        other => other,
    }
}

fn is_empty(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(Map::is_empty)
}

#[cfg(test)]
mod tests;
