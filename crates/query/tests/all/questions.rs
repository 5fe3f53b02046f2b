//! What may be asked, what may not, and what an error says.

use rolecall_model::TABLES;
use rolecall_query::{Engine, QueryError, explain, sql, views};
use serde_json::json;

use crate::{rows, value};

#[tokio::test]
async fn what_changes_anything_is_refused() {
    let engine = Engine::empty().await.unwrap();
    for text in [
        "CREATE TABLE mine AS SELECT 1",
        "CREATE VIEW mine AS SELECT 1",
        "CREATE EXTERNAL TABLE mine STORED AS CSV LOCATION '/etc/passwd'",
        "CREATE FUNCTION mine() RETURNS INT RETURN 1",
        "SELECT 1 AS a INTO mine",
        "DROP TABLE event",
        "INSERT INTO event SELECT * FROM event",
        "DELETE FROM event",
        "UPDATE event SET event_id = ''",
        "COPY (SELECT 1) TO '/tmp/out.csv'",
        "COPY event TO '/tmp/out.parquet'",
        "EXPLAIN COPY event TO '/tmp/out.parquet'",
        "EXPLAIN ANALYZE INSERT INTO event SELECT * FROM event",
        "SET datafusion.execution.time_zone = 'Europe/Berlin'",
        "RESET datafusion.execution.time_zone",
        "PREPARE mine AS SELECT 1",
        "BEGIN TRANSACTION",
    ] {
        let refused = sql(&engine, text).await.err();
        assert!(matches!(refused, Some(QueryError::Forbidden { .. })), "{text}: {refused:?}");
    }
    let refused = sql(&engine, "drop table event").await.err().unwrap().to_string();
    assert_eq!(refused, "DROP is not allowed: a lake is only asked, never changed; write a SELECT",);
}

#[tokio::test]
async fn files_and_second_statements_are_out_of_reach() {
    let engine = Engine::empty().await.unwrap();
    for text in [
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM 'https://example.com/a.parquet'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT 1; SELECT 2",
        "",
    ] {
        assert!(sql(&engine, text).await.is_err(), "{text}");
    }
}

#[tokio::test]
async fn every_table_and_view_can_be_asked_while_it_is_empty() {
    let engine = Engine::empty().await.unwrap();
    let tables = TABLES.iter().map(|table| table.name);
    for name in tables.chain(views().iter().map(|view| view.name)) {
        assert!(rows(&engine, &format!("SELECT * FROM {name}")).await.is_empty(), "{name}");
        assert_eq!(value(&engine, &format!("SELECT COUNT(*) FROM {name}")).await, json!(0));
        assert!(!rows(&engine, &format!("SHOW COLUMNS FROM {name}")).await.is_empty(), "{name}");
    }
    for view in views() {
        assert!(
            view.about.starts_with("One row per ") && view.about.ends_with('.'),
            "{}",
            view.name
        );
    }
}

#[tokio::test]
async fn an_error_says_where_and_what_else() {
    let engine = Engine::empty().await.unwrap();
    let error = |text: &'static str| {
        let engine = engine.clone();
        async move { sql(&engine, text).await.err().unwrap().to_string() }
    };
    let unknown = error("SELECT\n  event_nam\nFROM event").await;
    assert!(unknown.contains("line 2, column 3"), "{unknown}");
    assert!(unknown.contains("event_name"), "{unknown}");
    let table = error("SELECT 1 FROM evnt").await;
    assert!(table.contains("evnt"), "{table}");
    let far = error("SELECT nothing_like_it FROM event").await;
    assert!(far.contains("nothing_like_it") && far.len() < 150, "{far}");
    let syntax = error("SELECT 1\nFROM event WHERE ) 1").await;
    assert!(syntax.contains("line 2, column 18"), "{syntax}");
}

#[tokio::test]
async fn a_plan_can_be_seen_and_times_are_utc() {
    let engine = Engine::empty().await.unwrap();
    let plan = explain(&engine, "SELECT COUNT(*) FROM issuance", false).await.unwrap();
    assert!(plan.contains("logical_plan:") && plan.contains("physical_plan:"), "{plan}");
    let plan = explain(&engine, "SELECT COUNT(*) FROM issuance", true).await.unwrap();
    assert!(plan.contains("output_rows"), "{plan}");
    let at = value(&engine, "SELECT to_timestamp('2026-03-10T12:00:00+01:00')").await;
    assert_eq!(at, json!("2026-03-10T11:00:00Z"));
}
