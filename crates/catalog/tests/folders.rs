//! Folders are read whole, and their flaws are told with what mends them.

use proptest::prelude::*;
use rolecall_catalog::{Detection, Folder, ParamValue, page, parse_all};

const SQL: &str = r#"/*
+++
title = "A session is seen"
severity = "low"
confidence = "high"
family = "long session"
attack = ["T1078.004"]
fingerprint = ["subject"]
baseline = "14 days"
references = ["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html"]

[param.least]
type = "interval"
default = "2 hours"
about = "how long is long"

[column.extra]
about = "What nobody else knows."
+++

Something happened.

## Why it matters

It does.

## When it is harmless

Often.

## What it cannot see

The rest.
*/
SELECT principal AS subject, created_at AS first_at, created_at AS last_at FROM session WHERE created_at >= $from
"#;

const CASES: &str = "
Window of every case: 2026-03-10 00:00 until 2026-03-11 00:00.

## fires: there is one

with least = 3 hours

| session.created_at | principal | issued_key |
| --- | --- | --- |
| 2026-03-10 12:00 | a | |

| finding.subject |
| --- |
| a |

## silent: there is none
";

fn folder(sql: &str, cases: &str) -> Folder {
    let files = vec![("detection.sql".into(), sql.into()), ("cases.md".into(), cases.into())];
    Folder { name: "session-seen".into(), files }
}

#[test]
fn a_folder_becomes_a_detection_and_its_page() {
    let detection = Detection::parse(&folder(SQL, CASES)).unwrap();
    assert_eq!(detection.id, "session-seen");
    assert_eq!(
        detection.params[0].default,
        ParamValue::Interval { months: 0, days: 0, seconds: 7200 }
    );
    let case = &detection.cases[0];
    assert_eq!(case.params[0].1, ParamValue::Interval { months: 0, days: 0, seconds: 10_800 });
    assert_eq!(case.tables[0].columns, ["created_at", "principal", "issued_key"]);
    assert_eq!(case.tables[0].rows[0][2], None);
    assert_eq!(case.line, 4);
    assert_eq!(case.expected.as_ref().unwrap().rows, [[Some("a".to_owned())]]);

    let page = page(&detection, &["subject".into(), "extra".into()]);
    for part in [
        "# A session is seen",
        "`least`",
        "7200 seconds",
        "What nobody else knows.",
        "fires: there is one",
        "silent: there is none",
        "T1078/004",
    ] {
        assert!(page.contains(part), "{part} is missing:\n{page}");
    }
}

#[test]
fn every_flaw_is_told() {
    let change = |from: &str, to: &str| {
        assert!(SQL.contains(from) || CASES.contains(from), "{from}");
        folder(&SQL.replace(from, to), &CASES.replace(from, to))
    };
    for (folder, told) in [
        (change("\"low\"", "\"awful\""), "choose one of low, medium, high, critical"),
        (change("\"long session\"", "\"long\""), "is none of long session"),
        (change("T1078.004", "T98"), "which is no technique"),
        (change("[\"subject\"]", "[]"), "name the columns"),
        (change("14 days", "a while"), "no span of time"),
        (change("2 hours", "soon"), "no span of time"),
        (change("https://docs", "http://docs"), "no https address"),
        (change("type = \"interval\"", "type = \"colour\""), "choose integer"),
        (change("param.least", "param.from"), "window's own name"),
        (change("about = \"how", "colour = \"red\"\nabout = \"how"), "colour"),
        (change("## Why it matters", "## Why"), "no section `## Why it matters`"),
        (change("/*", "--"), "does not begin with a comment"),
        (change("+++\n\nSomething", "\n\nSomething"), "between two lines `+++`"),
        (change("## silent: there is none", ""), "staying silent"),
        (change("## fires: there is one", "## burns: one"), "begins with `fires: `"),
        (change("with least", "with most"), "`most` is no parameter"),
        (change("session.created_at", "session.colour"), "`session` has no column `colour`"),
        (change("principal | issued_key", "principle | issued_key"), "did you mean `principal`?"),
        (change("session.created_at", "cassion.created_at"), "`cassion` is no table: did you mean"),
        (change("| a | |", "| a |"), "2 cells below 3 columns"),
        (change("| finding.subject |\n| --- |\n| a |", ""), "has no table `finding`"),
        (change(" until ", " to "), "Window of every case"),
        (Folder { name: "Bad Name".into(), ..folder(SQL, CASES) }, "no identifier"),
        (Folder { files: Vec::new(), ..folder(SQL, CASES) }, "`detection.sql` is missing"),
    ] {
        let flaws = parse_all(std::slice::from_ref(&folder)).unwrap_err();
        let all: Vec<String> = flaws.iter().map(ToString::to_string).collect();
        assert!(all.iter().any(|flaw| flaw.contains(told)), "{told}: {all:#?}");
    }
}

#[test]
fn flaws_of_one_folder_are_told_together() {
    let sql = SQL.replace("severity = \"low\"\n", "colour = \"red\"\n").replace("T1078.004", "T98");
    let cases = CASES.replace("session.created_at", "session.colour");
    let flaws = Detection::parse(&folder(&sql, &cases)).unwrap_err();
    let told: Vec<String> = flaws.iter().map(ToString::to_string).collect();
    for part in ["`severity` is missing", "`colour` is unknown", "`T98`", "no column `colour`"] {
        assert!(told.iter().any(|flaw| flaw.contains(part)), "{part}: {told:#?}");
    }
    assert_eq!(told.len(), 4, "{told:#?}");
}

#[test]
fn one_mistake_in_the_cases_is_one_flaw() {
    for (from, to, told) in [
        ("Window of every case", "Window", "must stand before the first case"),
        (" until ", " to ", "write `Window of every case:"),
        ("## fires: there is one", "## burns: one", "begins with `fires: `"),
    ] {
        let cases = CASES.replace(from, to);
        let flaws = Detection::parse(&folder(SQL, &cases)).unwrap_err();
        let all: Vec<String> = flaws.iter().map(ToString::to_string).collect();
        assert!(all.len() == 1 && all[0].contains(told), "{told}: {all:#?}");
    }
}

#[test]
fn a_flaw_names_its_file_once() {
    let broken = folder(SQL, &CASES.replace("| a | |", "| a |"));
    let flaw = Detection::parse(&broken).unwrap_err().remove(0);
    assert_eq!(flaw.place(&broken), ("cases.md".to_owned(), Some(10)));
    assert_eq!(flaw.to_string(), "2 cells below 3 columns");
}

#[test]
fn all_folders_are_read_before_anybody_is_told() {
    let broken = |name: &str| Folder { name: name.into(), files: Vec::new() };
    let flaws = parse_all(&[broken("a"), folder(SQL, CASES), broken("b")]).unwrap_err();
    assert!(flaws.iter().any(|f| f.folder == "a") && flaws.iter().any(|f| f.folder == "b"));
    assert_eq!(parse_all(&[folder(SQL, CASES)]).unwrap().len(), 1);
}

proptest! {
    #[test]
    fn any_text_is_a_detection_or_flaws(sql in ".{0,200}", cases in "[|#\\-a-z.: \n]{0,200}") {
        prop_assert!(Detection::parse(&folder(&sql, CASES)).is_err());
        let _ = Detection::parse(&folder(SQL, &cases));
    }
}

#[test]
fn a_broken_folder_still_says_what_it_covers_and_where_its_keys_are() {
    let sql = SQL.replace("severity = \"low\"", "severity = \"none\"\ncovers = [\"XA-1\"]");
    let folder = folder(&sql, CASES);
    assert!(Detection::parse(&folder).is_err());
    assert_eq!(folder.covers(), ["XA-1"]);
    assert_eq!(folder.line_of("detection.sql", "fingerprint"), Some(9));
    assert_eq!(folder.line_of("detection.sql", "column.extra"), Some(18));
    assert_eq!(folder.line_of("detection.sql", "column.ghost"), None);
}
