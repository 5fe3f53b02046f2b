//! Who is sending to a channel: the run whose commit said so, until it is done or its time is up.

use std::time::Instant;

use rolecall_lake::LakeTable;
use rolecall_model::{Finding, Row, Time};

use super::{CHANNEL, checkpoints, is_lost};
use crate::StepError;
use crate::error::TRIES;

/// How long a run may be silent before another takes over, in seconds. It is renewed after each group.
const SILENT: i64 = 300;

/// How the checkpoint of who is sending ends: no version, but an instant.
pub(super) const UNTIL: &str = ":until";

/// Nobody.
const NOBODY: i64 = 0;

/// The right to send to a channel.
pub(super) struct Claim<'a> {
    channel: &'a str,
    now: Time,
    started: Instant,
    /// What our last commit said: until when, in microseconds since 1970.
    ours: i64,
}

impl<'a> Claim<'a> {
    pub(super) fn new(channel: &'a str, now: Time, started: Instant) -> Claim<'a> {
        Claim { channel, now, started, ours: NOBODY }
    }

    fn name(&self) -> String {
        format!("{CHANNEL}{}{UNTIL}", self.channel)
    }

    fn now(&self) -> Time {
        Time(self.now.0.saturating_add(self.started.elapsed().as_micros() as i64))
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
        let until = self.now().plus_seconds(SILENT).0;
        if is_lost(table.commit(checkpoints(vec![(self.name(), until)])).await?) {
            table.refresh().await?;
            return Ok(false);
        }
        self.ours = until;
        Ok(true)
    }

    /// Sets the channel's checkpoint, and keeps the claim. False if somebody took over meanwhile.
    pub(super) async fn renew(
        &mut self,
        table: &mut LakeTable,
        seen: (String, i64),
    ) -> Result<bool, StepError> {
        let until = self.now().plus_seconds(SILENT).0;
        self.commit(table, Some(seen), until).await
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
            let both = seen.clone().into_iter().chain([(self.name(), until)]).collect();
            if !is_lost(table.commit(checkpoints(both)).await?) {
                self.ours = until;
                return Ok(true);
            }
            table.refresh().await?;
            // Whoever took over goes on from the checkpoint that is there: ours would only confuse.
            if table.checkpoint(&self.name()).await? != Some(self.ours) {
                return Ok(false);
            }
        }
        Err(StepError::Contended { table: Finding::TABLE.name, tries: TRIES })
    }
}
