//! PagerDuty: Events API v2, one alert for each fingerprint.
//!
//! <https://developer.pagerduty.com/docs/send-alert-event>: `dedup_key` up to 255 characters, `summary`
//! up to 1024, an event up to 512 KB.

use serde_json::{Map, Value, json};

use super::facts::{facts, headline};
use crate::FindingV1;
use crate::text::{cut, plain};

/// Characters of the summary, and of each detail.
const SUMMARY: usize = 1024;
const DETAIL: usize = 2000;

/// The event without its `routing_key`, which is a secret and comes in when it is sent.
pub fn pagerduty(finding: &FindingV1) -> Value {
    let safe = |text: &str, most: usize| cut(&plain(text), most);
    let details: Map<String, Value> = facts(finding)
        .into_iter()
        .map(|fact| (fact.name.to_owned(), Value::String(safe(&fact.text, DETAIL))))
        .collect();
    json!({
        "event_action": "trigger",
        "dedup_key": safe(&finding.fingerprint, 255),
        "client": "rolecall",
        "payload": {
            "summary": safe(&format!("{}: {}", headline(finding), finding.subject), SUMMARY),
            "source": safe(finding.accounts.first().unwrap_or(&finding.subject), 255),
            "severity": severity(&finding.severity),
            "timestamp": safe(&finding.last_at, 64),
            "group": finding.family.as_deref().map(|family| safe(family, 255)),
            "class": safe(&finding.detection, 255),
            "custom_details": details,
        },
    })
}

/// PagerDuty's words: critical, error, warning, info.
fn severity(word: &str) -> &'static str {
    match word {
        "critical" => "critical",
        "high" => "error",
        "medium" => "warning",
        _ => "info",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::finding;

    #[test]
    fn the_fingerprint_is_the_incident() {
        let event = pagerduty(&finding());
        assert_eq!(event["dedup_key"], "00112233445566aa");
        assert_eq!(event["event_action"], "trigger");
        assert_eq!(event["payload"]["severity"], "error");
        assert_eq!(event["payload"]["source"], "333333333333");
        assert_eq!(
            event["payload"]["custom_details"]["root"],
            "arn:aws:iam::111111111111:user/ana"
        );
        assert!(event.get("routing_key").is_none());
    }

    #[test]
    fn severities_have_their_words() {
        let words = ["critical", "high", "medium", "low"].map(severity);
        assert_eq!(words, ["critical", "error", "warning", "info"]);
    }

    #[test]
    fn lengths_are_those_that_pagerduty_takes() {
        let mut long = finding();
        long.subject = "s".repeat(600_000);
        long.evidence = json!({"a": "e".repeat(600_000)});
        long.fingerprint = "f".repeat(999);
        let event = pagerduty(&long);
        let length = |value: &Value| value.as_str().unwrap().chars().count();
        assert!(length(&event["dedup_key"]) <= 255);
        assert!(length(&event["payload"]["summary"]) <= 1024);
        assert!(event.to_string().len() < 512_000);
    }
}
