//! Programs, vendors and accounts: who enters everywhere, who comes from outside, what is new.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::record::{Record, account_of};
use crate::trail::{Trail, distinct};

const DAY: i64 = 86_400;
const HOUR: i64 = 3600;

/// Nights on which somebody asked for twelve hours, and worked in the twelfth.
pub(crate) fn nightly_jobs(trail: &Trail) -> usize {
    let used = trail.by_key();
    let long = |record: &Record| {
        record.is("sts.AssumeRole")
            && record.caller_type == "IAMUser"
            && record
                .said
                .pointer("/requestParameters/durationSeconds")
                .is_some_and(|seconds| seconds == 43_200)
            && used
                .get(record.issued())
                .is_some_and(|calls| calls.iter().any(|call| call.time > record.time + 11 * HOUR))
    };
    distinct(trail.all(long).map(|record| record.time / DAY))
}

/// Days on which one session entered every account that had delivered by then, each by the same role's name.
fn enters_every_account(trail: &Trail, role: &str) -> usize {
    let mut entered: BTreeMap<(&str, i64), BTreeSet<&str>> = BTreeMap::new();
    let enters = |record: &Record| {
        record.is("sts.AssumeRole")
            && record.caller_type == "AssumedRole"
            && record.asked_role().rsplit('/').next() == Some(role)
    };
    for record in trail.all(enters) {
        let accounts =
            entered.entry((record.principal_id.as_str(), record.time / DAY)).or_default();
        accounts.insert(account_of(record.asked_role()));
    }
    // An account is there from its first record on; what a day's first hour lacks, the day may lack.
    let first: Vec<(String, i64)> =
        trail.by_account().into_iter().map(|(account, calls)| (account, calls[0].time)).collect();
    let every = |((_, day), accounts): &(&(&str, i64), &BTreeSet<&str>)| {
        let mut there = first.iter().filter(|(_, time)| *time < day * DAY + HOUR);
        there.all(|(account, _)| accounts.contains(account.as_str()))
    };
    distinct(entered.iter().filter(every).map(|((_, day), _)| day))
}

pub(crate) fn scans(trail: &Trail) -> usize {
    enters_every_account(trail, "security-audit")
}

pub(crate) fn drift(trail: &Trail) -> usize {
    enters_every_account(trail, "terraform")
}

/// Accounts that delivered nothing for days, were invited, and were then entered by the organisation's own role.
pub(crate) fn joined(trail: &Trail) -> usize {
    let begin = trail.records[0].time;
    let invited: HashMap<&str, i64> = trail
        .all(|record| record.is("organizations.InviteAccountToOrganization"))
        .map(|record| (record.text("/requestParameters/target/id"), record.time))
        .collect();
    let joins = |(account, calls): &(&String, &Vec<&Record>)| {
        let Some(at) = invited.get(account.as_str()) else { return false };
        calls[0].time > begin + 3 * DAY
            && distinct(calls.iter().map(|call| call.time / DAY)) > 5
            && calls.iter().any(|call| {
                call.is("sts.AssumeRole")
                    && call.asked_role().ends_with(":role/OrganizationAccountAccessRole")
                    && (0..HOUR).contains(&(call.time - at))
            })
    };
    trail.by_account().iter().filter(joins).count()
}

/// Calls from accounts that deliver nothing, with an external id: only the copy of the role's owner is there.
fn visitors(trail: &Trail) -> Vec<&Record> {
    let own: HashSet<&str> = trail.records.iter().map(|record| record.account.as_str()).collect();
    let visits = move |record: &Record| {
        record.is("sts.AssumeRole")
            && record.caller_type == "AWSAccount"
            && !own.contains(record.text("/userIdentity/accountId"))
            && !record.text("/requestParameters/externalId").is_empty()
            && record.key.is_empty()
    };
    trail.all(visits).collect()
}

pub(crate) fn visits(trail: &Trail) -> usize {
    visitors(trail).len()
}

/// Vendors who come for the first time after a third of the trail, days after a role was made that asks for their id.
pub(crate) fn new_vendors(trail: &Trail) -> usize {
    let (begin, end) = (trail.records[0].time, trail.records[trail.records.len() - 1].time);
    let mut first: BTreeMap<&str, &Record> = BTreeMap::new();
    for record in visitors(trail) {
        first.entry(record.text("/userIdentity/accountId")).or_insert(record);
    }
    let let_in = |record: &&&Record| {
        record.time > begin + (end - begin) / 3
            && trail.all(|made| made.is("iam.CreateRole")).any(|made| {
                made.time < record.time
                    && made.text("/responseElements/role/arn") == record.asked_role()
                    && made
                        .text("/requestParameters/assumeRolePolicyDocument")
                        .contains(record.text("/requestParameters/externalId"))
            })
    };
    first.values().filter(let_in).count()
}

/// Accounts whose root was lent with the task to look, and called so.
pub(crate) fn lent_roots(trail: &Trail) -> usize {
    let used = trail.by_key();
    let lent = |record: &Record| {
        record.is("sts.AssumeRoot")
            && record
                .text("/requestParameters/taskPolicyArn/arn")
                .ends_with("/IAMAuditRootUserCredentials")
            && used.get(record.issued()).is_some_and(|calls| {
                calls.iter().any(|call| {
                    call.text("/userIdentity/sessionContext/assumedRoot") == "true"
                        && call.account == record.text("/requestParameters/targetPrincipal")
                })
            })
    };
    distinct(trail.all(lent).map(|record| record.text("/requestParameters/targetPrincipal")))
}

pub(crate) fn runners(trail: &Trail) -> usize {
    let builds = |record: &Record| {
        record.is("sts.AssumeRoleWithWebIdentity")
            && record.text("/userIdentity/userName").starts_with("repo:")
            && trail.operator(&record.address) == "Code Host Runners"
    };
    distinct(trail.all(builds).map(|record| &record.address))
}
