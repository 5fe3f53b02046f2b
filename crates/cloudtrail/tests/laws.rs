//! What must hold for any objects.

mod common;

use common::{assume_role, counts, gzip, read, read_with, record, records};
use proptest::prelude::*;
use rolecall_cloudtrail::{Batch, Limits, Outcome};
use serde_json::{Value, json};

/// Records of many kinds: relevant or not, kept, passed over or unusable.
fn any_record() -> impl Strategy<Value = Value> {
    let text = "[a-z\"\\\\/{}\\[\\]:,é\u{202f} ]{0,12}";
    let extra = prop_oneof![
        Just(json!({})),
        Just(json!({"eventSource": "sts.amazonaws.com", "eventName": "GetCallerIdentity"})),
        Just(assume_role()),
        Just(json!({"eventTime": "never"})),
        Just(json!({"eventName": null})),
        Just(json!({"eventType": "AwsCloudTrailInsight"})),
        Just(
            json!({"userIdentity": "me", "sourceIPAddress": {"ip": 1}, "requestParameters": "null"})
        ),
    ];
    (extra, text, "[a-z\"é]{1,12}", 0..3u8).prop_map(|(extra, agent, id, hour)| {
        let mut all = record(extra);
        all["userAgent"] = agent.into();
        all["eventID"] = id.into();
        all["additionalEventData"]["note"] = json!([{"deep": [1, null, "}\"]"]}]);
        if all["eventTime"] != "never" {
            all["eventTime"] = format!("2026-03-10T1{hour}:00:00Z").into();
        }
        all
    })
}

fn rows(bytes: &[u8]) -> (Vec<String>, Vec<String>) {
    let (_, batch) = read(bytes);
    sorted(batch)
}

/// Everything in a batch but the places where things were.
fn sorted(batch: Batch) -> (Vec<String>, Vec<String>) {
    let mut rest: Vec<String> = batch.events.iter().map(|event| format!("{event:?}")).collect();
    rest.extend(batch.rejected.iter().map(|row| row.reason.clone()));
    rest.sort();
    (rest, counts(batch))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn any_bytes_are_accounted_for(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        read(&bytes);
        read(&[b"{\"Records\":[".as_slice(), &bytes].concat());
    }

    #[test]
    fn damage_is_accounted_for(all in prop::collection::vec(any_record(), 1..4), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = records(&all);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        read(&bytes);
        bytes.truncate(at);
        prop_assert_eq!(read(&bytes).0.outcome, Outcome::Refused);
    }

    #[test]
    fn wrapping_does_not_matter(all in prop::collection::vec(any_record(), 1..6)) {
        let wrapped = rows(&records(&all));
        let lines: String = all.iter().map(|r| format!("{r}\n")).collect();
        prop_assert_eq!(&rows(lines.as_bytes()), &wrapped);
        prop_assert_eq!(&rows(json!(all).to_string().as_bytes()), &wrapped);
        let pretty = serde_json::to_string_pretty(&json!({"a": {"b": []}, "Records": all, "z": 1})).unwrap();
        prop_assert_eq!(&rows(pretty.as_bytes()), &wrapped);
        prop_assert_eq!(&rows(&gzip(&records(&all))), &wrapped);
        let marked = [b"\xef\xbb\xbf".as_slice(), &records(&all)].concat();
        prop_assert_eq!(&rows(&marked), &wrapped);
        let lookups: Vec<Value> = all.iter().map(|r| json!({"EventId": "x", "CloudTrailEvent": r.to_string()})).collect();
        prop_assert_eq!(&rows(json!({"Events": lookups}).to_string().as_bytes()), &wrapped);
        let members: Vec<u8> = all.iter().flat_map(|r| gzip(format!("{r}\n").as_bytes())).collect();
        prop_assert_eq!(&rows(&members), &wrapped);
    }

    #[test]
    fn order_does_not_matter(all in prop::collection::vec(any_record(), 1..6)) {
        let backwards: Vec<Value> = all.iter().rev().cloned().collect();
        prop_assert_eq!(rows(&records(&all)), rows(&records(&backwards)));
    }

    #[test]
    fn one_batch_or_many_absorbed_are_the_same(a in prop::collection::vec(any_record(), 1..5), b in prop::collection::vec(any_record(), 1..5)) {
        let together: Vec<Value> = a.iter().chain(&b).cloned().collect();
        let (_, mut first) = read(&records(&a));
        let (_, second) = read(&records(&b));
        first.uses.absorb(second.uses);
        prop_assert_eq!(counts(first), counts(read(&records(&together)).1));
    }

    #[test]
    fn small_limits_change_nothing_but_what_they_forbid(all in prop::collection::vec(any_record(), 1..5), limit in 100usize..1500, buffered in 0usize..4000, chunk in 1usize..3000) {
        let limits = Limits { record: limit, buffered, chunk, ..Limits::default() };
        let (plain, _) = read_with(limits, &records(&all));
        let (packed, _) = read_with(limits, &gzip(&records(&all)));
        prop_assert_eq!(&plain, &packed);
        prop_assert_eq!(plain.records, all.len() as i64);
    }

    #[test]
    fn a_refused_object_leaves_no_trace(all in prop::collection::vec(any_record(), 2..5)) {
        let mut packed = gzip(&records(&all));
        packed.truncate(packed.len() - 1);
        let (_, mut batch) = read(&packed);
        prop_assert_eq!((batch.events.len(), batch.uses.len(), batch.uses.groups(), batch.rejected.len()), (0, 0, 0, 1));
        // And it can be used on as if nothing had been.
        let mut reader = rolecall_cloudtrail::Reader::new(Limits::default());
        batch.rejected.clear();
        reader.read(&common::OBJECT, &packed, &mut batch);
        reader.read(&common::OBJECT, &records(&all), &mut batch);
        batch.rejected.retain(|row| row.record.is_some());
        prop_assert_eq!(sorted(batch), rows(&records(&all)));
    }
}
