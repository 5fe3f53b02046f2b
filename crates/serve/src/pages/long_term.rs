//! The page of a long-term key: what it opened, and where it worked from.

use futures::try_join;
use rolecall_model::arn;
use rolecall_report::live::{Sheet, encoded};
use serde_json::Value;

use super::line;
use super::uses::{grown, uses};
use crate::look::{list, text};
use crate::sight::Sight;
use crate::trouble::Trouble;

/// Uses are shown of the last days.
const USED_DAYS: i64 = 30;

/// The page of a long-term key.
pub(super) async fn page(sight: &Sight, id: &str) -> Result<Sheet, Trouble> {
    let given = list([id]);
    let recent = sight.last_days(USED_DAYS);
    let what = [("what", text(id))];
    let (places, opened) = try_join!(
        sight.table(
            "footprints_of_key",
            "Where it worked from, by network and client",
            sight.all(),
            &what
        ),
        sight.newest("sessions_of_key", "Sessions that it opened", None, &what),
    )?;
    let first = places.rows.first().or(opened.rows.rows.first()).cloned();
    if first.is_none() && opened.further.is_none() {
        return Err(Trouble::Unknown {
            what: format!("long-term key `{id}`"),
            looked: format!("the uses of all long-term keys, and the roots of {}", sight.scope()),
        });
    }
    let first = first.unwrap_or_default();
    let principal =
        first.get("root_principal").or(first.get("principal")).cloned().unwrap_or_default();
    let (lineage, findings, hours, tables) = try_join!(
        line::of_key(sight, id, &opened),
        sight.findings(id, id, &[], None),
        sight.hours(recent, &given),
        uses(sight, recent, &given),
    )?;
    let sum =
        |column: &str| places.rows.iter().filter_map(|row| row.get(column)?.as_i64()).sum::<i64>();
    let texts = |column: &str| -> Vec<String> {
        places.rows.iter().filter_map(|row| row.get(column)?.as_str().map(str::to_owned)).collect()
    };
    let mut facts = vec![
        ("principal".to_owned(), principal.clone()),
        (
            "account_id".to_owned(),
            principal.as_str().and_then(arn::account).map(Value::from).unwrap_or_default(),
        ),
    ];
    // Sums of a table that was cut would be wrong.
    if places.note.is_none() {
        let of = |instant: Option<String>| instant.map(Value::from).unwrap_or_default();
        facts.extend([
            ("first_at".to_owned(), of(texts("first_at").into_iter().min())),
            ("last_at".to_owned(), of(texts("last_at").into_iter().max())),
            ("calls".to_owned(), Value::from(sum("calls"))),
            ("failed_calls".to_owned(), Value::from(sum("failed_calls"))),
        ]);
    }
    let mut all = tables;
    all.insert(0, places);
    let mut more = vec![grown(id)];
    more.extend(opened.further.map(|at| {
        let sql = format!(
            "SELECT * FROM session WHERE root_credential = '{}' AND created_at < '{at}' ORDER BY created_at DESC",
            id.replace('\'', "''")
        );
        ("Older sessions".to_owned(), format!("/sql?q={}", encoded(&sql)))
    }));
    Ok(Sheet {
        kind: "Long-term key".to_owned(),
        name: id.to_owned(),
        about: format!(
            "A long-term key of {}.",
            principal.as_str().unwrap_or("an unknown principal")
        ),
        facts,
        lineage: Some(lineage),
        findings: Some(findings),
        hours,
        tables: all,
        more,
        notes: vec![format!(
            "Calls by time, API, address and account are those of the last {USED_DAYS} days of the lake."
        )],
    })
}
