//! The page of an edge: everything that one principal opened as another, by day and session by session.

use futures::try_join;
use rolecall_report::live::{Sheet, encoded};
use serde_json::Value;

use super::Page;
use super::principal::DAYS;
use crate::asked::Asked;
use crate::look::text;
use crate::sight::Sight;
use crate::trouble::Trouble;

pub(super) async fn page(sight: &Sight, asked: &Asked) -> Result<Page, Trouble> {
    let (from, to) = (asked.needed("from")?, asked.needed("to")?);
    let before = asked.instant("before")?;
    let given = [("from_principal", text(&from)), ("to_principal", text(&to))];
    let step = format!("{from} > {to}");
    let (days, sessions, findings) = try_join!(
        sight.table("edge_days", "Sessions by day and root", sight.last_days(DAYS), &given),
        sight.newest("sessions_of_edge", "The sessions", before, &given),
        sight.findings(&step, &step, &[], None),
    )?;
    let nothing = days.rows.is_empty() && sessions.rows.rows.is_empty();
    if nothing && sessions.further.is_none() {
        return Err(Trouble::Unknown {
            what: format!("edge from `{from}` to `{to}`"),
            looked: format!("edges of {DAYS} days, and the newest of {}", sight.scope()),
        });
    }
    let path = format!("/edge?from={}&to={}", encoded(&from), encoded(&to));
    let older = |at| ("Older sessions".to_owned(), format!("{path}&before={at}"));
    Ok(Sheet {
        kind: "Edge".to_owned(),
        name: format!("{from} → {to}"),
        about: format!("All sessions that the first opened as the second. Days are the last {DAYS} of the lake."),
        facts: vec![
            ("from_principal".to_owned(), Value::from(from.as_str())),
            ("to_principal".to_owned(), Value::from(to.as_str())),
        ],
        findings: Some(findings),
        tables: vec![days, sessions.rows],
        more: sessions.further.map(older).into_iter().collect(),
        ..Sheet::default()
    }
    .into())
}
