//! What the function `notify` does: messages of a topic go to every channel that wants them.

use std::time::{Duration, Instant};

use futures::future::join_all;
use rolecall_model::Time;

use crate::{Channel, Courier, FindingV1, Outcome};

/// What became of one record at one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notified {
    /// The place of the record among those that were given, from 0.
    pub record: usize,
    /// The fingerprint of its finding; none if it holds none.
    pub fingerprint: Option<String>,
    /// The channel's name; none if the record was not read, so that no channel was asked.
    pub channel: Option<String>,
    /// What became of it. A record that is no finding is refused.
    pub outcome: Outcome,
}

/// Sends each record, a `finding.v1` in JSON, to each channel, and says what became of each.
///
/// Channels work side by side; each gets its findings one after the other, in their order. `now` is the
/// time at the start, and `within` how long all of it may take: what is not delivered by then comes back
/// as [`Outcome::Later`]. Whoever calls lets the queue deliver those records again whose outcome
/// [is not settled](Outcome::is_settled); a repeat carries the same fingerprint.
pub async fn notify(
    courier: &Courier,
    records: &[String],
    channels: &[Channel],
    now: Time,
    within: Duration,
) -> Vec<Notified> {
    let started = Instant::now();
    let mut findings = Vec::new();
    let mut notified = Vec::new();
    for (record, text) in records.iter().enumerate() {
        match FindingV1::read(text) {
            Ok(finding) => findings.push((record, finding)),
            Err(error) => notified.push(Notified {
                record,
                fingerprint: None,
                channel: None,
                outcome: Outcome::Refused(error.to_string()),
            }),
        }
    }
    let findings = &findings;
    let each = channels.iter().map(|channel| async move {
        let mut outcomes = Vec::with_capacity(findings.len());
        for (record, finding) in findings {
            let outcome = if channel.wants(finding) {
                let elapsed = started.elapsed();
                let at = Time(now.0.saturating_add(elapsed.as_micros() as i64));
                courier.deliver(channel, finding, at, within.saturating_sub(elapsed)).await
            } else {
                Outcome::PassedOver
            };
            outcomes.push(Notified {
                record: *record,
                fingerprint: Some(finding.fingerprint.clone()),
                channel: Some(channel.name.clone()),
                outcome,
            });
        }
        outcomes
    });
    notified.extend(join_all(each).await.into_iter().flatten());
    notified.sort_by_key(|notified| notified.record);
    notified
}
