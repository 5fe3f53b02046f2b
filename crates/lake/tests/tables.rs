//! A lake on disk: commits, races, checkpoints, and lakes of other versions.

#![allow(clippy::unwrap_used)] // A test that cannot set up its lake cannot go on.

use rolecall_lake::{Access, Change, Lake, LakeError, Location, Outcome};
use rolecall_model::{Event, TABLES, Time};

async fn lake(folder: &std::path::Path, access: Access) -> Result<Lake, LakeError> {
    let location = Location::find(folder.to_str().expect("a test folder has a plain name")).await?;
    Lake::open(location, access).await
}

fn event(id: &str, seconds: i64) -> Event {
    Event { event_id: id.into(), event_time: Time::from_seconds(seconds), ..Event::default() }
}

async fn ids(lake: &Lake) -> Vec<String> {
    let table = lake.table::<Event>();
    let mut ids = Vec::new();
    table.read::<Event>(table.files(), &["event_id"], |e| ids.push(e.event_id)).await.unwrap();
    ids.sort();
    ids
}

#[tokio::test]
async fn rows_are_there_after_the_commit_and_not_before() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path(), Access::Create).await.unwrap();
    let table = lake.table_mut::<Event>();
    let add = table.write::<Event>(vec![event("a", 10), event("b", 86_400)]).await.unwrap();
    assert_eq!(add.len(), 2, "one file for each day");

    let mut other = self::lake(folder.path(), Access::Existing).await.unwrap();
    assert!(ids(&other).await.is_empty());
    let change = Change { add, checkpoints: vec![("trace".into(), 7)], ..Change::default() };
    assert_eq!(table.commit(change).await.unwrap(), Outcome::Committed(1));
    assert_eq!(table.checkpoint("trace").await.unwrap(), Some(7), "whoever commits knows it");
    assert_eq!(ids(&lake).await, ["a", "b"]);

    other.refresh().await.unwrap();
    assert_eq!(ids(&other).await, ["a", "b"]);
    let table = other.table::<Event>();
    assert_eq!(table.checkpoint("trace").await.unwrap(), Some(7));
    assert_eq!(table.checkpoint("detect").await.unwrap(), None);
    assert_eq!(table.added_since(Some(0)).await.unwrap().len(), 2);
    assert_eq!(table.added_since(Some(1)).await.unwrap().len(), 0);
}

#[tokio::test]
async fn whoever_comes_second_looks_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = lake(folder.path(), Access::Create).await.unwrap();
    let mut second = lake(folder.path(), Access::Existing).await.unwrap();

    let add = first.table::<Event>().write::<Event>(vec![event("a", 10)]).await.unwrap();
    let change = Change { add, ..Change::default() };
    assert!(matches!(
        first.table_mut::<Event>().commit(change).await.unwrap(),
        Outcome::Committed(_)
    ));

    let add = second.table::<Event>().write::<Event>(vec![event("b", 20)]).await.unwrap();
    let change = Change { add, ..Change::default() };
    let table = second.table_mut::<Event>();
    assert_eq!(table.commit(change.clone()).await.unwrap(), Outcome::Lost);
    table.refresh().await.unwrap();
    assert!(matches!(table.commit(change).await.unwrap(), Outcome::Committed(_)));
    assert_eq!(ids(&second).await, ["a", "b"]);
}

#[tokio::test]
async fn files_can_be_replaced_in_one_commit() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path(), Access::Create).await.unwrap();
    let table = lake.table_mut::<Event>();
    let add = table.write::<Event>(vec![event("a", 10)]).await.unwrap();
    table.commit(Change { add, ..Change::default() }).await.unwrap();
    let add = table.write::<Event>(vec![event("b", 10)]).await.unwrap();
    let remove = table.files().to_vec();
    table.commit(Change { add, remove, ..Change::default() }).await.unwrap();
    assert_eq!(ids(&lake).await, ["b"]);
    lake.refresh().await.unwrap();
    assert_eq!(ids(&lake).await, ["b"]);
}

#[tokio::test]
async fn many_commits_make_checkpoints_that_read_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path(), Access::Create).await.unwrap();
    for n in 0..25 {
        let table = lake.table_mut::<Event>();
        let add = table.write::<Event>(vec![event(&format!("{n:02}"), n * 60)]).await.unwrap();
        let change = Change { add, checkpoints: vec![("step".into(), n)], ..Change::default() };
        table.commit(change).await.unwrap();
    }
    let again = self::lake(folder.path(), Access::Existing).await.unwrap();
    assert_eq!(ids(&again).await.len(), 25);
    let table = again.table::<Event>();
    assert_eq!(table.checkpoint("step").await.unwrap(), Some(24));
    assert_eq!(table.files().iter().filter(|f| f.times.is_some()).count(), 25);
}

#[tokio::test]
async fn a_missing_lake_is_no_empty_lake() {
    let folder = tempfile::tempdir().unwrap();
    for place in [folder.path().join("nowhere"), folder.path().to_owned()] {
        let error = lake(&place, Access::Existing).await.unwrap_err();
        assert!(matches!(error, LakeError::Missing { .. }), "{error}");
    }
}

/// Rewrites the first entry of a table's log, as another version would have written it.
fn rewrite(folder: &std::path::Path, table: &str, with: impl Fn(String) -> String) {
    let entry = folder.join(table).join("_delta_log/00000000000000000000.json");
    let text = std::fs::read_to_string(&entry).unwrap();
    let changed = with(text.clone());
    assert_ne!(changed, text, "nothing to rewrite");
    std::fs::write(entry, changed).unwrap();
}

#[tokio::test]
async fn a_newer_lake_is_refused_and_an_older_one_opens() {
    let folder = tempfile::tempdir().unwrap();
    lake(folder.path(), Access::Create).await.unwrap();
    rewrite(folder.path(), "event", |text| {
        text.replace(r#""rolecall.schema":"1""#, r#""rolecall.schema":"999""#)
    });
    let error = lake(folder.path(), Access::Existing).await.unwrap_err();
    assert!(matches!(error, LakeError::Newer { table: "event", found: 999, .. }), "{error}");

    rewrite(folder.path(), "event", |text| {
        text.replace(r#""rolecall.schema":"999""#, r#""rolecall.schema":"0""#)
            .replace(r#"\"name\":\"tls_host\""#, r#"\"name\":\"forgotten\""#)
    });
    let opened = lake(folder.path(), Access::Existing).await.unwrap();
    let state = opened.table::<Event>().delta().snapshot().unwrap();
    assert!(state.schema().field("tls_host").is_some());
    assert_eq!(state.metadata().configuration()["rolecall.schema"], "1");
    assert_eq!(opened.tables().len(), TABLES.len());
}

#[tokio::test]
async fn an_unusable_place_is_an_error_with_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "not a folder").unwrap();
    let error = lake(&file.join("lake"), Access::Create).await.unwrap_err();
    assert!(error.to_string().contains("file"), "{error}");
    assert!(Location::find("ftp://somewhere").await.is_err());
}
