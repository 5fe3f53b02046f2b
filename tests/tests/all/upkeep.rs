//! Upkeep changes how rows lie, and never which there are: beside other steps, stopped anywhere, twice.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use rolecall_known::Known;
use rolecall_lake::{Change, Lake, Outcome};
use rolecall_model::{
    Day, Edge, Event, Finding, Footprint, Object, Rejected, Row, Session, Time, Usage,
};
use rolecall_pipeline::{UpkeepSettings, Upkept, trace, upkeep};
use rolecall_tests::lakes::{NOW, content, lake_of, open, rows, take_in};
use rolecall_tests::trails::{Caller, Held, account, assume, at, call, write};
use serde_json::Value;

const DAY: i64 = 86_400;

/// Two days after the trail: nothing is old.
fn soon() -> Time {
    at(0).parse::<Time>().unwrap().plus_seconds(2 * DAY)
}

fn clock() -> Time {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Time(elapsed.as_micros() as i64)
}

async fn look_after(lake: &mut Lake, settings: &UpkeepSettings, now: Time) -> Upkept {
    upkeep(lake, &Known::default(), settings, now, &|| true, &|_| ()).await.unwrap()
}

fn defaults() -> UpkeepSettings {
    UpkeepSettings::default()
}

fn user() -> Caller {
    Caller::User(account(1), "ana".into(), "AKIAQAAAAAAAAAAAAAAA".into())
}

/// Records of one user and of the sessions that she takes, one after the other.
fn records(numbers: std::ops::Range<u32>) -> Vec<Value> {
    let mut records = Vec::new();
    for n in numbers {
        let held = Held {
            account: account(1 + (n % 3) as u8),
            role: "build".into(),
            name: format!("walk-{n}"),
            key: format!("ASIA{n:A>16}"),
            created: 30_000 + n * 60,
        };
        records.extend(assume(&format!("a{n}"), &user(), &held));
        let session = Caller::Session(held.clone());
        for c in 0..3 {
            let second = held.created + 5 + c;
            records.push(call(
                &format!("c{n}-{c}"),
                second,
                &session,
                "s3.amazonaws.com",
                "ListBuckets",
            ));
        }
    }
    records
}

/// Files with records of these numbers, some to each.
fn trail(folder: &Path, numbers: std::ops::Range<u32>, size: usize, prefix: &str) {
    for (n, records) in records(numbers).chunks(size).enumerate() {
        write(folder, &format!("{prefix}{n:03}"), records);
    }
}

/// Ingests and traces files one by one, so that every file is a commit.
async fn one_by_one(lake: &mut Lake, folder: &Path) {
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        take_in(lake, &file).await;
        trace(lake, &|_| ()).await.unwrap();
    }
}

fn files(lake: &Lake) -> BTreeMap<&'static str, usize> {
    lake.tables().iter().map(|table| (table.table().name, table.files().len())).collect()
}

#[tokio::test]
async fn many_small_commits_become_a_file_for_each_day() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path().join("logs");
    trail(&logs, 0..12, 2, "x");
    let mut lake = open(&folder.path().join("lake")).await;
    one_by_one(&mut lake, &logs).await;
    let before = content(&lake).await;
    assert!(
        files(&lake)["event"] > 15 && files(&lake)["usage"] > 15 && files(&lake)["object"] > 15
    );

    let dry = look_after(&mut lake, &UpkeepSettings { dry_run: true, ..defaults() }, soon()).await;
    let planned: BTreeMap<_, _> =
        dry.tables.iter().map(|t| (t.table, t.files[1] as usize)).collect();
    assert!(files(&lake)["event"] > 15, "a dry run changes nothing");
    let did = look_after(&mut lake, &defaults(), soon()).await;
    assert_eq!(did.left, [] as [String; 0]);
    assert_eq!(files(&lake), planned);
    for table in ["event", "usage", "object", "session"] {
        assert_eq!(files(&lake)[table], 1, "{table}");
    }
    assert_eq!(content(&lake).await, before);
    let lake = open(&folder.path().join("lake")).await;
    assert_eq!(content(&lake).await, before);
}

#[tokio::test]
async fn twice_is_once() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path().join("logs");
    trail(&logs, 0..6, 2, "x");
    let mut lake = open(&folder.path().join("lake")).await;
    one_by_one(&mut lake, &logs).await;
    look_after(&mut lake, &defaults(), NOW).await;
    let (before, versions) = (content(&lake).await, versions(&lake));
    let again = look_after(&mut lake, &defaults(), NOW).await;
    assert!(again.tables.iter().all(|t| t.files_merged + t.rows_removed == 0), "{again:?}");
    assert_eq!((content(&lake).await, self::versions(&lake)), (before, versions));
}

fn versions(lake: &Lake) -> Vec<u64> {
    lake.tables().iter().map(|table| table.version()).collect()
}

#[tokio::test]
async fn what_no_trace_has_read_is_not_merged() {
    let folder = tempfile::tempdir().unwrap();
    let (early, late) = (folder.path().join("early"), folder.path().join("late"));
    trail(&early, 0..5, 2, "e");
    trail(&late, 5..10, 2, "l");
    let expected = lake_of(&folder.path().join("plain"), &[&early, &late]).await;

    let mut lake = open(&folder.path().join("lake")).await;
    one_by_one(&mut lake, &early).await;
    for file in std::fs::read_dir(&late).unwrap() {
        take_in(&mut lake, &file.unwrap().path()).await;
    }
    let before = files(&lake)["usage"];
    look_after(&mut lake, &defaults(), soon()).await;
    let left = files(&lake)["usage"];
    assert!(1 < left && left < before, "{before} files became {left}: the late ones stay");
    trace(&mut lake, &|_| ()).await.unwrap();
    look_after(&mut lake, &defaults(), soon()).await;
    assert_eq!(files(&lake)["usage"], 1);
    assert_eq!(content(&lake).await, content(&expected).await);
}

#[tokio::test]
async fn an_ingest_knows_again_what_was_merged_and_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let (first, renamed) = (folder.path().join("first"), folder.path().join("renamed"));
    trail(&first, 0..6, 3, "x");
    trail(&renamed, 0..6, 5, "y");
    for (now, forgotten) in [(soon(), false), (NOW, true)] {
        let mut lake = open(&folder.path().join(format!("lake-{forgotten}"))).await;
        one_by_one(&mut lake, &first).await;
        look_after(&mut lake, &defaults(), now).await;
        let usages = rows::<Usage>(&lake).await;
        assert_eq!(usages.iter().all(|row| row.event_hashes.is_empty()), forgotten);
        let before = content(&lake).await;

        let did = take_in(&mut lake, &renamed).await;
        assert_eq!((did.new_events, did.new_calls), (0, 0), "forgotten: {forgotten}");
        trace(&mut lake, &|_| ()).await.unwrap();
        assert_eq!(content(&lake).await, before);

        // What the lake never had is taken in, however old it is.
        let more = folder.path().join("more");
        let late = call("late", 30_007, &user(), "s3.amazonaws.com", "PutObject");
        write(&more, &format!("late-{forgotten}"), &[late]);
        let did = take_in(&mut lake, &more).await;
        assert_eq!(did.new_calls, 1, "forgotten: {forgotten}");
        trace(&mut lake, &|_| ()).await.unwrap();
        look_after(&mut lake, &defaults(), now).await;
        assert_eq!(files(&lake)["usage"], 1);
        assert_eq!(take_in(&mut lake, &renamed).await.new_calls, 0);
        std::fs::remove_dir_all(more).unwrap();
    }
}

#[test]
fn beside_an_ingest_and_a_trace_nothing_is_lost_or_twice() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path().join("logs");
    trail(&logs, 0..15, 2, "x");
    runtime.block_on(async {
        let expected = lake_of(&folder.path().join("plain"), &[&logs]).await;
        let shared = folder.path().join("shared");
        open(&shared).await;
        let writing = {
            let (shared, logs) = (shared.clone(), logs.clone());
            tokio::spawn(async move { one_by_one(&mut open(&shared).await, &logs).await })
        };
        let mut rounds = 0;
        let mut merged = 0;
        while !writing.is_finished() {
            let mut lake = open(&shared).await;
            let did = look_after(&mut lake, &defaults(), soon()).await;
            merged += did.tables.iter().map(|table| table.files_merged).sum::<u64>();
            rounds += 1;
        }
        writing.await.unwrap();
        let mut lake = open(&shared).await;
        trace(&mut lake, &|_| ()).await.unwrap();
        look_after(&mut lake, &defaults(), soon()).await;
        assert!(merged > 0, "{rounds} rounds merged nothing while logs came in");
        assert_eq!(files(&lake)["usage"], 1);
        assert_eq!(content(&lake).await, content(&expected).await);
    });
}

#[tokio::test]
async fn stopped_anywhere_it_says_what_is_left_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path().join("logs");
    trail(&logs, 0..5, 2, "x");
    let mut lake = open(&folder.path().join("lake")).await;
    one_by_one(&mut lake, &logs).await;
    let before = content(&lake).await;
    // A run that was killed after it wrote a file, and before its commit.
    let usage = lake.table::<Usage>();
    assert!(usage.merge(usage.files(), None).await.unwrap().is_some());
    for units in 0.. {
        let done = AtomicUsize::new(0);
        let go_on = || done.fetch_add(1, Ordering::Relaxed) < units;
        let did = upkeep(&mut lake, &Known::default(), &defaults(), soon(), &go_on, &|_| ()).await;
        let did = did.unwrap();
        assert_eq!(content(&lake).await, before, "after {units} units");
        if did.left.is_empty() {
            assert!(units > 10, "only {units} units of work");
            break;
        }
    }
    assert_eq!(files(&lake)["usage"], 1);
}

#[tokio::test]
async fn deleting_leaves_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path().join("logs");
    trail(&logs, 0..5, 2, "x");
    let place = folder.path().join("lake");
    let mut lake = open(&place).await;
    one_by_one(&mut lake, &logs).await;
    let before = content(&lake).await;
    let mut old = open(&place).await;
    let did = look_after(&mut lake, &defaults(), clock()).await;
    assert!(did.tables.iter().all(|table| table.files_deleted == 0), "nothing is seven days old");
    let calls = |lake: &BTreeMap<&'static str, Vec<String>>| lake["event"].clone();
    assert_eq!(calls(&content(&old).await), calls(&before), "the version before is still there");

    let did = look_after(&mut lake, &defaults(), clock().plus_seconds(8 * DAY)).await;
    assert!(did.tables.iter().map(|table| table.files_deleted).sum::<u64>() > 10);
    let on_disk = std::fs::read_dir(place.join("usage/date=2026-03-10")).unwrap().count();
    assert_eq!(on_disk, files(&lake)["usage"]);
    assert_eq!(content(&lake).await["event"], before["event"]);
    let table = old.table::<Event>();
    assert!(table.read::<Event>(table.files(), &[], |_| ()).await.is_err(), "and now it is gone");
    old.refresh().await.unwrap();
    assert_eq!(content(&old).await["session"], before["session"]);
}

async fn append<R: Row>(lake: &mut Lake, rows: &[R]) {
    let table = lake.table_mut::<R>();
    let add = table.write::<R>(rows).await.unwrap();
    let done = table.commit(Change { add, ..Change::default() }).await.unwrap();
    assert!(matches!(done, Outcome::Committed(_)));
}

async fn days<R: Row>(lake: &Lake) -> Vec<i32> {
    let mut days: Vec<i32> = rows::<R>(lake).await.iter().map(|row| row.day().0).collect();
    days.sort();
    days
}

#[tokio::test]
async fn retention_removes_exactly_what_is_old() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = open(folder.path()).await;
    let now = Day(20_000).start().plus_seconds(DAY / 2);
    let all = [19_000, 19_599, 19_600, 19_964, 19_965, 20_000];
    let at = all.map(|day| Day(day).start().plus_seconds(3600));
    append(&mut lake, &at.map(|event_time| Event { event_time, ..Event::default() })).await;
    append(&mut lake, &at.map(|hour| Usage { hour, ..Usage::default() })).await;
    append(&mut lake, &at.map(|created_at| Session { created_at, ..Session::default() })).await;
    append(&mut lake, &at.map(|rejected_at| Rejected { rejected_at, ..Rejected::default() })).await;
    append(&mut lake, &at.map(|first_at| Edge { first_at, ..Edge::default() })).await;
    append(&mut lake, &at.map(|first_at| Footprint { first_at, ..Footprint::default() })).await;
    append(&mut lake, &at.map(|first_at| Finding { first_at, ..Finding::default() })).await;
    let objects = at.map(|at| Object { delivered_at: Some(at), ..Object::default() });
    append(&mut lake, &objects).await;
    append(&mut lake, &[Object::default()]).await;

    look_after(&mut lake, &defaults(), now).await;
    assert_eq!(days::<Event>(&lake).await, all, "without a retention, all is kept");
    let settings = UpkeepSettings { retention_days: Some(35), ..defaults() };
    let dry = UpkeepSettings { dry_run: true, ..settings.clone() };
    let told = look_after(&mut lake, &dry, now).await;
    let did = look_after(&mut lake, &settings, now).await;
    let removed = |did: &Upkept| did.tables.iter().map(|t| t.rows_removed).collect::<Vec<_>>();
    assert_eq!(removed(&told), removed(&did));
    assert_eq!(removed(&did), [2, 4, 4, 4, 4, 2, 2, 2]);
    for (table, kept) in [
        ("event", days::<Event>(&lake).await),
        ("usage", days::<Usage>(&lake).await),
        ("session", days::<Session>(&lake).await),
        ("rejected", days::<Rejected>(&lake).await),
    ] {
        assert_eq!(kept, [19_965, 20_000], "{table}");
    }
    // Upkeep itself tells of what was rejected.
    let findings = rows::<Finding>(&lake).await.into_iter().filter(|f| f.detection.is_empty());
    let mut findings: Vec<i32> = findings.map(|finding| finding.day().0).collect();
    findings.sort();
    for (table, kept) in [
        ("edge", days::<Edge>(&lake).await),
        ("footprint", days::<Footprint>(&lake).await),
        ("finding", findings),
    ] {
        assert_eq!(kept, [19_600, 19_964, 19_965, 20_000], "{table}");
    }
    let objects = days::<Object>(&lake).await;
    assert_eq!(objects, [0, 19_600, 19_964, 19_965, 20_000], "no time is no age");
    assert_eq!(removed(&look_after(&mut lake, &settings, now).await), [0; 8]);
}

#[tokio::test]
async fn a_part_of_a_day_that_is_gone_does_not_replace_its_roll_up() {
    let folder = tempfile::tempdir().unwrap();
    let (logs, part) = (folder.path().join("logs"), folder.path().join("part"));
    trail(&logs, 0..6, 4, "x");
    trail(&part, 0..1, 4, "other");
    let mut lake = open(&folder.path().join("lake")).await;
    one_by_one(&mut lake, &logs).await;
    let before = content(&lake).await;
    let settings = UpkeepSettings { retention_days: Some(40), ..defaults() };
    look_after(&mut lake, &settings, NOW).await;
    assert!(rows::<Usage>(&lake).await.is_empty() && rows::<Session>(&lake).await.is_empty());
    take_in(&mut lake, &part).await;
    trace(&mut lake, &|_| ()).await.unwrap();
    let after = content(&lake).await;
    assert_eq!((&after["footprint"], &after["edge"]), (&before["footprint"], &before["edge"]));
    assert!(
        !rows::<Session>(&lake).await.is_empty(),
        "old logs can be looked at until the next upkeep"
    );
    look_after(&mut lake, &settings, NOW).await;
    assert!(rows::<Session>(&lake).await.is_empty());
}

#[tokio::test]
async fn silence_is_told_once_and_kept_quiet_by_an_entry() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = open(folder.path()).await;
    let object = |account: &str, hour: i64| {
        let delivered_at = Day(20_000).start().plus_seconds(hour * 3600);
        Object {
            key: format!("{account}-{hour}"),
            account: Some(account.into()),
            region: Some("eu-west-1".into()),
            delivered_at: Some(delivered_at),
            ingested_at: delivered_at.plus_seconds(300),
            outcome: "read".into(),
            kind: "log".into(),
            ..Object::default()
        }
    };
    let alive: Vec<_> = (0..24 * 20).map(|hour| object("111111111111", hour)).collect();
    let dead: Vec<_> = (0..24 * 18).map(|hour| object("222222222222", hour)).collect();
    append(&mut lake, &alive).await;
    append(&mut lake, &dead).await;
    append(
        &mut lake,
        &[Rejected {
            object_key: "broken.json.gz".into(),
            rejected_at: Day(20_019).start(),
            reason: "it is no gzip".into(),
            ..Rejected::default()
        }],
    )
    .await;
    let now = Day(20_020).start();
    let toml = "[[suppress]]\ndetections = [\"unreadable-object\"]\nowner = \"ana\"\nreason = \"known\"\nexpires = 2037-01-01\n\
                [[suppress]]\ndetections = [\"root-used\"]\nowner = \"ana\"\nreason = \"over\"\nexpires = 2001-01-01\n";
    let known = Known::parse(toml, None).unwrap();
    let dry = UpkeepSettings { dry_run: true, ..defaults() };
    let said = upkeep(&mut lake, &known, &dry, now, &|| true, &|_| ()).await.unwrap();
    assert_eq!(said.findings.len(), 3);
    assert!(rows::<Finding>(&lake).await.is_empty(), "a dry run tells nobody else");

    let did = upkeep(&mut lake, &known, &defaults(), now, &|| true, &|_| ()).await.unwrap();
    let told: Vec<_> = did
        .findings
        .iter()
        .map(|f| (f.detection.as_str(), f.subject.as_str(), f.is_told()))
        .collect();
    assert_eq!(
        told,
        [
            ("trail-fell-silent", "account 222222222222 in eu-west-1", true),
            ("unreadable-object", "broken.json.gz", false),
            ("expired-entry", "[[suppress]] root-used", true),
        ]
    );
    let later = now.plus_seconds(3600);
    let again = upkeep(&mut lake, &known, &defaults(), later, &|| true, &|_| ()).await.unwrap();
    assert_eq!((again.findings.len(), again.repeated), (0, 3));
    assert_eq!(rows::<Finding>(&lake).await.len(), 3);
}

#[tokio::test]
async fn settings_that_would_hurt_are_refused_before_anything_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = open(folder.path()).await;
    let settings = UpkeepSettings { retention_days: Some(7), ..defaults() };
    let refused = upkeep(&mut lake, &Known::default(), &settings, NOW, &|| true, &|_| ()).await;
    let error = refused.unwrap_err().to_string();
    assert!(error.contains("retention of 7 days is too short"), "{error}");
}
