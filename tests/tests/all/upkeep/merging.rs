//! Merged, cleaned and deleted files: rows stay, beside other steps, stopped anywhere, twice.

use super::*;

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
