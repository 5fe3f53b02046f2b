//! Alerts on their way: to receivers that misbehave, through SNS, and from SNS.

// All of this is a test, also what clippy takes for production code.
#![allow(clippy::panic, clippy::unwrap_used)]

mod delivery;
mod notified;
mod publisher;
mod python;
mod received;
mod receiver;

use rolecall_alert::FindingV1;
use rolecall_model::Time;

const NOW: Time = Time::from_seconds(1_773_230_400);

/// An ordinary finding with a fingerprint.
fn finding(fingerprint: &str) -> FindingV1 {
    let json = serde_json::json!({
        "schema": "finding.v1",
        "fingerprint": fingerprint,
        "detection": "chain-into-new-account",
        "title": "A chain of roles goes where it never went before",
        "severity": "high",
        "confidence": "medium",
        "subject": "arn:aws:sts::333333333333:assumed-role/admin/walk",
        "accounts": ["333333333333"],
        "first_at": "2026-03-10T12:00:00Z",
        "last_at": "2026-03-10T12:05:00Z",
        "count": 2,
        "window": ["2026-03-10T00:00:00Z", "2026-03-11T00:00:00Z"],
        "found_at": "2026-03-11T00:10:00Z",
        "not known yet": {"a": 1},
    });
    FindingV1::read(&json.to_string()).unwrap()
}
