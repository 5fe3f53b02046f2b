//! A claim is kept while a group is on its way, and never taken back from whoever took over.

use std::collections::BTreeSet;
use std::time::Duration;

use rolecall_lake::{Access, Location};

use super::*;

const NOW: Time = Time::from_seconds(1_800_000_000);

/// A receiver that looks at the lake while it takes findings.
struct Watcher {
    lake: Lake,
    how: Alerting<'static>,
    /// Takes over until then, as another run would.
    takes_over: Option<Time>,
}

impl Watcher {
    async fn until(&self, lake: &mut Lake) -> Option<i64> {
        let table = lake.table_mut::<Finding>();
        table.refresh().await.unwrap();
        table.checkpoint(&self.claim()).await.unwrap()
    }

    fn claim(&self) -> String {
        format!("{CHANNEL}{}{}", self.how.channel, claim::UNTIL)
    }
}

impl Sink for Watcher {
    async fn send(&self, findings: &[FindingV1]) -> Vec<Outcome> {
        let mut lake = self.lake.clone();
        if let Some(until) = self.takes_over {
            let theirs = || checkpoints(vec![(self.claim(), until.0)]);
            while is_lost(lake.table_mut::<Finding>().commit(theirs()).await.unwrap()) {
                self.until(&mut lake).await;
            }
            return vec![Outcome::Delivered; findings.len()];
        }
        let mut claims = BTreeSet::new();
        let renewed = async {
            while claims.len() < 3 {
                claims.extend(self.until(&mut lake).await);
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let renewed = tokio::time::timeout(Duration::from_secs(60), renewed).await;
        renewed.expect("the claim was not renewed while a group was on its way");
        vec![Outcome::Delivered; findings.len()]
    }
}

/// Sends one group to a channel, with a claim that is renewed at any time.
async fn sent(takes_over: Option<Time>) -> (Alerted, Option<i64>, Option<i64>) {
    let folder = tempfile::tempdir().unwrap();
    let place = Location::find(folder.path().to_str().unwrap()).await.unwrap();
    let mut lake = Lake::open(place, Access::Create).await.unwrap();
    let found = Finding { fingerprint: "f".into(), found_at: NOW, ..Finding::default() };
    let table = lake.table_mut::<Finding>();
    let add = table.write::<Finding>(&[found]).await.unwrap();
    assert!(!is_lost(table.commit(Change { add, ..Change::default() }).await.unwrap()));

    let minimum = Severity::Low;
    let how = Alerting { channel: "soc", detections: &[], minimum, since: NOW, now: NOW };
    let sink = Watcher { lake: lake.clone(), how, takes_over };
    let groups = waiting(lake.table::<Finding>(), &how).await.unwrap();
    let mut claim = Claim::new(how.channel, NOW, Instant::now());
    claim.every = Duration::from_millis(1);
    assert!(claim.take(lake.table_mut::<Finding>()).await.unwrap());
    let did = send(&mut lake, &sink, &how, claim, groups, Alerted::default()).await.unwrap();
    let until = sink.until(&mut lake).await;
    let seen = lake.table::<Finding>().checkpoint(&how.channel_checkpoint()).await.unwrap();
    (did, until, seen)
}

#[tokio::test]
async fn a_claim_is_renewed_while_a_group_is_on_its_way() {
    let (did, until, seen) = sent(None).await;
    assert_eq!(did, Alerted { sent: 1, ..Alerted::default() });
    assert_eq!(until, Some(0), "it is given back");
    assert!(seen.is_some(), "the group is noted");
}

#[tokio::test]
async fn a_claim_that_another_run_took_is_left_to_it() {
    let theirs = NOW.plus_seconds(9_000);
    let (did, until, seen) = sent(Some(theirs)).await;
    assert_eq!((did.busy_until, until), (Some(theirs), Some(theirs.0)));
    assert_eq!(seen, None, "whoever took over notes what he sends");
}
