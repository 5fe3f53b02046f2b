//! Alerts from the command line: to a webhook that listens here, and from what SNS would post.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::sync::{Arc, Mutex};

use crate::support::{Desk, Said, said};

/// Takes what is posted, and answers with one status.
struct Receiver {
    url: String,
    bodies: Arc<Mutex<Vec<String>>>,
}

impl Receiver {
    fn start(status: u16) -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/T0P-S3CRET", listener.local_addr().unwrap());
        let bodies = Arc::new(Mutex::new(Vec::new()));
        let seen = bodies.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let seen = seen.clone();
                std::thread::spawn(move || answer(stream, status, &seen));
            }
        });
        Receiver { url, bodies }
    }

    fn bodies(&self) -> Vec<String> {
        self.bodies.lock().unwrap().clone()
    }
}

/// Keeps what comes over one connection, which may be several requests.
fn answer(mut stream: TcpStream, status: u16, seen: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    loop {
        let (mut line, mut length) = (String::new(), 0);
        while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            line.clear();
        }
        let mut body = vec![0; length];
        if length == 0 || reader.read_exact(&mut body).is_err() {
            break;
        }
        seen.lock().unwrap().push(String::from_utf8(body).unwrap());
        let answer = format!("HTTP/1.1 {status} x\r\nContent-Length: 0\r\n\r\n");
        stream.write_all(answer.as_bytes()).unwrap();
    }
}

/// Runs with something on standard input.
fn run_with(desk: &Desk, arguments: &[&str], input: &str) -> Said {
    let mut child = desk
        .command(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    said(child.wait_with_output().unwrap())
}

fn fingerprints<'a>(findings: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut found: Vec<String> = findings
        .into_iter()
        .map(|json| serde_json::from_str::<serde_json::Value>(json).unwrap())
        .map(|finding| finding["fingerprint"].as_str().unwrap().to_owned())
        .collect();
    found.sort();
    found
}

#[test]
fn a_webhook_gets_what_detect_found_once() {
    let desk = Desk::with_demo();
    let wanted = desk.answer(&[
        "sql",
        "--format",
        "json",
        "select fingerprint from finding where not dry_run and suppressed is null",
    ]);
    let wanted = fingerprints(wanted.lines());
    assert!(wanted.len() > 2);
    let dry = desk.answer(&["alert", "--dry-run"]);
    assert_eq!(fingerprints(dry.lines()), wanted);

    let receiver = Receiver::start(200);
    desk.write("key", "a secret of more than 16 bytes\n");
    let arguments = ["alert", "--webhook", "-", "--allow-private", "--secret-file", "key"];
    let first = run_with(&desk, &arguments, &format!("{}\n", receiver.url));
    assert_eq!(first.code, 0, "{}", first.err);
    assert!(first.err.contains(&format!("{} sent", wanted.len())), "{}", first.err);
    let bodies = receiver.bodies();
    assert_eq!(fingerprints(bodies.iter().map(String::as_str)), wanted);
    assert!(bodies[0].contains(r#""harmless":"#) && bodies[0].contains(r#""family":"#));

    let mut again = desk.command(&["alert", "--allow-private", "--secret-file", "key"]);
    let again = said(again.env("ROLECALL_WEBHOOK", &receiver.url).output().unwrap());
    assert_eq!((again.code, receiver.bodies().len()), (0, wanted.len()), "{}", again.err);
    let log = desk.answer(&["sql", "--format", "json", "select * from finding"]);
    assert!(!format!("{first:?}{}{log}", again.err).contains("S3CRET"));
}

#[test]
fn each_kind_is_shown_as_its_reader_gets_it() {
    let desk = Desk::with_demo();
    for (kind, part) in [
        ("slack", r#""blocks":["#),
        ("teams", r#""AdaptiveCard""#),
        ("pagerduty", r#""dedup_key":"#),
        ("amazon-q", r#""client-markdown""#),
        ("webhook", r#""schema":"finding.v1""#),
    ] {
        let shown = desk.answer(&["alert", "--dry-run", "--kind", kind, "--minimum", "high"]);
        assert!(!shown.is_empty(), "{kind}");
        for line in shown.lines() {
            serde_json::from_str::<serde_json::Value>(line).unwrap();
            assert!(line.contains(part), "{kind}: {line}");
        }
    }
}

#[test]
fn what_cannot_be_told_ends_with_two_and_names_no_address() {
    let desk = Desk::with_demo();
    let receiver = Receiver::start(404);
    let url = receiver.url.as_str();
    let sns = "arn:aws:sns:eu-west-1:111111111111:f";
    for (arguments, told) in [
        (&["alert"][..], "there is nobody to tell"),
        (&["alert", "--webhook", url], "does not begin with `https://`"),
        (&["alert", "--webhook", "https://169.254.169.254/S3CRET"], "private"),
        (&["alert", "--webhook", "S3CRET"], "no URL"),
        (&["alert", "--webhook", url, "--allow-private"], "answers 404"),
        (&["alert", "--webhook", url, "--allow-private", "--kind", "pagerduty"], "--secret-file"),
        (&["alert", "--webhook", url, "--allow-private", "--kind", "amazon-q"], "--sns"),
        (&["alert", "--sns", sns, "--kind", "slack"], "use --webhook"),
        (&["alert", "--sns", "arn:aws:sqs:x"], "no ARN of an SNS topic"),
    ] {
        let said = desk.run(arguments);
        assert_eq!(said.code, 2, "{arguments:?}: {}{}", said.out, said.err);
        assert!(said.err.contains(told), "{arguments:?}: {}", said.err);
        assert!(!said.err.contains("S3CRET"), "{arguments:?}: {}", said.err);
    }
    assert_eq!(receiver.bodies().len(), 1, "who is not there is asked once");
}

#[test]
fn a_topic_that_refuses_is_told_of() {
    let desk = Desk::with_demo();
    let receiver = Receiver::start(403);
    let arn = "arn:aws:sns:eu-west-1:111111111111:f";
    let mut command = desk.command(&["alert", "--sns", arn]);
    let said = said(command.env("AWS_ENDPOINT_URL", &receiver.url).output().unwrap());
    assert_eq!(said.code, 2, "{}", said.err);
    assert!(said.err.contains("could not tell everything"), "{}", said.err);
    assert!(receiver.bodies()[0].starts_with("Action=PublishBatch"));
}

#[test]
fn a_message_is_valid_or_not_or_that_is_not_known() {
    let desk = Desk::new();
    let pem = include_str!("../../../alert/tests/all/version_1.pem");
    let signed = include_str!("../../../alert/tests/all/version_1.json");
    desk.write("sns.pem", pem);
    let topic = "arn:aws:sns:eu-west-1:111111111111:findings";
    let verify = |more: &[&str], body: &str| {
        let base = ["webhook-verify", "--topic", topic, "--within", "36500d"];
        run_with(&desk, &[&base, more].concat(), body)
    };
    let good = verify(&["--certificate", "sns.pem", "--allow-version-1"], signed);
    assert_eq!(good.code, 0, "{}{}", good.out, good.err);
    assert!(good.out.starts_with("valid: Notification m-3 of arn:aws:sns"), "{}", good.out);

    let old = verify(&["--certificate", "sns.pem"], signed);
    assert_eq!(old.code, 1, "{}", old.err);
    assert!(old.out.contains("not valid: its signature is of version 1"), "{}", old.out);
    let changed = signed.replace("version one", "version 1");
    let changed = verify(&["--certificate", "sns.pem", "--allow-version-1"], &changed);
    assert_eq!((changed.code, changed.out.as_str()), (1, "not valid: its signature is wrong\n"));
    assert_eq!(verify(&["--certificate", "missing.pem"], signed).code, 2);
    // Who says that the certificate lies elsewhere is refused, and nothing is fetched.
    let elsewhere = signed.replace("https://sns.", "https://127.0.0.1:1/sns.");
    let elsewhere = verify(&["--allow-version-1"], &elsewhere);
    assert_eq!(elsewhere.code, 1, "{}", elsewhere.err);
    assert!(elsewhere.out.contains("not to be had from SNS"), "{}", elsewhere.out);
    assert_eq!(verify(&[], "no JSON").code, 1);
}
