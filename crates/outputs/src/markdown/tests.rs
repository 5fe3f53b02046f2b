//! Whatever an event says, a ticket has the markup that we wrote, and no other.

use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::json;

use super::markdown;
use crate::FindingV1;
use crate::sample::{finding, hostile};
use crate::text::is_steering;

/// Pieces of what somebody would try, among anything else.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("<img src=x onerror=alert(1)>".to_owned()),
        Just("](javascript:alert(1))".to_owned()),
        Just("[x](javascript:alert(1)) ![x](https://evil.example/x.png)".to_owned()),
        Just("\n\n# heading\n\n<script>alert(1)</script>\n".to_owned()),
        Just("\n```\n````\n~~~\n".to_owned()),
        Just(" | a | b |\n| - | - |\n".to_owned()),
        Just("**b** *i* __u__ ~~s~~ &lt;b&gt; <https://evil.example>".to_owned()),
        Just("\n[x]: https://evil.example\n[x] [^1]\n".to_owned()),
        Just("\u{202e}\u{1b}[31m\r\n\0".to_owned()),
        any::<String>(),
        "[<>&!@|\\[\\]()/:`*#\\\\ \n-]{0,12}",
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

/// Fails where something is markup that this crate does not write.
fn check(findings: &[FindingV1]) {
    let text = markdown(findings);
    let (mut headings, mut blocks) = (0, 0);
    for event in Parser::new_ext(&text, Options::all()) {
        match event {
            Event::Start(Tag::Heading { .. }) => headings += 1,
            Event::Start(Tag::CodeBlock(_)) => blocks += 1,
            Event::Start(Tag::Paragraph | Tag::List(None) | Tag::Item | Tag::Strong)
            | Event::End(_)
            | Event::Text(_)
            | Event::Code(_) => {}
            other => panic!("{other:?} in\n{text}"),
        }
    }
    assert_eq!(headings, 1 + 2 * findings.len(), "{text}");
    let queries = findings.iter().filter(|finding| finding.more.is_some()).count();
    assert_eq!(blocks, 2 * findings.len() + queries, "{text}");
    assert!(!text.replace('\n', "").contains(is_steering), "{text:?}");
}

#[test]
fn samples_have_the_markup_that_was_written() {
    check(&[finding()]);
    check(&[finding(), hostile()]);
    check(&[]);
}

#[test]
fn names_are_shown_as_they_are() {
    let mut one = finding();
    one.subject = "`<img src=x onerror=alert(1)>|](javascript:x)``".into();
    let text = markdown(&[one.clone()]);
    let shown = Parser::new(&text).any(|e| matches!(e, Event::Code(code) if *code == *one.subject));
    assert!(shown, "{text}");
    for part in
        ["HIGH", "T1550.001", "198.51.100.7", "` e2 `", "rolecall lineage 'arn:aws:iam", "select *"]
    {
        assert!(text.contains(part), "{part} is missing:\n{text}");
    }
}

#[test]
fn a_pasted_command_runs_nothing_of_an_event() {
    let mut one = finding();
    one.root = Some("x'; rm -rf / #\n$(id)`id`".into());
    let text = markdown(&[one]);
    let line = text.lines().find(|line| line.starts_with("rolecall lineage ")).unwrap();
    assert_eq!(line, r"rolecall lineage 'x'\''; rm -rf / #\u{a}$(id)`id`'");
}

proptest! {
    #[test]
    fn hostile_text_stays_text(a in pieces(), b in pieces(), c in pieces(), many in 0usize..30) {
        let mut one = finding();
        one.fingerprint = b.clone();
        one.detection = a.clone();
        one.title = a.clone();
        one.severity = b.clone();
        one.confidence = c.clone();
        one.subject = b.clone();
        one.root = Some(c.clone());
        one.path = vec![a.clone(); many];
        one.accounts = vec![b.clone()];
        one.networks = vec![c.clone(), a.clone()];
        one.first_at = c.clone();
        one.last_at = b.clone();
        one.event_ids = vec![c.clone(); many];
        one.evidence = json!({ a.clone(): b, "list": [c] });
        one.more = Some(format!("select '{a}'"));
        one.suppressed = Some(c.clone());
        one.family = Some(a.clone());
        one.attack = vec![b.clone()];
        one.why = Some(c.clone());
        one.harmless = Some(a.clone());
        check(&[one.clone(), one]);
    }
}
