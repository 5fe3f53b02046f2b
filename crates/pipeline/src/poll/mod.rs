//! Poll: CloudTrail's event history becomes rows, for accounts without a trail.
//!
//! The ledger `object` says which slices of which feeds were read, and when; what of the asked span is
//! not settled yet is read again, oldest first, at CloudTrail's pace. A slice enters the ledger
//! only when it was read to its last page, behind its rows. So a poll may be stopped anywhere, run
//! again and run beside itself, as an ingest may.

mod account;
mod answer;
mod gate;
mod plan;
mod shelf;

use std::time::Duration;

use aws_config::SdkConfig;
use futures::{StreamExt, stream};
use rolecall_cloudtrail::lookup::{HISTORY, LATE, home, usual_regions};
use rolecall_lake::Lake;
use rolecall_model::{Time, Window};
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::ingest::Settings;
use crate::{Ingested, Progress, StepError, Watch};
pub use account::{Account, NotAnAccount, whoami};
use gate::{Clock, Gate, Tally};

/// So many accounts and regions are asked side by side; each mostly waits for its turn.
const GATES: usize = 32;

/// How to poll.
#[derive(Clone, Debug)]
pub struct PollSettings {
    /// The accounts to ask; their own credentials' account, if nothing else is said.
    pub accounts: Vec<Account>,
    /// The regions to ask; if empty, all that every account has from the start. Services without a
    /// region are always asked where they are recorded.
    pub regions: Vec<String>,
    /// More services than those that hand out credentials, as `eventSource` has them.
    pub sources: Vec<String>,
    /// The first instant asked for; CloudTrail has the last 90 days.
    pub since: Time,
    /// How late events may appear, in seconds: what was read sooner after the call is read again.
    pub late: i64,
    /// After this long no more is asked, and what was read is stored; a commit takes some seconds more.
    pub time: Option<Duration>,
    /// The pause between two requests to one account and region, which CloudTrail allows two a second.
    pub pause: Duration,
    /// What was read is stored at least this often.
    pub store_every: Duration,
    /// How rows are made.
    pub ingest: Settings,
}

impl PollSettings {
    /// The last day of the account whose credentials are at hand, in all usual regions.
    pub fn at(now: Time) -> PollSettings {
        PollSettings {
            accounts: vec![Account::Own],
            regions: Vec::new(),
            sources: Vec::new(),
            since: now.plus_seconds(-86_400),
            late: LATE,
            time: None,
            pause: Duration::from_millis(550),
            store_every: Duration::from_secs(10),
            ingest: Settings::at(now),
        }
    }
}

/// What a poll did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Polled {
    /// What the slices that were read became; each is one object.
    pub ingested: Ingested,
    /// Accounts and regions that were asked.
    pub gates: u64,
    /// Requests that were sent.
    pub requests: u64,
    /// Requests that CloudTrail refused because they came too fast.
    pub refused: u64,
    /// What could not be read; the next poll tries again.
    pub left: Vec<Left>,
}

/// What was left unread of one account, or of one of its regions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The account, or the role that should have led there.
    pub account: String,
    /// The region; `None` if nothing of the account could be read.
    pub region: Option<String>,
    /// From when on events are missing.
    pub since: Time,
    /// Why.
    pub why: Why,
}

/// Why something was left unread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The time was up.
    OutOfTime,
    /// AWS said no, or did not answer.
    Failed(String),
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Why::OutOfTime => f.write_str("the time was up"),
            Why::Failed(why) => f.write_str(why),
        }
    }
}

/// The AWS credentials, region and endpoints that the environment names, as in the AWS CLI.
pub async fn aws_environment() -> SdkConfig {
    aws_config::defaults(aws_config::BehaviorVersion::latest()).load().await
}

/// Reads what CloudTrail's event history has and the lake has not, and stores it.
///
/// Accounts and regions that cannot be read stop nobody else: they are in [`Polled::left`].
///
/// # Errors
///
/// A region or service has no name that one can have, or the lake could not be read or written.
pub async fn poll(
    lake: &mut Lake,
    aws: &SdkConfig,
    settings: &PollSettings,
    watch: Watch<'_>,
) -> Result<Polled, StepError> {
    let clock = Clock { now: settings.ingest.now, start: Instant::now(), time: settings.time };
    let asked =
        Window { from: settings.since.max(clock.now.plus_seconds(-HISTORY)), until: clock.now };
    let regions = regions(aws, settings)?;
    let mut did = Polled::default();

    let mut gates = Vec::new();
    let settled = plan::settled(lake, asked, settings.late).await?;
    let entering = settings.accounts.iter().map(|account| account.enter(aws, home(&regions[0])));
    let entering: Vec<_> = entering.collect();
    let entered: Vec<_> = stream::iter(entering).buffered(GATES).collect().await;
    for (account, entered) in settings.accounts.iter().zip(entered) {
        match entered {
            Ok(entered) => {
                let todos = plan::todos(&entered.id, &regions, settings, asked, &settled);
                gates.extend(
                    todos.into_iter().map(|(region, todo)| {
                        Gate::of(&entered, region, todo, clock, settings.pause)
                    }),
                );
            }
            Err(why) => did.left.push(Left {
                account: account.to_string(),
                region: None,
                since: asked.from,
                why: Why::Failed(why),
            }),
        }
    }
    // Whoever was left behind by the last poll is first in this one.
    gates.sort_by_key(Gate::left_from);
    did.gates = gates.len() as u64;

    let tally = Tally::default();
    let total: u64 = gates.iter().map(Gate::slices).sum();
    let (send, receive) = mpsc::channel(4);
    let read = async {
        let each = gates.into_iter().map(|gate| gate.read(&tally, send.clone()));
        let left: Vec<Left> = stream::iter(each)
            .buffer_unordered(GATES)
            .filter_map(std::future::ready)
            .collect()
            .await;
        drop(send);
        Ok::<_, StepError>(left)
    };
    let tell = |done: &Ingested| {
        watch(Progress {
            done: done.objects,
            total: total.max(done.objects),
            records: done.records,
            bytes: done.bytes,
            bytes_total: 0,
        });
    };
    let store = shelf::store(lake, settings, receive, &tell);
    let (left, ingested) = tokio::try_join!(read, store)?;
    did.ingested = ingested;
    did.left.extend(left);
    did.left.sort_by(|a, b| (&a.account, &a.region).cmp(&(&b.account, &b.region)));
    (did.requests, did.refused) = tally.told();
    Ok(did)
}

/// The regions asked for, or all usual ones of the partition that the credentials are for. Checks the
/// names, which become parts of host names and keys.
fn regions(aws: &SdkConfig, settings: &PollSettings) -> Result<Vec<String>, StepError> {
    let is_name = |text: &str| {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
        !text.is_empty() && text.chars().all(fits)
    };
    for (names, what, like) in [
        (&settings.regions, "region", "eu-west-1"),
        (&settings.sources, "service", "eks.amazonaws.com"),
    ] {
        if let Some(text) = names.iter().find(|text| !is_name(text)) {
            return Err(StepError::NoName { text: text.clone(), what, like });
        }
    }
    if !settings.regions.is_empty() {
        return Ok(settings.regions.clone());
    }
    let here = aws.region().map(AsRef::as_ref).unwrap_or_default();
    Ok(usual_regions(here).iter().map(|region| (*region).to_owned()).collect())
}
