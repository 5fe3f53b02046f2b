//! Twice is once: whatever the order, the names and the company in which a trail arrives, the same
//! rows result.

use std::path::Path;

use proptest::prelude::*;
use rolecall_model::{Object, Session};
use rolecall_pipeline::trace;
use rolecall_tests::lakes::{content, lake_of, open, rows, take_in};
use rolecall_tests::trails::{Caller, Held, account, assume, call, write};
use serde_json::Value;
use tokio::runtime::Runtime;

/// A chain from a user through three accounts and back, with calls of each session.
fn chain() -> Vec<Value> {
    let user = Caller::User(account(1), "ana".into(), "AKIAQAAAAAAAAAAAAAAA".into());
    let held = |digit, role: &str, key: &str, created| Held {
        account: account(digit),
        role: role.into(),
        name: "walk".into(),
        key: key.into(),
        created,
    };
    let hops = [
        held(1, "build", "ASIAAAAAAAAAAAAAAAA1", 36_000),
        held(2, "deploy", "ASIAAAAAAAAAAAAAAAA2", 36_060),
        held(3, "admin", "ASIAAAAAAAAAAAAAAAA3", 36_120),
        held(1, "build", "ASIAAAAAAAAAAAAAAAA4", 36_180),
    ];
    let mut records = vec![call("u1", 35_900, &user, "sts.amazonaws.com", "GetCallerIdentity")];
    let mut caller = user;
    for (at, hop) in hops.into_iter().enumerate() {
        records.extend(assume(&format!("a{at}"), &caller, &hop));
        caller = Caller::Session(hop.clone());
        for n in 0..3 {
            let second = hop.created + 5 + n;
            records.push(call(
                &format!("c{at}-{n}"),
                second,
                &caller,
                "s3.amazonaws.com",
                "ListBuckets",
            ));
        }
    }
    records
}

fn write_in_files(folder: &Path, records: &[Value], size: usize, prefix: &str) {
    for (at, records) in records.chunks(size).enumerate() {
        write(folder, &format!("{prefix}{at:03}"), records);
    }
}

#[test]
fn again_and_under_other_names_changes_nothing() {
    let runtime = Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (first, renamed) = (folder.path().join("first"), folder.path().join("renamed"));
    write_in_files(&first, &chain(), 4, "x");
    write_in_files(&renamed, &chain(), 7, "y");
    runtime.block_on(async {
        let once = lake_of(&folder.path().join("a"), &[&first]).await;
        let twice = lake_of(&folder.path().join("b"), &[&first, &renamed, &first]).await;
        assert_eq!(content(&once).await, content(&twice).await);
        assert!(rows::<Object>(&twice).await.len() > rows::<Object>(&once).await.len());
        let sessions = rows::<Session>(&once).await;
        assert_eq!(sessions.len(), 4);
        assert_eq!(sessions.iter().map(|s| s.depth).max(), Some(3));
        assert!(sessions.iter().any(|s| s.revisits), "the walk comes back to where it began");
    });
}

#[test]
fn two_writers_at_once_store_what_one_would() {
    let runtime = Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let trail = folder.path().join("trail");
    write_in_files(&trail, &chain(), 1, "x");
    runtime.block_on(async {
        let alone = lake_of(&folder.path().join("alone"), &[&trail]).await;
        let shared = folder.path().join("shared");
        let (mut one, mut two) = (open(&shared).await, open(&shared).await);
        let (one_trail, two_trail) = (trail.clone(), trail.clone());
        let first = tokio::spawn(async move {
            take_in(&mut one, &one_trail).await;
            trace(&mut one, &|_| ()).await.unwrap();
        });
        let second = tokio::spawn(async move {
            take_in(&mut two, &two_trail).await;
            trace(&mut two, &|_| ()).await.unwrap();
        });
        first.await.unwrap();
        second.await.unwrap();
        let mut lake = open(&shared).await;
        trace(&mut lake, &|_| ()).await.unwrap();
        assert_eq!(content(&alone).await, content(&lake).await);
    });
}

#[test]
fn every_object_adds_up() {
    let runtime = Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let trail = folder.path().join("trail");
    let mut records = chain();
    records.push(serde_json::json!({"eventName": "no time, no source"}));
    write_in_files(&trail, &records, 5, "x");
    std::fs::write(trail.join("broken.json.gz"), b"\x1f\x8b\x08\x00 not gzip").unwrap();
    runtime.block_on(async {
        let mut lake = open(&folder.path().join("lake")).await;
        let did = take_in(&mut lake, &trail).await;
        assert_eq!(did.records, records.len() as u64);
        assert_eq!(did.records, did.records_kept + did.records_passed_over + did.records_rejected);
        assert_eq!((did.records_rejected, did.refused), (1, 1));
        for object in rows::<Object>(&lake).await {
            assert_eq!(object.records, object.kept + object.passed_over + object.rejected);
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Any order, any cut into files, any files delivered twice, in one run or two.
    #[test]
    fn any_delivery_of_a_trail_is_the_same_trail(
        order in Just(chain()).prop_shuffle(),
        size in 1usize..9,
        cut in 0usize..17,
        again in proptest::collection::vec(0usize..17, 0..4),
    ) {
        let runtime = Runtime::new().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let plain = folder.path().join("plain");
        write_in_files(&plain, &chain(), 100, "x");
        let (early, late) = (folder.path().join("early"), folder.path().join("late"));
        let cut = cut.min(order.len() - 1).max(1);
        write_in_files(&early, &order[..cut], size, "e");
        let mut rest = order[cut..].to_vec();
        rest.extend(again.iter().map(|at| order[at % order.len()].clone()));
        write_in_files(&late, &rest, size, "l");
        runtime.block_on(async {
            let expected = lake_of(&folder.path().join("a"), &[&plain]).await;
            let found = lake_of(&folder.path().join("b"), &[&early, &late]).await;
            let (expected, found) = (content(&expected).await, content(&found).await);
            for (table, rows) in expected {
                assert_eq!(rows, found[table], "{table}");
            }
        });
    }
}
