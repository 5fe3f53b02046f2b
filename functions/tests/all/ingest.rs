//! Batches of messages become rows, each once, and messages come back for their own faults alone.

use rolecall_model::Rejected;
use rolecall_tests::lakes::{open, rows};

use crate::lambda::Lambda;
use crate::messages::{batch, cloudtrail, digest, eventbridge, of_keys, s3, sns};
use crate::world::{World, key, today};

#[test]
fn a_batch_of_all_kinds_becomes_rows_and_faults_come_back_alone() {
    let world = World::new("kinds", 6);
    let keys = &world.keys;
    let messages = |reversed: bool| {
        let mut messages = vec![
            ("straight".to_owned(), s3(&world, &keys[0])),
            ("sns".to_owned(), sns(&s3(&world, &keys[1]))),
            ("eventbridge".to_owned(), eventbridge(&world, &keys[2])),
            ("sns-eventbridge".to_owned(), sns(&eventbridge(&world, &keys[3]))),
            ("cloudtrail".to_owned(), sns(&cloudtrail(&world, &keys[4..6]))),
            ("test".to_owned(), "{\"Event\":\"s3:TestEvent\"}".to_owned()),
            ("digest".to_owned(), s3(&world, &digest(1))),
            ("malformed".to_owned(), "{\"Records\":".to_owned()),
            ("missing".to_owned(), s3(&world, &key(today(), "gone"))),
        ];
        if reversed {
            messages.reverse();
        }
        batch(messages)
    };
    let folder = world.folder.path().join("lake");
    let ingest = Lambda::start("ingest", &world.settings_of_folder());
    assert_eq!(ingest.back(messages(false)), ["malformed", "missing"]);
    assert_eq!(ingest.metric("Objects"), Some(6.0));
    assert_eq!(ingest.metric("Records"), Some(18.0));
    assert_eq!(ingest.metric("Failed"), Some(2.0));
    world.is_whole_in(&folder);
    // Again to the function that is warm, and to a new one, in another order.
    assert_eq!(ingest.back(messages(true)), ["malformed", "missing"]);
    assert_eq!(ingest.metric("Objects"), Some(0.0));
    let log = ingest.kill();
    assert!(log.contains("gone") && log.contains("no JSON") && log.contains("request-2"), "{log}");
    let cold = Lambda::start("ingest", &world.settings_of_folder());
    assert_eq!(cold.back(messages(true)), ["malformed", "missing"]);
    world.is_whole_in(&folder);
    // Upkeep tells of it, unless it comes after all.
    let lost = tokio::runtime::Runtime::new()
        .unwrap()
        .block_on(async { rows::<Rejected>(&open(&folder).await).await });
    assert_eq!(lost.len(), 1, "each time it is the same");
    assert!(lost[0].object_key.ends_with("_gone.json.gz") && lost[0].reason.contains("it is gone"));
}

#[test]
fn a_poisoned_object_stops_no_other_of_a_hundred() {
    let mut world = World::new("poison", 99);
    let poison = key(today(), "poison");
    world.put(&poison, b"\x1f\x8b\x08\x00 not gzip");
    world.keys.insert(50, poison);
    let ingest = Lambda::start("ingest", &world.settings_of_folder());
    assert_eq!(ingest.back(of_keys(&world, &world.keys)), [""; 0]);
    assert_eq!(ingest.metric("Rejected"), Some(1.0));
    world.is_whole_in(&world.folder.path().join("lake"));
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let lake = open(&world.folder.path().join("lake")).await;
        assert_eq!(rows::<Rejected>(&lake).await.len(), 1);
    });
}

#[test]
fn digests_are_passed_over_without_a_request() {
    let world = World::new("digests", 0);
    let ingest = world.ingest();
    let queue = batch((0..60).map(|n| (format!("m{n}"), sns(&s3(&world, &digest(n))))));
    for _ in 0..5 {
        assert_eq!(ingest.back(queue.clone()), [""; 0]);
    }
    assert!(world.s3.keys("digests-lake", "").is_empty(), "there is nothing to store");
    assert!(ingest.log().contains("\"objectsPassedOver\":60"), "{}", ingest.log());
}

#[test]
fn ten_at_once_on_one_lake_store_what_one_would() {
    let world = World::new("ten", 30);
    let functions: Vec<Lambda> = (0..10).map(|_| world.ingest()).collect();
    for (n, function) in functions.iter().enumerate() {
        // Each has three objects of its own, and three of its neighbour's.
        let keys: Vec<&String> = (0..6).map(|at| &world.keys[(3 * n + at) % 30]).collect();
        function.api.event(of_keys(&world, keys), std::time::Duration::from_secs(110));
    }
    for function in &functions {
        let answer = function.api.answer();
        assert_eq!(crate::lambda::back_of(answer, || function.log()), [""; 0]);
    }
    world.is_whole();
}

#[test]
fn a_catch_up_finds_what_no_message_told_of() {
    let mut world = World::new("catch-up", 5);
    let ingest = world.ingest();
    assert_eq!(ingest.back(of_keys(&world, &world.keys[..2])), [""; 0]);
    world.put(&digest(1), b"{}");
    let old = key(today().plus(-9), "old");
    world
        .put(&old, &std::fs::read(world.folder.path().join("trail").join(&world.keys[0])).unwrap());
    let event = serde_json::json!({"rolecall": "catch-up"});
    let rolecall_tests::runtime_api::Answer::Response(did) = ingest.call(event.clone()) else {
        panic!("{}", ingest.log())
    };
    assert_eq!((&did["finished"], &did["objects"]), (&true.into(), &4.into()), "{did}");
    // It counts from the delivery of the oldest, at five past midnight nine days ago.
    let days = ingest.metric("LagSeconds").unwrap() / 86_400.0;
    assert!((8.99..11.0).contains(&days), "{days} days");
    world.keys.push(old);
    world.is_whole();
    let again = ingest.call(event);
    let rolecall_tests::runtime_api::Answer::Response(did) = again else { panic!("{again:?}") };
    assert_eq!((&did["finished"], &did["objects"]), (&true.into(), &0.into()), "{did}");
    assert_eq!(ingest.metric("LagSeconds"), None, "nothing was missed");
}

#[test]
fn a_batch_is_one_commit_of_each_table_that_it_writes() {
    let mut world = World::new("commits", 21);
    let poison = key(today(), "poison");
    world.put(&poison, b"\x1f\x8b\x08\x00 not gzip");
    world.keys.push(poison);
    let ingest = world.ingest();
    assert_eq!(ingest.back(of_keys(&world, &world.keys[..1])), [""; 0]);
    let mut expected = world.commits();
    assert_eq!(ingest.back(of_keys(&world, &world.keys)), [""; 0]);
    for table in ["event", "usage", "rejected", "object"] {
        *expected.get_mut(table).unwrap() += 1;
    }
    assert_eq!(world.commits(), expected);
    assert_eq!(ingest.back(of_keys(&world, &world.keys)), [""; 0]);
    assert_eq!(world.commits(), expected, "what is known is no commit");
    world.is_whole();
}
