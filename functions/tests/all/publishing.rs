//! `detect` is killed around its publishing, and in the end the topic has heard all that an undisturbed
//! run tells, each repeat as it was.

use std::collections::BTreeMap;
use std::time::Duration;

use rolecall_model::Finding;
use rolecall_tests::lakes::{open, rows};
use rolecall_tests::proxy::{Fault, Rule};
use rolecall_tests::runtime_api::Answer;
use rolecall_tests::trails::{Caller, call};
use serde_json::{Value, json};

use crate::lambda::Lambda;
use crate::messages::of_keys;
use crate::topic::{Topic, timeless};
use crate::world::{World, today};

/// More than a batch of SNS takes: it is published in two requests.
const FINDINGS: usize = 12;

/// A lake that was ingested, in which the root users of some accounts were at work.
fn world(name: &str) -> (World, Topic) {
    let mut world = World::new(name, 0);
    let roots: Vec<Value> = (0..FINDINGS as u32)
        .map(|n| {
            let root = Caller::Root(format!("{:012}", 500 + n));
            call(&format!("r{n}"), 36_000 + n, &root, "ec2.amazonaws.com", "DescribeInstances")
        })
        .collect();
    world.add(today(), "roots", &roots);
    assert_eq!(world.ingest().back(of_keys(&world, &world.keys)), [""; 0]);
    let topic = Topic::new(&world);
    (world, topic)
}

/// What a run published.
fn published(function: &Lambda) -> u64 {
    let answer = function.call(json!({}));
    let Answer::Response(did) = answer else { panic!("{answer:?}\n{}", function.log()) };
    did["findingsPublished"].as_u64().unwrap()
}

/// Makes what somebody killed had claimed be over, as when minutes have passed.
fn pass_time(world: &World) {
    let version = world.commits()["finding"];
    let entry = json!({"txn": {"appId": "alert:topic:until", "version": 1}});
    let path = format!("/{}/tables/finding/_delta_log/{version:020}.json", world.bucket());
    world.s3.put(&path, entry.to_string().as_bytes());
}

/// The first requests that publish, and the commits of findings: in each run one of the window, one that
/// claims the channel, and one that notes what was published.
fn rule(method: &'static str, skip: usize, fault: Fault) -> Rule {
    let path = if method == "PUT" { "/tables/finding/_delta_log/" } else { "/" };
    Rule { method, path: path.into(), skip, times: 1, fault }
}

#[test]
fn whoever_is_killed_while_it_publishes_has_told_all_in_the_end() {
    let (calm, quiet) = world("calm");
    assert_eq!(published(&quiet.detect(&calm)), FINDINGS as u64);
    let expected = timeless(&quiet.heard());
    assert_eq!(expected.len(), FINDINGS);

    let (world, topic) = world("disturbed");
    let mut heard = BTreeMap::<String, Vec<Value>>::new();
    // Before anything is published, between two requests, and before it is noted that all was.
    for (method, skip, arrived) in [("POST", 0, 0), ("POST", 1, 10), ("PUT", 2, FINDINGS)] {
        pass_time(&world);
        world.proxy.rule(rule(method, skip, Fault::Hold));
        let function = topic.detect(&world);
        function.api.event(json!({}), Duration::from_secs(60));
        world.proxy.wait();
        function.kill();
        let copy = tempfile::tempdir().unwrap();
        world.s3.download(&world.bucket(), "tables", copy.path());
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let stored = runtime.block_on(async { rows::<Finding>(&open(copy.path()).await).await });
        assert!(stored.len() >= FINDINGS, "they were stored before anything was published");
        let more = topic.heard();
        assert_eq!(more.values().map(Vec::len).sum::<usize>(), arrived, "{method} {skip}");
        more.into_iter().for_each(|(id, found)| heard.entry(id).or_default().extend(found));
    }
    let function = topic.detect(&world);
    assert_eq!(published(&function), 0, "whoever was killed may still be publishing");
    assert!(function.log().contains("another run publishes"), "{}", function.log());
    pass_time(&world);
    assert_eq!(published(&function), FINDINGS as u64);
    assert_eq!(published(&function), 0, "what was told is not told again");
    let last = topic.heard();
    assert_eq!(timeless(&last), expected);
    for (id, earlier) in heard {
        assert!(earlier.iter().all(|found| *found == last[&id][0]), "{id}: {earlier:?}");
    }
}

#[test]
fn a_lost_answer_to_a_commit_stops_no_publishing() {
    // The claim, and the note of what was published.
    for (name, skip) in [("lost-claim", 1), ("lost-note", 2)] {
        let (world, topic) = world(name);
        world.proxy.rule(rule("PUT", skip, Fault::LoseAnswer));
        let function = topic.detect(&world);
        assert_eq!(published(&function), FINDINGS as u64, "{name}: {}", function.log());
        world.proxy.wait();
        assert_eq!(published(&function), 0, "{name}");
        assert!(!function.log().contains("another run publishes"), "{}", function.log());
        let heard = topic.heard();
        assert!(heard.len() == FINDINGS && heard.values().all(|found| found.len() == 1), "{name}");
    }
}

#[test]
fn what_sns_refuses_is_published_by_the_next_run() {
    let (world, topic) = world("refused");
    // What was signed by a clock that is wrong has expired, or is not valid yet.
    world.proxy.rule(rule("POST", 0, Fault::Refuse(403, "RequestExpired")));
    let function = topic.detect(&world);
    let answer = function.call(json!({}));
    let Answer::Error(error) = answer else { panic!("{answer:?}\n{}", function.log()) };
    assert!(error.to_string().contains("findings wait in the lake"), "{error}");
    assert_eq!(published(&function), FINDINGS as u64, "{}", function.log());
    let heard = topic.heard();
    assert!(heard.len() == FINDINGS && heard.values().all(|found| found.len() == 1), "{heard:?}");
}
