//! The function `ingest`: takes notifications from SQS, and lists the trail when a schedule says so.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::{Context, Result};
use rolecall_lake::Lake;
use rolecall_model::{Day, Time};
use rolecall_networks::Networks;
use rolecall_pipeline as pipeline;
use rolecall_pipeline::{Buckets, Config, Ingested, Trail, Unreached};
use serde_json::{Map, Value, json};
use tokio::sync::OnceCell;

use crate::batch::{self, Batch};
use crate::networks::networks;
use crate::shelf::Shelf;
use crate::{Call, Done, Handler, Level, Metric, Settings, memory};

/// Lines of log about single objects; a call that meets more says only how many.
const TOLD: usize = 20;

/// Reads new objects into the lake.
#[derive(Debug)]
pub struct Ingest {
    settings: Settings,
    shelf: Shelf,
    buckets: Buckets,
    networks: OnceCell<Arc<Networks>>,
}

impl Ingest {
    /// Nothing is opened before the first event.
    pub fn new(settings: &Settings) -> Ingest {
        Ingest {
            shelf: Shelf::at(&settings.lake),
            settings: settings.clone(),
            buckets: Buckets::default(),
            networks: OnceCell::new(),
        }
    }

    async fn settings(&self, call: &Call) -> Result<pipeline::Settings> {
        let networks = self.networks.get_or_try_init(|| async {
            let config = Config::read(self.settings.config.as_deref()).await?;
            networks(&config, &self.settings.networks, call).await.map(Arc::new)
        });
        let mut settings = pipeline::Settings::at(call.now);
        settings.networks = networks.await?.clone();
        settings.memory = memory::of_chunk(self.settings.memory);
        settings.until = Some(call.deadline.begin_until);
        Ok(settings)
    }

    async fn batch(&self, batch: Batch, call: &Call) -> Result<Done> {
        for (id, why) in batch.unreadable.iter().take(TOLD) {
            say(call, "a message is handed back", &[("messageId", id), ("why", why)]);
        }
        let mut did = Ingested::default();
        let (mut lag, mut retried) = (0, 0);
        if !batch.objects.is_empty() {
            let settings = self.settings(call).await?;
            let mut lake = self.shelf.take().await?;
            let lost_before = lake.lost_races();
            let named = batch.objects.values().flatten().cloned();
            let trail = Trail::of_named(named, &self.buckets, settings.until).await;
            lag = trail.oldest().map_or(0, |oldest| lag_of(oldest, call.now));
            did = pipeline::ingest(&mut lake, &trail, &settings, &|_| ()).await?;
            retried = lake.lost_races() - lost_before;
            self.shelf.put_back(lake).await;
        }
        tell_unreached(call, &did.unreached);
        let back: BTreeSet<&str> = batch.back(did.unreached.iter().map(|lost| lost.key.as_str()));
        let mut told = told(&did);
        told.insert("messagesBack".into(), json!(back.len()));
        told.insert("objectsPassedOver".into(), json!(batch.passed_over));
        told.insert("messagesOfNothing".into(), json!(batch.nothing));
        let mut metrics = numbers(&did, retried, back.len() as u64);
        metrics.push(Metric::seconds("LagSeconds", lag));
        let answer = batch::answer(back.iter().copied());
        Ok(Done { answer, metrics, told })
    }

    async fn catch_up(&self, from: Option<Day>, call: &Call) -> Result<Done> {
        let place =
            self.settings.trail.as_deref().context(
                "a catch-up lists the trail, and ROLECALL_TRAIL does not say where it lies",
            )?;
        let settings = self.settings(call).await?;
        let mut lake: Lake = self.shelf.take().await?;
        let lost_before = lake.lost_races();
        let did = pipeline::catch_up(&mut lake, place, from, &settings).await?;
        let retried = lake.lost_races() - lost_before;
        self.shelf.put_back(lake).await;
        tell_unreached(call, &did.ingested.unreached);
        tell_unreached(call, &did.unlisted);
        let mut told = told(&did.ingested);
        told.insert("placesListed".into(), json!(did.places));
        told.insert("objectsListed".into(), json!(did.listed));
        told.insert("placesNotListed".into(), json!(did.unlisted.len()));
        told.insert("finished".into(), did.finished.into());
        let failed = did.ingested.unreached.len() + did.unlisted.len();
        let mut metrics = numbers(&did.ingested, retried, failed as u64);
        let lag = did.oldest.map(|oldest| lag_of(oldest, call.now));
        metrics.extend(lag.map(|lag| Metric::seconds("LagSeconds", lag)));
        Ok(Done { answer: told.clone().into(), metrics, told })
    }
}

impl Handler for Ingest {
    async fn handle(&self, event: &Value, call: &Call) -> Result<Done> {
        if event["rolecall"] == "catch-up" {
            let from = event["from"].as_str().map(str::parse).transpose();
            let from = from.context("`from` of a catch-up is a day such as 2026-03-10")?;
            return self.catch_up(from, call).await;
        }
        let batch = Batch::of(event).context(
            "the event is neither a batch of messages from SQS nor {\"rolecall\":\"catch-up\"}",
        )?;
        self.batch(batch, call).await
    }

    fn time_is_up(&self, event: &Value) -> Option<Value> {
        batch::all_back(event)
    }
}

/// The seconds since the delivery of the oldest object; none if a clock is wrong and it is from tomorrow.
fn lag_of(oldest: Time, now: Time) -> i64 {
    (now.seconds() - oldest.seconds()).max(0)
}

fn tell_unreached(call: &Call, unreached: &[Unreached]) {
    for lost in unreached.iter().take(TOLD) {
        say(call, "not reached", &[("object", &lost.key), ("why", &lost.why)]);
    }
}

fn say(call: &Call, message: &str, told: &[(&str, &str)]) {
    let told = told.iter().map(|(name, text)| ((*name).to_owned(), json!(text)));
    call.log.say(Level::Warn, message, &told.collect::<Map<_, _>>());
}

fn told(did: &Ingested) -> Map<String, Value> {
    let told = [
        ("objects", did.objects),
        ("objectsKnown", did.known),
        ("objectsRefused", did.refused),
        ("objectsNotReached", did.unreached.len() as u64),
        ("bytes", did.bytes),
        ("records", did.records),
        ("recordsKept", did.records_kept),
        ("recordsPassedOver", did.records_passed_over),
        ("recordsRejected", did.records_rejected),
        ("newEvents", did.new_events),
        ("newCalls", did.new_calls),
    ];
    told.into_iter().map(|(name, number)| (name.to_owned(), json!(number))).collect()
}

fn numbers(did: &Ingested, retried: u64, failed: u64) -> Vec<Metric> {
    vec![
        Metric::count("Objects", did.objects - did.known),
        Metric::count("Records", did.records),
        Metric::count("Rejected", did.records_rejected + did.refused),
        Metric::count("Failed", failed),
        Metric::count("CommitsRetried", retried),
    ]
}
