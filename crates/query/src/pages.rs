//! The queries behind the HTML page: files under `queries/pages`, which add up in SQL whatever is many.

use rolecall_catalog::ParamValue;
use rolecall_model::{Time, Window};
use serde_json::{Map, Value};

use crate::asked::Asked;
use crate::bind::{self, Bound};
use crate::bundle::begun_query;
use crate::detect::scalar;
use crate::{Engine, QueryError};

/// Begins the queries that measure sessions against their ceilings.
const MEASURED: &str = "measured";

/// The rows of one of the page's queries about a span. `$new_since` says since when an edge is new; `given`
/// are further parameters by name.
pub async fn page_rows(
    engine: &Engine,
    name: &str,
    span: Window,
    new_since: Time,
    given: &[(String, ParamValue)],
) -> Result<Vec<Map<String, Value>>, QueryError> {
    let act = format!("ask `{name}` for the page");
    let text = text(name)?;
    let mut bound: Bound = bind::window(span);
    bound.push(("new_since".to_owned(), bind::instant(new_since)));
    bound.extend(given.iter().map(|(name, value)| (name.clone(), scalar(value))));
    Asked::plan(engine, engine.parse(&text, &act)?, &bound, &act).await?.rows().await
}

fn text(name: &str) -> Result<String, QueryError> {
    begun_query("pages", name, MEASURED)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Date32Array, RecordBatch};
    use rolecall_lake::arrow_schema;
    use rolecall_model::{Footprint, Row, Session};

    use super::*;
    use crate::bundle::QUERIES;

    /// What queries of the page may ask for beside the span.
    fn given() -> Vec<(String, ParamValue)> {
        let number = |name: &str| (name.to_owned(), ParamValue::Integer(3600));
        let list = |name: &str| (name.to_owned(), ParamValue::List(Vec::new()));
        let mut given: Vec<_> = ["role", "federated", "service", "token", "unissued"]
            .map(|kind| number(&format!("{kind}_ceiling")))
            .into();
        given.push(number("slack"));
        given.extend(["sessions", "credentials", "events"].map(list));
        given
    }

    const SPAN: Window = Window { from: Time(0), until: Time::from_seconds(86_400) };

    /// An engine that knows these rows, which are of the first day.
    async fn knowing<R: Row>(rows: &[R]) -> Engine {
        let batch = rolecall_lake::batch(rows).unwrap();
        // In a lake the day is the partition.
        let days: ArrayRef = Arc::new(Date32Array::from(vec![0; rows.len()]));
        let columns = batch.columns().iter().cloned().chain([days]).collect();
        let batch = RecordBatch::try_new(arrow_schema(&R::TABLE), columns).unwrap();
        Engine::with(vec![(R::TABLE.name, batch)]).await.unwrap()
    }

    #[tokio::test]
    async fn a_session_is_named_by_its_id_its_key_or_either_event_of_its_issuance() {
        let session = |id: &str, key: &str, events: &str| Session {
            session_id: id.to_owned(),
            issued_key: Some(key.to_owned()),
            issue_event_ids: Some(events.to_owned()),
            created_at: Time::from_seconds(3600),
            ..Session::default()
        };
        let engine = knowing(&[
            session("a", "k1", "e1 e2"),
            session("b", "k2", "e3"),
            session("c", "k3", "e4 e5"),
            session("d", "k4", "e6 e7"),
            session("e", "k5", "e1e2 e77"),
        ])
        .await;
        let mut given = given();
        for (name, values) in [
            ("sessions", vec!["a"]),
            ("credentials", vec!["k4"]),
            ("events", vec!["e3", "e5", "e"]),
        ] {
            let values = values.into_iter().map(str::to_owned).collect();
            given.retain(|(known, _)| known != name);
            given.push((name.to_owned(), ParamValue::List(values)));
        }
        let rows = page_rows(&engine, "sessions_named", SPAN, Time(0), &given).await.unwrap();
        let ids: Vec<_> = rows.iter().map(|row| row["session_id"].as_str().unwrap()).collect();
        assert_eq!(ids, ["a", "d", "b", "c"]);
        assert!(rows.iter().all(|row| row["all_named"] == 4));
    }

    #[tokio::test]
    async fn keys_are_counted_beyond_those_that_are_listed_and_without_those_that_are_named() {
        let key = |number: usize| Footprint {
            access_key_id: Some(format!("AKIA{number:02}")),
            first_at: Time::from_seconds(60),
            last_at: Time::from_seconds(60),
            ..Footprint::default()
        };
        let engine = knowing(&(0..20).map(key).collect::<Vec<_>>()).await;
        let named = ["AKIA00", "AKIA07", "ASIA99"].map(str::to_owned).into();
        let given = [("credentials".to_owned(), ParamValue::List(named))];
        let rows = page_rows(&engine, "keys", SPAN, Time(0), &given).await.unwrap();
        assert_eq!(rows.len(), 12);
        assert_eq!(rows[0]["access_key_id"], "AKIA01");
        assert!(rows.iter().all(|row| row["access_key_id"] != "AKIA07" && row["all_keys"] == 18));
    }

    #[tokio::test]
    async fn every_query_of_the_page_is_answered_by_an_empty_lake() {
        let engine = Engine::empty().await.unwrap();
        let folder = QUERIES.get_dir("pages").unwrap();
        let mut asked = 0;
        for file in folder.files() {
            let name = file.path().file_stem().unwrap().to_string_lossy();
            if name == MEASURED {
                continue;
            }
            let rows = page_rows(&engine, &name, SPAN, Time(0), &given()).await.unwrap();
            assert_eq!(rows.len(), usize::from(name == "sums"), "{name}");
            asked += 1;
        }
        assert!(asked >= 15, "only {asked} queries found");
        assert!(
            page_rows(&engine, "none", Window { from: Time(0), until: Time(1) }, Time(0), &[])
                .await
                .is_err()
        );
    }
}
