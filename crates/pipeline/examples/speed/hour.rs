//! Every detection over one busy hour, behind a month of history.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use rolecall_catalog::Detection;
use rolecall_known::Known;
use rolecall_lake::Lake;
use rolecall_model::{Event, Time, Usage, Window};
use rolecall_pipeline::{Span, detect, trace};
use rolecall_query::{Engine, Limits};

use crate::{append, lake, parts, run, world};

const DAYS: u64 = 30;
/// Issuances of each day before.
const A_DAY: u64 = 20_000;
/// The hour that is asked about.
const HOUR: i64 = 12;
/// Kinds of calls that each session makes, and calls of each kind.
const KINDS: u64 = 3;

/// Fills a lake, and asks about the hour.
pub(crate) async fn hour(issuances: u64) {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path()).await;
    for day in 0..DAYS {
        crate::fill(&mut lake, day, 0..A_DAY, A_DAY).await;
    }
    run(&mut lake).await;
    fill(&mut lake, issuances).await;
    let start = Instant::now();
    trace(&mut lake, &|_| ()).await.unwrap();
    let traced = start.elapsed().as_secs_f64();
    println!("trace of {} events of an hour: {traced:.2} s\n", issuances * (1 + KINDS * KINDS));
    // In a process of its own, whose memory nobody else has used.
    let asked =
        Command::new(std::env::current_exe().unwrap()).arg("asked").arg(folder.path()).status();
    assert!(asked.unwrap().success());
}

/// Asks about the hour in a lake that was filled.
pub(crate) async fn asked(folder: &Path) {
    let mut lake = lake(folder).await;
    let detections = rolecall_query::load(&rolecall_query::bundled()).await.unwrap();
    let window = window();
    let span = Span { from: Some(window.from), until: Some(window.until) };
    let (known, limits) = (Known::default(), Limits::default());
    let start = Instant::now();
    let did = detect(&mut lake, &detections, &known, span, limits, window.until, &|_| ()).await;
    let detected = start.elapsed().as_secs_f64();
    println!("| detect, s | peak MiB | findings |\n| --: | --: | --: |");
    let findings = did.unwrap().findings.len();
    println!("| {detected:.2} | {} | {findings} |", peak().unwrap_or_default());

    let mut each = alone(&lake, &detections, window).await;
    each.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
    println!("\n| slowest, alone and one after the other | seconds | MiB |\n| --- | --: | --: |");
    for Alone { id, seconds, mib } in each.iter().take(12) {
        println!("| `{id}` | {seconds:.2} | {} |", mib.unwrap_or_default());
    }
    let seconds: f64 = each.iter().map(|one| one.seconds).sum();
    println!("| all {} | {seconds:.2} | |", each.len());
}

/// What a detection costs that is asked alone.
pub(crate) struct Alone<'a> {
    pub(crate) id: &'a str,
    pub(crate) seconds: f64,
    /// Memory that it had in use at most, beyond what was in use before.
    pub(crate) mib: Option<u64>,
}

/// Asks one detection after the other, on one core.
pub(crate) async fn alone<'a>(
    lake: &Lake,
    detections: &'a [Detection],
    window: Window,
) -> Vec<Alone<'a>> {
    let limits = Limits { parallel: Some(1), ..Limits::default() };
    let engine = Engine::side_by_side(lake, limits, 1).await.unwrap().remove(0);
    let history = Time::from_seconds(world::START);
    let mut each = Vec::new();
    for detection in detections {
        let before = now_the_peak();
        let start = Instant::now();
        rolecall_query::detect(&engine, detection, window, history, window.until).await.unwrap();
        let seconds = start.elapsed().as_secs_f64();
        let mib = peak().zip(before).map(|(peak, before)| peak.saturating_sub(before));
        each.push(Alone { id: &detection.id, seconds, mib });
    }
    each
}

/// Sessions of the hour, which make nine calls each.
async fn fill(lake: &mut Lake, issuances: u64) {
    for part in parts(0..issuances) {
        let events: Vec<Event> = part.map(|n| world::within(window(), n, issuances)).collect();
        append(lake, &events).await;
        let kinds = ["s3 ListBuckets", "ec2 DescribeInstances", "sqs SendMessage"];
        let used = |event: &Event| {
            let usage = world::usage(event);
            kinds.map(|kind| {
                let (service, name) = kind.split_once(' ').unwrap();
                let event_source = format!("{service}.amazonaws.com");
                Usage {
                    event_source,
                    event_name: name.to_owned(),
                    calls: KINDS as i64,
                    ..usage.clone()
                }
            })
        };
        append(lake, &events.iter().flat_map(used).collect::<Vec<Usage>>()).await;
    }
}

fn window() -> Window {
    let from = Time::from_seconds(world::START + DAYS as i64 * 86_400 + HOUR * 3600);
    Window { from, until: from.plus_seconds(3600) }
}

/// Forgets what was in use before; what is in use now, in MiB. Only Linux tells.
fn now_the_peak() -> Option<u64> {
    std::fs::write("/proc/self/clear_refs", "5").ok()?;
    peak()
}

/// The most memory that this process had in use, in MiB.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}
