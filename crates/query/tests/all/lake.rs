//! A lake on disk, asked through the engine.

use rolecall_catalog::Detection;
use rolecall_lake::{Access, Change, Lake, Location, Outcome};
use rolecall_model::{Event, Object, Row, Session, TABLES, Time, Usage, Window};
use rolecall_query::{
    Engine, Limits, answer, bundled, bundled_reports, detect, explain, load, load_reports,
};
use serde_json::json;

use crate::detections::{day, new_account};
use crate::{rows, value};

pub(crate) async fn add<R: Row>(lake: &mut Lake, rows: &[R]) {
    let table = lake.table_mut::<R>();
    let add = table.write::<R>(rows).await.unwrap();
    let outcome = table.commit(Change { add, ..Change::default() }).await.unwrap();
    assert!(matches!(outcome, Outcome::Committed(_)));
}

fn event(id: &str, at: &str, principal: &str) -> Event {
    Event {
        event_id: id.into(),
        event_time: at.parse().unwrap(),
        event_source: "sts.amazonaws.com".into(),
        event_name: "AssumeRole".into(),
        succeeded: true,
        principal: principal.into(),
        role_arn: Some("arn:aws:iam::222222222222:role/deploy".into()),
        issued_access_key_id: Some(format!("ASIAEXAMPLE{id}")),
        source_ip_address: Some("203.0.113.77".into()),
        user_agent: Some("aws-cli/2.15.0".into()),
        ..Event::default()
    }
}

pub(crate) async fn lake(folder: &tempfile::TempDir) -> Lake {
    let location = Location::find(folder.path().to_str().unwrap()).await.unwrap();
    Lake::open(location, Access::Create).await.unwrap()
}

#[tokio::test]
async fn a_new_lake_is_empty_and_can_be_asked() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::over(&lake(&folder).await, Limits::default()).await.unwrap();
    for table in TABLES {
        assert!(rows(&engine, &format!("SELECT * FROM {}", table.name)).await.is_empty());
    }
    assert!(rows(&engine, "SELECT * FROM coverage").await.is_empty());
}

#[tokio::test]
async fn rows_come_back_and_views_see_them() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(&folder).await;
    let failed = Event {
        succeeded: false,
        error_code: Some("AccessDenied".into()),
        issued_access_key_id: None,
        ..event("b", "2026-03-10T13:00:00Z", "ann")
    };
    add(&mut lake, &[event("a", "2026-03-10T12:00:00Z", "ann"), failed]).await;
    let object = Object {
        key: "k".into(),
        account: Some("111111111111".into()),
        region: Some("eu-west-1".into()),
        delivered_at: Some(Time::from_seconds(1_773_144_000)),
        records: 3,
        kept: 2,
        rejected: 1,
        ..Object::default()
    };
    add(&mut lake, &[object.clone(), Object { key: "l".into(), ..object }]).await;
    let call = Usage {
        hour: Time::from_seconds(1_773_144_000),
        access_key_id: Some("AKIAEXAMPLE".into()),
        principal: "ann".into(),
        event_source: "s3.amazonaws.com".into(),
        event_name: "ListBuckets".into(),
        calls: 4,
        event_hashes: vec![1, 255],
        ..Usage::default()
    };
    let refused = Usage { error_code: Some("AccessDenied".into()), calls: 1, ..call.clone() };
    add(&mut lake, &[call, refused]).await;
    let session = Session {
        session_id: "s".into(),
        created_at: Time::from_seconds(1_773_144_000),
        granted_seconds: Some(43_200),
        crossings: 1,
        ..Session::default()
    };
    add(&mut lake, &[session]).await;

    let limits = Limits { memory: Some(64 << 20), parallel: Some(2) };
    let engine = Engine::over(&lake, limits).await.unwrap();
    let issued = rows(&engine, "SELECT at, account_id, network, client, date FROM issuance").await;
    let expected = json!([{
        "at": "2026-03-10T12:00:00Z", "account_id": "222222222222", "network": "203.0.113.0/24",
        "client": "aws-cli", "date": "2026-03-10",
    }]);
    assert_eq!(json!(issued), expected);
    let denied = rows(&engine, "SELECT principal, error_code FROM denied").await;
    assert_eq!(json!(denied), json!([{"principal": "ann", "error_code": "AccessDenied"}]));
    let coverage = rows(&engine, "SELECT objects, records, balanced FROM coverage").await;
    assert_eq!(json!(coverage), json!([{"objects": 2, "records": 6, "balanced": true}]));
    let keys = rows(&engine, "SELECT calls, failed_calls, apis FROM key_activity").await;
    assert_eq!(json!(keys), json!([{"calls": 5, "failed_calls": 1, "apis": 1}]));
    assert_eq!(value(&engine, "SELECT granted_hours FROM long_session").await, json!(12.0));
    assert_eq!(value(&engine, "SELECT session_id FROM cross_account").await, json!("s"));
    let hashes = value(&engine, "SELECT MIN(event_hashes) FROM usage").await;
    assert_eq!(hashes, json!("01ff"));
}

/// The files that a plan really opened.
fn files_scanned(plan: &str) -> u64 {
    let mark = "count_files_scanned=";
    let numbers = plan.match_indices(mark).map(|(at, _)| {
        let digits = plan[at + mark.len()..].chars().take_while(char::is_ascii_digit);
        digits.collect::<String>().parse::<u64>().unwrap()
    });
    numbers.sum()
}

#[tokio::test]
async fn only_files_that_matter_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(&folder).await;
    for day in 1..=9 {
        let at = |hour: u32| format!("2026-03-{day:02}T{hour:02}:00:00Z");
        add(&mut lake, &[event("a", &at(1), "ann")]).await;
        add(&mut lake, &[event("b", &at(23), "bob")]).await;
    }
    let engine = Engine::over(&lake, Limits::default()).await.unwrap();
    for (condition, files, found) in [
        ("true", 18, 18),
        ("date = DATE '2026-03-04'", 2, 2),
        ("date >= DATE '2026-03-08'", 4, 4),
        ("date >= CAST(TIMESTAMP '2026-03-10T00:00:00Z' - INTERVAL '2 days' AS DATE)", 4, 4),
        ("event_time >= TIMESTAMP '2026-03-09T12:00:00Z'", 1, 1),
        ("event_time >= '2026-03-09T12:00:00Z'", 1, 1),
    ] {
        let query = format!("SELECT principal FROM event WHERE {condition}");
        let plan = explain(&engine, &query, true).await.unwrap();
        assert_eq!(files_scanned(&plan), files, "{condition}\n{plan}");
        assert_eq!(rows(&engine, &query).await.len(), found, "{condition}");
    }
    let query = "SELECT principal FROM issuance WHERE date = DATE '2026-03-04'";
    let plan = explain(&engine, query, true).await.unwrap();
    assert_eq!(files_scanned(&plan), 2, "through a view\n{plan}");
}

#[tokio::test]
async fn what_is_committed_later_needs_a_new_engine() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(&folder).await;
    let before = Engine::over(&lake, Limits::default()).await.unwrap();
    add(&mut lake, &[event("a", "2026-03-10T12:00:00Z", "ann")]).await;
    let after = Engine::over(&lake, Limits::default()).await.unwrap();
    let count = "SELECT COUNT(*) FROM event";
    assert_eq!(value(&before, count).await, json!(0));
    assert_eq!(value(&after, count).await, json!(1));
}

#[tokio::test]
async fn beyond_the_memory_limit_a_sort_goes_to_disk() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(&folder).await;
    let query = "SELECT value, repeat('x', 400) AS wide FROM generate_series(1, 60000)
        ORDER BY value % 7, value";
    for (memory, spilled) in [(None, false), (Some(24 << 20), true)] {
        let engine = Engine::over(&lake, Limits { memory, parallel: Some(1) }).await.unwrap();
        let plan = explain(&engine, query, true).await.unwrap();
        let never = plan.contains("spill_count=0");
        assert_eq!(!never, spilled, "{plan}");
        assert_eq!(rows(&engine, query).await.len(), 60_000);
    }
}

#[tokio::test]
async fn columns_of_different_meaning_can_be_put_together() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(&folder).await;
    add(&mut lake, &[event("a", "2026-03-10T12:00:00Z", "ann")]).await;
    let engine = Engine::over(&lake, Limits::default()).await.unwrap();
    let both = "SELECT principal AS who FROM event UNION ALL SELECT session_id FROM session";
    let grouped = format!("SELECT who, count(*) AS n FROM ({both}) GROUP BY who");
    assert_eq!(json!(rows(&engine, &grouped).await), json!([{"who": "ann", "n": 1}]));
}

#[tokio::test]
async fn steps_have_the_types_of_their_rows() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(&folder).await;
    add(&mut lake, &[event("a", "2026-03-10T12:00:00Z", "ann")]).await;
    let engine = Engine::over(&lake, Limits::default()).await.unwrap();
    let sql = "WITH said AS (
            SELECT CASE WHEN succeeded THEN 'yes' ELSE principal END AS who, event_time AS at FROM event
            UNION ALL
            SELECT 'no', created_at FROM session
        )
        SELECT one.who AS subject, one.who AS account, one.at AS first_at, other.at AS last_at
        FROM said AS one JOIN said AS other ON one.who = other.who";
    let detection = Detection { sql: sql.into(), params: Vec::new(), ..new_account() };
    let found = detect(&engine, &detection, day(), None, day().until).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].subject, "yes");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_is_bundled_can_be_asked_of_a_lake() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(&folder).await;
    let engine = Engine::over(&lake, Limits::default()).await.unwrap();
    let at = |text: &str| text.parse::<Time>().unwrap();
    let window = Window { from: at("2026-03-10"), until: at("2026-03-11") };
    for detection in load(&bundled()).await.unwrap() {
        let found = detect(&engine, &detection, window, None, window.until).await;
        assert_eq!(found.map_err(|e| e.to_string()), Ok(Vec::new()), "{}", detection.id);
    }
    for report in load_reports(&bundled_reports()).await.unwrap() {
        let answer = answer(&engine, &report, window, &[]).await;
        assert!(answer.is_ok(), "{}: {:?}", report.id, answer.err());
    }
}
