//! The function `upkeep`: keeps the lake small, and tells what is missing. Its findings lie in the lake
//! like all others, and are published with them.

use std::time::Instant;

use anyhow::Result;
use rolecall_pipeline as pipeline;
use rolecall_pipeline::{Config, UpkeepSettings};
use serde_json::{Value, json};

use crate::shelf::Shelf;
use crate::{Call, Done, Handler, Level, Metric, Settings};

/// Looks after the lake.
#[derive(Debug)]
pub struct Upkeep {
    settings: Settings,
    shelf: Shelf,
}

impl Upkeep {
    /// Nothing is opened before the first event.
    pub fn new(settings: &Settings) -> Upkeep {
        Upkeep { shelf: Shelf::at(&settings.lake), settings: settings.clone() }
    }
}

impl Handler for Upkeep {
    async fn handle(&self, _event: &Value, call: &Call) -> Result<Done> {
        let config = Config::read(self.settings.config.as_deref()).await?;
        let days = self.settings.retention_days.and_then(|days| i32::try_from(days).ok());
        let mut settings = UpkeepSettings { retention_days: days, ..UpkeepSettings::default() };
        if let Some(days) = self.settings.vacuum_days {
            settings.vacuum_after = i64::from(days) * 86_400;
        }
        let mut lake = self.shelf.take().await?;
        let lost_before = lake.lost_races();
        let until = call.deadline.begin_until;
        let go_on = || Instant::now() < until;
        let known = &config.known;
        let did = pipeline::upkeep(&mut lake, known, &settings, call.now, &go_on, &|_| ()).await?;
        let retried = lake.lost_races() - lost_before;
        self.shelf.put_back(lake).await;
        for left in &did.left {
            let told = [("what".to_owned(), json!(left))].into_iter().collect();
            call.log.say(Level::Warn, "left for the next time", &told);
        }
        let findings = did.findings.iter().filter(|finding| finding.is_told()).count();
        let sum = |number: fn(&pipeline::Tidied) -> u64| did.tables.iter().map(number).sum::<u64>();
        let told = json!({
            "finished": did.left.is_empty(),
            "findings": findings,
            "findingsRepeated": did.repeated,
            "rowsRemoved": sum(|table| table.rows_removed),
            "filesMerged": sum(|table| table.files_merged),
            "filesDeleted": sum(|table| table.files_deleted),
            "logEntriesDeleted": sum(|table| table.log_entries_deleted),
        });
        let metrics = vec![
            Metric::count("Findings", findings as u64),
            Metric::count("CommitsRetried", retried),
        ];
        let map = told.as_object().cloned().unwrap_or_default();
        Ok(Done { answer: told, metrics, told: map })
    }
}
