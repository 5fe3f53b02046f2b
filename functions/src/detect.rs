//! The function `detect`: traces what is new, asks every detection about it, and publishes what was found.

use anyhow::{Context, Result};
use rolecall_alert::{Form, Publisher};
use rolecall_catalog::Detection;
use rolecall_lake::Lake;
use rolecall_pipeline as pipeline;
use rolecall_pipeline::{Alerted, Alerting, Config, Detected, Span, Traced};
use rolecall_query::{Limits, bundled, load, turn};
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::shelf::Shelf;
use crate::{Call, Done, Handler, Level, Metric, Settings, memory};

/// The channel of the topic, in the lake's checkpoints.
const CHANNEL: &str = "topic";

/// A topic that was never told anything hears of the findings of the last day.
const SINCE: i64 = 86_400;

/// Traces, detects and publishes.
#[derive(Debug)]
pub struct Detect {
    settings: Settings,
    shelf: Shelf,
    catalogue: OnceCell<Vec<Detection>>,
}

impl Detect {
    /// Nothing is opened before the first event.
    pub fn new(settings: &Settings) -> Detect {
        Detect {
            shelf: Shelf::at(&settings.lake),
            settings: settings.clone(),
            catalogue: OnceCell::new(),
        }
    }

    /// The catalogue, whole or refused, turned as the organisation says.
    async fn detections(&self, config: &Config) -> Result<Vec<Detection>> {
        let all = self.catalogue.get_or_try_init(|| async { load(&bundled()).await });
        let shown = config.place.as_deref().unwrap_or("rolecall.toml");
        Ok(turn(all.await?.clone(), &config.known, shown)?)
    }

    async fn steps(&self, lake: &mut Lake, call: &Call) -> Result<(Traced, Detected, Alerted)> {
        let config = Config::read(self.settings.config.as_deref()).await?;
        let detections = self.detections(&config).await?;
        let traced = pipeline::trace(lake, &|_| ()).await.context("could not trace")?;
        let limits = Limits {
            memory: Some(memory::of_questions(self.settings.memory)),
            ..Limits::default()
        };
        let did = pipeline::detect(
            lake,
            &detections,
            &config.known,
            Span::default(),
            limits,
            call.now,
            &|_| (),
        );
        let did = did.await.context("could not detect")?;
        Ok((traced, did, self.publish(lake, &detections, call).await?))
    }
}

impl Detect {
    /// What the topic was not told of yet, earlier runs' and upkeep's findings too.
    async fn publish(
        &self,
        lake: &mut Lake,
        detections: &[Detection],
        call: &Call,
    ) -> Result<Alerted> {
        let topic = self.settings.topic.as_deref().unwrap_or_default().parse()?;
        let publisher = Publisher::connect(topic, Form::FindingV1).await;
        let how = Alerting {
            channel: CHANNEL,
            detections,
            minimum: self.settings.minimum_severity,
            since: call.now.plus_seconds(-SINCE),
            now: call.now,
        };
        let did = pipeline::alert(lake, &publisher, &how).await.context("could not publish")?;
        for (fingerprint, why) in &did.refused {
            let told = [("fingerprint".to_owned(), json!(fingerprint))].into_iter().collect();
            call.log.say(Level::Error, &format!("the topic refused a finding: {why}"), &told);
        }
        if let Some(until) = did.busy_until {
            let told = [("until".to_owned(), json!(until.to_string()))].into_iter().collect();
            let why =
                "another run publishes, or was killed while it did: findings wait for the next";
            call.log.say(Level::Warn, why, &told);
        }
        if let Some(why) = &did.stopped {
            anyhow::bail!("findings wait in the lake, for the topic did not take them: {why}");
        }
        Ok(did)
    }
}

impl Handler for Detect {
    async fn handle(&self, _event: &Value, call: &Call) -> Result<Done> {
        let mut lake = self.shelf.take().await?;
        let lost_before = lake.lost_races();
        let steps = Box::pin(self.steps(&mut lake, call));
        let until = call.deadline.begin_until;
        let finished = tokio::time::timeout_at(until.into(), steps).await;
        let (traced, did, alerted) = match finished {
            Ok(done) => done?,
            // What was committed stays, and the next call goes on from there. But findings wait, and
            // whoever never comes to an end must be seen: Lambda counts it as an error.
            Err(_) => {
                anyhow::bail!("the time was up before all was asked: give detect more memory")
            }
        };
        let retried = lake.lost_races() - lost_before;
        self.shelf.put_back(lake).await;
        let findings = did.findings.iter().filter(|finding| finding.is_told()).count();
        let told = json!({
            "finished": true,
            "events": traced.events,
            "usages": traced.usages,
            "sessions": traced.sessions,
            "detections": did.detections,
            "findings": findings,
            "findingsQuiet": did.findings.len() - findings,
            "findingsRepeated": did.repeated,
            "findingsPublished": alerted.sent,
            "window": did.window.map(|window| window.to_string()),
        });
        let metrics = vec![
            Metric::count("Records", traced.events),
            Metric::count("Findings", findings as u64),
            Metric::count("CommitsRetried", retried),
        ];
        let map = told.as_object().cloned().unwrap_or_default();
        Ok(Done { answer: told, metrics, told: map })
    }
}
