//! What the commands answer about the demo.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::support::Desk;

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")))
        .collect()
}

#[test]
fn the_demo_finds_its_three_stories_and_nothing_else() {
    let desk = Desk::new();
    let said = desk.run(&["demo", "--format", "json", "--fail-on", "high"]);
    assert_eq!(said.code, 1, "{}", said.err);
    let findings = lines(&said.out);
    let told = findings
        .iter()
        .filter(|finding| finding["dry_run"] == false && finding["suppressed"].is_null());
    let mut seen: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for finding in told {
        assert_eq!(finding["schema"], "finding.v1");
        let text = |name: &str| finding[name].as_str().unwrap_or_default().to_owned();
        let root = text("root").rsplit(['/', ':']).next().unwrap_or_default().to_owned();
        seen.entry(root).or_default().insert(text("detection"));
    }
    let stories = [
        ("jonas.brandt", "session-granted-too-long"),
        ("mara.keller", "credential-in-two-places"),
        ("shop", "chain-into-new-account"),
    ];
    for (root, detection) in stories {
        assert!(seen.get(root).is_some_and(|of| of.contains(detection)), "{root}: {seen:#?}");
    }
    // Lena switches the leaked key off, which she never did before.
    let cast = ["jonas.brandt", "lena.vogt@example.com", "mara.keller", "shop"];
    assert!(seen.keys().all(|root| cast.contains(&root.as_str())), "nobody else: {seen:#?}");
}

#[test]
fn a_count_is_one_object_on_one_line() {
    let desk = Desk::with_demo();
    let answer = desk.answer(&["sql", "--format", "json", "select count(*) as n from event"]);
    assert_eq!(answer, "{\"n\":422}\n");
    assert_eq!(
        desk.answer(&["sql", "--format", "csv", "select 1 as a, 'x,y' as b"]),
        "a,b\r\n1,\"x,y\"\r\n"
    );
}

#[test]
fn twice_is_once_and_the_ledger_says_so() {
    let desk = Desk::with_demo();
    let before = desk.answer(&[
        "sql",
        "--format",
        "json",
        "select count(*) as n, sum(calls) as calls from usage",
    ]);
    let again = desk.run(&["demo", "--keep", "rolecall-lake"]);
    assert!(again.out.contains("What grew"), "{}", again.out);
    assert!(
        again.err.contains("0 new calls") && again.err.contains("no findings"),
        "{}",
        again.err
    );
    assert_eq!(
        before,
        desk.answer(&[
            "sql",
            "--format",
            "json",
            "select count(*) as n, sum(calls) as calls from usage"
        ])
    );
}

#[test]
fn a_lineage_goes_up_to_the_root_and_down_to_every_descendant() {
    let desk = Desk::with_demo();
    let rows = lines(&desk.answer(&["lineage", "--format", "json", "ASIATHPL2AOHCCK5XKN4"]));
    assert_eq!(rows.len(), 2, "{rows:#?}");
    assert_eq!(rows[0]["issued_by"], "GetSessionToken");
    assert_eq!(rows[1]["parent_session_id"], rows[0]["session_id"]);
    assert_eq!(rows[1]["depth"], 1);
    for row in &rows {
        assert_eq!(row["root_principal"], "arn:aws:iam::222222222222:user/mara.keller");
    }
    let text = desk.answer(&["lineage", "arn:aws:iam::555555555555:role/warehouse-admin"]);
    for part in [
        "web identity",
        "ci-deploy",
        "deploy-target",
        "▶ arn:aws:iam::555555555555:role/warehouse-admin",
        "tied by",
    ] {
        assert!(text.contains(part), "{part} is missing:\n{text}");
    }
    // The newest first: of a key's many trees the last days matter.
    let newest = desk.answer(&["lineage", "AKIATHPL2AOHGP7SJTEY", "--limit", "1"]);
    assert!(newest.contains("from 203.0.113.66"), "{newest}");
    assert_eq!(newest.matches("long-term key AKIATHPL2AOHGP7SJTEY").count(), 1, "{newest}");
    let missing = desk.run(&["lineage", "nobody"]);
    assert_eq!(missing.code, 2);
    assert!(missing.err.contains("nothing in the lake's 284 sessions"), "{}", missing.err);
}

#[test]
fn sessions_are_listed_by_what_is_asked() {
    let desk = Desk::with_demo();
    let named = lines(&desk.answer(&[
        "sessions",
        "--name",
        "GitHub*",
        "--account",
        "555555555555",
        "--format",
        "json",
    ]));
    assert_eq!(named.len(), 1, "{named:#?}");
    assert_eq!(named[0]["session_name"], "GitHubActions");
    let odd = desk.run(&["sessions", "--account", "5555"]);
    assert_eq!(odd.code, 2);
    assert!(odd.err.contains("an account has twelve digits"), "{}", odd.err);
    let open = desk.run(&["report", "grown-from-credential"]);
    assert!(
        format!("{}{}", open.out, open.err).contains("`--set credential=…` says which"),
        "{open:?}"
    );
    let long = lines(&desk.answer(&["sessions", "--longer-than", "13h", "--format", "json"]));
    assert_eq!(long.len(), 1);
    assert_eq!(long[0]["seconds"], 129_600);
    let deep = lines(&desk.answer(&["sessions", "--depth", "2", "--format", "json"]));
    assert_eq!(deep.len(), 1);
    let none = desk.run(&["sessions", "--account", "000000000000"]);
    assert!(none.err.contains("0 of 0 sessions"), "{}", none.err);
}

#[test]
fn a_span_that_the_lake_does_not_hold_is_no_peace() {
    let desk = Desk::with_demo();
    for arguments in [
        ["report", "third-parties", "--from", "2031-01-01"],
        ["findings", "--from", "2031-01-01", "--quiet"],
        ["sessions", "--until", "2001-01-01", "--quiet"],
        ["detect", "--from", "2031-01-01", "--quiet"],
    ] {
        let said = desk.run(&arguments);
        assert_eq!(said.code, 2, "{arguments:?}: {}", said.err);
        assert!(said.err.contains("the lake holds 20"), "{}", said.err);
    }
}

#[test]
fn status_accounts_for_every_object() {
    let desk = Desk::with_demo();
    let text = desk.answer(&["status"]);
    assert!(text.contains("168 objects: 166 read, 2 passed over, 0 refused"), "{text}");
    assert!(
        text.contains("917 records = 917 kept + 0 passed over + 0 rejected · every object adds up"),
        "{text}"
    );
    let coverage = lines(&desk.answer(&["status", "--format", "json"]));
    let records: i64 = coverage.iter().map(|row| row["records"].as_i64().unwrap()).sum();
    assert_eq!(records, 917);
}

#[test]
fn the_catalogue_is_listed_explained_and_extended() {
    let desk = Desk::new();
    assert!(desk.answer(&["detections"]).contains("chain-into-new-account"));
    let page = desk.answer(&["explain", "chain-into-new-account"]);
    for part in ["## Why it matters", "`deep`", "| `subject` |", "SELECT", "silent: "] {
        assert!(page.contains(part), "{part} is missing:\n{page}");
    }
    let unknown = desk.run(&["explain", "nothing"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("there is no detection `nothing`"), "{}", unknown.err);

    desk.write("own/a-new-one/detection.sql", "/* no metadata */ SELECT 1");
    let broken = desk.run(&["detections", "--queries", "own"]);
    assert_eq!(broken.code, 2);
    assert!(broken.err.contains("a-new-one") && broken.err.contains("cases.md"), "{}", broken.err);
}

#[test]
fn tables_are_described() {
    let desk = Desk::new();
    let all = desk.answer(&["tables"]);
    for name in ["session", "long_session", "account_of_arn"] {
        assert!(all.contains(name), "{name} is missing:\n{all}");
    }
    assert!(desk.answer(&["tables", "session"]).contains("parent_session_id"));
    assert_eq!(desk.run(&["tables", "nothing"]).code, 2);
    // A view and a function are described to programs as a table is: in rows, and nothing else.
    let view = lines(&desk.answer(&["tables", "long_session", "--format", "json"]));
    let named = |name: &str| view.iter().find(|row| row["column"] == name).unwrap();
    assert_eq!(named("granted_seconds")["kind"], "long");
    assert_ne!(named("principal")["about"], "");
    assert!(desk.answer(&["tables", "long_session"]).contains("FROM session"));
    let function = lines(&desk.answer(&["tables", "account_of_arn", "--format", "json"]));
    assert_eq!(function[0]["function"], "account_of_arn(arn)");
}

#[test]
fn a_page_shows_findings_and_reports_and_is_html() {
    let desk = Desk::with_demo();
    let said = desk.run(&["report", "-o", "page.html"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let page = |name: &str| std::fs::read_to_string(desk.path(name)).unwrap();
    let html = page("page.html");
    let told = "select count(*) as n from finding where not dry_run and suppressed is null";
    let told = desk.answer(&["sql", "--format", "csv", told]);
    let told = format!("{} findings need a look.", told.lines().nth(1).unwrap());
    for expected in
        [told.as_str(), "grid-longest-sessions", "warehouse-admin", "Content-Security-Policy"]
    {
        assert!(html.contains(expected), "`{expected}` is not on the page");
    }
    desk.answer(&["report", "third-parties", "-o", "vendors.html", "--from", "2026-03-10"]);
    let html = page("vendors.html");
    assert!(html.contains("grid-third-parties") && !html.contains("grid-longest-sessions"));

    let said = desk.run(&["report", "-o", "page.txt"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("the page is HTML"), "{}", said.err);
    let said = desk.run(&["report", "third-parties", "longest-sessions"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("one report is answered at a time"), "{}", said.err);
}
