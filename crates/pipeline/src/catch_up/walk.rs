//! The walk over a trail's folders: organisation, account, region; never a folder's days one by one,
//! and never the whole bucket.

use std::io::ErrorKind;

use futures::future::join_all;
use rolecall_model::Day;
use rolecall_model::arn::is_account;

use super::known::Known;
use super::list::List;
use super::{CaughtUp, days};
use crate::named::quoted;
use crate::{Named, StepError, Unreached};

/// Listings that run at once.
const LISTS: usize = 16;

/// Objects that are taken together: enough for one commit to be worth it, few enough for memory.
const TOGETHER: usize = 5_000;

/// What to list.
pub(super) struct Plan {
    /// Where in the bucket the trail is: the folder above `AWSLogs`, or one below it.
    pub(super) prefix: String,
    /// The day that it is.
    pub(super) today: Day,
    /// How many days before yesterday may be missing.
    pub(super) back: i32,
    /// The first day to list, whatever is known.
    pub(super) from: Option<Day>,
    /// Where to begin among the accounts: another one each time, so that runs that stop early reach
    /// all of them in the end.
    pub(super) turn: i64,
}

/// What takes the objects that were missed.
pub(super) trait Take: Send {
    /// Whether the time is up.
    fn is_over(&self) -> bool;
    /// Takes some objects.
    fn take(&mut self, missed: Vec<Named>) -> impl Future<Output = Result<(), StepError>> + Send;
}

/// Lists what the plan says, and hands over what is not known.
pub(super) async fn walk(
    list: &impl List,
    plan: &Plan,
    known: Known,
    taker: &mut impl Take,
) -> Result<CaughtUp, StepError> {
    let mut did = CaughtUp::default();
    let mut missed = Vec::new();
    let mut accounts = accounts(list, &plan.prefix).await?;
    if !accounts.is_empty() {
        let first = plan.turn.rem_euclid(accounts.len() as i64);
        accounts.rotate_left(first as usize);
    }
    'all: for accounts in accounts.chunks(LISTS) {
        if taker.is_over() {
            break 'all;
        }
        let trails: Vec<String> = accounts.iter().map(|a| format!("{a}/CloudTrail")).collect();
        let regions = join_all(trails.iter().map(|trail| list.folders(trail))).await;
        let mut places = Vec::new();
        for (trail, found) in trails.iter().zip(regions) {
            places.extend(did.listed_or_told(trail, found));
        }
        for places in places.chunks(LISTS) {
            if taker.is_over() {
                break 'all;
            }
            let found = join_all(places.iter().map(|place| {
                let after = after(place, plan, &known);
                async move { list.objects(place, &after).await }
            }));
            for (place, found) in places.iter().zip(found.await) {
                let found = did.listed_or_told(place, found);
                did.places += 1;
                did.listed += found.len() as u64;
                missed.extend(found.into_iter().filter(|named| is_missed(named, &known)));
            }
            while missed.len() >= TOGETHER && !taker.is_over() {
                let rest = missed.split_off(TOGETHER);
                taker.take(std::mem::replace(&mut missed, rest)).await?;
            }
        }
    }
    did.finished = !taker.is_over();
    if did.finished && !missed.is_empty() {
        taker.take(missed).await?;
        did.finished = !taker.is_over();
    }
    Ok(did)
}

impl CaughtUp {
    /// What was listed; if it could not be, that is told and the rest goes on.
    fn listed_or_told<T>(&mut self, folder: &str, found: Result<Vec<T>, StepError>) -> Vec<T> {
        found.unwrap_or_else(|error| {
            let why =
                std::error::Error::source(&error).map_or(error.to_string(), |e| e.to_string());
            self.unlisted.push(Unreached { key: folder.to_owned(), why, kind: ErrorKind::Other });
            Vec::new()
        })
    }
}

/// The folders of accounts, wherever above them the trail's place is.
async fn accounts(list: &impl List, prefix: &str) -> Result<Vec<String>, StepError> {
    let last = |folder: &str| folder.rsplit('/').next().unwrap_or_default().to_owned();
    if is_account(&last(prefix)) {
        return Ok(vec![prefix.to_owned()]);
    }
    let is_organization = |folder: &str| last(folder).starts_with("o-");
    // Control Tower puts `AWSLogs` itself into a folder that is named after the organisation.
    let is_below_logs = prefix.rsplit('/').nth(1) == Some("AWSLogs");
    let above = if last(prefix) == "AWSLogs" || is_organization(prefix) && is_below_logs {
        prefix.to_owned()
    } else {
        format!("{prefix}/AWSLogs").trim_start_matches('/').to_owned()
    };
    let mut accounts = Vec::new();
    for folder in list.folders(&above).await? {
        if is_organization(&folder) {
            accounts.extend(list.folders(&folder).await?);
        } else {
            accounts.push(folder);
        }
    }
    accounts.retain(|folder| is_account(&last(folder)));
    Ok(accounts)
}

/// The key after which a place, `…/account/CloudTrail/region`, is listed.
fn after(place: &str, plan: &Plan, known: &Known) -> String {
    let mut parts = place.rsplit('/');
    let region = parts.next().unwrap_or_default();
    let account = parts.nth(1).unwrap_or_default();
    let since = plan
        .from
        .unwrap_or_else(|| days::since(&known.days(account, region), plan.today, plan.back));
    format!("{place}/{}", since.to_string().replace('-', "/"))
}

fn is_missed(named: &Named, known: &Known) -> bool {
    let etag = quoted(named.etag.as_deref().unwrap_or_default());
    named.is_a_log() && !known.has(&named.url(), &etag)
}

#[cfg(test)]
#[path = "walk_tests.rs"]
mod tests;
