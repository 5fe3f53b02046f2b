//! `rolecall simulate`: an organisation's trail, made up, with its labels.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use rolecall_model::Time;
use rolecall_pipeline::Progress;
use rolecall_simulate::{Attack, Plan, files, support_files};

use crate::desk::Desk;
use crate::exit::Exit;
use crate::output::progress::Bar;

/// Make up an organisation's CloudTrail: to try rolecall without AWS, and to test detections
///
/// Writes OUT/AWSLogs/… as CloudTrail lays it out, OUT/rolecall.toml with what the organisation
/// knows, the network databases it names, and OUT/labels.jsonl with what is true. The same numbers
/// give the same bytes.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall simulate ./acme --days 30 --attacks all\n  rolecall --config ./acme/rolecall.toml run ./acme/AWSLogs\n  rolecall evaluate ./acme/labels.jsonl"
)]
pub(crate) struct Simulate {
    /// A new folder
    #[arg(value_name = "OUT")]
    out: PathBuf,
    /// Accounts of the organisation
    #[arg(long, default_value_t = 10, value_name = "N")]
    accounts: usize,
    /// Days that the trail covers
    #[arg(long, default_value_t = 30, value_name = "N")]
    days: u32,
    /// Records a day
    #[arg(long, default_value_t = 20_000, value_name = "N")]
    events_per_day: u64,
    /// Chance: another number gives another trail
    #[arg(long, default_value_t = 1, value_name = "S")]
    seed: u64,
    /// Days without attacks at the beginning
    #[arg(long, default_value_t = 14, value_name = "N")]
    baseline_days: u32,
    /// The first day (UTC)
    #[arg(long, value_name = "DAY")]
    first_day: Option<Time>,
    /// Catalogue ids of attacks, such as LK-2,XA-1; or all
    #[arg(long, value_delimiter = ',', value_name = "IDS")]
    attacks: Vec<String>,
}

impl Simulate {
    pub(crate) async fn run(self, desk: &Desk) -> Result<Exit> {
        if self.out.exists() {
            bail!("`{}` exists: choose a new folder", self.out.display())
        }
        let plan = self.plan()?;
        let bar = Bar::new(&desk.out, "simulate", "events");
        let (mut written, mut records, mut bytes) = (0, 0, 0);
        let mut trail = files(&plan);
        for file in trail.by_ref() {
            (written, records, bytes) =
                (written + 1, records + file.records as u64, bytes + file.bytes.len() as u64);
            write(&self.out.join(&file.key), &file.bytes)?;
            let total = plan.events_per_day * u64::from(plan.days);
            let total = total.max(records);
            bar.tell(Progress { done: records, total, bytes, ..Progress::default() });
        }
        bar.end();
        let mut labels = Vec::new();
        for label in trail.into_labels() {
            writeln!(labels, "{}", label.to_json()).context("write in memory")?;
        }
        write(&self.out.join("labels.jsonl"), &labels)?;
        for (name, text) in support_files(&plan) {
            write(&self.out.join(name), text.as_bytes())?;
        }
        let out = self.out.display();
        desk.out.say(&format!("{records} records in {written} files, {bytes} bytes"))?;
        desk.out.note(&format!(
            "next:\n  rolecall --config {out}/rolecall.toml run {out}/AWSLogs\n  rolecall evaluate {out}/labels.jsonl"
        ))?;
        Ok(Exit::Done)
    }

    fn plan(&self) -> Result<Plan> {
        let all = self.attacks.iter().any(|id| id == "all");
        let known = |id: &String| id == "all" || Attack::ALL.iter().any(|attack| attack.id == *id);
        if let Some(id) = self.attacks.iter().find(|id| !known(id)) {
            let ids: Vec<&str> = Attack::ALL.iter().map(|attack| attack.id).collect();
            bail!("there is no attack `{id}`: there are all, {}", ids.join(", "))
        }
        let chosen = Attack::ALL
            .into_iter()
            .filter(|attack| all || self.attacks.iter().any(|id| id == attack.id));
        let plan = Plan::default();
        Ok(Plan {
            accounts: self.accounts,
            days: self.days,
            seed: self.seed,
            events_per_day: self.events_per_day,
            baseline_days: self.baseline_days,
            first_day: self.first_day.map_or(plan.first_day, rolecall_model::Day::from),
            attacks: chosen.collect(),
        })
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = || format!("could not write `{}`", path.display());
    std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).with_context(failed)?;
    std::fs::write(path, bytes).with_context(failed)
}
