//! Receivers that are busy, broken, slow, gone, moved or inside.

use std::time::{Duration, Instant};

use rolecall_alert::{Channel, Courier, FindingV1, Outcome, Retry};

use crate::receiver::{Answer, Receiver, status};
use crate::{NOW, finding};

const LONG: Duration = Duration::from_secs(20);

fn courier() -> Courier {
    let retry = Retry {
        attempts: 4,
        base: Duration::from_millis(20),
        longest: Duration::from_millis(80),
        asked: Duration::from_secs(3),
    };
    Courier::new(retry, Duration::from_millis(500))
}

fn channel(receiver: &Receiver, more: &str) -> Channel {
    let url = receiver.url("/hook/T0P-S3CRET");
    let kind = if more.contains("\"kind\"") { "" } else { r#""kind": "webhook","# };
    let json = format!(r#"{{{kind} "url": "{url}", "allow_private": true {more}}}"#);
    Channel::read(&json).unwrap().remove(0)
}

async fn deliver(receiver: &Receiver, within: Duration) -> Outcome {
    courier().deliver(&channel(receiver, ""), &finding("f1"), NOW, within).await
}

#[tokio::test]
async fn a_finding_arrives_as_it_is() {
    let receiver = Receiver::start(Vec::new());
    assert_eq!(deliver(&receiver, LONG).await, Outcome::Delivered);
    let [request] = &receiver.requests()[..] else { panic!("one request") };
    assert_eq!(FindingV1::read(&request.body).unwrap(), finding("f1"));
    assert_eq!(request.path, "/hook/T0P-S3CRET");
    assert_eq!(request.header("content-type"), "application/json");
    assert_eq!(request.header("webhook-signature"), "", "nothing is signed without a key");
}

#[tokio::test]
async fn each_kind_gets_its_own_message() {
    for (more, part) in [
        (r#", "kind": "slack""#, r#""blocks":["#),
        (r#", "kind": "teams""#, r#""type":"AdaptiveCard""#),
        (r#", "kind": "pagerduty", "routing_key": "R0UTING""#, r#""routing_key":"R0UTING""#),
    ] {
        let receiver = Receiver::start(vec![status(202)]);
        let channel = channel(&receiver, more);
        let outcome = courier().deliver(&channel, &finding("f1"), NOW, LONG).await;
        assert_eq!(outcome, Outcome::Delivered, "{more}");
        let body = &receiver.requests()[0].body;
        assert!(body.contains(part), "{body}");
    }
}

#[tokio::test]
async fn what_passes_is_tried_again_with_the_same_body_and_id() {
    let busy = Answer::Status(429, "Retry-After: 1\r\n".into(), String::new());
    let receiver = Receiver::start(vec![status(500), busy, Answer::Close]);
    let channel = channel(&receiver, r#", "secret": "a secret of more than 16 bytes""#);
    let outcome = courier().deliver(&channel, &finding("f1"), NOW, LONG).await;
    assert_eq!(outcome, Outcome::Delivered);
    let requests = receiver.requests();
    assert_eq!(requests.len(), 4);
    assert!(requests.iter().all(|request| request.body == requests[0].body));
    assert!(requests.iter().all(|request| request.header("webhook-id") == "f1-20260310000000"));
    let waited = requests[2].at.duration_since(requests[1].at);
    assert!(waited >= Duration::from_secs(1), "Retry-After was not waited for: {waited:?}");
}

#[tokio::test]
async fn what_does_not_pass_is_left_for_later() {
    let receiver = Receiver::start((0..9).map(|_| status(503)).collect());
    let outcome = deliver(&receiver, LONG).await;
    assert!(matches!(&outcome, Outcome::Later(why) if why.contains("503")), "{outcome:?}");
    assert_eq!(receiver.requests().len(), 4);

    let busy = Answer::Status(429, "Retry-After: 3600\r\n".into(), String::new());
    let receiver = Receiver::start(vec![busy]);
    let outcome = deliver(&receiver, LONG).await;
    assert!(matches!(&outcome, Outcome::Later(why) if why.contains("429")), "{outcome:?}");
    assert_eq!(receiver.requests().len(), 1, "who asks for an hour is not asked again at once");
}

#[tokio::test]
async fn time_is_up_when_it_is_up() {
    let slow = || Answer::Slow(Duration::from_secs(30));
    let receiver = Receiver::start(vec![slow(), slow(), slow(), slow()]);
    let started = Instant::now();
    let outcome = deliver(&receiver, Duration::from_millis(300)).await;
    assert_eq!(outcome, Outcome::Later("no time is left".into()));
    assert!(started.elapsed() < Duration::from_secs(5));

    let receiver = Receiver::start(vec![slow()]);
    assert_eq!(
        deliver(&receiver, LONG).await,
        Outcome::Delivered,
        "one slow answer is tried again"
    );
    assert_eq!(receiver.requests().len(), 2);
    assert_eq!(deliver(&receiver, Duration::ZERO).await, Outcome::Later("no time is left".into()));
}

#[tokio::test]
async fn nobody_is_followed() {
    let elsewhere = Receiver::start(Vec::new());
    for code in [301, 302, 307, 308] {
        let moved = format!("Location: {}\r\n", elsewhere.url("/stolen"));
        let receiver = Receiver::start(vec![Answer::Status(code, moved, String::new())]);
        let outcome = deliver(&receiver, LONG).await;
        assert!(
            matches!(&outcome, Outcome::Closed(why) if why.contains("redirects")),
            "{outcome:?}"
        );
    }
    assert_eq!(elsewhere.requests().len(), 0);
}

#[tokio::test]
async fn refusals_are_final_and_say_why_without_the_address() {
    let slack = Answer::Status(400, String::new(), "invalid_blocks".into());
    let receiver = Receiver::start(vec![slack]);
    let outcome = deliver(&receiver, LONG).await;
    assert_eq!(outcome.why(), Some("the receiver answers 400 Bad Request: invalid_blocks"));
    assert!(matches!(outcome, Outcome::Refused(_)));

    let echo = Answer::Status(404, String::new(), "Cannot POST /hook/T0P-S3CRET".into());
    let receiver = Receiver::start(vec![echo]);
    let outcome = deliver(&receiver, LONG).await;
    assert_eq!(outcome, Outcome::Closed("the receiver answers 404 Not Found".into()));
    assert_eq!(receiver.requests().len(), 1);

    let receiver = Receiver::start(vec![status(400)]);
    let pagerduty = channel(&receiver, r#", "kind": "pagerduty", "routing_key": "wrong""#);
    let outcome = courier().deliver(&pagerduty, &finding("f1"), NOW, LONG).await;
    assert!(matches!(outcome, Outcome::Closed(_)), "a wrong integration key is nobody's finding");
}

#[tokio::test]
async fn names_that_lead_inside_are_refused_after_they_were_resolved() {
    let receiver = Receiver::start(Vec::new());
    // `localhost` stands for any name that somebody points at an address inside.
    let url = format!("https://localhost:{}/T0P-S3CRET", receiver.port);
    let channel = Channel::read(&format!(r#"{{"kind": "webhook", "url": "{url}"}}"#)).unwrap();
    let outcome = courier().deliver(&channel[0], &finding("f1"), NOW, LONG).await;
    assert!(matches!(&outcome, Outcome::Closed(why) if why.contains("loopback")), "{outcome:?}");
    assert_eq!(receiver.requests().len(), 0);
}

#[tokio::test]
async fn no_address_is_in_any_reason() {
    let gone = Receiver::start(Vec::new());
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for answers in [
        (0..4).map(|_| Answer::Close).collect(),
        (0..4).map(|_| Answer::Slow(Duration::from_secs(30))).collect(),
        (0..4).map(|_| Answer::Status(500, String::new(), "/hook/T0P-S3CRET".into())).collect(),
        vec![Answer::Status(200, "Broken\0: \r\n".into(), String::new())],
    ] {
        let receiver = Receiver::start(answers);
        let outcome = deliver(&receiver, LONG).await;
        assert!(!format!("{outcome:?}").contains("S3CRET"), "{outcome:?}");
    }
    let refused = Receiver { port: nobody, ..gone };
    let outcome = deliver(&refused, LONG).await;
    assert!(
        matches!(&outcome, Outcome::Later(why) if why.contains("could not connect")),
        "{outcome:?}"
    );
    assert!(!format!("{outcome:?} {:?}", channel(&refused, "")).contains("S3CRET"));
}
