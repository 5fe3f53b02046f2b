//! The real logs go in: every object accounted for, every session that can be linked linked.

use std::collections::HashMap;
use std::path::Path;

use rolecall_model::{Object, Rejected, Session};
use rolecall_pipeline::trace;
use rolecall_tests::lakes::{open, rows, take_in};
use rolecall_tests::shared;
use serde_json::Value;
use tokio::runtime::Runtime;

fn lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_object_is_accounted_for() {
    let Some(data) = shared::data() else {
        return shared::say_absent("every_object_is_accounted_for");
    };
    let folder = tempfile::tempdir().unwrap();
    Runtime::new().unwrap().block_on(async {
        let mut lake = open(folder.path()).await;
        take_in(&mut lake, &data).await;
        let objects: HashMap<String, Object> = rows::<Object>(&lake)
            .await
            .into_iter()
            .map(|object| (object.key.clone(), object))
            .collect();
        for object in objects.values() {
            assert_eq!(
                object.records,
                object.kept + object.passed_over + object.rejected,
                "{}",
                object.key
            );
        }
        let (mut counted, mut stubs) = (0, 0);
        for label in lines(&data.join("labels.jsonl")) {
            let (file, events) = (label["file"].as_str().unwrap(), &label["events"]);
            if label["scope"] == "folder" || file.starts_with("odd/") || !events.is_number() {
                continue;
            }
            let key = data.canonicalize().unwrap().join(file);
            let object = &objects[key.to_str().unwrap()];
            let events = events.as_i64().unwrap();
            if events == 0 && object.records == 1 {
                stubs += 1; // Hand-written records without a version, which the labels do not count.
            } else {
                assert_eq!(object.records, events, "{file}: {object:?}");
            }
            counted += object.records;
        }
        assert_eq!((counted, stubs), (4880 + stubs, 6), "the manifest names 4880 events");

        // Whoever reads this should agree with each reason.
        let mut reasons: HashMap<String, usize> = HashMap::new();
        for rejected in rows::<Rejected>(&lake).await {
            assert!(!rejected.reason.is_empty());
            *reasons.entry(rejected.reason).or_default() += 1;
        }
        println!("{reasons:#?}");
    });
}

#[test]
fn every_linkable_session_is_one_row_linked_as_labelled() {
    let Some(data) = shared::data() else { return shared::say_absent("every_linkable_session") };
    let labels = lines(&data.join("linkable_sessions.jsonl"));
    let mut sources: Vec<&str> =
        labels.iter().map(|label| label["source"].as_str().unwrap()).collect();
    sources.sort_unstable();
    sources.dedup();
    for source in sources {
        let folder = tempfile::tempdir().unwrap();
        let sessions = Runtime::new().unwrap().block_on(async {
            let mut lake = open(folder.path()).await;
            take_in(&mut lake, &data.join(source)).await;
            trace(&mut lake, &|_| ()).await.unwrap();
            rows::<Session>(&lake).await
        });
        for label in labels.iter().filter(|label| label["source"] == source) {
            check(label, &sessions);
        }
    }
}

/// The session whose issuance has the labelled event must say how its uses were tied.
fn check(label: &Value, sessions: &[Session]) {
    let id = label["issue_event_id"].as_str().unwrap();
    let has = |session: &&Session| {
        session
            .issue_event_ids
            .as_deref()
            .is_some_and(|ids| ids.split(' ').any(|found| found == id))
    };
    let found: Vec<&Session> = sessions.iter().filter(has).collect();
    assert_eq!(found.len(), 1, "{id} is the issuance of {} sessions", found.len());
    let session = found[0];
    let by_key = label["tie"].as_str().unwrap().starts_with("accessKey");
    let siblings = label["sibling_sessions_same_arn_same_second"].as_i64().unwrap();
    let expected = match (by_key, siblings) {
        (true, _) => "key",
        (false, 1) => "name and time",
        (false, _) => "ambiguous",
    };
    assert_eq!(session.use_link.as_deref(), Some(expected), "{label:#}\n{session:#?}");
    if expected == "ambiguous" {
        assert!(session.siblings.is_some(), "{id} does not name its siblings");
    }
    assert_eq!(
        session.depth > 0,
        session.parent_session_id.is_some() || session.parent_candidates.is_some()
    );
}
