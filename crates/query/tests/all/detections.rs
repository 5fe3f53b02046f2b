//! A detection: planned, asked, and tried against its cases.

use std::collections::BTreeMap;

use rolecall_catalog::{Case, CaseTable, Detection, Meta, Param, ParamValue};
use rolecall_lake::Lake;
use rolecall_model::{Confidence, Edge, Severity, Time, Window, hash};
use rolecall_query::{Engine, Limits, Untested, check, detect};

use crate::lake::{add, lake};

const NEW_ACCOUNT: &str = "
SELECT
    root_principal AS subject,
    to_account_id AS account,
    CASE WHEN MIN(max_depth) > $deep THEN 'high' ELSE 'medium' END AS severity,
    MIN(first_at) AS first_at,
    MAX(last_at) AS last_at,
    SUM(sessions) AS sessions
FROM edge
WHERE first_at >= $from
  AND first_at < $until
  AND date >= CAST($from AS DATE) -- prunes
  AND to_account_id <> from_account_id
  AND NOT EXISTS (
      SELECT 1
      FROM edge AS past
      WHERE past.root_principal = edge.root_principal
        AND past.to_account_id = edge.to_account_id
        AND past.first_at < $from
        AND past.first_at + $baseline >= $from
  )
GROUP BY root_principal, to_account_id
";

pub(crate) fn new_account() -> Detection {
    let param = |name: &str, default| Param { name: name.into(), default, about: "x".into() };
    Detection {
        id: "new-account".into(),
        meta: Meta {
            title: "A principal reaches a new account".into(),
            severity: Severity::Low,
            confidence: Confidence::Medium,
            fingerprint: vec!["subject".into(), "account".into()],
            baseline: Some("30 days".into()),
            family: "cross-account chain".into(),
            covers: Vec::new(),
            subsumes: Vec::new(),
            attack: Vec::new(),
            references: Vec::new(),
            columns: BTreeMap::from([("account".into(), "Where it is new.".into())]),
        },
        about: String::new(),
        sql: NEW_ACCOUNT.into(),
        line: 1,
        severity: None,
        params: vec![
            param("deep", ParamValue::Integer(2)),
            param("baseline", ParamValue::Interval { months: 0, days: 30, seconds: 0 }),
        ],
        cases: vec![
            case(
                "it was never there",
                "first_at root_principal from_account_id to_account_id max_depth",
                &["2026-03-10T12:00 ci 1 2 1", "2026-03-10T13:00 ci 2 3 3"],
                "first_at subject account severity",
                &["2026-03-10T13:00 ci 3 high", "2026-03-10T12:00 ci 2 medium"],
            ),
            case(
                "it was there last week",
                "first_at root_principal from_account_id to_account_id",
                &["2026-03-03T12:00 ci 1 2", "2026-03-10T12:00 ci 1 2"],
                "",
                &[],
            ),
            case(
                "it was there long ago, others were, and it was elsewhere",
                "first_at root_principal from_account_id to_account_id",
                &[
                    "2025-03-03T12:00 ci 1 2",
                    "2026-03-03T12:00 me 1 2",
                    "2026-03-03T12:00 ci 1 3",
                    "2026-03-10T12:00 ci 1 2",
                ],
                "first_at subject account",
                &["2026-03-10T12:00 ci 2"],
            ),
            case(
                "it stays in its account, and tomorrow is not asked about",
                "first_at root_principal from_account_id to_account_id",
                &["2026-03-10T12:00 ci 1 1", "2026-03-11T00:00 ci 1 2"],
                "",
                &[],
            ),
        ],
    }
}

pub(crate) fn day() -> Window {
    Window { from: at("2026-03-10"), until: at("2026-03-11") }
}

fn at(text: &str) -> Time {
    text.parse().unwrap()
}

fn table(name: &str, columns: &str, rows: &[&str]) -> CaseTable {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let cells = |row: &&str| words(row).into_iter().map(|w| Some(w.replace('T', " "))).collect();
    CaseTable { name: name.into(), columns: words(columns), rows: rows.iter().map(cells).collect() }
}

fn case(title: &str, columns: &str, rows: &[&str], expect: &str, found: &[&str]) -> Case {
    Case {
        title: title.into(),
        line: 1,
        fires: !found.is_empty(),
        window: day(),
        params: Vec::new(),
        tables: vec![table("edge", columns, rows)],
        expected: (!found.is_empty()).then(|| table("finding", expect, found)),
    }
}

#[tokio::test]
async fn good_cases_pass_and_test_every_condition() {
    let report = check(new_account().question()).await.unwrap();
    assert!(report.is_good(), "{report:#?}");
    assert_eq!(report.cases.len(), 4);
}

#[tokio::test]
async fn a_wrong_expectation_fails() {
    for (column, wrong) in [(0, "2026-03-10 13:01"), (1, "me"), (2, "4"), (3, "low")] {
        let mut detection = new_account();
        let expected = detection.cases[0].expected.as_mut().unwrap();
        expected.rows[0][column] = Some(wrong.into());
        let report = check(detection.question()).await.unwrap();
        let said = report.cases[0].wrong.as_deref().unwrap_or_default();
        assert!(said.contains("expected and not found: first_at"), "{said}");
        assert!(said.contains("found and not expected: account \"3\""), "{said}");
        assert!(report.cases[1..].iter().all(|case| case.wrong.is_none()));
    }
}

#[tokio::test]
async fn a_row_too_many_and_a_row_too_few_fail() {
    let mut detection = new_account();
    detection.cases[1].tables[0].rows.remove(0);
    detection.cases[0].expected.as_mut().unwrap().rows.pop();
    detection.cases[2].expected.as_mut().unwrap().rows.push(vec![None, None, None]);
    let report = check(detection.question()).await.unwrap();
    let wrong: Vec<bool> = report.cases.iter().map(|case| case.wrong.is_some()).collect();
    assert_eq!(wrong, [true, true, true, false]);
}

#[tokio::test]
async fn a_condition_that_no_case_misses_is_named() {
    let mut detection = new_account();
    detection.cases.pop();
    let untested = check(detection.question()).await.unwrap().untested;
    let line = |text: &str| NEW_ACCOUNT.lines().position(|l| l.contains(text));
    let condition = |text: &str, found| Untested::Condition {
        condition: text.into(),
        line: line(found).unwrap() + 1,
    };
    assert_eq!(
        untested,
        [
            condition("first_at < $until", "first_at < $until"),
            condition("to_account_id <> from_account_id", "<> from_account_id"),
        ]
    );
    assert!(untested[0].to_string().ends_with("add such a case, or delete the condition"));

    let mut detection = new_account();
    let expected = detection.cases[0].expected.as_mut().unwrap();
    assert_eq!(expected.columns.pop().as_deref(), Some("severity"));
    expected.rows.iter_mut().for_each(|row| drop(row.pop()));
    assert_eq!(
        check(detection.question()).await.unwrap().untested,
        [
            condition("MIN(max_depth) > $deep", "CASE WHEN"),
            condition("WHEN MIN(max_depth) > $deep THEN 'high'", "CASE WHEN"),
        ]
    );
}

#[tokio::test]
async fn a_condition_without_which_nothing_can_be_planned_is_missed() {
    // Without the first condition of the subquery it would give a row for each account, which an
    // engine refuses to plan.
    let mut detection = new_account();
    detection.sql = "SELECT one.first_at, one.first_at AS last_at, one.root_principal AS subject
        FROM edge AS one
        WHERE (
            SELECT count(*)
            FROM edge AS other
            WHERE other.from_account_id = one.from_account_id
              AND other.to_account_id = one.to_account_id
            GROUP BY other.from_account_id
        ) = 2"
        .to_owned();
    detection.params.clear();
    let columns = "first_at root_principal from_account_id to_account_id";
    detection.cases = vec![case(
        "twice from one account to another",
        columns,
        &["2026-03-10T12:00 ci 1 2", "2026-03-10T13:00 me 1 2", "2026-03-10T13:00 you 1 3"],
        "subject",
        &["ci", "me"],
    )];
    let report = check(detection.question()).await.unwrap();
    assert!(report.is_good(), "{report:#?}");
}

#[tokio::test]
async fn a_case_about_what_is_not_there_fails() {
    for (name, column, cell, part) in [
        ("edgy", "first_at", "2026-03-10", "is no table"),
        ("edge", "at", "2026-03-10", "no column `at`"),
        ("edge", "first_at", "noon", "`noon` is no value of `first_at`"),
    ] {
        let mut detection = new_account();
        detection.cases[0].tables = vec![table(name, column, &[cell])];
        let report = check(detection.question()).await.unwrap();
        let said = report.cases[0].wrong.as_deref().unwrap_or_default();
        assert!(said.contains(part), "{said}");
        assert_eq!(report.cases.len(), 4, "the others are tried all the same");
    }
}

#[tokio::test]
async fn an_answer_that_is_no_finding_fails_its_case() {
    let mut detection = new_account();
    detection.sql = detection.sql.replace("'high'", "'urgent'");
    detection.cases[0].expected.as_mut().unwrap().rows[0][3] = Some("urgent".into());
    let report = check(detection.question()).await.unwrap();
    let said = report.cases[0].wrong.as_deref().unwrap_or_default();
    assert!(said.contains("no finding: its `severity`") && said.contains("urgent"), "{said}");
}

#[tokio::test]
async fn answers_become_findings_and_young_history_means_dry_run() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::over(&lake_of_first_case(&folder).await, Limits::default()).await.unwrap();
    let mut detection = new_account();
    for (history, dry_run) in [
        (None, true),
        (Some(at("2026-02-09")), true),
        (Some(at("2026-02-08")), false),
        (Some(at("2025-01-01")), false),
    ] {
        let found = detect(&engine, &detection, day(), history, at("2026-03-12")).await.unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].first_at, at("2026-03-10 12:00"));
        assert_eq!(found[0].fingerprint, hash::name(["new-account", "ci", "2"]));
        assert_eq!((found[0].severity.as_str(), found[1].severity.as_str()), ("medium", "high"));
        assert_eq!(found[0].evidence, r#"{"account":"2","sessions":1}"#);
        assert!(found.iter().all(|finding| finding.dry_run == dry_run), "{history:?}");
    }
    detection.meta.baseline = None;
    let found = detect(&engine, &detection, day(), None, at("2026-03-12")).await.unwrap();
    assert!(found.iter().all(|finding| !finding.dry_run));
    let tomorrow = Window { from: day().until, until: at("2026-03-12") };
    let found = detect(&engine, &detection, tomorrow, None, at("2026-03-12")).await.unwrap();
    assert!(found.is_empty());
}

/// What the first case gives, in a lake on disk.
async fn lake_of_first_case(folder: &tempfile::TempDir) -> Lake {
    let mut lake = lake(folder).await;
    for (first_at, from, to, max_depth) in
        [("2026-03-10 12:00", "1", "2", 1), ("2026-03-10 13:00", "2", "3", 3)]
    {
        let edge = Edge {
            first_at: at(first_at),
            last_at: at(first_at),
            root_principal: "ci".into(),
            from_account_id: Some(from.into()),
            to_account_id: Some(to.into()),
            max_depth,
            sessions: 1,
            ..Edge::default()
        };
        add(&mut lake, &[edge]).await;
    }
    lake
}
