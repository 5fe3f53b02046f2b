//! Merged files, cleaned logs and deleted files: rows stay, and who follows the commits is not fooled.

#![allow(clippy::unwrap_used)] // A test that cannot set up its lake cannot go on.

use std::path::Path;
use std::time::{Duration, SystemTime};

use rolecall_lake::{Access, Change, DataFile, Lake, Location, Outcome};
use rolecall_model::{Event, Time, Usage};

const DAY: i64 = 86_400;

async fn lake(folder: &Path) -> Lake {
    let location = Location::find(folder.to_str().unwrap()).await.unwrap();
    Lake::open(location, Access::Create).await.unwrap()
}

fn usage(n: i64) -> Usage {
    Usage {
        // Neither hours nor principals come in order.
        hour: Time::from_seconds(n * 7919 % 24 * 3600),
        principal: format!("arn:aws:iam::111111111111:role/{}", n * 31 % 17),
        access_key_id: (n % 3 > 0).then(|| format!("ASIA{n}")),
        calls: n,
        event_hashes: vec![n as u8; 8],
        ..Usage::default()
    }
}

async fn append(lake: &mut Lake, rows: &[Usage]) -> u64 {
    let table = lake.table_mut::<Usage>();
    let add = table.write::<Usage>(rows).await.unwrap();
    match table.commit(Change { add, ..Change::default() }).await.unwrap() {
        Outcome::Committed(version) => version,
        Outcome::Lost => unreachable!("nobody else writes"),
    }
}

/// The rows as they stand in the files.
async fn rows(lake: &Lake, files: &[DataFile]) -> Vec<Usage> {
    let mut rows = Vec::new();
    lake.table::<Usage>().read::<Usage>(files, &[], |row| rows.push(row)).await.unwrap();
    rows
}

fn sorted(mut rows: Vec<Usage>) -> Vec<String> {
    rows.sort_by_key(|row| row.calls);
    rows.iter().map(|row| format!("{row:?}")).collect()
}

async fn merge(lake: &mut Lake, emptied: Option<&str>) {
    let table = lake.table_mut::<Usage>();
    let remove = table.files().to_vec();
    let add = table.merge(&remove, emptied).await.unwrap().into_iter().collect();
    let change = Change { add, remove, rearranges: true, ..Change::default() };
    assert!(matches!(table.commit(change).await.unwrap(), Outcome::Committed(_)));
}

#[tokio::test]
async fn a_merged_file_has_the_same_rows_in_the_order_of_the_table() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = self::lake(folder.path()).await;
    // Some files are larger than a batch, most are tiny.
    let mut next = 1;
    for many in [20_000, 1, 1, 300, 9000, 2, 5, 1] {
        let new: Vec<Usage> = (next..next + many).map(usage).collect();
        next += many;
        append(&mut lake, &new).await;
    }
    let before = rows(&lake, lake.table::<Usage>().files()).await;
    merge(&mut lake, None).await;
    let again = self::lake(folder.path()).await;
    let files = again.table::<Usage>().files();
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].rows, next - 1);
    let hours: Vec<Time> = before.iter().map(|row| row.hour).collect();
    let (first, last) = files[0].times.unwrap();
    assert_eq!(first, *hours.iter().min().unwrap());
    assert!(last >= *hours.iter().max().unwrap());
    let after = rows(&again, files).await;
    let order: Vec<_> = after.iter().map(|row| (row.hour, &row.principal)).collect();
    assert!(order.is_sorted());
    assert_eq!(sorted(before), sorted(after));
}

#[tokio::test]
async fn no_follower_meets_a_merged_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = self::lake(folder.path()).await;
    append(&mut lake, &[usage(1)]).await;
    let read = append(&mut lake, &[usage(2)]).await;
    merge(&mut lake, None).await;
    assert_eq!(lake.table::<Usage>().added_since(Some(read)).await.unwrap(), []);
    append(&mut lake, &[usage(3)]).await;
    let new = lake.table::<Usage>().added_since(Some(read)).await.unwrap();
    assert_eq!(rows(&lake, &new).await, [usage(3)]);
}

#[tokio::test]
async fn emptied_files_say_so_and_keep_all_else() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = self::lake(folder.path()).await;
    append(&mut lake, &[usage(1)]).await;
    append(&mut lake, &[usage(2)]).await;
    assert!(!lake.table::<Usage>().files()[0].is_without("event_hashes"));
    merge(&mut lake, Some("event_hashes")).await;
    let lake = self::lake(folder.path()).await;
    let files = lake.table::<Usage>().files();
    assert!(files[0].is_without("event_hashes") && !files[0].is_without("hour"));
    let expected = [1, 2].map(|n| Usage { event_hashes: Vec::new(), ..usage(n) });
    assert_eq!(sorted(rows(&lake, files).await), sorted(expected.to_vec()));
}

#[tokio::test]
async fn a_merge_that_loses_a_race_still_fits_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let mut one = self::lake(folder.path()).await;
    append(&mut one, &[usage(1)]).await;
    append(&mut one, &[usage(2)]).await;
    let mut two = self::lake(folder.path()).await;
    let table = one.table_mut::<Usage>();
    let remove = table.files().to_vec();
    let add: Vec<_> = table.merge(&remove, None).await.unwrap().into_iter().collect();
    append(&mut two, &[usage(3)]).await;
    let change = Change { add, remove, rearranges: true, ..Change::default() };
    assert_eq!(table.commit(change.clone()).await.unwrap(), Outcome::Lost);
    table.refresh().await.unwrap();
    assert!(matches!(table.commit(change).await.unwrap(), Outcome::Committed(_)));
    let all = rows(&one, one.table::<Usage>().files()).await;
    assert_eq!(sorted(all), sorted(vec![usage(1), usage(2), usage(3)]));
}

/// Makes everything below a folder look as if it had been written some days ago.
fn age(folder: &Path, days: u64) {
    let then = SystemTime::now() - Duration::from_secs(days * DAY as u64);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            age(&path, days);
        } else {
            std::fs::File::options().write(true).open(path).unwrap().set_modified(then).unwrap();
        }
    }
}

fn now() -> Time {
    let elapsed = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    Time(elapsed.as_micros() as i64)
}

fn entries(folder: &Path) -> usize {
    let log = std::fs::read_dir(folder.join("event/_delta_log")).unwrap();
    log.filter(|e| e.as_ref().unwrap().path().extension().is_some_and(|e| e == "json")).count()
}

async fn commits(lake: &mut Lake, numbers: std::ops::Range<i64>) {
    for n in numbers {
        let table = lake.table_mut::<Event>();
        let checkpoints = vec![("step".into(), n), (format!("alert:{}", n % 2), n)];
        let change = Change { checkpoints, ..Change::default() };
        assert!(matches!(table.commit(change).await.unwrap(), Outcome::Committed(_)));
    }
}

#[tokio::test]
async fn only_upkeep_cleans_the_log_and_only_what_everybody_has_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = self::lake(folder.path()).await;
    commits(&mut lake, 1..121).await;
    age(folder.path(), 60);
    // Delta itself would now delete what is older than its last checkpoint and 30 days.
    commits(&mut lake, 121..122).await;
    assert_eq!(entries(folder.path()), 122);

    let all = lake.table::<Event>().checkpoints().await.unwrap();
    let expected = [("alert:0", 120), ("alert:1", 121), ("step", 121)];
    assert_eq!(all.iter().map(|(s, at)| (s.as_str(), *at)).collect::<Vec<_>>(), expected);

    let table = lake.table_mut::<Event>();
    assert_eq!(table.clean_log(50, now()).await.unwrap(), 0, "no checkpoint is as old as that");
    assert!(table.write_checkpoint().await.unwrap());
    assert!(!table.write_checkpoint().await.unwrap(), "once is enough");
    let month = now().plus_seconds(-90 * DAY);
    assert_eq!(table.clean_log(110, month).await.unwrap(), 0, "nothing is as old as that");
    assert!(table.clean_log(110, now().plus_seconds(-30 * DAY)).await.unwrap() > 90);
    assert!(table.commits_since(Some(110)).await.unwrap().len() == 11, "whoever read 110 goes on");
    assert_eq!(table.checkpoint("step").await.unwrap(), Some(121));

    let again = self::lake(folder.path()).await;
    assert_eq!(again.table::<Event>().version(), 121);
    assert_eq!(again.table::<Event>().checkpoints().await.unwrap().len(), 3);
}

#[tokio::test]
async fn only_what_no_version_of_the_last_days_needs_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = self::lake(folder.path()).await;
    append(&mut lake, &[usage(1)]).await;
    append(&mut lake, &[usage(2)]).await;
    let old: Vec<DataFile> = lake.table::<Usage>().files().to_vec();
    merge(&mut lake, None).await;
    // A writer that was killed before its commit.
    let orphan = lake.table::<Usage>().write::<Usage>([usage(3)]).await.unwrap();
    age(folder.path(), 30);
    let table = lake.table::<Usage>();
    let orphans = vec![orphan[0].file().path.clone()];
    // The merged files are old, and were needed a moment ago.
    assert_eq!(table.unreferenced(7 * DAY, now()).await.unwrap(), orphans);
    let mut all = table.unreferenced(7 * DAY, now().plus_seconds(8 * DAY)).await.unwrap();
    all.sort();
    let mut expected: Vec<String> = old.iter().map(|file| file.path.clone()).collect();
    expected.extend(orphans);
    expected.sort();
    assert_eq!(all, expected);

    // Until then the version before can be read.
    assert_eq!(rows(&lake, &old).await.len(), 2);
    table.delete(&all).await.unwrap();
    table.delete(&all).await.unwrap();
    let gone = table.read::<Usage>(&old, &[], |_| ()).await;
    assert!(gone.is_err());
    let lake = self::lake(folder.path()).await;
    assert_eq!(rows(&lake, lake.table::<Usage>().files()).await.len(), 2);
}
