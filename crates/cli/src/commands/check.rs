//! `rolecall check`: the catalogue, its cases, whether they would miss any condition, and what the
//! organisation knows.

use anyhow::{Result, bail};
use clap::Args;
use rolecall_catalog::Question;
use rolecall_query::check;

use super::check_known;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::output::plain::plain;

/// Check detections, reports and rolecall.toml
///
/// Every query must keep its contract, and pass its cases; each of its conditions is deleted in
/// turn, and some case must notice. Of rolecall.toml, entries that are over are listed, and those
/// that met nothing in the lake.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall check\n  rolecall check --queries ./detections session-at-night\n  rolecall check --config ./rolecall.toml"
)]
pub(crate) struct Check {
    /// Only these detections and reports
    names: Vec<String>,
}

impl Check {
    pub(crate) async fn run(self, desk: &Desk) -> Result<Exit> {
        let config = desk.config().await?;
        let (detections, reports) = (desk.catalogue(&config).await?, desk.reports().await?);
        let all =
            detections.iter().map(|d| d.question()).chain(reports.iter().map(|r| r.question()));
        let mut asked: Vec<Question<'_>> = all.collect();
        if let Some(unknown) = self.names.iter().find(|name| asked.iter().all(|q| q.id != **name)) {
            bail!("there is no detection or report `{}`", plain(unknown))
        }
        if !self.names.is_empty() {
            asked.retain(|question| self.names.iter().any(|name| name == question.id));
        }
        let mut flaws = 0;
        for question in &asked {
            flaws += check_one(desk, *question).await?;
        }
        if self.names.is_empty() {
            check_known::tell(desk, &config).await?;
        }
        desk.out.say(&format!("{} queries checked, {flaws} flaws", asked.len()))?;
        Ok(if flaws == 0 { Exit::Done } else { Exit::Failed })
    }
}

/// Tells how the cases of one question went, and counts its flaws.
async fn check_one(desk: &Desk, question: Question<'_>) -> Result<usize> {
    let report = check(question).await?;
    let verdict = if report.is_good() { "good" } else { "FLAWED" };
    let cases = report.cases.len();
    desk.out.text(&format!("{verdict:<7} {} · {cases} cases", question.id))?;
    let mut flaws = 0;
    for case in &report.cases {
        if let Some(wrong) = &case.wrong {
            flaws += 1;
            let wrong = plain(wrong).replace("\\u{a}", "\n    ");
            desk.out.text(&format!("  case `{}`:\n    {wrong}", case.title))?;
        }
    }
    for condition in &report.untested {
        flaws += 1;
        desk.out.text(&format!("  no case notices that `{condition}` is missing"))?;
    }
    Ok(flaws)
}
