//! Alert: findings that a channel was not told of yet go there, in order, and once.
//!
//! How far a channel was told is a checkpoint in `finding` itself, set after each group that has
//! arrived: whoever is killed repeats one group at most. A second checkpoint says until when somebody is
//! sending, so that two runs at once do not both send: it is taken by a commit, which only one can win.

mod claim;
mod group;

use std::time::Instant;

use rolecall_alert::{FindingV1, Outcome, Sink};
use rolecall_catalog::Detection;
use rolecall_lake::{Change, Lake, Outcome as Commit};
use rolecall_model::{Finding, Row, Severity, Time};

use crate::StepError;
use crate::error::TRIES;
use claim::Claim;
use group::{Group, waiting};

pub use group::told;

/// What is sent to which channel.
#[derive(Clone, Copy, Debug)]
pub struct Alerting<'a> {
    /// The channel's name in the lake: it must not hold a secret.
    pub channel: &'a str,
    /// The detections, which know their family and when they are harmless.
    pub detections: &'a [Detection],
    /// The least severe finding that is sent.
    pub minimum: Severity,
    /// A channel that was never told anything hears of what was found from here on.
    pub since: Time,
    /// The time at the start.
    pub now: Time,
}

/// What an alert did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Alerted {
    /// Findings that arrived.
    pub sent: u64,
    /// Findings that are less severe than the channel wants.
    pub passed_over: u64,
    /// Findings that nobody is told of: in dry run, or suppressed.
    pub quiet: u64,
    /// Findings from before the channel was there.
    pub older: u64,
    /// Findings that the channel refused for good, by fingerprint, and why. They stay in `finding`.
    pub refused: Vec<(String, String)>,
    /// Why it stopped before the end. The next run goes on with the same group.
    pub stopped: Option<String>,
    /// Until when another run may be sending to this channel, which is why this one did not.
    pub busy_until: Option<Time>,
}

/// Sends what the channel was not told of yet.
pub async fn alert(
    lake: &mut Lake,
    sink: &impl Sink,
    how: &Alerting<'_>,
) -> Result<Alerted, StepError> {
    let mut did = Alerted::default();
    lake.table_mut::<Finding>().refresh().await?;
    let mut claim = Claim::new(how.channel, how.now, Instant::now());
    for _ in 0..TRIES {
        let groups = waiting(lake.table::<Finding>(), how).await?;
        if groups.is_empty() {
            return Ok(did);
        }
        if let Some(until) = claim.held_by_another(lake.table::<Finding>()).await? {
            did.busy_until = Some(until);
            return Ok(did);
        }
        if claim.take(lake.table_mut::<Finding>()).await? {
            return send(lake, sink, how, claim, groups, did).await;
        }
    }
    Err(StepError::Contended { table: Finding::TABLE.name, tries: TRIES })
}

/// What would be sent, without sending it.
pub async fn unsent(lake: &Lake, how: &Alerting<'_>) -> Result<Vec<FindingV1>, StepError> {
    let table = lake.table::<Finding>();
    let mut findings = Vec::new();
    for group in waiting(table, how).await? {
        findings.extend(group.read(table, how, &mut Alerted::default()).await?);
    }
    Ok(findings)
}

/// Sends group by group, while the claim is ours.
async fn send(
    lake: &mut Lake,
    sink: &impl Sink,
    how: &Alerting<'_>,
    mut claim: Claim<'_>,
    groups: Vec<Group>,
    mut did: Alerted,
) -> Result<Alerted, StepError> {
    for (at, group) in groups.iter().enumerate() {
        let mut counted = did.clone();
        let findings = group.read(lake.table::<Finding>(), how, &mut counted).await?;
        let mut outcomes = Vec::new();
        if !findings.is_empty() {
            let table = lake.table_mut::<Finding>();
            outcomes = claim.keep_while(table, sink.send(&findings)).await;
        }
        count(&mut counted, &findings, outcomes);
        if counted.stopped.is_some() {
            // What arrived of this group will arrive again, and is counted then.
            did.stopped = counted.stopped;
            claim.release(lake.table_mut::<Finding>(), None).await?;
            return Ok(did);
        }
        let is_last = at + 1 == groups.len();
        let seen = (how.channel_checkpoint(), group.version as i64);
        let kept = if is_last {
            claim.release(lake.table_mut::<Finding>(), Some(seen)).await?
        } else {
            claim.renew(lake.table_mut::<Finding>(), Some(seen)).await?
        };
        did = counted;
        if !kept {
            did.busy_until = claim.held_by_another(lake.table::<Finding>()).await?;
            return Ok(did);
        }
    }
    Ok(did)
}

/// Adds up what became of a group.
fn count(did: &mut Alerted, findings: &[FindingV1], outcomes: Vec<Outcome>) {
    let tried = outcomes.len();
    for (finding, outcome) in findings.iter().zip(outcomes) {
        match outcome {
            Outcome::Delivered => did.sent += 1,
            Outcome::PassedOver => did.passed_over += 1,
            Outcome::Refused(why) => did.refused.push((finding.fingerprint.clone(), why)),
            Outcome::Closed(why) | Outcome::Later(why) => {
                did.stopped.get_or_insert(why);
            }
        }
    }
    if tried < findings.len() {
        did.stopped.get_or_insert_with(|| "the rest was not tried".to_owned());
    }
}

impl Alerting<'_> {
    /// The checkpoint in `finding`: the version up to which the channel was told.
    fn channel_checkpoint(&self) -> String {
        format!("{CHANNEL}{}", self.channel)
    }
}

/// How the checkpoints of channels begin; those of who is sending end with [`claim::UNTIL`].
const CHANNEL: &str = "alert:";

/// Whether a checkpoint of `finding` says how far a channel was told.
pub(crate) fn is_channel(checkpoint: &str) -> bool {
    checkpoint.starts_with(CHANNEL) && !checkpoint.ends_with(claim::UNTIL)
}

/// A commit of checkpoints alone.
fn checkpoints(checkpoints: Vec<(String, i64)>) -> Change {
    Change { checkpoints, ..Change::default() }
}

fn is_lost(commit: Commit) -> bool {
    commit == Commit::Lost
}

#[cfg(test)]
#[path = "claim_tests.rs"]
mod tests;
