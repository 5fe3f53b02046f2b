//! `rolecall poll`: CloudTrail's event history into tables, for accounts without a trail.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use clap::Args;
use rolecall_lake::Access;
use rolecall_model::Time;
use rolecall_pipeline::{Account, PollSettings, Polled, Settings, aws_environment, poll};
use serde_json::json;

use super::ingest::warn_of_rejected;
use crate::args::Format;
use crate::clock;
use crate::config;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::output::plain::plain;
use crate::output::progress::Bar;

/// Read CloudTrail's event history into the lake, for accounts without a trail
///
/// CloudTrail keeps the management events of the last 90 days in every account and region, whether a trail
/// is there or not. This asks LookupEvents for those that matter to credentials: STS, sign-in,
/// IAM, Identity Center, Cognito, Roles Anywhere, EKS Pod Identity, Organizations, RAM. CloudTrail lets
/// two requests of 50 events a second pass, so it suits small accounts; a trail suits all, and
/// also shows what was done with the credentials.
///
/// Only what the lake has not is asked for, and the last 15 minutes again, since events appear
/// late. It can be stopped and run again at any time, and beside itself; what was read is kept. Run
/// it every few minutes to stay up to date.
///
/// Needs the permission cloudtrail:LookupEvents, in each account. A role given with --role must trust the
/// credentials at hand, which need sts:AssumeRole on it. docs/poll.md has both policies.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall poll && rolecall trace && rolecall detect\n  rolecall poll --region eu-west-1 --region eu-central-1 --since 90d\n  rolecall poll --role own --role arn:aws:iam::222222222222:role/rolecall-poll\n  rolecall poll --within 4m --format json"
)]
pub(crate) struct Poll {
    /// A region to ask; may be repeated [default: all that every account has from the start].
    /// IAM, Organizations, and what STS and sign-in record for all regions, are always asked for
    #[arg(long = "region", value_name = "REGION")]
    regions: Vec<String>,
    /// A role that leads to an account to ask, or `own` for the account of the credentials at hand;
    /// may be repeated [default: own]
    #[arg(long = "role", value_name = "ARN")]
    accounts: Vec<Account>,
    /// One more service to ask for, such as eks.amazonaws.com; may be repeated
    #[arg(long = "source", value_name = "SERVICE")]
    sources: Vec<String>,
    /// Ask for what happened from here: 2026-03-10, 2026-03-10T12:00:00Z, or an age such as 90d
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = clock::instant, allow_hyphen_values = true)]
    since: Time,
    /// How late events may appear: what was read sooner after the call is read again
    #[arg(long, value_name = "LENGTH", default_value = "15m", value_parser = clock::seconds)]
    late: i64,
    /// Ask no more after so long, store what was read, and say what is left
    #[arg(long, value_name = "LENGTH", value_parser = clock::seconds)]
    within: Option<i64>,
}

impl Poll {
    pub(crate) async fn run(self, desk: &Desk) -> Result<Exit> {
        let mut ingest = Settings::at(clock::now());
        ingest.networks = Arc::new(config::networks(&desk.config().await?, &desk.out).await?);
        ingest.threads = desk.global.threads.unwrap_or(ingest.threads);
        let accounts = if self.accounts.is_empty() { vec![Account::Own] } else { self.accounts };
        let settings = PollSettings {
            accounts,
            regions: self.regions,
            sources: self.sources,
            since: self.since,
            late: self.late,
            time: self.within.map(|seconds| Duration::from_secs(seconds.unsigned_abs())),
            ingest,
            ..PollSettings::at(clock::now())
        };
        let aws = aws_environment().await;
        let mut lake = desk.lake(Access::Create).await?;
        let bar = Bar::new(&desk.out, "poll", "slices");
        let did = poll(&mut lake, &aws, &settings, &|progress| bar.tell(progress)).await;
        bar.end();
        let did = did?;
        tell(desk, &did)?;
        config::tell_if_none(&settings.ingest.networks, &desk.out)?;
        Ok(if did.left.is_empty() { Exit::Done } else { Exit::Failed })
    }
}

fn tell(desk: &Desk, did: &Polled) -> Result<()> {
    let read = &did.ingested;
    desk.out.say(&format!(
        "polled {} regions of accounts: {} slices · {} records = {} kept + {} passed over + {} rejected · {} new credential events · {} new calls · {} requests, {} refused as too fast",
        did.gates,
        read.objects,
        read.records,
        read.records_kept,
        read.records_passed_over,
        read.records_rejected,
        read.new_events,
        read.new_calls,
        did.requests,
        did.refused,
    ))?;
    warn_of_rejected(desk, read, "slices")?;
    for left in &did.left {
        desk.out.say(&format!(
            "error: {} in {} is unread since {}\n  why: {}",
            plain(&left.account),
            plain(left.region.as_deref().unwrap_or("all regions")),
            left.since,
            plain(&left.why.to_string()),
        ))?;
    }
    if !did.left.is_empty() {
        desk.out.say(" help: run this again: what was read is stored, and only the rest is asked for; `rolecall poll --help` says which permissions it needs")?;
    }
    if desk.out.format == Format::Text {
        return Ok(());
    }
    let row = json!({
        "slices": read.objects,
        "records": read.records,
        "kept": read.records_kept,
        "passed_over": read.records_passed_over,
        "rejected": read.records_rejected,
        "new_events": read.new_events,
        "new_calls": read.new_calls,
        "requests": did.requests,
        "refused": did.refused,
        "left": did.left.len(),
    });
    let row = row.as_object().cloned().unwrap_or_default();
    let columns: Vec<String> = row.keys().cloned().collect();
    desk.out.rows(&columns, &[row])
}
