//! The sessions, keys and events that findings name, so that they can be asked for.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::material::Finding;

/// More are not asked for; a finding names more events than keys and sessions.
const MOST: usize = 500;
const MOST_EVENTS: usize = 5_000;

/// What findings name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Ids of sessions, in order.
    pub sessions: Vec<String>,
    /// Ids of keys, in the order in which findings name them.
    pub credentials: Vec<String>,
    /// Ids of events, in the order in which findings name them.
    pub events: Vec<String>,
}

/// What the evidence of findings names: sessions by the columns that end in `session_id`, keys by their shape
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>).
pub fn named(findings: &[Finding]) -> Named {
    let mut sessions = BTreeSet::new();
    let mut credentials: Vec<String> = Vec::new();
    let mut events: Vec<String> = Vec::new();
    let mut met = BTreeSet::new();
    for finding in findings {
        for word in finding.event_ids.iter().flat_map(|ids| ids.split_whitespace()) {
            if met.insert(word.to_owned()) {
                events.push(word.to_owned());
            }
        }
        let Ok(Value::Object(evidence)) = serde_json::from_str::<Value>(&finding.evidence) else {
            continue;
        };
        for (name, value) in &evidence {
            let Some(text) = value.as_str() else { continue };
            if name.ends_with("session_id") {
                sessions.extend(text.split_whitespace().map(str::to_owned));
            }
            for word in text.split_whitespace().filter(|word| is_key(word)) {
                if met.insert(word.to_owned()) {
                    credentials.push(word.to_owned());
                }
            }
        }
    }
    credentials.truncate(MOST);
    events.truncate(MOST_EVENTS);
    Named { sessions: sessions.into_iter().take(MOST).collect(), credentials, events }
}

fn is_key(word: &str) -> bool {
    let is_one = word.starts_with("AKIA") || word.starts_with("ASIA");
    is_one
        && (16..=128).contains(&word.len())
        && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_findings_name_is_found() {
        let finding = |evidence: &str| Finding {
            evidence: evidence.into(),
            event_ids: Some("e2 e1".into()),
            ..Finding::default()
        };
        let findings = [
            finding(r#"{"session_id":"b a","credential":"AKIATHPL2AOHGP7SJTEY","calls":3}"#),
            finding(
                r#"{"root_session_id":"c","keys":"ASIAYCWNRBDRVEVO3WRY AKIATHPL2AOHGP7SJTEY ASIA"}"#,
            ),
            finding("no JSON"),
        ];
        assert_eq!(
            named(&findings),
            Named {
                sessions: ["a", "b", "c"].map(str::to_owned).into(),
                credentials: ["AKIATHPL2AOHGP7SJTEY", "ASIAYCWNRBDRVEVO3WRY"]
                    .map(str::to_owned)
                    .into(),
                events: ["e2", "e1"].map(str::to_owned).into(),
            }
        );
    }
}
