//! The receiver that `docs/alerts.md` shows, run as it stands there.

use std::process::{Command, Stdio};

use rolecall_alert::{Secret, SigningKey};

const DOCUMENT: &str = include_str!("../../../../docs/alerts.md");
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// The first block of Python in the document.
fn snippet() -> &'static str {
    let (_, rest) = DOCUMENT.split_once("```python\n").unwrap();
    rest.split_once("```").unwrap().0
}

/// A request, and when it is looked at.
type Request<'a> = (&'a str, i64, &'a str, &'a str, i64);

/// Asks the snippet which of some requests are ours.
fn taken(requests: &[Request<'_>]) -> Vec<bool> {
    let program = format!(
        "{}\nimport json, sys\nnames = ['webhook-id', 'webhook-timestamp', 'webhook-signature']\n\
         print(json.dumps([is_ours('{SECRET}', dict(zip(names, map(str, request[:3]))), \
         request[3].encode(), request[4]) for request in json.load(sys.stdin)]))\n",
        snippet()
    );
    let mut python = Command::new("python3")
        .args(["-c", &program])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("this test needs python3");
    serde_json::to_writer(python.stdin.take().unwrap(), requests).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_documented_receiver_takes_our_signatures_and_no_others() {
    let key = SigningKey::read(&Secret::new(SECRET)).unwrap();
    let (id, at, body) = ("f1-20260310000000", 1_773_230_400, r#"{"title": "ä"}"#);
    let signature = key.sign(id, at, body);
    let rotated = format!("v1,AAAA {signature}");
    let ours = [(id, at, signature.as_str(), body, at + 10), (id, at, &rotated, body, at)];
    let others = [
        (id, at, signature.as_str(), "{}", at),
        ("f2", at, &signature, body, at),
        (id, at + 1, &signature, body, at),
        (id, at, &signature, body, at + 301),
        (id, at, "v1,AAAA", body, at),
        (id, at, "", body, at),
    ];
    assert_eq!(taken(&ours), [true; 2]);
    assert_eq!(taken(&others), [false; 6]);
}
