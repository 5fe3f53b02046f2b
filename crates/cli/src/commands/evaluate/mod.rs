//! `rolecall evaluate`: which labelled attacks were found, and what was noise.

mod apart;
mod lake;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use rolecall_catalog::Detection;
use rolecall_evaluate::{
    ATTACK_COLUMNS, Catalogue, Evaluation, Found, Label, Notes, attacks, judge, labels, markdown,
    rows, sample,
};
use rolecall_lake::Access;

use crate::args::Format;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::output::plain::plain;
use apart::each_apart;

/// Detections that know an attack by what its client calls itself, which the attacker chooses.
const BY_CLIENT_NAME: [&str; 1] = ["attack-tool-client"];

/// Hold findings against labels: recall, precision, noise, and how soon
///
/// Labels are JSON lines, as `rolecall simulate` writes them; the findings are those that the lake
/// has told. Labels that name a file or folder are about that alone: each is read into a lake of its
/// own, where no detection has any history, so an attack may be found in dry run too.
///
/// How soon an attack was found counts from its first evidence: the time that its label says, or else
/// that of the earliest of the events that it names. Where it has neither, how soon is left open.
///
/// Every finding of medium or higher that no label explains is listed. JSON has a line for the sums,
/// each attack and each such finding, which `kind` tells apart: `sums`, `attack` and `noise`. CSV is
/// one table, so it has the attacks alone.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall evaluate ./acme/labels.jsonl\n  rolecall evaluate ./real/labels.jsonl --only stratus --notes bench/real-logs.toml\n  rolecall evaluate ./acme/labels.jsonl --format json | jq -c 'select(.kind == \"noise\")'"
)]
pub(crate) struct Evaluate {
    /// The labels
    #[arg(value_name = "LABELS")]
    labels: PathBuf,
    /// Only labels whose file contains this
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// What is noted about labels of others: attacks that are out of scope, and published rules
    #[arg(long, value_name = "FILE")]
    notes: Option<PathBuf>,
    /// Sum up findings that no label explains by detection if they are more than this; text only
    #[arg(long, value_name = "NUMBER")]
    list_noise: Option<usize>,
    /// Exit with 1 if recall is below this
    #[arg(long, value_name = "SHARE")]
    recall: Option<f64>,
    /// Exit with 1 if there is more noise than this per million events
    #[arg(long, value_name = "NUMBER")]
    noise: Option<f64>,
}

impl Evaluate {
    pub(crate) async fn run(self, desk: &Desk) -> Result<Exit> {
        let shown = self.labels.display();
        let text = std::fs::read_to_string(&self.labels)
            .with_context(|| format!("could not read the labels in `{shown}`"))?;
        let all = labels(&text).with_context(|| format!("could not use `{shown}`"))?;
        let config = desk.config().await?;
        let detections = desk.catalogue(&config).await?;
        let catalogue = told_by(&detections);
        let notes = self.notes.as_deref().map(read_notes).transpose()?.unwrap_or_default();
        let (of_files, of_trail): (Vec<Label>, Vec<Label>) =
            all.into_iter().partition(|label| label.file.is_some());
        let mut evaluation = Evaluation::default();
        // Without any label nothing is an attack: whatever the lake has told is noise.
        if !of_trail.is_empty() || of_files.is_empty() {
            let lake = desk.lake(Access::Existing).await?;
            evaluation = judge(&of_trail, &lake::found(&lake, &of_trail).await?, &catalogue);
        }
        let folder = self.labels.parent().unwrap_or(Path::new(""));
        let wanted = |file: &str| self.only.as_ref().is_none_or(|only| file.contains(only));
        let mut parts = Vec::new();
        for label in of_files {
            if let Some(file) = label.file.as_deref().filter(|file| wanted(file)) {
                let path = folder.join(file);
                parts.push((label, path));
            }
        }
        for (label, found) in each_apart(desk, &config, &detections, parts).await? {
            evaluation.add(about_file(label, &found, &notes, &catalogue));
        }
        tell(desk, &evaluation, self.list_noise)?;
        let poor = self.recall.is_some_and(|least| evaluation.recall() < least)
            || self.noise.is_some_and(|most| evaluation.noise_per_million() > most);
        Ok(if poor { Exit::Found } else { Exit::Done })
    }
}

fn read_notes(path: &Path) -> Result<Notes> {
    let shown = path.display();
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("could not read the notes in `{shown}`"))?;
    Notes::read(&text).with_context(|| format!("could not use `{shown}`"))
}

/// What the catalogue says about its detections.
fn told_by(detections: &[Detection]) -> Catalogue {
    Catalogue {
        covers: detections.iter().map(|d| (d.id.clone(), d.meta.covers.clone())).collect(),
        subsumes: detections.iter().map(|d| (d.id.clone(), d.meta.subsumes.clone())).collect(),
        by_client_name: BY_CLIENT_NAME.map(str::to_owned).into(),
    }
}

/// What a file's own findings say about its label.
fn about_file(label: Label, found: &Found, notes: &Notes, catalogue: &Catalogue) -> Evaluation {
    // A sample of a rule is made for that rule alone: it is neither attack nor peace.
    if let Some(sample) = sample(&label, &found.findings, &catalogue.subsumes, notes) {
        return Evaluation { events: found.events, samples: vec![sample], ..Evaluation::default() };
    }
    let why = notes.out_of_scope(label.file.as_deref().unwrap_or_default()).map(str::to_owned);
    let file = label.file.clone();
    let mut evaluation = judge(&[label], found, catalogue);
    evaluation.noise.iter_mut().for_each(|noise| noise.file.clone_from(&file));
    evaluation.attacks.iter_mut().for_each(|attack| attack.out_of_scope.clone_from(&why));
    evaluation
}

fn tell(desk: &Desk, evaluation: &Evaluation, list_noise: Option<usize>) -> Result<()> {
    let rows = match desk.out.format {
        Format::Text => {
            let text = markdown(evaluation, list_noise);
            // Subjects and ids are from the trail, and could steer a terminal.
            let lines: Vec<String> = text.trim_end().lines().map(plain).collect();
            return desk.out.text(&lines.join("\n"));
        }
        Format::Json => rows(evaluation),
        Format::Csv => attacks(evaluation),
    };
    desk.out.rows(&ATTACK_COLUMNS.map(str::to_owned), &rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detections_that_know_a_client_by_its_name_are_there() {
        let names: Vec<String> =
            rolecall_query::bundled().into_iter().map(|folder| folder.name).collect();
        for name in BY_CLIENT_NAME {
            assert!(names.iter().any(|known| known == name), "{name} was renamed or left");
        }
    }
}
