//! What functions say: one error for all settings, one line for each event, and no secret.

use rolecall_tests::proxy::{Fault, Rule};
use rolecall_tests::runtime_api::Answer;
use serde_json::{Value, json};

use crate::lambda::Lambda;
use crate::messages::{batch, of_keys, s3, s3_whole};
use crate::world::World;

#[test]
fn bad_settings_are_one_error_that_lists_them() {
    let settings = [
        ("ROLECALL_LAKE", "https://planted.example.com/path".to_owned()),
        ("ROLECALL_TRAIL", "planted".to_owned()),
        ("ROLECALL_LOG", "loud".to_owned()),
        ("ROLECALL_POLL_ACCOUNTS", "own,planted".to_owned()),
        ("ROLECALL_RETENTION_DAYS", "planted".to_owned()),
    ];
    let names: Vec<&str> = settings.iter().map(|(name, _)| *name).collect();
    for (function, missing) in [
        ("ingest", None),
        ("poll", None),
        ("detect", Some("ROLECALL_TOPIC_ARN")),
        ("upkeep", None),
        ("notify", Some("ROLECALL_CHANNELS_SECRET")),
    ] {
        let lambda = Lambda::start(function, &settings);
        let Answer::InitError(error) = lambda.api.answer() else { panic!("{}", lambda.log()) };
        let why = error["errorMessage"].as_str().unwrap().to_owned();
        let (status, log) = lambda.wait();
        assert!(!status.success());
        for name in names.iter().copied().chain(missing) {
            assert!(why.contains(name) && log.contains(name), "{function}, {name}: {why}\n{log}");
        }
        let all = names.len() + usize::from(missing.is_some());
        assert!(why.contains(&format!("{all} of the settings")), "{function}: {why}");
        assert_eq!(log.lines().count(), 1, "{function}: {log}");
        assert!(!why.contains("planted"), "{function}: {why}");
    }
}

#[test]
fn an_event_of_another_kind_is_an_error_that_says_what_is_expected() {
    let world = World::new("other", 0);
    let ingest = world.ingest();
    for event in [json!({"source": "aws.events"}), json!([]), json!({"Records": [{"body": "{}"}]})]
    {
        let Answer::Error(error) = ingest.call(event) else { panic!("{}", ingest.log()) };
        let why = error["errorMessage"].as_str().unwrap();
        assert!(why.contains("SQS") && why.contains("catch-up"), "{why}");
    }
    let Answer::Error(error) = ingest.call(json!({"rolecall": "catch-up", "from": "soon"})) else {
        panic!("{}", ingest.log())
    };
    assert!(error["errorMessage"].as_str().unwrap().contains("2026-03-10"), "{error}");
}

#[test]
fn a_refusal_that_repeats_the_request_is_not_repeated() {
    let world = World::new("refusal", 2);
    let ingest = world.ingest();
    for method in ["GET", "HEAD"] {
        let (path, times) = (world.keys[0].clone(), 99);
        world.proxy.rule(Rule { method, path, skip: 0, times, fault: Fault::RefuseWithEcho });
    }
    let both = [
        ("get".to_owned(), s3_whole(&world, &world.keys[0])),
        ("head".to_owned(), s3(&world, &world.keys[0])),
        ("good".to_owned(), s3(&world, &world.keys[1])),
    ];
    assert_eq!(ingest.back(batch(both)), ["get", "head"]);
    world.proxy.rule(Rule {
        method: "GET",
        path: "_delta_log".into(),
        skip: 0,
        times: 99,
        fault: Fault::RefuseWithEcho,
    });
    let cold = world.ingest();
    let Answer::Error(error) = cold.call(of_keys(&world, &world.keys)) else {
        panic!("{}", cold.log())
    };
    for (text, log) in [(ingest.log(), ingest.kill()), (error.to_string(), cold.kill())] {
        assert!(!text.contains("planted") && !text.contains("Credential="), "{text}");
        assert!(log.contains("SignatureDoesNotMatch") || log.contains("403"), "{log}");
    }
}

#[test]
fn every_event_is_a_line_with_its_request_its_counts_and_its_time() {
    let world = World::new("lines", 2);
    let ingest = world.ingest();
    ingest.back(of_keys(&world, &world.keys));
    let lines: Vec<Value> =
        ingest.kill().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    // Once, when the databases of networks are loaded.
    assert!(lines[0].to_string().contains("no database of networks"), "{lines:?}");
    let (line, metrics) = (&lines[1], &lines[2]);
    assert_eq!((&line["requestId"], &line["function"]), (&json!("request-1"), &json!("ingest")));
    assert_eq!((&line["records"], &line["coldStart"]), (&json!(6), &json!(true)));
    assert!(line["durationMs"].is_u64(), "{line}");
    let told = &metrics["_aws"]["CloudWatchMetrics"][0];
    assert_eq!((&told["Namespace"], &metrics["Function"]), (&json!("Rolecall"), &json!("ingest")));
    for name in
        ["Records", "Objects", "Rejected", "Failed", "LagSeconds", "CommitsRetried", "DurationMs"]
    {
        assert!(metrics[name].is_number(), "{name}: {metrics}");
    }
    assert!(metrics["LagSeconds"].as_f64() < Some(86_400.0 + 60.0), "{metrics}");
}
