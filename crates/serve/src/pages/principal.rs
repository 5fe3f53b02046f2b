//! The page of a principal: its sessions, what it enters and who enters it, from where it works, and its keys.

use futures::try_join;
use rolecall_model::arn;
use rolecall_report::live::{Sheet, about_principal};
use serde_json::Value;

use super::Page;
use crate::asked::Asked;
use crate::look::text;
use crate::sight::Sight;
use crate::trouble::Trouble;

/// Edges and footprints are shown of the last days.
pub(super) const DAYS: i64 = 90;

pub(super) async fn page(sight: &Sight, asked: &Asked) -> Result<Page, Trouble> {
    let id = asked.needed("id")?;
    let before = asked.instant("before")?;
    let what = [("what", text(&id))];
    let span = sight.last_days(DAYS);
    let (begun, from, to, places, keys, sessions, findings) = try_join!(
        sight.table("edges_begun_by", "Edges of lineages that began with it", span, &what),
        sight.table("edges_from", "As whom it opened sessions", span, &what),
        sight.table("edges_to", "Who opened sessions as it", span, &what),
        sight.table("footprints_of_principal", "From where it worked", span, &what),
        sight.table("keys_of_principal", "Its long-term keys", span, &what),
        sight.newest("sessions_of_principal", "Its sessions", before, &what),
        sight.findings(&id, &id, &[], None),
    )?;
    let tables = vec![sessions.rows, to, from, begun, places, keys];
    let nothing = tables.iter().all(|table| table.rows.is_empty()) && findings.is_empty();
    if nothing && sessions.further.is_none() {
        return Err(Trouble::Unknown {
            what: format!("principal `{id}`"),
            looked: format!(
                "edges and footprints of {DAYS} days, findings, and the newest of {}",
                sight.scope()
            ),
        });
    }
    let account = arn::account(&id).map(Value::from).unwrap_or_default();
    let older = |at| ("Older sessions".to_owned(), format!("{}&before={at}", about_principal(&id)));
    Ok(Sheet {
        kind: kind(&id).to_owned(),
        name: id.clone(),
        about: format!("Edges, places and keys are those of the last {DAYS} days of the lake."),
        facts: vec![("account_id".to_owned(), account)],
        findings: Some(findings),
        tables,
        more: sessions.further.map(older).into_iter().collect(),
        ..Sheet::default()
    }
    .into())
}

fn kind(id: &str) -> &'static str {
    let Some(parsed) = arn::Arn::parse(id) else { return "Principal" };
    match parsed.resource.split(['/', ':']).next() {
        Some("role") => "Role",
        Some("user") => "User",
        Some("root") => "Root user",
        _ => "Principal",
    }
}
