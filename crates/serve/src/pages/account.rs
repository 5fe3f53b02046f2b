//! The page of an account: who comes in and goes out, who works in it, its keys, and what the lake has read of it.

use futures::try_join;
use rolecall_model::arn;
use rolecall_report::live::Sheet;
use serde_json::Value;

use super::Page;
use super::principal::DAYS;
use crate::asked::Asked;
use crate::look::text;
use crate::sight::Sight;
use crate::trouble::Trouble;

pub(super) async fn page(sight: &Sight, asked: &Asked) -> Result<Page, Trouble> {
    let id = asked.needed("id")?;
    if !arn::is_account(&id) {
        return Err(Trouble::Unclear {
            why: format!("`{id}` is no account"),
            help: "an account has twelve digits".to_owned(),
        });
    }
    let before = asked.instant("before")?;
    let what = [("what", text(&id))];
    let span = sight.last_days(DAYS);
    let (into, out, principals, keys, coverage, sessions, findings) = try_join!(
        sight.table("edges_into_account", "Who comes in from elsewhere", span, &what),
        sight.table("edges_out_of_account", "Who goes out to elsewhere", span, &what),
        sight.table("principals_of_account", "Principals that worked", span, &what),
        sight.table("keys_of_account", "Long-term keys", span, &what),
        sight.table("coverage_of_account", "What the lake has read of it", span, &what),
        sight.newest("sessions_of_account", "Sessions in it", before, &what),
        sight.findings(&id, &id, &[], None),
    )?;
    let tables = vec![into, out, principals, sessions.rows, keys, coverage];
    let known = sight.accounts.iter().find(|account| account.account_id == id);
    let nothing = tables.iter().all(|table| table.rows.is_empty()) && findings.is_empty();
    if nothing && known.is_none() && sessions.further.is_none() {
        return Err(Trouble::Unknown {
            what: format!("account `{id}`"),
            looked: format!(
                "edges and footprints of {DAYS} days, findings, and the newest of {}",
                sight.scope()
            ),
        });
    }
    let name = known.and_then(|account| account.name.as_deref()).map(|name| format!("{name} {id}"));
    let whose = known.map_or("outside", |account| account.whose.as_str());
    let older = |at| ("Older sessions".to_owned(), format!("/account?id={id}&before={at}"));
    Ok(Sheet {
        kind: "Account".to_owned(),
        name: name.unwrap_or_else(|| id.clone()),
        about: format!("Edges, principals and keys are those of the last {DAYS} days of the lake."),
        facts: vec![("whose".to_owned(), Value::from(whose))],
        findings: Some(findings),
        tables,
        more: sessions.further.map(older).into_iter().collect(),
        ..Sheet::default()
    }
    .into())
}
