//! `rolecall explain`: the page of a detection.

use anyhow::{Context, Result};
use clap::Args;
use rolecall_catalog::page;

use crate::desk::Desk;
use crate::exit::Exit;
use crate::output::plain::plain;

/// Explain a detection: what it sees, when that is harmless, what it cannot see
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall explain session-granted-too-long\n  rolecall detections"
)]
pub(crate) struct Explain {
    /// The detection's name
    name: String,
}

impl Explain {
    pub(crate) async fn run(self, desk: &Desk) -> Result<Exit> {
        let detections = desk.catalogue(&desk.config().await?).await?;
        let names = || detections.iter().map(|detection| detection.id.as_str());
        let detection =
            detections.iter().find(|detection| detection.id == self.name).with_context(|| {
                let hint = desk.hint(&self.name, names());
                format!("there is no detection `{}`: {hint}", plain(&self.name))
            })?;
        let columns = rolecall_query::columns(detection).await?;
        let page = page(detection, &columns);
        let paint = desk.out.paint;
        for line in page.lines() {
            desk.out.text(&if line.starts_with('#') {
                paint.bold(line)
            } else {
                line.to_owned()
            })?;
        }
        Ok(Exit::Done)
    }
}
