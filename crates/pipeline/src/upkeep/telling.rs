//! What is missing becomes findings, which are told like those of detections.

use rolecall_known::{Entry, Known};
use rolecall_lake::Lake;
use rolecall_model::{Confidence, Day, Finding, Severity, Time, hash};
use serde_json::{Value, json};

use super::coverage::{Kind, Lack, Whose, lacks};
use super::unreadable::{Unreadable, What};
use super::{Work, entries, trails, unreadable};
use crate::StepError;
use crate::detect::{said, store};

/// Checkpoint in `finding`: the day on which all entries were last asked whether they met anything.
const ASKED: &str = "upkeep.entries";

/// Days between two such days: each entry is a question to the whole lake.
const ASKED_EVERY: i64 = 7;

/// Finds what is missing, as far as the ledger and the clock tell, and stores it.
pub(super) async fn tell(
    lake: &mut Lake,
    known: &Known,
    work: &mut Work<'_>,
) -> Result<(), StepError> {
    let now = work.now;
    if work.begins(|| "look for silent accounts and missing days".to_owned()) {
        let trails = trails::gather(lake, now).await?;
        let lacks = lacks(&trails, trails::first_day(now), now);
        keep(lake, known, work, lacks.iter().map(|l| lack(l, now)).collect(), None).await?;
    }
    if work
        .begins(|| "look for objects and records that could not be read, or never came".to_owned())
    {
        let met = unreadable::gather(lake, now).await?;
        keep(lake, known, work, met.all().map(|met| unread(&met, now)).collect(), None).await?;
    }
    if work.begins(|| "look for entries that are over".to_owned()) {
        let over = entries::expired(known, now);
        let found = over.into_iter().map(|e| entry(e, "expired-entry", now)).collect();
        keep(lake, known, work, found, None).await?;
    }
    Ok(())
}

/// Finds the entries that met nothing, and stores that. It comes when all else is done: each entry is a
/// question to the whole lake, which a large lake may not answer in time.
pub(super) async fn tell_unused(
    lake: &mut Lake,
    known: &Known,
    work: &mut Work<'_>,
) -> Result<(), StepError> {
    let now = work.now;
    let today = i64::from(Day::from(now).0);
    let asked = lake.table::<Finding>().checkpoint(ASKED).await?;
    if asked.is_none_or(|day| today >= day + ASKED_EVERY)
        && work.begins(|| "look for entries that met nothing".to_owned())
    {
        let unused = entries::unused(lake, known, now).await?;
        let found = unused.into_iter().map(|e| entry(e, "unused-entry", now)).collect();
        keep(lake, known, work, found, Some((ASKED.to_owned(), today))).await?;
    }
    Ok(())
}

/// Stores findings that were not told in the last days.
async fn keep(
    lake: &mut Lake,
    known: &Known,
    work: &mut Work<'_>,
    mut found: Vec<Finding>,
    checkpoint: Option<(String, i64)>,
) -> Result<(), StepError> {
    for finding in &mut found {
        let quiet = known.suppressed(finding, &[], work.now);
        finding.suppressed = quiet.and_then(|quiet| quiet.entry.vouched.reason.clone());
    }
    let (new, repeated) = if work.settings.dry_run {
        let all = found.len();
        let said = said(lake.table::<Finding>(), &found).await?;
        found.retain(|finding| !said.covers(finding));
        let repeated = (all - found.len()) as u64;
        (found, repeated)
    } else {
        store(lake, found, checkpoint.into_iter().collect()).await?
    };
    work.did.findings.extend(new);
    work.did.repeated += repeated;
    Ok(())
}

/// What findings of upkeep have in common.
fn finding(detection: &str, parts: &[&str], span: (Time, Time), now: Time) -> Finding {
    Finding {
        fingerprint: hash::name([detection].into_iter().chain(parts.iter().copied())),
        detection: detection.to_owned(),
        confidence: Confidence::High.to_string(),
        first_at: span.0,
        last_at: span.1,
        count: 1,
        window_from: span.0,
        // What lasts until now is seen now, and a window ends after what it holds.
        window_until: now.max(span.1).plus_seconds(1),
        found_at: now,
        ..Finding::default()
    }
}

fn lack(lack: &Lack, now: Time) -> Finding {
    let (subject, account, region) = match &lack.whose {
        Whose::Everybodys => ("the whole trail".to_owned(), None, None),
        Whose::Account(account) => (format!("account {account}"), Some(account), None),
        Whose::Region(account, region) => {
            (format!("account {account} in {region}"), Some(account), Some(region))
        }
    };
    let (detection, title, severity, last_at, evidence) = match lack.kind {
        Kind::Silent { usual_hours } => (
            "trail-fell-silent",
            "No logs arrive any more",
            if account.is_none() { Severity::High } else { Severity::Medium },
            now,
            json!({ "silent_since": lack.since.to_string(), "usual_longest_silence_hours": usual_hours, "accounts_and_regions": lack.trails }),
        ),
        Kind::Day => (
            "coverage-gap",
            "A day is missing from the logs",
            Severity::Medium,
            lack.since.plus_seconds(86_400 - 1),
            json!({ "day": Day::from(lack.since).to_string(), "accounts_and_regions": lack.trails }),
        ),
    };
    let since = lack.since.to_string();
    let [of, at] = [account, region].map(|text| text.map(String::as_str).unwrap_or_default());
    let parts = [of, at, since.as_str()];
    Finding {
        title: title.to_owned(),
        severity: severity.to_string(),
        accounts: account.cloned(),
        subject,
        evidence: evidence.to_string(),
        more: Some(
            "SELECT account, region, date, count(*) AS objects FROM object GROUP BY 1, 2, 3 ORDER BY 3 DESC NULLS LAST, 1, 2"
                .to_owned(),
        ),
        ..finding(detection, &parts, (lack.since, last_at), now)
    }
}

fn unread(met: &Unreadable, now: Time) -> Finding {
    let (detection, title, severity) = match met.what {
        What::Lost => {
            ("lost-object", "Objects of the trail never came into the lake", Severity::Medium)
        }
        What::Object => {
            ("unreadable-object", "Objects of the trail could not be read", Severity::Medium)
        }
        What::Record => {
            ("unreadable-record", "Records of the trail could not be read", Severity::Low)
        }
    };
    let day = Day::from(met.first_at).to_string();
    let keys: Vec<&str> = met.keys.iter().map(String::as_str).collect();
    let accounts: Vec<&str> = met.accounts.iter().map(String::as_str).collect();
    let subject = match (keys.as_slice(), met.what) {
        ([key], _) => (*key).to_owned(),
        (_, What::Record) => format!("{} records", met.count),
        (_, What::Object | What::Lost) => format!("{} objects", met.count),
    };
    Finding {
        title: title.to_owned(),
        severity: severity.to_string(),
        subject,
        accounts: (!accounts.is_empty()).then(|| accounts.join(" ")),
        count: met.count,
        evidence: json!({ "reason": met.reason, "objects": keys }).to_string(),
        more: Some(format!(
            "SELECT object_key, record, reason FROM rejected WHERE date = DATE '{day}' ORDER BY 1, 2 NULLS FIRST"
        )),
        ..finding(detection, &[&day, &met.reason], (met.first_at, met.last_at), now)
    }
}

/// An entry is told again each week, until somebody renews or deletes it.
fn entry(entry: &Entry, detection: &str, now: Time) -> Finding {
    let expires = entry.vouched.expires_at.map(|at| at.to_string());
    let title = match detection {
        "expired-entry" => "An entry of rolecall.toml is over",
        _ => "An entry of rolecall.toml met nothing",
    };
    let today = Day::from(now).start();
    let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::String);
    let evidence = json!({
        "section": entry.section, "line": entry.spot.line, "expires_at": expires,
        "owner": text(&entry.vouched.owner), "reason": text(&entry.vouched.reason),
    });
    let parts = [entry.section, &entry.about, expires.as_deref().unwrap_or_default()];
    Finding {
        title: title.to_owned(),
        severity: Severity::Low.to_string(),
        subject: format!("{} {}", entry.section, entry.about),
        evidence: evidence.to_string(),
        ..finding(detection, &parts, (today, now), now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rolecall_model::UPKEEP_FINDINGS;

    const NOW: Time = Time::from_seconds(1_773_144_000);

    fn silent(since: Time) -> Lack {
        let whose = Whose::Region("111111111111".into(), "eu-west-1".into());
        Lack { whose, kind: Kind::Silent { usual_hours: 2 }, since, trails: 1 }
    }

    #[test]
    fn a_silence_keeps_its_fingerprint_while_it_lasts() {
        let since = NOW.plus_seconds(-36_000);
        let (today, tomorrow) =
            (lack(&silent(since), NOW), lack(&silent(since), NOW.plus_seconds(86_400)));
        assert_eq!(today.fingerprint, tomorrow.fingerprint);
        assert_ne!(today.fingerprint, lack(&silent(NOW), NOW).fingerprint);
        assert_eq!(today.subject, "account 111111111111 in eu-west-1");
        assert_eq!(
            (today.severity.as_str(), today.accounts.as_deref()),
            ("medium", Some("111111111111"))
        );
        let all = lack(&Lack { whose: Whose::Everybodys, ..silent(since) }, NOW);
        assert_eq!((all.severity.as_str(), all.subject.as_str()), ("high", "the whole trail"));
    }

    #[test]
    fn findings_lie_inside_their_window_and_have_known_names() {
        let toml = "[[suppress]]\ndetections = [\"coverage-gap\"]\nowner = \"ana\"\nreason = \"old\"\nexpires = 2026-01-01\n";
        let known = Known::parse(toml, None).unwrap();
        let over = entries::expired(&known, NOW);
        assert_eq!(over.len(), 1);
        let met = Unreadable {
            what: What::Lost,
            count: 2,
            first_at: NOW,
            last_at: NOW,
            ..Unreadable::default()
        };
        let day = Lack { kind: Kind::Day, ..silent(Day::from(NOW).plus(-5).start()) };
        for finding in [
            lack(&silent(NOW.plus_seconds(-36_000)), NOW),
            lack(&day, NOW),
            unread(&met, NOW),
            unread(&Unreadable { what: What::Object, ..met.clone() }, NOW),
            unread(&Unreadable { what: What::Record, ..met }, NOW),
            entry(over[0], "expired-entry", NOW),
            entry(over[0], "unused-entry", NOW),
        ] {
            assert!(UPKEEP_FINDINGS.contains(&finding.detection.as_str()), "{}", finding.detection);
            assert!(finding.window_from <= finding.first_at, "{}", finding.detection);
            assert!(finding.first_at <= finding.last_at, "{}", finding.detection);
            assert!(finding.last_at < finding.window_until, "{}", finding.detection);
            assert!(!finding.title.is_empty() && !finding.subject.is_empty());
            assert!(serde_json::from_str::<Value>(&finding.evidence).is_ok_and(|e| e.is_object()));
        }
    }

    #[test]
    fn entries_may_mean_what_upkeep_tells() {
        let toml = "[[suppress]]\ndetections = [\"coverage-gap\", \"coverage-gapp\"]\nowner = \"ana\"\nreason = \"old\"\nexpires = 2027-01-01\n";
        let known = Known::parse(toml, None).unwrap();
        let unknown = known.unknown_detections(&[]);
        assert_eq!(unknown.len(), 1, "{unknown:?}");
        let day = Lack { kind: Kind::Day, ..silent(Day::from(NOW).start()) };
        assert!(known.suppressed(&lack(&day, NOW), &[], NOW).is_some());
        assert!(known.suppressed(&lack(&silent(NOW), NOW), &[], NOW).is_none());
    }
}
