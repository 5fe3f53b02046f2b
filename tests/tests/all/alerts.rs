//! A channel is told each finding once: when its receiver fails, when it is killed, and beside itself.

use std::path::Path;
use std::sync::{Arc, Mutex};

use rolecall_alert::{FindingV1, Outcome, Sink};
use rolecall_lake::{Change, Lake, Outcome as Commit};
use rolecall_model::{Finding, Severity, Time};
use rolecall_pipeline::{Alerted, Alerting, alert, unsent};
use rolecall_tests::lakes::{NOW, open};
use tokio::sync::Barrier;

/// A receiver that remembers what came, and answers as it is told.
#[derive(Clone, Default)]
struct Recorder {
    seen: Arc<Mutex<Vec<FindingV1>>>,
    /// Fails with this at the finding of that name, once.
    fails: Arc<Mutex<Option<(&'static str, Outcome)>>>,
    /// Never comes back from the finding of that name.
    hangs: Option<&'static str>,
    /// Waits for others before it answers the first time.
    meets: Option<Arc<Barrier>>,
}

impl Recorder {
    fn failing(at: &'static str, outcome: Outcome) -> Recorder {
        Recorder { fails: Arc::new(Mutex::new(Some((at, outcome)))), ..Recorder::default() }
    }

    fn names(&self) -> Vec<String> {
        self.seen.lock().unwrap().iter().map(|finding| finding.fingerprint.clone()).collect()
    }
}

impl Sink for Recorder {
    async fn send(&self, findings: &[FindingV1]) -> Vec<Outcome> {
        if let Some(barrier) = &self.meets {
            // Whoever is alone does not wait for ever.
            let together = barrier.wait();
            let _ = tokio::time::timeout(std::time::Duration::from_millis(200), together).await;
        }
        let mut outcomes = Vec::new();
        for finding in findings {
            if self.hangs == Some(finding.fingerprint.as_str()) {
                std::future::pending::<()>().await;
            }
            let mut fails = self.fails.lock().unwrap();
            if fails.as_ref().is_some_and(|(at, _)| *at == finding.fingerprint) {
                let (_, outcome) = fails.take().unwrap();
                let ends = !matches!(outcome, Outcome::Refused(_));
                outcomes.push(outcome);
                if ends {
                    break;
                }
                continue;
            }
            self.seen.lock().unwrap().push(finding.clone());
            outcomes.push(Outcome::Delivered);
        }
        outcomes
    }
}

fn finding(name: &str, severity: &str) -> Finding {
    Finding {
        fingerprint: name.into(),
        detection: "long".into(),
        title: "A title".into(),
        severity: severity.into(),
        confidence: "high".into(),
        subject: "ann".into(),
        first_at: NOW.plus_seconds(-100),
        last_at: NOW,
        found_at: NOW.plus_seconds(-60),
        evidence: "{}".into(),
        ..Finding::default()
    }
}

async fn store(lake: &mut Lake, findings: &[Finding]) {
    let table = lake.table_mut::<Finding>();
    loop {
        table.refresh().await.unwrap();
        let add = table.write::<Finding>(findings).await.unwrap();
        match table.commit(Change { add, ..Change::default() }).await.unwrap() {
            Commit::Committed(_) => return,
            Commit::Lost => {}
        }
    }
}

/// A lake in which three commits hold five findings.
async fn lake(folder: &Path) -> Lake {
    let mut lake = open(folder).await;
    store(&mut lake, &[finding("a", "high"), finding("b", "low")]).await;
    store(&mut lake, &[finding("c", "high")]).await;
    store(&mut lake, &[finding("d", "critical"), finding("e", "medium")]).await;
    lake
}

fn how(channel: &str, now: Time) -> Alerting<'_> {
    let since = NOW.plus_seconds(-86_400);
    Alerting { channel, detections: &[], minimum: Severity::Low, since, now }
}

async fn told(lake: &mut Lake, recorder: &Recorder) -> Alerted {
    alert(lake, recorder, &how("soc", NOW)).await.unwrap()
}

#[tokio::test]
async fn each_channel_is_told_once_and_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let (mut lake, recorder) = (lake(folder.path()).await, Recorder::default());
    let dry = unsent(&lake, &how("soc", NOW)).await.unwrap();
    assert_eq!(dry.len(), 5);
    assert_eq!(told(&mut lake, &recorder).await, Alerted { sent: 5, ..Alerted::default() });
    assert_eq!(recorder.names(), ["a", "b", "c", "d", "e"]);

    let version = lake.table::<Finding>().version();
    assert_eq!(told(&mut lake, &recorder).await, Alerted::default());
    assert_eq!(lake.table::<Finding>().version(), version, "nothing new is no commit");
    assert!(unsent(&lake, &how("soc", NOW)).await.unwrap().is_empty());

    store(&mut lake, &[finding("f", "high")]).await;
    let other = alert(&mut lake, &recorder, &how("other", NOW)).await.unwrap();
    assert_eq!(other.sent, 6, "another channel has its own checkpoint");
    assert_eq!(told(&mut lake, &recorder).await.sent, 1);
}

#[tokio::test]
async fn what_nobody_wants_is_counted_and_not_looked_at_again() {
    let folder = tempfile::tempdir().unwrap();
    let (mut lake, recorder) = (lake(folder.path()).await, Recorder::default());
    let quiet = Finding { dry_run: true, ..finding("x", "critical") };
    let known = Finding { suppressed: Some("a scanner".into()), ..finding("y", "critical") };
    let old = Finding { found_at: NOW.plus_seconds(-90_000), ..finding("z", "critical") };
    store(&mut lake, &[quiet, known, old]).await;
    let how = Alerting { minimum: Severity::High, ..how("soc", NOW) };
    let did = alert(&mut lake, &recorder, &how).await.unwrap();
    let expected = Alerted { sent: 3, passed_over: 2, quiet: 2, older: 1, ..Alerted::default() };
    assert_eq!(did, expected);
    assert_eq!(recorder.names(), ["a", "c", "d"]);
    assert_eq!(alert(&mut lake, &recorder, &how).await.unwrap(), Alerted::default());

    // Later, what is old is told: only a new channel does not want the past.
    let late = Finding { found_at: NOW.plus_seconds(-90_000), ..finding("late", "high") };
    store(&mut lake, &[late]).await;
    assert_eq!(alert(&mut lake, &recorder, &how).await.unwrap().sent, 1);
}

#[tokio::test]
async fn a_receiver_that_fails_gets_the_same_group_again_and_nothing_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path()).await;
    let recorder = Recorder::failing("e", Outcome::Later("it is down".into()));
    let did = told(&mut lake, &recorder).await;
    assert_eq!((did.sent, did.stopped.as_deref()), (3, Some("it is down")));
    assert_eq!(recorder.names(), ["a", "b", "c", "d"]);
    let did = told(&mut lake, &recorder).await;
    assert_eq!(did, Alerted { sent: 2, ..Alerted::default() }, "at once, not after a while");
    assert_eq!(recorder.names(), ["a", "b", "c", "d", "d", "e"]);
}

#[tokio::test]
async fn a_finding_that_is_refused_holds_up_nothing_and_is_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path()).await;
    let recorder = Recorder::failing("d", Outcome::Refused("too strange".into()));
    let did = told(&mut lake, &recorder).await;
    assert_eq!(did.sent, 4);
    assert_eq!(did.refused, [("d".to_owned(), "too strange".to_owned())]);
    assert_eq!(told(&mut lake, &recorder).await, Alerted::default());
}

#[tokio::test]
async fn a_kill_repeats_the_last_group_at_most() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path()).await;
    let seen = Arc::default();
    let killed = Recorder { seen: Arc::clone(&seen), hangs: Some("e"), ..Recorder::default() };
    let mut theirs = lake.clone();
    let run = tokio::spawn(async move { told(&mut theirs, &killed).await });
    while seen.lock().unwrap().len() < 4 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    run.abort();
    assert!(run.await.unwrap_err().is_cancelled());

    let recorder = Recorder { seen, ..Recorder::default() };
    let did = told(&mut lake, &recorder).await;
    assert_eq!(did.sent, 0);
    assert!(did.busy_until > Some(NOW), "it may still be sending: {did:?}");
    let later = how("soc", NOW.plus_seconds(3600));
    assert_eq!(alert(&mut lake, &recorder, &later).await.unwrap().sent, 2);
    assert_eq!(recorder.names(), ["a", "b", "c", "d", "d", "e"]);
}

#[tokio::test]
async fn two_runs_at_once_send_what_one_would() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path()).await;
    let seen = Arc::default();
    let barrier = Arc::new(Barrier::new(2));
    let run = || {
        let mut lake = lake.clone();
        let recorder = Recorder {
            seen: Arc::clone(&seen),
            meets: Some(barrier.clone()),
            ..Recorder::default()
        };
        tokio::spawn(async move { told(&mut lake, &recorder).await })
    };
    let runs = [run(), run(), run()];
    let mut sent = 0;
    for run in runs {
        sent += run.await.unwrap().sent;
    }
    let names: Vec<String> =
        seen.lock().unwrap().iter().map(|f: &FindingV1| f.fingerprint.clone()).collect();
    assert_eq!((sent, names), (5, ["a", "b", "c", "d", "e"].map(str::to_owned).to_vec()));
}

#[tokio::test]
async fn commits_of_others_in_between_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path()).await;
    let seen = Arc::default();
    let recorder = Recorder {
        seen: Arc::clone(&seen),
        meets: Some(Arc::new(Barrier::new(99))),
        ..Recorder::default()
    };
    let mut theirs = lake.clone();
    let run = tokio::spawn(async move { told(&mut theirs, &recorder).await });
    // Each group waits a while in the sink: detect commits meanwhile, and another channel is told.
    for name in ["g", "h", "i"] {
        store(&mut lake, &[finding(name, "high")]).await;
        let other = Recorder::default();
        alert(&mut lake, &other, &how("other", NOW)).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(60)).await;
    }
    let did = run.await.unwrap();
    assert_eq!(did.stopped, None);
    let rest = Recorder { seen, ..Recorder::default() };
    let more = told(&mut lake, &rest).await;
    assert_eq!(did.sent + more.sent, 8);
    assert_eq!(rest.names(), ["a", "b", "c", "d", "e", "g", "h", "i"]);
}
