//! Rows of a detection become findings.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rolecall_model::{Confidence, Finding, Severity, Time, Window, hash};
use serde_json::{Map, Value};

/// What all findings of one run have in common.
pub(crate) struct Common<'a> {
    pub(crate) detection: &'a str,
    pub(crate) title: &'a str,
    pub(crate) severity: Severity,
    /// The severity of all findings, whatever a row says.
    pub(crate) said: Option<Severity>,
    pub(crate) confidence: Confidence,
    /// The columns whose values make a finding the same as another.
    pub(crate) fingerprint: &'a [String],
    pub(crate) window: Window,
    pub(crate) found_at: Time,
    pub(crate) dry_run: bool,
}

/// The subject of a finding whose records name nobody. One odd record must not stop all detections.
const UNNAMED: &str = "unknown";

/// One row of an answer.
type Row = Map<String, Value>;

/// The findings, by first instant and then fingerprint. Rows with the same fingerprint are one.
pub(crate) fn findings(rows: Vec<Row>, common: &Common) -> Vec<Finding> {
    let mut found: BTreeMap<String, Finding> = BTreeMap::new();
    for row in rows {
        let finding = finding(row, common);
        match found.entry(finding.fingerprint.clone()) {
            Entry::Vacant(place) => drop(place.insert(finding)),
            Entry::Occupied(mut known) => merge(known.get_mut(), finding),
        }
    }
    let mut findings: Vec<Finding> = found.into_values().collect();
    findings.sort_by_key(|finding| finding.first_at);
    findings
}

/// What cannot be read as what it should be stays in the evidence: one odd row must not stop all
/// detections. [`wrong`] tells whoever writes the detection.
fn finding(mut row: Row, common: &Common) -> Finding {
    let parts = common.fingerprint.iter().map(|column| row.get(column).and_then(text));
    let parts: Vec<String> = parts.map(Option::unwrap_or_default).collect();
    let fingerprint =
        hash::name([common.detection].into_iter().chain(parts.iter().map(String::as_str)));

    let severity = taken(&mut row, "severity", |word| word.parse::<Severity>().ok());
    let first_at = taken(&mut row, "first_at", |text| text.parse().ok());
    let first_at = first_at.unwrap_or(common.window.from);
    let last_at = taken(&mut row, "last_at", |text| text.parse().ok()).unwrap_or(first_at);
    let count = taken(&mut row, "count", |text| text.parse().ok()).unwrap_or(1);
    let mut take = |column: &str| row.shift_remove(column).as_ref().and_then(text);
    Finding {
        fingerprint,
        detection: common.detection.to_owned(),
        title: common.title.to_owned(),
        severity: common.said.or(severity).unwrap_or(common.severity).to_string(),
        confidence: common.confidence.to_string(),
        subject: take("subject").unwrap_or_else(|| UNNAMED.to_owned()),
        root: take("root"),
        path: take("path"),
        accounts: take("accounts"),
        networks: take("networks"),
        first_at,
        last_at,
        count,
        event_ids: take("event_ids"),
        more: take("more"),
        evidence: Value::Object(row).to_string(),
        window_from: common.window.from,
        window_until: common.window.until,
        found_at: common.found_at,
        suppressed: None,
        dry_run: common.dry_run,
    }
}

/// Takes a value out of a row if it can be read, or is nothing.
fn taken<T>(row: &mut Row, column: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
    let found = text(row.get(column)?);
    let value = found.as_deref().and_then(read);
    if value.is_some() || found.is_none() {
        row.shift_remove(column);
    }
    value
}

/// Everything that keeps a row from being the finding that it is meant to be.
pub(crate) fn wrong(row: &Row) -> Vec<String> {
    let instant = |column| instant(row.get(column).and_then(text), column).err();
    let severity = row.get("severity").and_then(text).map(|word| word.parse::<Severity>());
    let severity = severity.and_then(Result::err).map(|why| format!("its `severity`: {why}"));
    let count = row.get("count").and_then(text).map(|count| count.parse::<i64>());
    let count = count.and_then(Result::err).map(|_| "its `count` is no number".to_owned());
    [instant("first_at"), instant("last_at"), severity, count].into_iter().flatten().collect()
}

/// The texts are those of the earlier row; what lists something, lists what is in either.
fn merge(known: &mut Finding, mut other: Finding) {
    if other.first_at < known.first_at {
        std::mem::swap(known, &mut other);
    }
    known.last_at = known.last_at.max(other.last_at);
    known.count += other.count;
    let severity = |finding: &Finding| finding.severity.parse::<Severity>().ok();
    if severity(&other) > severity(known) {
        known.severity = other.severity;
    }
    known.accounts = union(known.accounts.take(), other.accounts);
    known.networks = union(known.networks.take(), other.networks);
    known.event_ids = union(known.event_ids.take(), other.event_ids);
}

fn union(known: Option<String>, other: Option<String>) -> Option<String> {
    let (Some(known), Some(other)) = (&known, &other) else { return known.or(other) };
    let mut words: Vec<&str> = known.split(' ').collect();
    for word in other.split(' ') {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    Some(words.join(" "))
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

fn instant(text: Option<String>, column: &str) -> Result<Time, String> {
    let text = text.ok_or_else(|| format!("its `{column}` is NULL"))?;
    text.parse().map_err(|_| format!("its `{column}` is no instant"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn found(rows: Value) -> Vec<Finding> {
        let rows: Vec<Row> = serde_json::from_value(rows).unwrap();
        let common = Common {
            detection: "new-door",
            title: "A door opens",
            severity: Severity::Medium,
            said: None,
            confidence: Confidence::High,
            fingerprint: &["subject".to_owned(), "door".to_owned()],
            window: Window { from: Time(0), until: Time(9) },
            found_at: Time(10),
            dry_run: false,
        };
        findings(rows, &common)
    }

    #[test]
    fn columns_find_their_place_and_the_rest_is_evidence() {
        let row = json!({
            "subject": "ann", "first_at": "2026-03-10T12:00:00Z",
            "last_at": "2026-03-10T12:00:00Z", "severity": "high", "count": 3,
            "door": "b", "ajar": true, "accounts": "1 2", "none": null,
        });
        let found = found(json!([row]));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].evidence, r#"{"door":"b","ajar":true,"none":null}"#);
        assert_eq!((found[0].severity.as_str(), found[0].count), ("high", 3));
        assert_eq!(found[0].first_at, found[0].last_at);
        assert_eq!(found[0].fingerprint, hash::name(["new-door", "ann", "b"]));
    }

    #[test]
    fn the_same_fingerprint_is_one_finding() {
        let row = |at: &str, door: &str, accounts: &str| {
            json!({
                "subject": "ann", "first_at": at, "last_at": at, "door": door, "accounts": accounts,
            })
        };
        let found = found(json!([
            row("2026-03-10T12:00:00Z", "b", "1 2"),
            row("2026-03-10T11:00:00Z", "b", "2 3"),
            row("2026-03-10T10:00:00Z", "c", "4"),
        ]));
        let seen: Vec<_> = found.iter().map(|f| (f.accounts.as_deref(), f.count)).collect();
        assert_eq!(seen, [(Some("4"), 1), (Some("2 3 1"), 2)]);
        assert_eq!(found[1].last_at.to_string(), "2026-03-10T12:00:00Z");
        assert_eq!(found[1].first_at.to_string(), "2026-03-10T11:00:00Z");
    }

    #[test]
    fn a_finding_about_nobody_is_told() {
        let at = "2026-03-10T12:00:00Z";
        let found = found(json!([{"subject": null, "first_at": at, "last_at": at, "door": "b"}]));
        assert_eq!(found[0].subject, "unknown");
    }

    #[test]
    fn what_cannot_be_read_is_evidence_and_stops_nothing() {
        const DAY: &str = "2026-03-10";
        let day: Time = DAY.parse().unwrap();
        for (row, [first_at, last_at], evidence, part) in [
            (json!({"first_at": DAY, "last_at": null}), [day, day], "{}", "`last_at` is NULL"),
            (
                json!({"first_at": "soon", "last_at": DAY}),
                [Time(0), day],
                r#"{"first_at":"soon"}"#,
                "`first_at` is no instant",
            ),
            (
                json!({"first_at": DAY, "last_at": DAY, "count": "many"}),
                [day, day],
                r#"{"count":"many"}"#,
                "`count` is no number",
            ),
        ] {
            let found = found(json!([row]));
            assert_eq!((found[0].first_at, found[0].last_at), (first_at, last_at), "{row}");
            assert_eq!((found[0].evidence.as_str(), found[0].count), (evidence, 1));
            let row: Row = serde_json::from_value(row).unwrap();
            assert!(wrong(&row).iter().any(|why| why.contains(part)), "{:?}", wrong(&row));
        }
    }

    #[test]
    fn an_unknown_severity_is_evidence_and_the_declared_one_counts() {
        const DAY: &str = "2026-03-10";
        let row = json!({"subject": "a", "first_at": DAY, "last_at": DAY, "severity": "urgent"});
        let found = found(json!([row]));
        assert_eq!(found[0].severity, "medium");
        assert_eq!(found[0].evidence, r#"{"severity":"urgent"}"#);
        let row: Row = serde_json::from_value(row).unwrap();
        assert!(wrong(&row).concat().contains("urgent"), "{:?}", wrong(&row));
    }
}
