//! The walk over the listing of an organisation that nobody could store: it is made up as it is asked.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};

use super::*;

const ACCOUNTS: u64 = 1_000;
const REGIONS: [&str; 5] = ["eu-central-1", "eu-west-1", "us-east-1", "us-east-2", "us-west-2"];
const OBJECTS_A_DAY: u64 = 4;
const ORGANIZATION: &str = "logs/AWSLogs/o-example";

/// A trail of an organisation, two million objects in a hundred days.
struct Simulated {
    days: i32,
    today: Day,
    requests: AtomicU64,
    broken: Option<&'static str>,
}

impl Simulated {
    fn new() -> Simulated {
        let today = "2026-03-10".parse().unwrap();
        Simulated { days: 100, today, requests: AtomicU64::new(0), broken: None }
    }

    fn plan(&self, back: i32, turn: i64) -> Plan {
        Plan { prefix: "logs".into(), today: self.today, back, from: None, turn }
    }

    fn requests(&self) -> u64 {
        self.requests.swap(0, Ordering::Relaxed)
    }

    /// The objects of a place from a day on, oldest first.
    fn since<'a>(&'a self, place: &'a str, first: Day) -> impl Iterator<Item = Named> + 'a {
        let mut parts = place.rsplit('/');
        let region = parts.next().unwrap();
        let account = parts.nth(1).unwrap();
        let days = (0..self.days).rev().map(|back| self.today.plus(-back));
        let days = days.filter(move |day| *day >= first);
        days.flat_map(move |day| {
            let (day, folder) = (day.to_string(), day.to_string().replace('-', "/"));
            let stamp = day.replace('-', "");
            (0..OBJECTS_A_DAY).map(move |n| Named {
                bucket: "trail".into(),
                key: format!("{place}/{folder}/{account}_CloudTrail_{region}_{stamp}T{n:02}00Z_AbCdEfGhIjKlMnOp.json.gz"),
                etag: Some("\"e\"".into()),
                size: Some(7),
            })
        })
    }
}

impl List for Simulated {
    async fn folders(&self, folder: &str) -> Result<Vec<String>, StepError> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let accounts = || (0..ACCOUNTS).map(|n| format!("{ORGANIZATION}/{n:012}"));
        Ok(match folder {
            "logs/AWSLogs" => vec![ORGANIZATION.into(), "logs/AWSLogs/readme".into()],
            ORGANIZATION => accounts().collect(),
            trail => REGIONS.iter().map(|region| format!("{trail}/{region}")).collect(),
        })
    }

    async fn objects(&self, folder: &str, after: &str) -> Result<Vec<Named>, StepError> {
        if self.broken.is_some_and(|broken| folder.ends_with(broken)) {
            let source = std::io::Error::other("503 Slow Down");
            return Err(StepError::List { place: folder.into(), source });
        }
        // A key is after a day's folder if it lies in it, or in that of a later day.
        let first = after.strip_prefix(folder).unwrap()[1..].replace('/', "-").parse().unwrap();
        let found: Vec<Named> = self.since(folder, first).collect();
        assert!(found.iter().all(|named| named.key.as_str() > after));
        self.requests.fetch_add((found.len() as u64).div_ceil(1000).max(1), Ordering::Relaxed);
        Ok(found)
    }
}

/// A ledger, and a time that is up after some takes.
struct Taking {
    known: Known,
    taken: HashSet<String>,
    takes: usize,
}

impl Take for Taking {
    fn is_over(&self) -> bool {
        self.takes == 0
    }

    async fn take(&mut self, missed: Vec<Named>) -> Result<(), StepError> {
        self.takes -= 1;
        for named in missed {
            self.known.enter(&named.url(), "\"e\"");
            assert!(self.taken.insert(named.url()), "{} is taken twice", named.url());
        }
        Ok(())
    }
}

fn places() -> impl Iterator<Item = String> {
    (0..ACCOUNTS).flat_map(|n| {
        REGIONS.iter().map(move |region| format!("{ORGANIZATION}/{n:012}/CloudTrail/{region}"))
    })
}

#[tokio::test]
async fn two_days_of_a_large_organisation_are_a_request_for_each_region() {
    let trail = Simulated::new();
    let mut known = Known::default();
    let mut lost = 0;
    let recent = 2 * OBJECTS_A_DAY as usize;
    for (n, place) in places().enumerate() {
        let all: Vec<Named> = trail.since(&place, trail.today.plus(-1)).collect();
        assert_eq!(all.len(), recent);
        for (at, named) in all.iter().enumerate() {
            if (n + at) % 100 == 0 {
                lost += 1;
            } else {
                known.enter(&named.url(), "\"e\"");
            }
        }
    }
    let mut taking = Taking { known: known.clone(), taken: HashSet::new(), takes: 9 };
    let did = walk(&trail, &trail.plan(0, 7), known, &mut taking).await.unwrap();
    assert!(did.finished && did.unlisted.is_empty());
    assert_eq!(taking.taken.len(), lost);
    let places = ACCOUNTS * REGIONS.len() as u64;
    assert_eq!((did.places, did.listed), (places, places * recent as u64));
    // The organisation's folder, its accounts, the regions of each, and the objects of each region.
    assert_eq!(trail.requests(), 2 + ACCOUNTS + places);
}

#[tokio::test]
async fn what_stops_in_time_goes_on_the_next_time() {
    let trail = Simulated::new();
    let mut taking = Taking { known: Known::default(), taken: HashSet::new(), takes: 0 };
    let missing = ACCOUNTS as usize * REGIONS.len() * OBJECTS_A_DAY as usize * 5;
    let mut runs = 0;
    loop {
        runs += 1;
        assert!(runs < 20, "{} of {missing} taken", taking.taken.len());
        taking.takes = 4;
        let known = taking.known.clone();
        let did = walk(&trail, &trail.plan(3, runs), known, &mut taking).await.unwrap();
        // No run lists a region more than once.
        assert!(trail.requests() <= 2 + ACCOUNTS * (1 + REGIONS.len() as u64));
        if did.finished {
            break;
        }
        assert_eq!(taking.takes, 0, "it stops because the time is up");
    }
    assert_eq!(taking.taken.len(), missing);
    assert_eq!(runs as usize, missing / (4 * TOGETHER) + 1);
}

#[tokio::test]
async fn a_folder_that_cannot_be_listed_stops_no_other() {
    let broken = "000000000007/CloudTrail/us-east-1";
    let trail = Simulated { broken: Some(broken), ..Simulated::new() };
    let mut taking = Taking { known: Known::default(), taken: HashSet::new(), takes: 99 };
    let did = walk(&trail, &trail.plan(0, 0), Known::default(), &mut taking).await.unwrap();
    assert!(did.finished);
    assert_eq!(did.unlisted.len(), 1);
    assert!(did.unlisted[0].key.ends_with(broken) && did.unlisted[0].why.contains("Slow Down"));
    let places = ACCOUNTS as usize * REGIONS.len() - 1;
    assert_eq!(taking.taken.len(), places * 2 * OBJECTS_A_DAY as usize);
}

#[tokio::test]
async fn a_trail_is_found_wherever_it_is_named() {
    let trail = Simulated::new();
    for (prefix, found) in [
        ("logs", 1000),
        ("logs/AWSLogs", 1000),
        ("logs/AWSLogs/o-example", 1000),
        ("logs/AWSLogs/o-example/000000000003", 1),
    ] {
        assert_eq!(accounts(&trail, prefix).await.unwrap().len(), found, "{prefix}");
    }
}

/// The folders of a bucket, by the folder that they lie in.
struct Folders(&'static [(&'static str, &'static [&'static str])]);

impl List for Folders {
    async fn folders(&self, folder: &str) -> Result<Vec<String>, StepError> {
        let found = self.0.iter().find(|(name, _)| *name == folder);
        let names = found.map(|(_, names)| *names).unwrap_or_default();
        Ok(names.iter().map(|name| format!("{folder}/{name}")).collect())
    }

    async fn objects(&self, _: &str, _: &str) -> Result<Vec<Named>, StepError> {
        Ok(Vec::new())
    }
}

#[tokio::test]
async fn the_bucket_of_control_tower_names_the_organisation_twice() {
    let bucket = Folders(&[
        ("o-example", &["AWSLogs"]),
        ("o-example/AWSLogs", &["o-example"]),
        ("o-example/AWSLogs/o-example", &["111111111111", "222222222222"]),
    ]);
    for prefix in ["o-example", "o-example/AWSLogs", "o-example/AWSLogs/o-example"] {
        assert_eq!(
            accounts(&bucket, prefix).await.unwrap(),
            [
                "o-example/AWSLogs/o-example/111111111111",
                "o-example/AWSLogs/o-example/222222222222"
            ],
            "{prefix}"
        );
    }
}
