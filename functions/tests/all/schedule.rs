//! What a schedule starts: tracing and detecting, with the findings that the steps by themselves find.

use std::time::Duration;

use rolecall_model::Finding;
use rolecall_pipeline::{Config, Span, detect, trace};
use rolecall_query::{Limits, bundled, load};
use rolecall_tests::lakes::{lake_of, open, rows};
use rolecall_tests::runtime_api::Answer;

use crate::lambda::Lambda;
use crate::world::World;

#[test]
fn detect_finds_what_the_steps_find() {
    let world = World::new("detect", 8);
    let trail = world.folder.path().join("trail");
    let (expected, folder) =
        (world.folder.path().join("expected"), world.folder.path().join("lake"));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let fingerprints = |mut findings: Vec<Finding>| {
        findings.sort_by(|a, b| a.fingerprint.cmp(&b.fingerprint));
        findings.into_iter().map(|finding| finding.fingerprint).collect::<Vec<_>>()
    };
    let expected = runtime.block_on(async {
        let mut lake = lake_of(&expected, &[&trail]).await;
        trace(&mut lake, &|_| ()).await.unwrap();
        let config = Config::read(None).await.unwrap();
        let detections = load(&bundled()).await.unwrap();
        let now = rolecall_tests::lakes::NOW;
        let span = Span::default();
        detect(&mut lake, &detections, &config.known, span, Limits::default(), now, &|_| ())
            .await
            .unwrap();
        let mut untraced = open(&folder).await;
        rolecall_tests::lakes::take_in(&mut untraced, &trail).await;
        fingerprints(rows::<Finding>(&lake).await)
    });
    assert!(!expected.is_empty());

    let mut settings = world.settings_of_folder();
    settings.push(("ROLECALL_TOPIC_ARN", "arn:aws:sns:us-east-1:000000000000:findings".into()));
    let function = Lambda::start("detect", &settings);
    // Whoever does not come to an end is seen, and the next goes on from there.
    let answer = function.call_within(serde_json::json!({}), Duration::from_millis(400));
    let Answer::Error(error) = answer else { panic!("{answer:?}\n{}", function.log()) };
    assert!(error.to_string().contains("the time was up"), "{error}");
    for _ in 0..2 {
        let answer = function.call(serde_json::json!({}));
        let Answer::Response(did) = answer else { panic!("{answer:?}\n{}", function.log()) };
        assert_eq!(did["finished"], true, "{did}");
    }
    let found = runtime.block_on(async { rows::<Finding>(&open(&folder).await).await });
    assert_eq!(fingerprints(found), expected);
}
