//! `rolecall doctor` says what is missing and how to mend it, and exits as scripts expect; what clap makes
//! of the same definitions as the help is whole.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

use serde_json::Value;

use crate::support::{Desk, assumed, said};

/// The state of each check; the last that is not well, where one has several.
fn checks(text: &str) -> BTreeMap<String, String> {
    let mut states: BTreeMap<String, String> = BTreeMap::new();
    for line in text.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let field = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let state = field("state");
        assert!(state == "ok" || !field("help").is_empty(), "what is not well has help: {line}");
        let known = states.entry(field("check")).or_insert_with(|| state.clone());
        if state != "ok" {
            *known = state;
        }
    }
    states
}

#[test]
fn a_lake_that_is_missing_is_a_problem_and_one_that_is_old_a_warning() {
    let desk = Desk::new();
    let said = desk.run(&["doctor"]);
    assert_eq!(said.code, 1, "{}", said.err);
    for part in
        ["problem  lake", "there is no lake", "help: ", "ok       config", "ok       queries"]
    {
        assert!(said.out.contains(part), "no `{part}` in\n{}", said.out);
    }
    assert!(said.err.contains("1 problem, 0 warnings"), "{}", said.err);

    let desk = Desk::with_demo();
    let said = desk.run(&["doctor", "--format", "json"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let found = checks(&said.out);
    assert_eq!(found["lake"], "ok", "{}", said.out);
    assert_eq!(found["writable"], "ok", "{}", said.out);
    // The demo happened in March of 2026.
    assert_eq!(found["coverage"], "warning", "{}", said.out);
    assert!(!found.contains_key("aws"), "nobody asked: {}", said.out);
    let quiet = desk.answer(&["doctor", "--quiet"]);
    assert!(quiet.starts_with("warning  coverage") && !quiet.contains("ok "), "{quiet}");
}

#[test]
fn what_the_organisation_wrote_is_judged() {
    let desk = Desk::new();
    desk.write("logs/x.jsonl", &format!("{}\n{{\"no\": \"record\"}}\n", assumed("1", "a")));
    assert_eq!(desk.run(&["ingest", "logs"]).code, 0);
    desk.write("n.csv", "start,end,asn\n198.51.100.0,198.51.100.255,64500\n");
    desk.write("tor.txt", "198.51.100.7\n");
    desk.write(
        "rolecall.toml",
        "[networks]\ncsv = [\"n.csv\"]\n[[account]]\nid = \"111111111111\"\nowner = \"ana\"\n\
         reason = \"ours\"\nexpires = 2026-01-01\n",
    );
    let said = desk.run(&["doctor"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    for part in [
        "warning  config     rolecall.toml: 1 entry is over, such as line 3: [[account]]",
        "ok       networks   n.csv (CSV of ranges), ",
        "warning  sessions   there are events and no sessions",
        "help: link them: `rolecall trace`",
        "warning  rejected   1 records or objects could not be read",
    ] {
        assert!(said.out.contains(part), "no `{part}` in\n{}", said.out);
    }

    desk.write("rolecall.toml", "[[partner]]\nacount = \"1\"\n[networks]\ncsv = [\"none.csv\"]\n");
    let said = desk.run(&["doctor"]);
    assert_eq!(said.code, 1, "{}", said.out);
    for part in
        ["problem  config", "such as rolecall.toml:", "problem  networks", "`rolecall check` lists"]
    {
        assert!(said.out.contains(part), "no `{part}` in\n{}", said.out);
    }
    let said = desk.run(&["doctor", "--config", "nowhere.toml", "--queries", "nowhere"]);
    assert_eq!(said.code, 1, "{}", said.out);
    assert!(
        said.out.contains("problem  config") && said.out.contains("nowhere.toml"),
        "{}",
        said.out
    );
}

#[test]
fn aws_is_asked_on_demand_and_secrets_stay_out() {
    let desk = Desk::with_demo();
    let asked = desk
        .command(&["doctor", "--aws"])
        .env("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY")
        .env("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
        .env("AWS_MAX_ATTEMPTS", "1")
        .env("ROLECALL_WEBHOOK", "https://localhost/T0/secret")
        .env("ROLECALL_LAKES", "x")
        .output();
    let said = said(asked.unwrap());
    assert_eq!(said.code, 1, "{}{}", said.out, said.err);
    for part in [
        "problem  webhook    nobody answers at ROLECALL_WEBHOOK: could not connect: its address is private",
        "problem  aws        STS in us-east-1 did not say whose the credentials are",
        "ok       variables  ROLECALL_WEBHOOK in the environment",
        "warning  variables  ROLECALL_LAKES is set, and no command reads it",
        "help: did you mean ROLECALL_LAKE?",
    ] {
        assert!(said.out.contains(part), "no `{part}` in\n{}", said.out);
    }
    for secret in ["wJalr", "localhost", "secret"] {
        assert!(!said.out.contains(secret) && !said.err.contains(secret), "{}", said.out);
    }
}

#[test]
fn a_webhook_is_asked_whether_it_is_there_and_told_nothing() {
    let desk = Desk::with_demo();
    let receiver = TcpListener::bind("127.0.0.1:0").unwrap();
    let there = format!("http://{}/T0P-S3CRET?sig=S3CRET", receiver.local_addr().unwrap());
    let asked = std::thread::spawn(move || {
        let (mut stream, _) = receiver.accept().unwrap();
        let lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let asked: Vec<String> =
            lines.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
        stream.write_all(b"HTTP/1.1 405 x\r\nContent-Length: 0\r\n\r\n").unwrap();
        asked
    });
    let look = |url: &str, more: &[&str]| {
        let arguments = [&["doctor"], more].concat();
        let said = said(desk.command(&arguments).env("ROLECALL_WEBHOOK", url).output().unwrap());
        assert!(!format!("{said:?}").contains("S3CRET"), "{said:?}");
        said
    };
    let found = look(&there, &["--allow-private"]);
    assert_eq!(found.code, 0, "{found:?}");
    assert!(
        found.out.contains("ok       webhook    somebody answers at ROLECALL_WEBHOOK"),
        "{}",
        found.out
    );
    let asked = asked.join().unwrap();
    assert_eq!(asked[0], "HEAD / HTTP/1.1");
    assert!(!asked.iter().any(|line| line.contains("S3CRET")), "{asked:?}");

    for (url, more, told) in [
        (
            "https://169.254.169.254/S3CRET",
            &[][..],
            "cannot be used: `url`: its address is private",
        ),
        ("http://127.0.0.1:1/S3CRET", &[], "cannot be used: `url` does not begin with `https://`"),
        (
            "http://127.0.0.1:1/S3CRET",
            &["--allow-private"],
            "nobody answers at ROLECALL_WEBHOOK: could not connect",
        ),
        ("S3CRET", &[], "cannot be used: `url` is no URL"),
    ] {
        let said = look(url, more);
        assert_eq!(said.code, 1, "{url}: {said:?}");
        assert!(
            said.out.contains("problem  webhook    ") && said.out.contains(told),
            "{url}: {}",
            said.out
        );
    }
}

#[test]
fn a_topic_is_looked_at_where_somebody_names_one() {
    let desk = Desk::with_demo();
    let mut command = desk.command(&["doctor", "--sns", "arn:aws:sns:eu-west-1:111111111111:f"]);
    command.env("AWS_ENDPOINT_URL", "http://127.0.0.1:1").env("AWS_MAX_ATTEMPTS", "1");
    let said = said(command.output().unwrap());
    assert_eq!(said.code, 1, "{said:?}");
    let told = "problem  topic      could not find arn:aws:sns:eu-west-1:111111111111:f: could not reach SNS";
    assert!(said.out.contains(told), "{}", said.out);
    let wrong = desk.run(&["doctor", "--sns", "arn:aws:sqs:x"]);
    assert!(wrong.code == 2 && wrong.err.contains("no ARN of an SNS topic"), "{}", wrong.err);
}

#[test]
fn completions_and_pages_know_every_command_and_option() {
    let desk = Desk::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = desk.answer(&["completions", shell]);
        for word in ["webhook-verify", "fail-on", "doctor", "completions"] {
            assert!(script.contains(word), "{shell}: no `{word}`");
        }
    }
    assert_eq!(desk.run(&["completions", "cmd"]).code, 2);
    let page = desk.answer(&["man"]);
    for part in [".TH rolecall 1", "Exit codes", "ROLECALL_LAKE", "rolecall\\-sql(1)"] {
        assert!(page.contains(part), "no `{part}` in the page");
    }
    assert_eq!(desk.run(&["man", "pages/man1"]).code, 0);
    let help = desk.answer(&["--help"]);
    let commands = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let commands =
        commands.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let mut pages = 0;
    for name in commands.filter_map(|line| line.split_whitespace().next()).filter(|n| *n != "help")
    {
        let page = std::fs::read_to_string(desk.path(&format!("pages/man1/rolecall-{name}.1")));
        let page = page.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(page.contains("Examples:"), "{name}");
        pages += 1;
    }
    assert!(pages > 20, "{pages}");
}
