//! Upkeep changes how rows lie, and never which there are: beside other steps, stopped anywhere, twice.

mod late;
mod merging;
mod retention;
mod telling;

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

async fn append<R: Row>(lake: &mut Lake, rows: &[R]) {
    let table = lake.table_mut::<R>();
    let add = table.write::<R>(rows).await.unwrap();
    let done = table.commit(Change { add, ..Change::default() }).await.unwrap();
    assert!(matches!(done, Outcome::Committed(_)));
}
