//! The function `poll`: the event history of accounts without a trail becomes rows of the lake.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result};
use rolecall_pipeline as pipeline;
use rolecall_pipeline::{Config, PollSettings, aws_environment};
use serde_json::{Value, json};

use crate::networks::networks;
use crate::shelf::Shelf;
use crate::{Call, Done, Handler, Level, Metric, Settings, memory};

/// How far back a poll looks, in seconds: whoever was down for longer leaves a gap, so it is a week.
const SINCE: i64 = 7 * 86_400;

/// Polls.
#[derive(Debug)]
pub struct Poll {
    settings: Settings,
    shelf: Shelf,
}

impl Poll {
    /// Nothing is opened before the first event.
    pub fn new(settings: &Settings) -> Poll {
        Poll { shelf: Shelf::at(&settings.lake), settings: settings.clone() }
    }

    async fn how(&self, call: &Call) -> Result<PollSettings> {
        let config = Config::read(self.settings.config.as_deref()).await?;
        let mut how = PollSettings::at(call.now);
        let accounts = self.settings.poll_accounts.iter().map(|text| text.parse());
        let accounts: Vec<_> = accounts.collect::<Result<_, _>>()?;
        if !accounts.is_empty() {
            how.accounts = accounts;
        }
        how.regions = match self.settings.poll_regions.as_slice() {
            [] => std::env::var("AWS_REGION").into_iter().collect(),
            regions => regions.to_vec(),
        };
        how.since = call.now.plus_seconds(-SINCE);
        how.time = Some(call.deadline.begin_until.saturating_duration_since(Instant::now()));
        how.ingest.memory = memory::of_chunk(self.settings.memory);
        how.ingest.networks = Arc::new(networks(&config, &self.settings.networks, call).await?);
        Ok(how)
    }
}

impl Handler for Poll {
    async fn handle(&self, _event: &Value, call: &Call) -> Result<Done> {
        let how = self.how(call).await?;
        let mut lake = self.shelf.take().await?;
        let lost_before = lake.lost_races();
        let polled = pipeline::poll(&mut lake, &aws_environment().await, &how, &|_| ()).await;
        let did = polled.context("could not poll")?;
        let retried = lake.lost_races() - lost_before;
        self.shelf.put_back(lake).await;
        for left in &did.left {
            let told = json!({"account": left.account, "region": left.region, "since": left.since.to_string()});
            let told = told.as_object().cloned().unwrap_or_default();
            call.log.say(Level::Warn, &format!("left unread: {}", left.why), &told);
        }
        let told = json!({
            "requests": did.requests,
            "refused": did.refused,
            "slices": did.ingested.objects,
            "records": did.ingested.records,
            "newEvents": did.ingested.new_events,
            "newCalls": did.ingested.new_calls,
            "left": did.left.len(),
        });
        let metrics = vec![
            Metric::count("Records", did.ingested.records),
            Metric::count("Objects", did.ingested.objects),
            Metric::count("Rejected", did.ingested.records_rejected),
            Metric::count("Failed", did.left.len() as u64),
            Metric::count("CommitsRetried", retried),
        ];
        let map = told.as_object().cloned().unwrap_or_default();
        Ok(Done { answer: told, metrics, told: map })
    }
}
