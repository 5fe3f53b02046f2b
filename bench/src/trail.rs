//! A trail on disk: files every five minutes in every account and region, partly unsorted.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::dice::Dice;
use crate::identity::Account;
use crate::record::{Told, date, text};
use crate::{apis, sts};

/// What to write.
pub struct Plan {
    /// How many files.
    pub files: u64,
    /// Records in each file; the median when `uneven`.
    pub records: u64,
    /// Whether file sizes spread as they do in real trails: median as said, some of hundreds.
    pub uneven: bool,
    /// How many accounts.
    pub accounts: u64,
    /// How many times five minutes the trail covers, beginning on 2026-03-02.
    pub slots: u64,
    /// The same seed gives the same trail.
    pub seed: u64,
}

const REGIONS: [&str; 4] = ["eu-west-1", "us-east-1", "eu-central-1", "us-west-2"];
const FIRST_DAY: i64 = 1_772_409_600;

/// Writes the trail below `folder`; returns the records and the bytes of JSON in it.
///
/// # Errors
/// If a folder or file cannot be written.
pub fn write(folder: &Path, plan: &Plan) -> Result<(u64, u64)> {
    let mut dice = Dice::new(plan.seed);
    let mut accounts: Vec<Account> = (1..=plan.accounts)
        .map(|at| Account::new(111_111_111_111 * at % 999_999_999_999, &mut dice))
        .collect();
    let (mut records, mut bytes) = (0, 0);
    let places = plan.accounts * REGIONS.len() as u64;
    let rounds = plan.files.div_ceil(places);
    for file in 0..plan.files {
        let account = &mut accounts[(file % plan.accounts) as usize];
        let region = REGIONS[(file / plan.accounts % REGIONS.len() as u64) as usize];
        let slot = file / places * plan.slots / rounds + 1;
        let stamp = FIRST_DAY + 300 * slot as i64;
        let count = if plan.uneven {
            ((plan.records as f64 * (0.8 * dice.normal()).exp()) as u64).clamp(1, 622)
        } else {
            plan.records
        };
        let json = content(account, region, stamp, count, &mut dice);
        let number = account.number;
        let path = folder.join(format!(
            "AWSLogs/o-exampleorg1/{number:012}/CloudTrail/{region}/{}",
            date(stamp, "%Y/%m/%d")
        ));
        fs::create_dir_all(&path).with_context(|| format!("create {}", path.display()))?;
        let path = path.join(format!(
            "{number:012}_CloudTrail_{region}_{}_{}.json.gz",
            date(stamp, "%Y%m%dT%H%MZ"),
            dice.letters(16)
        ));
        let mut gzip = GzEncoder::new(Vec::new(), Compression::new(6));
        gzip.write_all(json.as_bytes()).context("compress in memory")?;
        let packed = gzip.finish().context("compress in memory")?;
        fs::write(&path, packed).with_context(|| format!("write {}", path.display()))?;
        records += count;
        bytes += json.len() as u64;
    }
    Ok((records, bytes))
}

fn content(account: &mut Account, region: &str, stamp: i64, count: u64, dice: &mut Dice) -> String {
    let newest = stamp - dice.below(240) as i64 - 1;
    let span = 60 + dice.below(300) as i64;
    account.sessions.retain(|session| session.until > stamp);
    let mut records: Vec<String> = (0..count)
        .map(|at| {
            let time = newest - span + span * at as i64 / count as i64;
            if account.sessions.is_empty() {
                sts::issue(account, region, time, dice)
            } else if dice.chance(8) {
                sts::call(account, region, time, dice)
            } else {
                call(account, region, time, dice)
            }
        })
        .collect();
    // 27 of 100 real files are not sorted by time.
    if dice.chance(27) {
        for at in 1..records.len() {
            records.swap(at, at - dice.below(at.min(20) as u64 + 1) as usize);
        }
    }
    format!(r#"{{"Records":[{}]}}"#, records.join(","))
}

fn call(account: &Account, region: &str, time: i64, dice: &mut Dice) -> String {
    let called = apis::call(account.number, region, dice);
    let service = *dice.pick(&["cloudtrail", "config", "delivery.logs"]);
    let host = format!("{service}.amazonaws.com");
    let itself = format!(r#"{{"type":"AWSService","invokedBy":"{host}"}}"#);
    let by_service = dice.chance(30);
    let caller =
        if dice.chance(30) { dice.pick(&account.users) } else { dice.pick(&account.sessions) };
    let error = dice.chance(4).then_some(("AccessDenied", "Access Denied"));
    let (identity, ip, agent) = if by_service {
        (itself.as_str(), host.as_str(), host.as_str())
    } else {
        (caller.json.as_str(), caller.ip.as_str(), caller.agent)
    };
    let told = Told {
        identity,
        time,
        source: called.source,
        name: called.name,
        region,
        ip,
        agent,
        error,
        request: &called.request,
        response: if error.is_some() { "null" } else { &called.response },
        more: &called.more,
        reads: called.reads,
        account: account.number,
        copy: by_service,
    };
    text(&told, dice)
}
