//! How long the steps take, for `./dev bench`; nothing is asserted.
//!
//! `speed trace [ISSUANCES]`: trace of a million issuances of one day.
//! `speed growth [ISSUANCES-A-DAY]`: one more hour, traced and asked about, behind 3 and behind 30
//! days of history, and which detections cost more behind more of it.
//! `speed hour [ISSUANCES]`: every detection over one hour, in which ten times as many events happen as
//! issuances, behind 30 days of history.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

mod hour;
mod world;

use std::ops::Range;
use std::time::Instant;

use rolecall_known::Known;
use rolecall_lake::{Access, Change, Lake, Location};
use rolecall_model::{Event, Row, Session, Time, Usage, Window};
use rolecall_pipeline::{Span, detect, trace};
use rolecall_query::Limits;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Rows of one commit, as an ingest would make it.
const COMMIT: u64 = 100_000;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let what = arguments.next().unwrap_or_default();
    let argument = arguments.next();
    let number = argument.as_ref().and_then(|text| text.parse().ok());
    match what.as_str() {
        "trace" => trace_speed(number.unwrap_or(1_000_000)).await,
        "growth" => growth(number.unwrap_or(20_000)).await,
        "hour" => hour::hour(number.unwrap_or(100_000)).await,
        // What `hour` starts.
        "asked" => hour::asked(argument.unwrap_or_default().as_ref()).await,
        _ => println!("say `trace [ISSUANCES]`, `growth [ISSUANCES-A-DAY]` or `hour [ISSUANCES]`"),
    }
}

async fn trace_speed(issuances: u64) {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path()).await;
    for part in parts(0..issuances) {
        let events: Vec<Event> = part.map(|n| world::issuance(0, n, issuances)).collect();
        append(&mut lake, &events).await;
    }
    let start = Instant::now();
    let did = trace(&mut lake, &|_| ()).await.unwrap();
    let seconds = start.elapsed().as_secs_f64();
    let mut deepest = 0;
    let table = lake.table::<Session>();
    table
        .read::<Session>(table.files(), &["depth"], |s| deepest = deepest.max(s.depth))
        .await
        .unwrap();
    println!("| step | issuances | sessions | deepest | seconds |");
    println!("| --- | --: | --: | --: | --: |");
    println!("| trace | {} | {} | {deepest} | {seconds:.2} |", did.events, did.sessions);
}

async fn growth(a_day: u64) {
    println!("| days behind | trace, s | detect, s | together, s |");
    println!("| --: | --: | --: | --: |");
    let detections = rolecall_query::load(&rolecall_query::bundled()).await.unwrap();
    let (mut costs, mut each) = (Vec::new(), Vec::new());
    for days in [3, 30] {
        let folder = tempfile::tempdir().unwrap();
        let mut lake = lake(folder.path()).await;
        for day in 0..days {
            fill(&mut lake, day, 0..a_day, a_day).await;
        }
        fill(&mut lake, days, 0..a_day / 2, a_day).await;
        run(&mut lake).await;
        let hour = a_day / 2..a_day / 2 + a_day / 24;
        let mut tries = Vec::new();
        for _ in 0..3 {
            let folder = copy_of(folder.path());
            let mut lake = self::lake(folder.path()).await;
            fill(&mut lake, days, hour.clone(), a_day).await;
            tries.push(run(&mut lake).await);
        }
        tries.sort_by(|a, b| (a.0 + a.1).total_cmp(&(b.0 + b.1)));
        let (traced, detected) = tries[1];
        println!("| {days} | {traced:.2} | {detected:.2} | {:.2} |", traced + detected);
        costs.push(traced + detected);

        let mut lake = self::lake(folder.path()).await;
        fill(&mut lake, days, hour, a_day).await;
        trace(&mut lake, &|_| ()).await.unwrap();
        let from = Time::from_seconds(world::START + days as i64 * 86_400 + 9 * 3600);
        let window = Window { from, until: from.plus_seconds(4 * 3600) };
        each.push(hour::alone(&lake, &detections, window).await);
    }
    println!(
        "\nten times the history costs {:.2} times as much (median of 3)",
        costs[1] / costs[0]
    );
    let mut grown: Vec<_> = each[0]
        .iter()
        .zip(&each[1])
        .map(|(few, many)| (few.seconds, many.seconds, many.id))
        .collect();
    grown.sort_by(|a, b| (b.1 - b.0).total_cmp(&(a.1 - a.0)));
    println!(
        "\n| grown most, alone and one after the other | before, s | after, s |\n| --- | --: | --: |"
    );
    for (few, many, id) in grown.iter().take(12) {
        println!("| `{id}` | {few:.2} | {many:.2} |");
    }
}

/// Traces and asks every detection; the seconds of each.
async fn run(lake: &mut Lake) -> (f64, f64) {
    let detections = rolecall_query::load(&rolecall_query::bundled()).await.unwrap();
    let start = Instant::now();
    trace(lake, &|_| ()).await.unwrap();
    let traced = start.elapsed().as_secs_f64();
    let start = Instant::now();
    // After everything that happened: a run goes on from where the last one ended, and not from ahead of the clock.
    let now = Time::from_seconds(world::START + 60 * 86_400);
    detect(lake, &detections, &Known::default(), Span::default(), Limits::default(), now, &|_| ())
        .await
        .unwrap();
    (traced, start.elapsed().as_secs_f64())
}

async fn lake(folder: &std::path::Path) -> Lake {
    let location = Location::find(folder.to_str().unwrap()).await.unwrap();
    Lake::open(location, Access::Create).await.unwrap()
}

async fn fill(lake: &mut Lake, day: u64, numbers: Range<u64>, a_day: u64) {
    for part in parts(numbers) {
        let events: Vec<Event> = part.map(|n| world::issuance(day, n, a_day)).collect();
        append(lake, &events).await;
        append(lake, &events.iter().map(world::usage).collect::<Vec<Usage>>()).await;
    }
}

fn parts(numbers: Range<u64>) -> impl Iterator<Item = Range<u64>> {
    let until = numbers.end;
    numbers.step_by(COMMIT as usize).map(move |from| from..(from + COMMIT).min(until))
}

async fn append<R: Row>(lake: &mut Lake, rows: &[R]) {
    let table = lake.table_mut::<R>();
    let add = table.write::<R>(rows).await.unwrap();
    table.commit(Change { add, ..Change::default() }).await.unwrap();
}

fn copy_of(folder: &std::path::Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    let mut open = vec![folder.to_path_buf()];
    while let Some(path) = open.pop() {
        for entry in std::fs::read_dir(&path).unwrap() {
            let from = entry.unwrap().path();
            let to = copy.path().join(from.strip_prefix(folder).unwrap());
            if from.is_dir() {
                std::fs::create_dir(&to).unwrap();
                open.push(from);
            } else {
                std::fs::copy(&from, &to).unwrap();
            }
        }
    }
    copy
}
