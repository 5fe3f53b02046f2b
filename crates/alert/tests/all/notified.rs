//! What the function that is subscribed to the topic does with its records.

use std::time::Duration;

use rolecall_alert::{Channel, Courier, Outcome, Retry, notify};

use crate::receiver::{Receiver, status};
use crate::{NOW, finding};

fn courier() -> Courier {
    let retry = Retry { attempts: 2, base: Duration::from_millis(10), ..Retry::default() };
    Courier::new(retry, Duration::from_secs(2))
}

fn channel(receiver: &Receiver, name: &str, minimum: &str) -> Channel {
    let json = serde_json::json!({
        "kind": "webhook", "name": name, "minimum": minimum, "url": receiver.url("/"),
        "allow_private": true,
    });
    Channel::read(&json.to_string()).unwrap().remove(0)
}

#[tokio::test]
async fn every_record_has_an_outcome_at_every_channel() {
    let (good, broken) =
        (Receiver::start(Vec::new()), Receiver::start((0..9).map(|_| status(500)).collect()));
    let channels = [
        channel(&good, "good", "low"),
        channel(&broken, "broken", "low"),
        channel(&good, "quiet", "critical"),
    ];
    let mut unknown = serde_json::to_value(finding("f9")).unwrap();
    unknown["schema"] = "finding.v2".into();
    let records = [
        finding("f1").to_json(),
        "{\"token\": \"S3CRET\"".to_owned(),
        finding("f2").to_json(),
        unknown.to_string(),
        r#"{"schema": "finding.v1", "fingerprint": "S3CRET"}"#.to_owned(),
    ];
    let told = notify(&courier(), &records, &channels, NOW, Duration::from_secs(20)).await;
    let shown: Vec<(usize, Option<&str>, bool)> = told
        .iter()
        .map(|told| (told.record, told.channel.as_deref(), told.outcome.is_settled()))
        .collect();
    assert_eq!(
        shown,
        [
            (0, Some("good"), true),
            (0, Some("broken"), false),
            (0, Some("quiet"), true),
            (1, None, false),
            (2, Some("good"), true),
            (2, Some("broken"), false),
            (2, Some("quiet"), true),
            (3, None, false),
            (4, None, false),
        ]
    );
    assert!(matches!(told[1].outcome, Outcome::Later(_)));
    assert_eq!(told[2].outcome, Outcome::PassedOver);
    assert!(told[7].outcome.why().unwrap().contains("newer"), "{told:?}");
    assert!(!format!("{told:?}").contains("S3CRET"), "a body is not repeated");
    let fingerprints: Vec<String> = good
        .requests()
        .iter()
        .map(|request| serde_json::from_str::<serde_json::Value>(&request.body).unwrap())
        .map(|body| body["fingerprint"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(fingerprints, ["f1", "f2"], "in their order, and each once");
}

#[tokio::test]
async fn a_deadline_holds_for_all_of_it() {
    let broken = Receiver::start((0..99).map(|_| status(500)).collect());
    let courier = Courier::new(
        Retry { attempts: 99, base: Duration::from_millis(50), ..Retry::default() },
        Duration::from_secs(1),
    );
    let records: Vec<String> = (0..5).map(|at| finding(&format!("f{at}")).to_json()).collect();
    let channels = [channel(&broken, "broken", "low")];
    let started = std::time::Instant::now();
    let within = Duration::from_millis(700);
    let told = notify(&courier, &records, &channels, NOW, within).await;
    assert!(started.elapsed() < Duration::from_secs(5));
    assert_eq!(told.len(), 5);
    assert!(told.iter().all(|told| matches!(told.outcome, Outcome::Later(_))), "{told:?}");
}
