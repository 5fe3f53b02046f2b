//! Who is sending to a channel: the run whose commit said so, until it is done or its time is up.

use std::hash::{BuildHasher, RandomState};
use std::pin::pin;
use std::time::{Duration, Instant};

use rolecall_lake::LakeTable;
use rolecall_model::{Finding, Row, Time};
use tokio::sync::Notify;
use tokio::time::timeout;

use super::{CHANNEL, checkpoints, is_lost};
use crate::StepError;
use crate::error::TRIES;

/// How long a run may be silent before another takes over, in seconds.
const SILENT: i64 = 300;

/// How often a claim is renewed while a group is on its way: soon enough that two renewals may fail.
const RENEWED: Duration = Duration::from_secs(100);

/// How the checkpoint of who is sending ends: no version, but an instant.
pub(super) const UNTIL: &str = ":until";

/// Nobody.
const NOBODY: i64 = 0;

/// The right to send to a channel.
pub(super) struct Claim<'a> {
    channel: &'a str,
    now: Time,
    started: Instant,
    /// How often it is renewed while a group is on its way.
    pub(super) every: Duration,
    /// Microseconds, less than a second, that tell our commits from those of a run that began with us.
    mark: i64,
    /// What our last commit said: until when, in microseconds since 1970.
    ours: i64,
}

impl<'a> Claim<'a> {
    pub(super) fn new(channel: &'a str, now: Time, started: Instant) -> Claim<'a> {
        let mark = (RandomState::new().hash_one(channel) % 1_000_000) as i64;
        Claim { channel, now, started, every: RENEWED, mark, ours: NOBODY }
    }

    fn name(&self) -> String {
        format!("{CHANNEL}{}{UNTIL}", self.channel)
    }

    fn now(&self) -> Time {
        Time(self.now.0.saturating_add(self.started.elapsed().as_micros() as i64))
    }

    /// Until when a commit of ours claims the channel.
    fn until(&self) -> i64 {
        self.now().plus_seconds(SILENT).0.saturating_add(self.mark)
    }

    /// Until when somebody else may be sending; none if nobody is.
    pub(super) async fn held_by_another(
        &self,
        table: &LakeTable,
    ) -> Result<Option<Time>, StepError> {
        let until = table.checkpoint(&self.name()).await?.unwrap_or(NOBODY);
        Ok((until != self.ours && Time(until) > self.now()).then_some(Time(until)))
    }

    /// Takes it. If another commit was first, the table is read anew, and nothing is taken.
    pub(super) async fn take(&mut self, table: &mut LakeTable) -> Result<bool, StepError> {
        let until = self.until();
        if is_lost(table.commit(checkpoints(vec![(self.name(), until)])).await?) {
            table.refresh().await?;
            // If only the answer was lost, the commit that was first is this one.
            if table.checkpoint(&self.name()).await? != Some(until) {
                return Ok(false);
            }
        }
        self.ours = until;
        Ok(true)
    }

    /// Keeps the claim while a group is on its way, however long that takes.
    pub(super) async fn keep_while<T>(
        &mut self,
        table: &mut LakeTable,
        sending: impl Future<Output = T>,
    ) -> T {
        let sent = Notify::new();
        let sending = async {
            let outcome = sending.await;
            sent.notify_one();
            outcome
        };
        let keeping = async {
            let mut sent = pin!(sent.notified());
            while timeout(self.every, sent.as_mut()).await.is_err() {
                // What fails here fails again when the group is noted, or is mended by then. No commit
                // is broken off, so that we know what we claimed.
                if let Ok(false) = self.renew(table, None).await {
                    break;
                }
            }
        };
        tokio::join!(sending, keeping).0
    }

    /// Keeps the claim, and sets the channel's checkpoint if there is one to set. False if somebody took
    /// over meanwhile.
    pub(super) async fn renew(
        &mut self,
        table: &mut LakeTable,
        seen: Option<(String, i64)>,
    ) -> Result<bool, StepError> {
        self.commit(table, seen, self.until()).await
    }

    /// Gives it back, and sets the channel's checkpoint if there is one to set.
    pub(super) async fn release(
        &mut self,
        table: &mut LakeTable,
        seen: Option<(String, i64)>,
    ) -> Result<bool, StepError> {
        self.commit(table, seen, NOBODY).await
    }

    async fn commit(
        &mut self,
        table: &mut LakeTable,
        seen: Option<(String, i64)>,
        until: i64,
    ) -> Result<bool, StepError> {
        for _ in 0..TRIES {
            let there = table.checkpoint(&self.name()).await?;
            // Our own commit came first: only its answer was lost.
            if there == Some(until) {
                self.ours = until;
                return Ok(true);
            }
            // Whoever took over goes on from the checkpoint that is there: ours would only confuse.
            if there != Some(self.ours) {
                return Ok(false);
            }
            let both = seen.clone().into_iter().chain([(self.name(), until)]).collect();
            if !is_lost(table.commit(checkpoints(both)).await?) {
                self.ours = until;
                return Ok(true);
            }
            table.refresh().await?;
        }
        Err(StepError::Contended { table: Finding::TABLE.name, tries: TRIES })
    }
}
