//! Clocks that are wrong: that of a function, of whoever wrote a record, of S3. Nothing is lost, and
//! nobody is told of a negative delay.

use rolecall_tests::proxy::{Fault, Rule};
use rolecall_tests::runtime_api::Answer;
use rolecall_tests::trails::{Caller, account, call};
use serde_json::json;

use crate::messages::of_keys;
use crate::topic::Topic;
use crate::world::{World, today};

fn rule(method: &'static str, path: &str, fault: Fault) -> Rule {
    Rule { method, path: path.into(), skip: 0, times: 1, fault }
}

/// S3 refuses a request that was signed more than a quarter of an hour before or after its own time.
#[test]
fn a_function_whose_clock_is_wrong_hands_back_what_s3_refuses() {
    let mut world = World::new("skewed", 4);
    let skewed = || Fault::Refuse(403, "RequestTimeTooSkewed");
    let ingest = world.ingest();
    world.proxy.rule(rule("HEAD", &world.keys[0], skewed()));
    world.proxy.rule(rule("GET", &world.keys[1], skewed()));
    assert_eq!(ingest.back(of_keys(&world, &world.keys)), ["m0", "m1"]);
    assert!(ingest.log().contains("RequestTimeTooSkewed"), "it says why: {}", ingest.log());
    for table in ["event", "usage", "object"] {
        let records = [call(
            &format!("skewed-{table}"),
            40_000,
            &Caller::Root(account(7)),
            "signin.amazonaws.com",
            "ConsoleLogin",
        )];
        world.add(today(), &format!("skewed-{table}"), &records);
        world.proxy.rule(rule("PUT", &format!("/tables/{table}/_delta_log/"), skewed()));
        // The whole batch failed, and the queue delivers all of it again.
        let answer = ingest.call(of_keys(&world, &world.keys));
        assert!(matches!(answer, Answer::Error(_)), "{table}: {answer:?}");
    }
    assert_eq!(ingest.back(of_keys(&world, &world.keys)), [""; 0]);
    assert_eq!(world.proxy.happened(), [1; 5]);
    world.is_whole();
}

#[test]
fn what_comes_from_tomorrow_is_kept_and_hides_nothing() {
    let mut world = World::new("tomorrow", 2);
    let tomorrow = today().plus(1);
    let mut early =
        call("early", 0, &Caller::Root(account(8)), "ec2.amazonaws.com", "RunInstances");
    early["eventTime"] = format!("{tomorrow}T12:00:00Z").into();
    world.add(tomorrow, "early", &[early]);
    let stamp = "Fri, 01 Jan 2100 00:00:00 GMT".to_owned();
    for method in ["HEAD", "GET"] {
        let path = world.keys[0].clone();
        world.proxy.rule(rule(method, &path, Fault::Tell("Last-Modified", stamp.clone())));
    }
    let ingest = world.ingest();
    assert_eq!(ingest.back(of_keys(&world, &world.keys[..1])), [""; 0]);
    assert_eq!(world.proxy.happened(), [1, 1]);
    assert_eq!(ingest.back(of_keys(&world, &world.keys[2..])), [""; 0]);
    assert_eq!(ingest.metric("LagSeconds"), Some(0.0), "{}", ingest.log());
    let topic = Topic::new(&world);
    let detect = topic.detect(&world);
    assert!(matches!(detect.call(json!({})), Answer::Response(_)), "{}", detect.log());
    let first = topic.heard();

    // What happened before, and comes after, is asked about as well.
    let late = call("late", 50_000, &Caller::Root(account(9)), "ec2.amazonaws.com", "RunInstances");
    world.add(tomorrow, "late", &[late]);
    let Answer::Response(did) = ingest.call(json!({"rolecall": "catch-up"})) else {
        panic!("{}", ingest.log())
    };
    assert_eq!(did["objects"], 2, "the one of today and the one of tomorrow: {did}");
    assert!(ingest.metric("LagSeconds") >= Some(0.0), "{}", ingest.log());
    assert!(matches!(detect.call(json!({})), Answer::Response(_)), "{}", detect.log());
    let of = |heard: &std::collections::BTreeMap<String, Vec<serde_json::Value>>, account: &str| {
        let subject = format!("arn:aws:iam::{account}:root");
        heard.values().flatten().filter(|found| found["subject"] == subject.as_str()).count()
    };
    assert_eq!(of(&topic.heard(), &account(9)), 1, "{}", detect.log());
    assert_eq!(of(&first, &account(8)), 1, "{first:?}");
    world.is_whole();
}
