//! `rolecall check`: the catalogue, its cases, whether they would miss any condition, and what the
//! organisation knows.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use clap::Args;
use rolecall_catalog::Question;
use rolecall_query::{CaseReport, Flaw, check};

use super::check_known;
use super::new::is_untouched;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::output::plain::plain;

/// Check detections, reports and rolecall.toml
///
/// Every query must keep its contract, and pass its cases; each of its conditions, each alternative of
/// an OR, and each branch of a CASE is deleted in turn, and some case must notice. Of rolecall.toml,
/// entries that are over are listed, and those that met nothing in the lake.
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
        let (config, unfit) = check_known::flaws(desk).await?;
        let detections = desk.sifted_detections(&config).await?;
        let reports = desk.sifted_reports().await?;
        let asked = detections.asked.iter().map(|detection| detection.question());
        let asked: Vec<Question<'_>> =
            asked.chain(reports.asked.iter().map(|report| report.question())).collect();
        let lost = detections.lost.iter().chain(&reports.lost).map(|(name, _)| name.as_str());
        let flawed: Vec<&Flaw> = detections.flaws.iter().chain(&reports.flaws).collect();
        let names: BTreeSet<&str> = asked.iter().map(|question| question.id).chain(lost).collect();
        if let Some(unknown) = self.names.iter().find(|name| !names.contains(name.as_str())) {
            let hint = desk.hint(unknown, names);
            bail!("there is no detection or report `{}`: {hint}", plain(unknown))
        }

        let mut flaws = 0;
        // What is wrong with the file of the organisation is wrong for every question.
        let of_file = flawed.iter().filter(|flaw| !names.contains(flaw.detection.as_str()));
        for flaw in unfit.iter().chain(of_file.map(|flaw| &flaw.why)) {
            flaws += 1;
            desk.out.text(&lines(flaw, ""))?;
        }
        let mut queries = 0;
        for name in names.iter().filter(|name| self.is_meant(name)) {
            queries += 1;
            let broken: Vec<&Flaw> =
                flawed.iter().copied().filter(|flaw| flaw.detection == **name).collect();
            let questions = asked.iter().filter(|question| question.id == *name);
            flaws += check_one(desk, name, &broken, questions).await?;
        }
        if self.names.is_empty() || desk.global.config.is_some() {
            check_known::tell(desk, &config).await?;
        }
        desk.out.say(&format!("{queries} queries checked, {flaws} flaws"))?;
        Ok(if flaws == 0 { Exit::Done } else { Exit::Failed })
    }

    fn is_meant(&self, name: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|meant| meant == name)
    }
}

/// Tells all that is wrong with the question of this name, and counts it. It may be a detection and a
/// report, or broken so that there is nothing to ask.
async fn check_one<'a>(
    desk: &Desk,
    name: &str,
    broken: &[&Flaw],
    questions: impl Iterator<Item = &'a Question<'a>>,
) -> Result<usize> {
    let mut flaws: Vec<String> = broken.iter().map(|flaw| flaw.why.clone()).collect();
    let (mut cases, mut untouched) = (0, false);
    for question in questions {
        untouched |= is_untouched(question.sql);
        match check(*question).await {
            Ok(report) => {
                cases += report.cases.len();
                flaws.extend(of_cases(question.file, &report));
            }
            Err(error) => flaws.push(format!("{}:{}: {error}", question.file, question.line)),
        }
    }
    let verdict = match flaws.is_empty() {
        true if untouched => "begun",
        true => "good",
        false => "FLAWED",
    };
    desk.out.text(&format!("{verdict:<7} {} · {cases} cases", plain(name)))?;
    if untouched {
        desk.out.text("  its query is that of `rolecall new`: make it say what you look for")?;
    }
    for flaw in &flaws {
        desk.out.text(&lines(flaw, "  "))?;
    }
    Ok(flaws.len())
}

/// What the cases of a question show to be wrong; `query` is the file of its query.
fn of_cases(query: &str, report: &CaseReport) -> Vec<String> {
    let failed = report.cases.iter().filter_map(|case| {
        let wrong = case.wrong.as_ref()?;
        Some(format!(
            "cases.md:{}: case `{}` fails: correct the query, or the case\n{wrong}",
            case.line, case.title
        ))
    });
    let untested =
        report.untested.iter().map(|missed| format!("{}: {missed}", missed.place(query)));
    failed.chain(untested).collect()
}

/// A flaw as lines; all but the first are indented.
pub(super) fn lines(flaw: &str, indent: &str) -> String {
    let lines: Vec<String> = flaw.lines().map(|line| plain(line.trim_start())).collect();
    format!("{indent}{}", lines.join(&format!("\n{indent}  ")))
}
