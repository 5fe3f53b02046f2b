//! The first page: what needs a look, who enters which account, and which long-term keys are in use.

use futures::try_join;
use rolecall_query::page_rows;
use rolecall_report::Finding;
use rolecall_report::live::Sheet;
use serde_json::Value;

use super::Page;
use crate::look::value;
use crate::sight::Sight;
use crate::trouble::Trouble;

/// Findings of the last days are shown, and what was used in the last days.
const FINDING_DAYS: i64 = 30;
const USED_DAYS: i64 = 7;

/// Findings that the query gives at most.
const MOST_COUNTED: usize = 500;

pub(super) async fn page(sight: &Sight) -> Result<Page, Trouble> {
    let recent = sight.last_days(FINDING_DAYS);
    let used = sight.last_days(USED_DAYS);
    let told = async {
        let rows = page_rows(&sight.engine, "findings", recent, recent.until, &[]);
        let rows = sight.within(rows).await?.map_err(Trouble::Lookup)?;
        rows.into_iter().map(value).collect::<Result<Vec<Finding>, Trouble>>()
    };
    let in_days = |what: &str| format!("{what} in the last {USED_DAYS} days of the lake");
    let (titles, keys_title) = (in_days("Accounts entered"), in_days("Long-term keys used"));
    let doors_title = in_days("From account to account");
    let (findings, accounts, doors, keys) = try_join!(
        told,
        sight.table("accounts_entered", &titles, used, &[]),
        sight.table("doors", &doors_title, used, &[]),
        sight.table("keys_in_use", &keys_title, used, &[]),
    )?;
    let count =
        |severity: &str| findings.iter().filter(|finding| finding.severity == severity).count();
    let mut facts = vec![("sessions".to_owned(), Value::from(sight.sessions))];
    for severity in ["critical", "high", "medium", "low"] {
        let found = count(severity);
        facts.extend((found > 0).then(|| (format!("{severity} findings"), Value::from(found))));
    }
    let mut notes = Vec::new();
    if findings.len() >= MOST_COUNTED {
        notes.push(format!("Only the {} worst findings are counted.", findings.len()));
    }
    if sight.span.is_none() {
        notes.push("The lake is empty: `rolecall run FOLDER` fills it.".to_owned());
    }
    Ok(Sheet {
        kind: "Overview".to_owned(),
        name: "Who holds temporary AWS access?".to_owned(),
        about: format!(
            "Findings of the last {FINDING_DAYS} days of the lake. Search for a key, an ARN, a session's name, an \
             address or an account to see its line and its uses."
        ),
        facts,
        findings: Some(findings),
        tables: vec![accounts, doors, keys],
        notes,
        ..Sheet::default()
    }
    .into())
}
