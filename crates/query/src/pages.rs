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
    use super::*;
    use crate::bundle::QUERIES;

    /// What queries of the page may ask for beside the span.
    fn given() -> Vec<(String, ParamValue)> {
        let number = |name: &str| (name.to_owned(), ParamValue::Integer(3600));
        let list = |name: &str| (name.to_owned(), ParamValue::List(Vec::new()));
        let mut given: Vec<_> = ["role", "federated", "service", "token", "unissued"]
            .map(|kind| number(&format!("{kind}_ceiling")))
            .into();
        given.extend([number("slack"), list("sessions"), list("credentials")]);
        given
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
            let span = Window { from: Time(0), until: Time::from_seconds(86_400) };
            let rows = page_rows(&engine, &name, span, Time(0), &given()).await.unwrap();
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
