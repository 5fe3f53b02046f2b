//! The catalogue as a whole: every flaw of it is told, and what is bundled is proved.

use rolecall_catalog::{Detection, Param, ParamValue};
use rolecall_query::{bundled, bundled_reports, check, flaws, load, load_reports};
use tokio::task::JoinSet;

use crate::detections::new_account;

#[tokio::test]
async fn every_flaw_of_every_detection_is_told() {
    let with = |id: &str, change: fn(&mut Detection)| {
        let mut detection = new_account();
        detection.id = id.into();
        change(&mut detection);
        detection
    };
    let sql = |columns: &str| {
        format!(
            "SELECT {columns} FROM edge WHERE first_at > $from AND $deep = 1 AND $until - $baseline > $from"
        )
    };
    let answers = |columns: &str| {
        let mut detection = new_account();
        detection.id = columns.into();
        detection.sql = sql(columns);
        detection.meta.fingerprint = vec!["subject".into()];
        detection.meta.columns.clear();
        detection.cases.clear();
        detection
    };
    const FULL: &str = "root_principal AS subject, first_at, last_at";
    let detections = [
        with("good", |_| ()),
        with("undeclared", |d| drop(d.params.pop())),
        with("unused", |d| {
            let param = Param { name: "spare".into(), ..d.params[0].clone() };
            d.params.push(param);
        }),
        with("syntax", |d| d.sql = "SELECT (".into()),
        with("change", |d| d.sql = "DROP TABLE edge".into()),
        with("type", |d| d.params[0].default = ParamValue::Text("many".into())),
        with("column", |d| d.sql = d.sql.replace("SUM(sessions)", "SUM(session)")),
        with("fingerprint", |d| d.meta.fingerprint.push("door".into())),
        with("described", |d| drop(d.meta.columns.insert("door".into(), "A door.".into()))),
        with("expects", |d| d.cases[0].expected.as_mut().unwrap().columns[0] = "then".into()),
        answers(FULL),
        answers(&format!("{FULL}, 1 AS nobody_knows")),
        answers("first_at"),
        answers(&format!("{FULL}, 1 AS severity, 'a' AS count")),
        answers(&format!("{FULL}, 1 AS detection")),
    ];
    let found: Vec<String> = flaws(&detections).await.iter().map(ToString::to_string).collect();
    let expected = [
        ("`undeclared`", "`$baseline` is not declared"),
        ("`unused`", "`$spare` is not used"),
        ("`syntax`", "could not read the query"),
        ("`change`", "DROP is not allowed"),
        ("`type`", "many"),
        ("`column`", "session"),
        ("`fingerprint`", "`door` of the fingerprint"),
        ("`described`", "`[column.door]` describes no column"),
        ("`expects`", "`it was never there` expects `then`"),
        ("nobody_knows`", "add `[column.nobody_knows]`"),
        ("`first_at`", "no column `subject`"),
        ("`first_at`", "no column `last_at`"),
        ("`first_at`", "`subject` of the fingerprint"),
        ("count`", "`severity` is Int64, not Text"),
        ("count`", "`count` is Utf8, not Long"),
        ("detection`", "`detection` is set by rolecall"),
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, (detection, part)) in found.iter().zip(expected) {
        assert!(found.contains(detection) && found.contains(part), "{found}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_bundled_is_whole_and_proved() {
    let (detections, reports) =
        (load(&bundled()).await.unwrap(), load_reports(&bundled_reports()).await.unwrap());
    assert_eq!(detections.len(), bundled().len());
    assert_eq!(reports.len(), bundled_reports().len());
    // Hundreds of conditions are deleted, each asked of many cases: all cores help.
    let mut checks = JoinSet::new();
    for detection in detections {
        checks.spawn(
            async move { (detection.id.clone(), check(detection.question()).await.unwrap()) },
        );
    }
    for report in reports {
        checks.spawn(async move { (report.id.clone(), check(report.question()).await.unwrap()) });
    }
    while let Some(checked) = checks.join_next().await {
        let (id, report) = checked.unwrap();
        assert!(report.is_good(), "{id}: {report:#?}");
    }
}

#[tokio::test]
async fn a_catalogue_with_one_flaw_is_refused_and_all_flaws_are_told() {
    let mut folders = bundled();
    let mut broken = folders[0].clone();
    broken.name = "no-cases".into();
    broken.files.retain(|(name, _)| name != "cases.md");
    folders.push(broken);
    let mut broken = folders[0].clone();
    broken.name = "no-plan".into();
    for (name, text) in &mut broken.files {
        if name == "detection.sql" {
            *text = text.replace("AS subject", "AS object");
        }
    }
    folders.push(broken);
    let refused = load(&folders).await.unwrap_err();
    let told = refused.to_string();
    assert!(told.contains("`no-cases`: cases.md: `cases.md` is missing"), "{told}");
    assert!(told.contains("the query gives no column `subject`"), "{told}");
}
