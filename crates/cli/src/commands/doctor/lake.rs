//! The lake: whether it is there, what it holds, and whether it is in good shape.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Error, bail};
use rolecall_lake::{Access, Lake, LakeError, SCHEMA_VERSION, span_of};
use rolecall_model::{Event, Rejected, Session, Time};

use super::check::{Check, count, length};
use crate::clock;
use crate::desk::Desk;
use crate::output::error::causes;

/// So long a lake may take to open. Stores try for minutes before they give up.
const PATIENCE: Duration = Duration::from_secs(30);

/// A file that is smaller waits to be merged, if its day has another.
const SMALL: i64 = 64 << 20;

/// So many files that wait to be merged slow every answer down.
const MANY: usize = 500;

/// Trails deliver within minutes: after so many seconds without an event, something is wrong, or nobody reads.
const SILENCE: i64 = 86_400;

/// Clocks differ by less than this, in seconds.
const AHEAD: i64 = 900;

pub(super) async fn look(desk: &Desk) -> Vec<Check> {
    let opening = async {
        match tokio::time::timeout(PATIENCE, desk.lake(Access::Existing)).await {
            Ok(opened) => opened,
            Err(_) => {
                bail!("`{}` did not answer within {} s", desk.global.lake, PATIENCE.as_secs())
            }
        }
    };
    let lake = match opening.await {
        Ok(lake) => lake,
        Err(error) => return vec![unopened(&error)],
    };
    let mut checks = vec![opened(&lake)];
    checks.extend(writable(&lake));
    checks.push(coverage(span_of(&lake).map(|span| span.until), clock::now()));
    let rows = |files: &[rolecall_lake::DataFile]| files.iter().map(|file| file.rows).sum::<i64>();
    if rows(lake.table::<Event>().files()) > 0 && rows(lake.table::<Session>().files()) == 0 {
        let told = "there are events and no sessions, so nothing has a lineage";
        checks.push(Check::warning("sessions", told).help("link them: `rolecall trace`"));
    }
    let rejected = rows(lake.table::<Rejected>().files());
    if rejected > 0 {
        let told = format!("{rejected} records or objects could not be read");
        checks.push(Check::warning("rejected", told).help("`rolecall status` says which, and why"));
    }
    checks
}

fn unopened(error: &Error) -> Check {
    let check = Check::problem("lake", causes(error).join(": "));
    match error.downcast_ref() {
        Some(LakeError::Missing { .. } | LakeError::Newer { .. }) => check.help(
            "`--lake` or ROLECALL_LAKE names another; `rolecall demo --keep DIR` makes one to try",
        ),
        _ => check.help("look at its path, who may read it, and for s3:// at the AWS credentials"),
    }
}

fn opened(lake: &Lake) -> Check {
    let files = || lake.tables().iter().flat_map(|table| table.files());
    let megabytes = files().map(|file| file.size).sum::<i64>() as f64 / 1e6;
    let mut waiting = 0;
    for table in lake.tables() {
        let mut days: HashMap<_, usize> = HashMap::new();
        for file in table.files().iter().filter(|file| file.size < SMALL) {
            *days.entry(file.day).or_default() += 1;
        }
        waiting += days.into_values().filter(|files| *files > 1).sum::<usize>();
    }
    let told = format!(
        "{} · schema version {SCHEMA_VERSION} · {}, {megabytes:.1} MB",
        lake.location().shown(),
        count(files().count(), "file", "files")
    );
    if waiting > MANY {
        let told = format!("{told} · {waiting} small files wait to be merged");
        return Check::warning("lake", told).help("merge them: `rolecall upkeep`, once a day");
    }
    Check::ok("lake", told)
}

/// Whether something can be added. Nothing is written to S3 to find that out.
fn writable(lake: &Lake) -> Option<Check> {
    if !lake.location().is_local() {
        return None;
    }
    let tried = tempfile::Builder::new().prefix(".rolecall-").tempfile_in(lake.location().shown());
    Some(match tried {
        Ok(_) => Check::ok("writable", "logs can be added"),
        Err(error) => Check::warning("writable", format!("it can be asked, not added to: {error}"))
            .help("let yourself write to the folder, or work on a copy"),
    })
}

/// How old the newest event is.
fn coverage(until: Option<Time>, now: Time) -> Check {
    let Some(until) = until else {
        return Check::warning("coverage", "the lake holds no event")
            .help("read logs into it: `rolecall run FOLDER` or s3://bucket/prefix");
    };
    let age = now.seconds() - until.seconds();
    if age < -AHEAD {
        let told = format!("the newest event is {} ahead of this machine's clock", length(-age));
        return Check::warning("coverage", told).help(
            "set the clock; or one record has a wrong date: `rolecall status` lists the days",
        );
    }
    let told = format!("events until {until}, {} ago", length(age));
    if age > SILENCE {
        return Check::warning("coverage", told).help(
            "a closed case needs no more; otherwise read what is newer with `rolecall run` or `rolecall poll`, \
             and `rolecall upkeep` names the accounts that fell silent",
        );
    }
    Check::ok("coverage", told)
}

#[cfg(test)]
mod tests {
    use super::super::check::State;
    use super::*;

    #[test]
    fn silence_and_events_of_tomorrow_are_told() {
        let now = Time::from_seconds(10_000_000);
        for (age, state, told) in [
            (Some(60), State::Ok, "1 minute ago"),
            (Some(-60), State::Ok, "0 seconds ago"),
            (Some(90_000), State::Warning, "25 hours ago"),
            (Some(-3600), State::Warning, "1 hour ahead"),
            (None, State::Warning, "no event"),
        ] {
            let check = coverage(age.map(|age| now.plus_seconds(-age)), now);
            assert_eq!(check.state, state, "{check:?}");
            assert!(check.told.contains(told), "{check:?}");
            assert_eq!(check.help.is_some(), state != State::Ok);
        }
    }
}
