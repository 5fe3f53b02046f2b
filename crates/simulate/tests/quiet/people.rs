//! People: consoles, Identity Center, networks that change, mistakes and new keys.

use std::collections::{BTreeMap, HashSet};

use crate::record::Record;
use crate::trail::{Trail, distinct};

/// The console looks something up for a person: AWS's inside as the address, the person's session as the caller.
pub(crate) fn console_on_behalf(trail: &Trail) -> usize {
    let behalf = |record: &Record| {
        record.caller_type == "IAMUser"
            && record.text("/sessionCredentialFromConsole") == "true"
            && record.invoked_by == "AWS Internal"
            && record.address == "AWS Internal"
            && !record.created.is_empty()
    };
    distinct(trail.all(behalf).map(|record| &record.principal_id))
}

/// STS sees AWS's inside, the sign-in the person, and the session goes on under a key that nobody issued.
pub(crate) fn switches(trail: &Trail) -> usize {
    let (issued, sessions) = (trail.issued(), trail.sessions());
    let asked: HashSet<(i64, &str)> = trail
        .all(|record| record.is("sts.AssumeRole") && record.address == "AWS Internal")
        .map(|record| (record.time, record.text("/responseElements/assumedRoleUser/assumedRoleId")))
        .collect();
    let switched = |record: &Record| {
        let session = format!("{} {}", record.principal_id, record.text("/eventTime"));
        record.is("signin.SwitchRole")
            && !trail.operator(&record.address).is_empty()
            && asked.contains(&(record.time, record.principal_id.as_str()))
            && sessions
                .get(&session)
                .is_some_and(|calls| calls.iter().all(|call| !issued.contains(call.key.as_str())))
    };
    trail.all(switched).count()
}

/// People who asked the portal so, after which the account was entered in their name within five seconds, and
/// whose session `shows` that it is theirs, under a key that nobody issued.
fn came_by_portal(trail: &Trail, api: &str, shows: fn(&Record) -> bool) -> usize {
    let issued = trail.issued();
    let asked: Vec<&Record> =
        trail.all(|record| record.is(api) && record.caller_type == "IdentityCenterUser").collect();
    let sessions = trail.sessions();
    let came = |record: &&Record| {
        let user = record.text("/userIdentity/userName");
        record.asked_role().contains("/aws-reserved/sso.amazonaws.com/")
            && record.asked_name() == user
            && asked.iter().any(|portal| {
                portal.text("/serviceEventDetails/account_id") == record.account
                    && (0..=5).contains(&(record.time - portal.time))
            })
            && sessions.get(&record.issued_session()).is_some_and(|calls| {
                calls.iter().any(|call| shows(call) && !issued.contains(call.key.as_str()))
            })
    };
    let entered = trail.all(|record| record.is("sts.AssumeRoleWithSAML")).filter(came);
    distinct(entered.map(|record| record.text("/userIdentity/userName")))
}

pub(crate) fn portal(trail: &Trail) -> usize {
    came_by_portal(trail, "sso.GetRoleCredentials", |call| {
        !call.text("/userIdentity/onBehalfOf/userId").is_empty()
    })
}

pub(crate) fn portal_console(trail: &Trail) -> usize {
    came_by_portal(trail, "sso.Federate", |call| {
        call.text("/sessionCredentialFromConsole") == "true"
    })
}

/// Sessions whose calls, by time, fit.
fn sessions_like(trail: &Trail, fits: impl Fn(&[&Record]) -> bool) -> usize {
    trail.sessions().values().filter(|calls| fits(calls)).count()
}

/// From IPv4, from IPv6 and from IPv4 again, of one network.
pub(crate) fn dual_stack(trail: &Trail) -> usize {
    sessions_like(trail, |calls| {
        let at: Vec<_> =
            calls.iter().map(|call| call.address.as_str()).filter(|at| !at.is_empty()).collect();
        let operators = distinct(at.iter().map(|at| trail.operator(at)));
        let changes = at.windows(2).filter(|pair| pair[0].contains(':') != pair[1].contains(':'));
        operators == 1 && changes.count() >= 2
    })
}

/// Where a session was used from, each network once for each time it was come to.
fn journey<'a>(trail: &'a Trail, calls: &[&Record]) -> Vec<&'a str> {
    let mut operators: Vec<&str> = calls.iter().map(|call| trail.operator(&call.address)).collect();
    operators.retain(|operator| !operator.is_empty());
    operators.dedup();
    operators
}

/// A network that is not the organisation's, and then its VPN until the end.
pub(crate) fn vpn(trail: &Trail) -> usize {
    sessions_like(
        trail,
        |calls| matches!(journey(trail, calls)[..], [home, "Example Org VPN"] if !home.starts_with("Example Org")),
    )
}

pub(crate) fn telephone(trail: &Trail) -> usize {
    sessions_like(trail, |calls| match journey(trail, calls)[..] {
        [before, mobile, after] => mobile.ends_with(" Mobile") && before == after,
        _ => false,
    })
}

/// People who worked from a hotel and, at other times, from elsewhere.
pub(crate) fn journeys(trail: &Trail) -> usize {
    let mut places: BTreeMap<&str, HashSet<&str>> = BTreeMap::new();
    for record in trail.all(|record| record.session_name().contains('@')) {
        places.entry(record.session_name()).or_default().insert(trail.operator(&record.address));
    }
    let away = |places: &&HashSet<&str>| places.iter().any(|place| place.ends_with(" Hotels"));
    places.values().filter(away).filter(|places| places.len() > 1).count()
}

/// Refused a role, and given one within a minute, with the same key.
pub(crate) fn typists(trail: &Trail) -> usize {
    let asked = |record: &Record| record.is("sts.AssumeRole") && record.caller_type == "IAMUser";
    let calls: Vec<&Record> = trail.all(asked).collect();
    let retried = |wrong: &&&Record| {
        !wrong.succeeded()
            && wrong.said["requestParameters"].is_null()
            && calls.iter().any(|right| {
                right.succeeded()
                    && right.key == wrong.key
                    && (0..=60).contains(&(right.time - wrong.time))
            })
    };
    distinct(calls.iter().filter(retried).map(|record| &record.principal_id))
}

/// Made, used, and the older one switched off and deleted, in this order and by the same user.
pub(crate) fn rotations(trail: &Trail) -> usize {
    let used = trail.by_key();
    let of = |api: &'static str| trail.all(move |record| record.is(api));
    let replaced = of("iam.CreateAccessKey").filter(|made| {
        let new = made.text("/responseElements/accessKey/accessKeyId");
        let by_new = |record: &&Record| record.key == new && record.time > made.time;
        used.contains_key(new)
            && of("iam.UpdateAccessKey").filter(by_new).any(|off| {
                let old = off.text("/requestParameters/accessKeyId");
                old != new
                    && of("iam.DeleteAccessKey").any(|gone| {
                        gone.time > off.time && gone.text("/requestParameters/accessKeyId") == old
                    })
            })
    });
    replaced.count()
}

pub(crate) fn refused(trail: &Trail) -> usize {
    let refused = |record: &Record| {
        let code = record.text("/errorCode");
        record.session_name().contains('@')
            && (code.contains("AccessDenied") || code.contains("Unauthorized"))
    };
    distinct(trail.all(refused).map(Record::session_name))
}

/// Made known to Identity Center, and given sets in an account; one person comes to work who never did before.
pub(crate) fn hired(trail: &Trail) -> usize {
    let made: Vec<&Record> = trail.all(|record| record.is("identitystore.CreateUser")).collect();
    let first_day = trail.records[0].time / 86_400;
    let mut first: BTreeMap<&str, i64> = BTreeMap::new();
    for record in trail.all(|record| !record.role.is_empty() && record.session_name().contains('@'))
    {
        first.entry(record.session_name()).or_insert(record.time);
    }
    let assigned = |from: i64| {
        trail
            .all(|record| record.is("sso.CreateAccountAssignment"))
            .any(|record| record.time >= from)
    };
    let late = |made: i64| first.values().any(|at| *at > made && *at < made + 4 * 86_400);
    made.iter()
        .filter(|record| {
            record.time / 86_400 > first_day && assigned(record.time) && late(record.time)
        })
        .count()
}
