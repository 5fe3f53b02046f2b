//! Clocks that are wrong: that of a function, of whoever wrote a record, of S3. Nothing is lost, and
//! no delay is told that is less than none.

use std::collections::BTreeSet;

use rolecall_model::Day;
use rolecall_tests::proxy::{Fault, Rule};
use rolecall_tests::runtime_api::Answer;
use rolecall_tests::trails::{Caller, account, call};
use serde_json::{Value, json};

use crate::messages::of_keys;
use crate::topic::Topic;
use crate::world::{World, today};

fn rule(method: &'static str, path: &str, fault: Fault) -> Rule {
    Rule { method, path: path.into(), skip: 0, times: 1, fault }
}

/// A call of an account's root user at noon: an event, a use, and a finding.
fn root(digit: u8, day: Day) -> [Value; 1] {
    let root = Caller::Root(account(digit));
    let mut record = call(&format!("r{digit}"), 0, &root, "sts.amazonaws.com", "GetCallerIdentity");
    record["eventTime"] = format!("{day}T12:00:00Z").into();
    [record]
}

/// S3 refuses what was signed more than a quarter of an hour before or after its own time.
#[test]
fn a_function_whose_clock_is_wrong_hands_back_what_s3_refuses() {
    let mut world = World::new("skewed", 4);
    let skewed = || Fault::Refuse(403, "RequestTimeTooSkewed");
    let ingest = world.ingest();
    world.proxy.rule(rule("HEAD", &world.keys[0], skewed()));
    world.proxy.rule(rule("GET", &world.keys[1], skewed()));
    assert_eq!(ingest.back(of_keys(&world, &world.keys)), ["m0", "m1"]);
    assert!(ingest.log().contains("RequestTimeTooSkewed"), "it says why: {}", ingest.log());
    for (digit, table) in [(7, "event"), (8, "usage"), (9, "object")] {
        world.add(today(), table, &root(digit, today()));
        world.proxy.rule(rule("PUT", &format!("/tables/{table}/_delta_log/"), skewed()));
        // All of the batch failed, and the queue delivers it again.
        let answer = ingest.call(of_keys(&world, &world.keys));
        assert!(matches!(answer, Answer::Error(_)), "{table}: {answer:?}");
    }
    assert_eq!(ingest.back(of_keys(&world, &world.keys)), [""; 0]);
    assert_eq!(world.proxy.happened(), [1; 5]);
    world.is_whole();
}

#[test]
fn what_is_from_tomorrow_is_kept_and_hides_nothing() {
    let mut world = World::new("tomorrow", 0);
    let (yesterday, tomorrow) = (today().plus(-1), today().plus(1));
    world.add(today(), "plain", &root(7, yesterday));
    world.add(tomorrow, "early", &root(8, tomorrow));
    for method in ["HEAD", "GET"] {
        let stamp = "Fri, 01 Jan 2100 00:00:00 GMT".to_owned();
        world.proxy.rule(rule(method, &world.keys[0], Fault::Tell("Last-Modified", stamp)));
    }
    let ingest = world.ingest();
    assert_eq!(ingest.back(of_keys(&world, &world.keys[..1])), [""; 0]);
    assert_eq!(world.proxy.happened(), [1, 1]);
    assert_eq!(ingest.back(of_keys(&world, &world.keys[1..])), [""; 0]);
    assert_eq!(ingest.metric("LagSeconds"), Some(0.0), "{}", ingest.log());
    let topic = Topic::new(&world);
    let detect = topic.detect(&world);
    // The accounts whose root users the topic hears of.
    let told = || {
        let answer = detect.call(json!({}));
        assert!(matches!(answer, Answer::Response(_)), "{answer:?}\n{}", detect.log());
        let heard = topic.heard().into_values().flatten();
        heard.map(|finding| finding["subject"].to_string()).collect::<BTreeSet<_>>()
    };
    let roots = |digits: &[u8]| -> BTreeSet<String> {
        digits.iter().map(|n| format!("\"arn:aws:iam::{}:root\"", account(*n))).collect()
    };
    assert_eq!(told(), roots(&[7, 8]));

    // What happened before, and comes after, is asked about as well; a listing goes beyond today.
    world.add(tomorrow, "late", &root(9, yesterday));
    let Answer::Response(did) = ingest.call(json!({"rolecall": "catch-up"})) else {
        panic!("{}", ingest.log())
    };
    assert_eq!(did["objects"], 1, "{did}");
    assert_eq!(ingest.metric("LagSeconds"), Some(0.0), "{}", ingest.log());
    assert_eq!(told(), roots(&[9]));
    world.is_whole();
}
