//! What holds for every trail, whatever its plan.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Read as _;
use std::sync::OnceLock;

use rolecall_cloudtrail::{Batch, Limits, ObjectKind, ObjectRef, Reader};
use rolecall_model::{Event, Time};
use rolecall_simulate::{Attack, File, Label, Plan, files, labels, support_files};

/// A small organisation's eighteen days with every attack.
fn plan() -> Plan {
    Plan { accounts: 9, days: 18, events_per_day: 4000, ..Plan::default() }.with_all_attacks()
}

/// Its files, made once.
fn all() -> &'static [File] {
    static FILES: OnceLock<Vec<File>> = OnceLock::new();
    FILES.get_or_init(|| files(&plan()).collect())
}

/// Reads files as an ingest would: the events, and how many records there were.
fn read(files: &[File]) -> (Vec<Event>, usize) {
    let (mut reader, mut batch) = (Reader::new(Limits::default()), Batch::default());
    let mut records = 0;
    for file in files {
        let kind = ObjectKind::Log;
        let object = ObjectRef { key: &file.key, etag: "e", kind, read_at: Time(0) };
        let reading = reader.read(&object, &file.bytes, &mut batch);
        assert_eq!(reading.records, file.records as i64, "{}", file.key);
        records += reading.records as usize;
        let lost = reading.passed_over + reading.rejected;
        // Identity Center's service events are the only ones that are no call.
        assert!(reading.rejected == 0, "{}: {lost} {:?}", file.key, batch.rejected.last());
    }
    (batch.events.into_iter().map(|(_, event)| *event).collect(), records)
}

fn text(file: &File) -> String {
    let mut text = String::new();
    let read = flate2::read::GzDecoder::new(&file.bytes[..]).read_to_string(&mut text);
    assert!(read.is_ok(), "{}", file.key);
    text
}

#[test]
fn the_same_plan_gives_the_same_bytes_and_another_seed_others() {
    let short = Plan { days: 2, baseline_days: 0, ..plan() };
    let one: Vec<File> = files(&short).collect();
    let same: Vec<File> = files(&short).collect();
    assert!(one == same);
    let other: Vec<File> = files(&Plan { seed: 2, ..short }).collect();
    let keys: HashSet<&str> = one.iter().map(|file| file.key.as_str()).collect();
    assert!(other.iter().all(|file| !keys.contains(file.key.as_str())));
}

#[test]
fn every_record_is_read_and_files_come_in_the_order_of_their_delivery() {
    let all = all();
    let (events, records) = read(all);
    assert_eq!(records, all.iter().map(|file| file.records).sum::<usize>());
    let stamps: Vec<&str> = all.iter().map(|file| file.key.rsplit('_').nth(1).unwrap()).collect();
    assert!(stamps.windows(2).all(|pair| pair[0] <= pair[1]));
    let names: HashSet<&str> = all.iter().map(|file| file.key.as_str()).collect();
    assert_eq!(names.len(), all.len());
    for event in &events {
        let stamp = event.object_key.rsplit('_').nth(1).unwrap();
        let when = event.event_time.to_string().replace(['-', ':'], "");
        assert!(when[..13] <= stamp[..13], "{} in {}", event.event_time, event.object_key);
    }
    ids_are_unique(all);
    copies_share_their_ids(&events);
    keys_are_unique(&events);
    evidence_exists(all);
}

/// An account and an event id belong to one record, however often it is delivered.
fn ids_are_unique(all: &[File]) {
    let mut records: HashMap<(String, String), u64> = HashMap::new();
    let mut delivered = 0;
    for file in all {
        let text = text(file);
        for record in text.split(r#"{"eventVersion""#).skip(1) {
            let after = |name: &str, length| {
                let at = record.rfind(name).map(|at| at + name.len());
                at.map_or(String::new(), |at| record[at..at + length].to_owned())
            };
            let id = (after(r#""recipientAccountId":""#, 12), after(r#""eventID":""#, 36));
            let mut hasher = DefaultHasher::new();
            record.trim_end_matches(['}', ']', ',']).hash(&mut hasher);
            let hash = hasher.finish();
            assert_eq!(*records.entry(id).or_insert(hash), hash, "{record}");
            delivered += 1;
        }
    }
    let twice = delivered - records.len();
    assert!(twice > 0 && twice < delivered / 50, "{twice} of {delivered} came twice");
}

/// Of a role taken in another account there are two records: two event ids, one of everything else.
fn copies_share_their_ids(events: &[Event]) {
    let mut calls: HashMap<&str, Vec<&Event>> = HashMap::new();
    for event in events.iter().filter(|event| event.event_name == "AssumeRole" && event.succeeded) {
        if let Some(shared) = &event.shared_event_id {
            calls.entry(shared).or_default().push(event);
        }
    }
    let mut pairs = 0;
    for copies in calls.values() {
        let accounts: HashSet<_> = copies.iter().map(|copy| &copy.recipient_account_id).collect();
        let ids: HashSet<_> = copies.iter().map(|copy| &copy.event_id).collect();
        let same: HashSet<_> = copies
            .iter()
            .map(|copy| {
                (&copy.request_id, &copy.issued_access_key_id, copy.event_time, &copy.role_arn)
            })
            .collect();
        assert_eq!((accounts.len(), same.len()), (ids.len(), 1), "{copies:?}");
        assert!(accounts.len() <= 2);
        pairs += usize::from(accounts.len() == 2);
    }
    assert!(pairs > 400, "{pairs}");
}

fn keys_are_unique(events: &[Event]) {
    let mut owners: HashMap<&str, (&str, Time)> = HashMap::new();
    for event in events.iter().filter(|event| event.event_source == "sts.amazonaws.com") {
        if let Some(key) = &event.issued_access_key_id {
            let of = (event.request_id.as_deref().unwrap_or(""), event.event_time);
            // EC2 hands out several in one request, so the time and the request may be the same.
            assert_eq!(*owners.entry(key).or_insert(of), of, "{key}");
        }
    }
    assert!(owners.len() > 3000, "{}", owners.len());
}

fn evidence_exists(all: &[File]) {
    let told = labels(&plan());
    let mut wanted: HashSet<&str> =
        told.iter().flat_map(|label| &label.evidence_event_ids).map(String::as_str).collect();
    assert!(wanted.len() > 300);
    for file in all {
        let text = text(file);
        for id in text.split(r#""eventID":""#).skip(1) {
            wanted.remove(&id[..36]);
        }
    }
    assert!(wanted.is_empty(), "{} ids of evidence are in no file", wanted.len());
}

#[test]
fn labels_are_the_same_with_and_without_the_files() {
    let plan = plan();
    let mut trail = files(&plan);
    trail.by_ref().for_each(drop);
    let told: Vec<Label> = trail.into_labels();
    assert!(told == labels(&plan));
    let ids: HashSet<&str> = told.iter().map(|label| label.attack.as_str()).collect();
    for attack in Attack::ALL {
        assert!(ids.contains(attack.id), "{} is not told", attack.id);
    }
    for label in &told {
        let first = plan.first_day.plus(14).start();
        assert!(label.first_evidence_at >= first && label.first_evidence_at <= label.until);
        assert!(!label.entities.is_empty() && label.detections[0] == label.attack, "{label:?}");
        assert!(label.to_json().starts_with(r#"{"scenario":"#));
    }
}

#[test]
fn attacks_change_nothing_else() {
    let without = Plan { attacks: Vec::new(), ..plan() };
    let without: Vec<File> = files(&without).collect();
    let ids = |files: &[File]| -> HashSet<String> {
        let texts = files.iter().map(text);
        texts
            .flat_map(|text| {
                let ids = text.split(r#""eventID":""#).skip(1).map(|rest| rest[..36].to_owned());
                ids.collect::<Vec<_>>()
            })
            .collect()
    };
    let (with, without) = (ids(all()), ids(&without));
    assert_eq!(without.difference(&with).count(), 0, "of {}", without.len());
    assert!(with.len() > without.len());
}

#[test]
fn there_are_as_many_records_as_planned() {
    for events_per_day in [3000, 9000] {
        let plan = Plan { days: 7, events_per_day, ..Plan::default() };
        let records: usize = files(&plan).map(|file| file.records).sum();
        let off = records as f64 / (7.0 * events_per_day as f64) - 1.0;
        assert!(off.abs() < 0.05, "{events_per_day}: {off}");
    }
}

#[test]
fn what_belongs_to_a_trail_is_there() {
    let files: HashMap<String, String> = support_files(&plan()).into_iter().collect();
    assert!(files["networks.csv"].starts_with("start,end,asn,operator,country\n198.51.100.0,"));
    assert!(files["ip-ranges.json"].contains(r#""ip_prefix": "192.0.2.0/24""#));
    assert!(files["tor-exits.txt"].ends_with("198.19.128.0/20\n"));
    assert!(files["rolecall.toml"].contains("[organization]\nid = \"o-exampleorg1\""));
}
