//! What comes late is asked about, whatever upkeep did in between.

use rolecall_catalog::Detection;
use rolecall_pipeline::{Detected, Span, StepError, detect};
use rolecall_query::{Limits, bundled, load};

use super::*;

/// The calls of sessions are found, one finding for each session.
async fn every_session() -> Detection {
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
    asked(lake, std::slice::from_ref(detection)).await.unwrap()
}

async fn asked(lake: &mut Lake, detections: &[Detection]) -> Result<Detected, StepError> {
    let (known, span, limits) = (Known::default(), Span::default(), Limits::default());
    let now = at(86_399).parse().unwrap();
    detect(lake, detections, &known, span, limits, now, &|_| ()).await
}

fn subjects(did: &Detected) -> Vec<&str> {
    let mut subjects: Vec<_> = did.findings.iter().map(|f| f.subject.as_str()).collect();
    subjects.sort_unstable();
    subjects
}

/// A lake whose evening was asked about, and whose morning came afterwards, a record in each file.
async fn morning_after_evening(folder: &Path, detection: &Detection) -> Lake {
    let (evening, morning) = (folder.join("evening"), folder.join("morning"));
    let mut lake = open(&folder.join("lake")).await;
    // From 19:25, and from 08:20.
    trail(&evening, 665..667, 4, "e");
    take_in(&mut lake, &evening).await;
    let first = ask(&mut lake, detection).await;
    assert_eq!(subjects(&first), ["walk-665", "walk-666"]);
    trail(&morning, 0..2, 1, "m");
    for file in std::fs::read_dir(&morning).unwrap() {
        take_in(&mut lake, &file.unwrap().path()).await;
    }
    trace(&mut lake, &|_| ()).await.unwrap();
    lake
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_late_is_asked_about_once() {
    let folder = tempfile::tempdir().unwrap();
    let detection = every_session().await;
    let mut lake = morning_after_evening(folder.path(), &detection).await;
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
async fn a_run_that_fails_leaves_what_came_late_to_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let detection = every_session().await;
    let mut lake = morning_after_evening(folder.path(), &detection).await;
    let sql = "SELECT 1 / (count(*) - count(*)) FROM usage".to_owned();
    let broken = [Detection { sql, ..detection.clone() }];
    assert!(asked(&mut lake, &broken).await.is_err());
    let late = ask(&mut lake, &detection).await;
    assert_eq!(subjects(&late), ["walk-0", "walk-1"]);
}
