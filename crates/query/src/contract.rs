//! What a detection's query must be: planned over empty tables, before any lake is asked.

use std::collections::BTreeSet;

use arrow::datatypes::{DataType, Schema};
use rolecall_catalog::Detection;
use rolecall_model::{Finding, Kind, Row, Time, Window};

use crate::bind;
use crate::detect::bound;
use crate::{Engine, QueryError};

/// What is wrong with one detection.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{detection}`: {why}")]
pub struct Flaw {
    /// The detection, which is the name of its folder.
    pub detection: String,
    /// What is wrong with it.
    pub why: String,
}

/// Columns that a query must give.
const NEEDED: [&str; 3] = ["subject", "first_at", "last_at"];

/// Columns that a query may give, and that then have their own place in a finding.
const KNOWN: [&str; 8] =
    ["severity", "root", "path", "accounts", "networks", "count", "event_ids", "more"];

/// Every flaw of every detection; none if all can be asked.
pub async fn flaws(detections: &[Detection]) -> Result<Vec<Flaw>, QueryError> {
    let engine = Engine::empty().await?;
    let mut flaws = Vec::new();
    for detection in detections {
        for why in flaws_of(&engine, detection).await {
            flaws.push(Flaw { detection: detection.id.clone(), why });
        }
    }
    Ok(flaws)
}

async fn flaws_of(engine: &Engine, detection: &Detection) -> Vec<String> {
    let statement = match engine.parse(&detection.sql, "read the query") {
        Ok(statement) => statement,
        Err(error) => return vec![error.to_string()],
    };
    let window = Window { from: Time(0), until: Time::from_seconds(86_400) };
    let bound = bound(detection, window, &[]);
    let mut flaws = Vec::new();

    let used = bind::names(&statement);
    let known: BTreeSet<String> = bound.iter().map(|(name, _)| name.clone()).collect();
    for name in used.difference(&known) {
        flaws.push(format!("`${name}` is not declared: add `[param.{name}]`, or misspelled"));
    }
    for name in known.difference(&used) {
        // A detection may look at all that was before the window's end.
        if name != "from" {
            flaws.push(format!("`${name}` is not used by the query"));
        }
    }
    if !flaws.is_empty() {
        return flaws;
    }
    let act = "plan the query";
    let plan = match engine.plan(statement, bound, act).await {
        Ok(plan) => plan,
        Err(error) => return vec![error.to_string()],
    };
    // Types are checked and constants computed only now.
    if let Err(error) = engine.context().state().create_physical_plan(&plan).await {
        return vec![QueryError::sql(act)(error).to_string()];
    }
    columns(plan.schema().as_arrow(), &detection.meta.fingerprint)
}

fn columns(schema: &Schema, fingerprint: &[String]) -> Vec<String> {
    let mut flaws = Vec::new();
    for name in NEEDED {
        if schema.index_of(name).is_err() {
            flaws.push(format!("the query gives no column `{name}`"));
        }
    }
    for name in fingerprint {
        if schema.index_of(name).is_err() {
            flaws.push(format!("`{name}` of the fingerprint is no column of the query"));
        }
    }
    for (place, field) in schema.fields().iter().enumerate() {
        let name = field.name().as_str();
        if schema.index_of(name).ok() != Some(place) {
            flaws.push(format!("the query gives two columns `{name}`"));
        }
        let Some(at) = Finding::TABLE.index(name) else { continue };
        let kind = Finding::TABLE.columns[at].kind;
        if !NEEDED.contains(&name) && !KNOWN.contains(&name) {
            flaws.push(format!("the column `{name}` is set by rolecall: give it another name"));
        } else if !fits(kind, field.data_type()) {
            flaws.push(format!("the column `{name}` is {}, not {kind:?}", field.data_type()));
        }
    }
    flaws
}

fn fits(kind: Kind, found: &DataType) -> bool {
    match kind {
        Kind::Text => found.is_string(),
        Kind::Long => found.is_integer(),
        Kind::Time => matches!(found, DataType::Timestamp(_, Some(_))),
        Kind::Flag | Kind::Bytes | Kind::Day => false,
    }
}
