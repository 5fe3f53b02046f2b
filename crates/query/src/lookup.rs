//! The queries behind the pages of `rolecall serve`: files under `queries/lookups`, each about one thing, and each
//! with a span that says which files are read.

use rolecall_catalog::ParamValue;
use rolecall_model::Window;
use serde_json::{Map, Value};

use crate::asked::Asked;
use crate::bind::{self, Bound};
use crate::bundle::begun_query;
use crate::detect::scalar;
use crate::{Engine, QueryError};

/// Begins the queries that list sessions.
const LISTED: &str = "listed";

/// What a lookup gives.
#[derive(Clone, Debug, Default)]
pub struct Looked {
    /// The columns in order, also when there are no rows.
    pub columns: Vec<String>,
    /// The rows as JSON objects.
    pub rows: Vec<Map<String, Value>>,
    /// How many rows it gives at most: if there are as many, there may be more.
    pub most: Option<usize>,
}

/// The rows of a lookup in a span; `given` are its parameters by name. The values are bound, never pasted.
///
/// # Errors
/// If there is no such lookup, a parameter is missing, or the lake cannot be read.
pub async fn look_up(
    engine: &Engine,
    name: &str,
    span: Window,
    given: &[(&str, ParamValue)],
) -> Result<Looked, QueryError> {
    let act = format!("look up `{name}`");
    let mut bound: Bound = bind::window(span);
    bound.extend(given.iter().map(|(name, value)| ((*name).to_owned(), scalar(value))));
    let text = text(name)?;
    let asked = Asked::plan(engine, engine.parse(&text, &act)?, &bound, &act).await?;
    let columns = asked.schema().fields().iter().map(|field| field.name().clone()).collect();
    Ok(Looked { columns, rows: asked.rows().await?, most: most(&text) })
}

/// The number after the last LIMIT.
fn most(text: &str) -> Option<usize> {
    text.rsplit_once("LIMIT ")?.1.trim().parse().ok()
}

fn text(name: &str) -> Result<String, QueryError> {
    begun_query("lookups", name, LISTED)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Date32Array, RecordBatch};
    use rolecall_lake::arrow_schema;
    use rolecall_model::{Row, Session, Time};

    use super::*;
    use crate::bundle::QUERIES;

    const SPAN: Window = Window { from: Time(0), until: Time::from_seconds(86_400 * 90) };

    /// Everything that lookups may ask for beside the span.
    fn given() -> Vec<(&'static str, ParamValue)> {
        let text = |name| (name, ParamValue::Text("x".to_owned()));
        let list = |name| (name, ParamValue::List(vec!["x".to_owned()]));
        let mut given =
            ["what", "one", "two", "event", "from_principal", "to_principal"].map(text).to_vec();
        given.extend(["keys", "parents", "words"].map(list));
        given
    }

    #[tokio::test]
    async fn every_lookup_is_answered_by_an_empty_lake() {
        let engine = Engine::empty().await.unwrap();
        let mut asked = 0;
        for file in QUERIES.get_dir("lookups").unwrap().files() {
            let name = file.path().file_stem().unwrap().to_string_lossy();
            if name == LISTED {
                continue;
            }
            let looked = look_up(&engine, &name, SPAN, &given()).await.unwrap();
            assert!(looked.rows.is_empty() && !looked.columns.is_empty(), "{name}");
            assert!(looked.most.is_some(), "{name} has no limit");
            asked += 1;
        }
        assert!(asked >= 30, "only {asked} lookups found");
        assert!(look_up(&engine, "none", SPAN, &[]).await.is_err());
    }

    #[tokio::test]
    async fn what_is_looked_for_is_a_value_and_no_sql() {
        let hostile = "' OR '1' = '1";
        let session = |id: &str| Session {
            session_id: id.to_owned(),
            created_at: Time::from_seconds(3600),
            ..Session::default()
        };
        let rows = rolecall_lake::batch(&[session("a"), session(hostile)]).unwrap();
        // In a lake the day is the partition.
        let days: ArrayRef = Arc::new(Date32Array::from(vec![0, 0]));
        let columns = rows.columns().iter().cloned().chain([days]).collect();
        let rows = RecordBatch::try_new(arrow_schema(&Session::TABLE), columns).unwrap();
        let engine = Engine::with(vec![(Session::TABLE.name, rows)]).await.unwrap();
        let what = [("what", ParamValue::Text(hostile.to_owned()))];
        let looked = look_up(&engine, "session_by_id", SPAN, &what).await.unwrap();
        assert_eq!(looked.rows.len(), 1);
        assert_eq!(looked.rows[0]["session_id"], hostile);
    }

    #[tokio::test]
    async fn a_span_and_one_value_choose_the_files_that_are_read() {
        let engine = Engine::empty().await.unwrap();
        let statement = engine.parse(&text("session_by_key").unwrap(), "read").unwrap();
        let mut bound = bind::window(SPAN);
        bound.push(("what".to_owned(), scalar(&ParamValue::Text("ASIAX".to_owned()))));
        let plan = engine.plan(statement, bound, "plan").await.unwrap();
        let plan = engine.context().state().optimize(&plan).unwrap().to_string();
        for chooses in [
            r#"session.issued_key = Utf8("ASIAX")"#,
            r#"session.date >= Date32("1970-01-01")"#,
            r#"session.date <= Date32("1970-04-01")"#,
        ] {
            assert!(plan.contains(chooses), "{chooses} is not in {plan}");
        }
    }
}
