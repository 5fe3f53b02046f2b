//! `rolecall detections`: what is asked of every window.

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::desk::Desk;
use crate::exit::Exit;
use crate::output::{Row, described};

/// List the detections
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall detections\n  rolecall explain chain-into-new-account"
)]
pub(crate) struct Detections {}

impl Detections {
    pub(crate) async fn run(self, desk: &Desk) -> Result<Exit> {
        let rows: Vec<Row> = desk
            .catalogue(&desk.config().await?)
            .await?
            .iter()
            .map(|detection| {
                let meta = &detection.meta;
                let cells = [
                    ("name", json!(detection.id)),
                    ("severity", json!(meta.severity.as_str())),
                    ("family", json!(meta.family)),
                    ("title", json!(meta.title)),
                ];
                cells.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
            })
            .collect();
        described::write(&desk.out, &["name", "severity", "family", "title"], rows)?;
        Ok(Exit::Done)
    }
}
