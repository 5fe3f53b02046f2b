//! What delivery does to a trail: late, twice, and once for each account of a call.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::record::{Record, account_of};
use crate::trail::{Trail, delivered_at};

const MINUTE: i64 = 60;

/// What delivery lacks.
pub(crate) fn lacking(trail: &Trail) -> impl Iterator<Item = String> {
    late(trail).into_iter().chain(twice(trail)).chain(copies(trail))
}

/// Usually a record comes within a quarter of an hour. Some take longer, and some take hours.
fn late(trail: &Trail) -> Option<String> {
    let all = trail.records.len();
    let later = |minutes: i64| {
        trail
            .records
            .iter()
            .filter(|record| record.delivered - record.time > minutes * MINUTE)
            .count()
    };
    let (late, by_hours) = (later(15), later(60));
    let told =
        || format!("{late} of {all} records come later than 15 minutes, {by_hours} than an hour");
    let early = trail.records.iter().any(|record| record.delivered < record.time);
    (early || by_hours == 0 || late <= by_hours || late * 10 > all).then(told)
}

/// Some files come again, later and under another name, and so do their records.
fn twice(trail: &Trail) -> Option<String> {
    let mut files: HashMap<&[u8], Vec<i64>> = HashMap::new();
    for file in &trail.files {
        files.entry(&file.bytes).or_default().push(delivered_at(file));
    }
    let again = files.values().filter(|stamps| stamps.len() > 1);
    let later = again.clone().all(|stamps| stamps.windows(2).all(|pair| pair[0] < pair[1]));
    let (again, all) = (again.count(), trail.files.len());
    let repeated = trail.delivered - trail.records.len();
    (again == 0 || !later || again * 50 > all || repeated < again).then(|| {
        format!("{again} of {all} files came again with {repeated} records, later: {later}")
    })
}

/// Of a role that is taken in another account of ours, both accounts have a copy, and both say the same call.
fn copies(trail: &Trail) -> Option<String> {
    let own: HashSet<&str> = trail.records.iter().map(|record| record.account.as_str()).collect();
    let mut calls: BTreeMap<&str, Vec<&Record>> = BTreeMap::new();
    let crosses = |record: &Record| {
        let from = record.text("/userIdentity/accountId");
        record.is("sts.AssumeRole")
            && record.succeeded()
            && !from.is_empty()
            && from != account_of(record.asked_role())
            && own.contains(from)
            && own.contains(account_of(record.asked_role()))
    };
    for record in trail.all(crosses) {
        calls.entry(record.text("/sharedEventID")).or_default().push(record);
    }
    if calls.len() < 400 {
        return Some(format!("only {} roles were taken in another account", calls.len()));
    }
    calls.into_iter().find(|(shared, copies)| shared.is_empty() || !is_pair(copies)).map(
        |(shared, copies)| {
            let said: Vec<_> = copies.iter().map(|copy| &copy.said).collect();
            format!("of `{shared}` there are no two copies: {said:#?}")
        },
    )
}

fn is_pair(copies: &[&Record]) -> bool {
    let [one, other] = copies else { return false };
    let (owners, callers) =
        if one.caller_type == "AWSAccount" { (one, other) } else { (other, one) };
    let same =
        ["/eventTime", "/requestID", "/requestParameters", "/responseElements", "/resources"];
    owners.account == account_of(owners.asked_role())
        && callers.account == callers.text("/userIdentity/accountId")
        && owners.caller_type == "AWSAccount"
        && owners.text("/userIdentity/arn").is_empty()
        && owners.principal_id == callers.principal_id
        && !callers.text("/userIdentity/arn").is_empty()
        && owners.text("/eventID") != callers.text("/eventID")
        && same.iter().all(|pointer| owners.said.pointer(pointer) == callers.said.pointer(pointer))
}
