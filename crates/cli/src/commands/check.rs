//! `rolecall check`: the catalogue, its cases, and whether they would miss any condition.

use anyhow::Result;
use clap::Args;
use rolecall_query::check;

use crate::desk::Desk;
use crate::exit::Exit;
use crate::output::plain::plain;

/// Check the catalogue: contract, cases, and that each condition is needed
///
/// Each condition of each query is deleted in turn, and some case must notice.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  rolecall check\n  rolecall check --queries ./my-detections")]
pub(crate) struct Check {
    /// Only these detections
    names: Vec<String>,
}

impl Check {
    pub(crate) async fn run(self, desk: &Desk) -> Result<Exit> {
        let mut detections = desk.catalogue(&desk.config()?).await?;
        if !self.names.is_empty() {
            detections.retain(|detection| self.names.contains(&detection.id));
        }
        let mut flaws = 0;
        for detection in &detections {
            let report = check(detection.question()).await?;
            let verdict = if report.is_good() { "good" } else { "FLAWED" };
            desk.out.text(&format!(
                "{verdict:<7} {} · {} cases",
                detection.id,
                report.cases.len()
            ))?;
            for case in &report.cases {
                if let Some(wrong) = &case.wrong {
                    flaws += 1;
                    desk.out.text(&format!(
                        "  case `{}`:\n    {}",
                        case.title,
                        plain(wrong).replace("\\u{a}", "\n    ")
                    ))?;
                }
            }
            for condition in &report.untested {
                flaws += 1;
                desk.out.text(&format!("  no case notices that `{condition}` is missing"))?;
            }
        }
        desk.out.say(&format!("{} detections checked, {flaws} flaws", detections.len()))?;
        Ok(if flaws == 0 { Exit::Done } else { Exit::Failed })
    }
}
