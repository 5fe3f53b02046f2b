//! What comes late is asked about, whatever upkeep did in between.

use rolecall_catalog::Detection;
use rolecall_pipeline::{Detected, Span, detect};
use rolecall_query::{Limits, bundled, load};

use super::*;

/// The calls of sessions are found, one finding for each session.
async fn every_call() -> Detection {
    let mut detection = load(&bundled()).await.unwrap().swap_remove(0);
    detection.meta.fingerprint = vec!["subject".into()];
    detection.meta.baseline = None;
    detection.params = Vec::new();
    detection.sql =
        "SELECT split_part(principal_id, ':', 2) AS subject, first_at, last_at FROM usage
        WHERE user_identity_type = 'AssumedRole' AND hour >= $from AND hour < $until"
            .into();
    detection
}

async fn ask(lake: &mut Lake, detection: &Detection) -> Detected {
    trace(lake, &|_| ()).await.unwrap();
    let (detections, span) = (std::slice::from_ref(detection), Span::default());
    let now = at(86_399).parse().unwrap();
    let known = Known::default();
    detect(lake, detections, &known, span, Limits::default(), now, &|_| ()).await.unwrap()
}

fn subjects(did: &Detected) -> Vec<&str> {
    let mut subjects: Vec<_> = did.findings.iter().map(|f| f.subject.as_str()).collect();
    subjects.sort_unstable();
    subjects
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_late_is_asked_about_once() {
    let folder = tempfile::tempdir().unwrap();
    let logs = |name: &str| folder.path().join(name);
    let detection = every_call().await;
    let mut lake = open(&logs("lake")).await;

    // From 08:20, and from 19:25: the later ones come first.
    trail(&logs("evening"), 665..667, 4, "e");
    take_in(&mut lake, &logs("evening")).await;
    let first = ask(&mut lake, &detection).await;
    assert_eq!(subjects(&first), ["walk-665", "walk-666"]);

    trail(&logs("morning"), 0..2, 1, "m");
    for file in std::fs::read_dir(logs("morning")).unwrap() {
        take_in(&mut lake, &file.unwrap().path()).await;
    }
    trace(&mut lake, &|_| ()).await.unwrap();
    let before = files(&lake)["usage"];
    look_after(&mut lake, &defaults(), soon()).await;
    assert!(
        before > 2 && files(&lake)["usage"] == before,
        "what was not asked about is not merged"
    );
    let late = ask(&mut lake, &detection).await;
    assert_eq!(subjects(&late), ["walk-0", "walk-1"]);
    assert_eq!(late.window.unwrap().from, at(8 * 3600).parse().unwrap());
    assert_eq!(late.repeated, 2);

    // What was asked about is merged, and not asked about again.
    look_after(&mut lake, &defaults(), soon()).await;
    assert_eq!(files(&lake)["usage"], 1);
    let again = ask(&mut lake, &detection).await;
    assert_eq!(subjects(&again), [""; 0]);
    assert_eq!(again.window.unwrap().from, at(17 * 3600).parse().unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_was_stopped_midway_is_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let logs = |name: &str| folder.path().join(name);
    let detection = every_call().await;
    let mut lake = open(&logs("lake")).await;
    trail(&logs("evening"), 665..667, 4, "e");
    take_in(&mut lake, &logs("evening")).await;
    ask(&mut lake, &detection).await;

    trail(&logs("morning"), 0..2, 1, "m");
    take_in(&mut lake, &logs("morning")).await;
    // Broken: it fails before anything is committed, and nothing counts as asked about.
    let broken = Detection {
        sql: "SELECT 1 / (count(*) - count(*)) FROM usage".into(),
        ..detection.clone()
    };
    trace(&mut lake, &|_| ()).await.unwrap();
    let now = at(86_399).parse().unwrap();
    let (known, span) = (Known::default(), Span::default());
    let failed = detect(&mut lake, &[broken], &known, span, Limits::default(), now, &|_| ()).await;
    assert!(failed.is_err());
    let late = ask(&mut lake, &detection).await;
    assert_eq!(subjects(&late), ["walk-0", "walk-1"]);
}
