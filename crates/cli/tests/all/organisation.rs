//! A made-up organisation with every attack: all of them are found, and whoever is told can follow each finding.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::support::Desk;

const KNOWN: [&str; 2] = ["--config", "acme/rolecall.toml"];

/// The same at full size, with more seeds and with organisations at peace, is `./dev accuracy`.
#[test]
fn every_attack_is_found_and_every_finding_can_be_followed() {
    let desk = Desk::new();
    let size = ["--seed", "21", "--accounts", "9", "--days", "18", "--events-per-day", "1500"];
    desk.answer(&[&["simulate", "acme", "--attacks", "all"], size.as_slice()].concat());
    let run = ["--quiet", "--format", "json", "run", "acme/AWSLogs"];
    desk.answer(&[run.as_slice(), KNOWN.as_slice()].concat());
    every_attack_is_found(&desk);
    let findings = rows(&desk, "select * from finding order by detection, first_at, fingerprint");
    let kinds: HashSet<&str> = findings.iter().map(|finding| text(finding, "detection")).collect();
    assert!(kinds.len() > 30, "only {kinds:?} are there to be followed");
    let lacking = [what_is_not_named(&desk, &findings), what_shows_no_more(&desk, &findings)];
    assert!(lacking.iter().all(Vec::is_empty), "{lacking:#?}");
}

fn every_attack_is_found(desk: &Desk) {
    let judged = ["evaluate", "acme/labels.jsonl", "--format", "json", "--recall", "1"];
    let rows = lines(&desk.answer(&[judged.as_slice(), KNOWN.as_slice()].concat()));
    let sums = rows.iter().find(|row| row["kind"] == "sums").unwrap();
    assert_eq!((&sums["attacks"], &sums["found"]), (&json!(37), &json!(37)), "{rows:#?}");
    assert!(sums["noise"].as_u64().unwrap() <= 2, "{rows:#?}");
}

/// What findings do not say: about whom, who really did it and by which way, where, when, how often, and by which events.
fn what_is_not_named(desk: &Desk, findings: &[Value]) -> Vec<String> {
    let known = event_ids(desk);
    let mut lacking = Vec::new();
    for finding in findings {
        let mut lacks = |what: &str| lacking.push(format!("{what}: {}", brief(finding)));
        let (subject, root, path) =
            ["subject", "root", "path"].map(|name| text(finding, name)).into();
        if subject.is_empty() || subject == "unknown" {
            lacks("no subject");
        }
        if root.is_empty() {
            lacks("no root");
        }
        // Somebody else stands at the beginning: then there is a way from there.
        if root != subject && path.is_empty() {
            lacks("no path");
        }
        if !path.is_empty() && path.split(" > ").next() != Some(root) {
            lacks("a path that does not begin with the root");
        }
        let accounts: Vec<&str> = text(finding, "accounts").split(' ').collect();
        if !accounts.iter().all(|account| account.len() == 12) {
            lacks("no accounts");
        }
        if text(finding, "first_at").is_empty()
            || text(finding, "first_at") > text(finding, "last_at")
        {
            lacks("no time");
        }
        if text(finding, "networks").is_empty() || finding["count"].as_i64() < Some(1) {
            lacks("no network, or no count");
        }
        let ids: Vec<&str> = text(finding, "event_ids").split_whitespace().collect();
        if ids.is_empty() {
            lacks("no event");
        }
        if let Some(id) = ids.iter().find(|id| !known.contains(**id)) {
            lacks(&format!("event {id} is in no table"));
        }
    }
    lacking
}

/// Every event of which the lake has a row, or which it names as the issuance of a session.
fn event_ids(desk: &Desk) -> HashSet<String> {
    let query = "select event_id as ids from event union all select issue_event_ids from session";
    let rows = rows(desk, query);
    let ids = rows.iter().flat_map(|row| text(row, "ids").split_whitespace());
    ids.map(str::to_owned).collect()
}

/// Findings whose query fails or has no answer. All are asked in one run, each behind a mark.
fn what_shows_no_more(desk: &Desk, findings: &[Value]) -> Vec<String> {
    let mut asked = String::new();
    for (at, finding) in findings.iter().enumerate() {
        asked.push_str(&format!("select {at} as mark;\n{};\n", text(finding, "more")));
    }
    desk.write("more.sql", &asked);
    let said = desk.run(&["sql", "--format", "json", "--file", "more.sql"]);
    let mut answered: Vec<usize> = Vec::new();
    for row in lines(&said.out) {
        match row["mark"].as_u64() {
            Some(_) => answered.push(0),
            None => *answered.last_mut().unwrap() += 1,
        }
    }
    let mut lacking: Vec<String> = std::iter::zip(findings, &answered)
        .filter(|(_, rows)| **rows == 0)
        .map(|(finding, _)| format!("no more: {} by {}", brief(finding), text(finding, "more")))
        .collect();
    if said.code != 0 || answered.len() != findings.len() {
        lacking.push(format!("{} of {}: {}", answered.len(), findings.len(), said.err));
    }
    lacking
}

fn rows(desk: &Desk, query: &str) -> Vec<Value> {
    lines(&desk.answer(&["sql", "--format", "json", query]))
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn text<'a>(finding: &'a Value, name: &str) -> &'a str {
    finding[name].as_str().unwrap_or_default()
}

fn brief(finding: &Value) -> String {
    let parts = ["detection", "subject", "root", "path", "accounts", "first_at", "event_ids"];
    parts.map(|name| format!("{name} {}", finding[name])).join(", ")
}
