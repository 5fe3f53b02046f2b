//! When the evidence was that labels name without saying when.

use std::collections::{HashMap, HashSet};

use rolecall_model::{Time, Usage, hash};

use crate::Label;

/// The columns of `usage` that [`times_in_usage`] reads.
pub const USAGE_COLUMNS: [&str; 6] =
    ["recipient_account_id", "event_source", "event_name", "first_at", "last_at", "event_hashes"];

/// The events whose times tell when attacks began whose labels do not.
pub fn undated<'a>(labels: impl IntoIterator<Item = &'a Label>) -> HashSet<String> {
    let undated = labels
        .into_iter()
        .filter(|label| label.is_attack() && label.first_evidence(&HashMap::new()).is_none());
    undated.flat_map(|label| label.evidence_event_ids.iter().cloned()).collect()
}

/// When these events were, if a row of `usage` counts them.
///
/// The row does not hold their ids but a hash of each with its time, so every second of the row is
/// tried. An event without a time of its own was at the row's first at the earliest.
pub fn times_in_usage(row: &Usage, ids: &HashSet<String>) -> Vec<(String, Time)> {
    let hashes: Vec<u64> = hash::unpack(&row.event_hashes).collect(); // They are sorted.
    if hashes.is_empty() {
        return Vec::new(); // Upkeep empties them after some days.
    }
    let account = row.recipient_account_id.as_deref().unwrap_or_default();
    // An hour has no more seconds, whatever the row says.
    let seconds = (row.first_at.seconds()..=row.last_at.seconds()).take(3600);
    let mut tried: Vec<(Time, String)> =
        seconds.map(Time::from_seconds).map(|at| (at, at.to_string())).collect();
    tried.push((row.first_at, String::new()));
    let when = |id: &String| {
        let counts = |at: &str| {
            let parts = [account, id, at, &row.event_source, &row.event_name];
            hashes.binary_search(&hash::of(parts.map(str::as_bytes))).is_ok()
        };
        let found = tried.iter().find(|(_, text)| counts(text));
        found.map(|(at, _)| (id.clone(), *at))
    };
    ids.iter().filter_map(when).collect()
}

#[cfg(test)]
mod tests {
    use rolecall_cloudtrail::{Batch, Limits, ObjectKind, ObjectRef, Reader};

    use super::*;

    /// The rows of `usage` that records make, as ingestion stores them.
    fn usage(records: &str) -> Vec<Usage> {
        let object = ObjectRef { key: "k", etag: "", kind: ObjectKind::Log, read_at: Time(0) };
        let mut batch = Batch::default();
        Reader::new(Limits::default()).read(&object, records.as_bytes(), &mut batch);
        let groups = batch.uses.into_groups().map(|group| {
            let times = || group.events.iter().map(|(_, at)| *at);
            Usage {
                first_at: times().min().unwrap(),
                last_at: times().max().unwrap(),
                event_hashes: hash::pack(group.events.iter().map(|(hash, _)| *hash).collect()),
                ..*group.row
            }
        });
        groups.collect()
    }

    fn record(id: &str, time: &str) -> String {
        format!(
            r#"{{"eventVersion":"1.08","userIdentity":{{"type":"IAMUser","accountId":"111111111111",
            "arn":"arn:aws:iam::111111111111:user/ann","accessKeyId":"AKIAEXAMPLE"}},{time}
            "eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"eu-west-1",
            "sourceIPAddress":"198.51.100.7","userAgent":"x","eventID":"{id}",
            "eventType":"AwsApiCall","recipientAccountId":"111111111111"}}"#
        )
    }

    #[test]
    fn only_attacks_that_do_not_say_when_ask_for_times() {
        let label = |verdict: &str, at: Option<&str>, id: &str| Label {
            verdict: verdict.into(),
            first_evidence_at: at.map(str::to_owned),
            evidence_event_ids: vec![id.into()],
            ..Label::default()
        };
        let labels = [
            label("attack", None, "a"),
            label("attack", Some("2026-03-10T10:00:00Z"), "b"),
            label("benign", None, "c"),
        ];
        assert_eq!(undated(&labels), HashSet::from(["a".to_owned()]));
    }

    #[test]
    fn calls_that_are_only_counted_have_their_second() {
        let at = |second: &str| format!(r#""eventTime":"2026-03-10T10:00:{second}Z","#);
        let records = [record("e1", &at("05")), record("e2", &at("30")), record("e3", &at("59"))];
        let rows = usage(&format!(r#"{{"Records":[{}]}}"#, records.join(",")));
        assert_eq!(rows.len(), 1);
        let ids = HashSet::from(["e2".to_owned(), "elsewhere".to_owned()]);
        let when = "2026-03-10T10:00:30Z".parse().unwrap();
        assert_eq!(times_in_usage(&rows[0], &ids), [("e2".to_owned(), when)]);
        let emptied = Usage { event_hashes: Vec::new(), ..rows[0].clone() };
        assert!(times_in_usage(&emptied, &ids).is_empty());
    }

    #[test]
    fn calls_without_a_time_of_their_own_are_as_early_as_can_be() {
        let record = record("e1", r#""@timestamp":"2026-03-10T10:00:30Z","#);
        let rows = usage(&format!(r#"{{"Records":[{record}]}}"#));
        let found = times_in_usage(&rows[0], &HashSet::from(["e1".to_owned()]));
        assert_eq!(found, [("e1".to_owned(), "2026-03-10T10:00:30Z".parse().unwrap())]);
    }
}
