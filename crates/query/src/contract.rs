//! What a detection's query must be: planned over empty tables, before any lake is asked.

use std::collections::BTreeSet;
use std::fmt;

use arrow::datatypes::{DataType, Schema};
use rolecall_catalog::{Detection, Folder, ParamValue, Question};
use rolecall_model::{Finding, Kind, Row, Time, Window, askable};

use crate::asked::Asked;
use crate::bind;
use crate::detect::bound;
use crate::place::{At, Found, first};
use crate::{Engine, QueryError, sift};

/// What is wrong with one detection.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{detection}`: {why}")]
pub struct Flaw {
    /// The detection, which is the name of its folder.
    pub detection: String,
    /// What is wrong with it.
    pub why: String,
}

/// A catalogue that is refused: everything that is wrong with any of its detections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(pub Vec<Flaw>);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the detections cannot be used")?;
        self.0.iter().try_for_each(|flaw| write!(f, "\n  {flaw}"))
    }
}

impl std::error::Error for Refused {}

/// Reads detections, by name, and plans each of their queries: all of them are good, or every flaw
/// of any is told.
pub async fn load(folders: &[Folder]) -> Result<Vec<Detection>, Refused> {
    sift(folders).await.whole()
}

/// A flaw of a folder with its file and line.
pub(crate) fn placed(folder: &Folder, flaw: &rolecall_catalog::Flaw) -> Flaw {
    let (file, line) = flaw.place(folder);
    let line = line.map(|line| format!(":{line}")).unwrap_or_default();
    Flaw { detection: folder.name.clone(), why: format!("{file}{line}: {flaw}") }
}

/// Every flaw of every detection that parsing does not show; none if all can be asked.
pub async fn flaws(detections: &[Detection]) -> Vec<Flaw> {
    let engine = match Engine::empty().await {
        Ok(engine) => engine,
        Err(error) => return vec![Flaw { detection: "all".into(), why: error.to_string() }],
    };
    let mut flaws = Vec::new();
    for detection in detections {
        let (_, found) = contract(&engine, detection).await;
        flaws.extend(found.into_iter().map(|found| found.flaw(detection.question(), None)));
    }
    flaws
}

/// Whether a detection's query can be planned, and everything in which it does not keep its contract.
pub(crate) async fn contract(engine: &Engine, detection: &Detection) -> (bool, Vec<Found>) {
    match schema(engine, detection.question()).await {
        Ok((schema, mut found)) => {
            found.extend(columns_of(detection, &schema));
            (true, found)
        }
        Err(found) => (false, found),
    }
}

/// The columns that a detection's query gives, in order.
pub async fn columns(detection: &Detection) -> Result<Vec<String>, Refused> {
    columns_asked(detection.question()).await
}

/// The columns that a question's query gives, in order.
pub(crate) async fn columns_asked(question: Question<'_>) -> Result<Vec<String>, Refused> {
    let refused = |found: Vec<Found>| {
        Refused(found.into_iter().map(|found| found.flaw(question, None)).collect())
    };
    let engine = Engine::empty().await.map_err(|error| refused(vec![Found::of(error)]))?;
    let (schema, _) = schema(&engine, question).await.map_err(refused)?;
    Ok(schema.fields().iter().map(|field| field.name().clone()).collect())
}

/// Columns that a query must give.
const NEEDED: [&str; 3] = ["subject", "first_at", "last_at"];

/// Columns that a query may give, and that then have their own place in a finding.
const KNOWN: [&str; 8] =
    ["severity", "root", "path", "accounts", "networks", "count", "event_ids", "more"];

/// The columns that a query gives, and what is wrong with it although it can be planned; or else all
/// that is wrong.
pub(crate) async fn schema(
    engine: &Engine,
    question: Question<'_>,
) -> Result<(Schema, Vec<Found>), Vec<Found>> {
    // Positions in errors are those of the file, where a comment comes first.
    let sql = format!("{}{}", "\n".repeat(question.line.saturating_sub(1)), question.sql);
    let statement = engine.parse(&sql, "read the query").map_err(|e| vec![Found::of(e)])?;
    let window = Window { from: Time(0), until: Time::from_seconds(86_400) };
    let bound = bound(question, window, &[]);
    let mut flaws = Vec::new();

    let used = bind::names(&statement);
    let known: BTreeSet<String> = bound.iter().map(|(name, _)| name.clone()).collect();
    for name in known.difference(&used) {
        // A question may look at all that was before the window's end, or at all there is.
        if name != "from" && name != "until" {
            let why =
                format!("`${name}` is not used by the query: use it, or delete `[param.{name}]`");
            flaws.push(Found::new(At::Key(format!("param.{name}")), why));
        }
    }
    for name in used.difference(&known) {
        let why = format!("`${name}` is not declared: add `[param.{name}]`, or correct the name");
        flaws.push(Found::new(first(question, &format!("${name}")), why));
    }
    let in_lists = bind::in_lists(&statement);
    let lists = question.params.iter().filter(|param| matches!(param.default, ParamValue::List(_)));
    let misplaced = lists.map(|param| &param.name).filter(|name| in_lists.contains(*name));
    let misplaced: Vec<Found> = misplaced.map(|name| list_in(question, name)).collect();
    if !used.is_subset(&known) || !misplaced.is_empty() {
        flaws.extend(misplaced);
        return Err(flaws);
    }
    let planned = async {
        let asked = Asked::plan(engine, statement, &bound, "plan the query").await?;
        // Of empty tables it is answered at once, and shows what planning does not.
        asked.rows().await?;
        Ok::<_, QueryError>(asked.schema())
    };
    match planned.await {
        Ok(schema) => Ok((schema, flaws)),
        Err(error) => {
            flaws.push(Found::of(error));
            Err(flaws)
        }
    }
}

fn list_in(question: Question<'_>, name: &str) -> Found {
    let why =
        format!("`${name}` is a list: write `= ANY(${name})` for IN, `<> ALL(${name})` for NOT IN");
    Found::new(first(question, &format!("(${name}")), why)
}

fn columns_of(detection: &Detection, schema: &Schema) -> Vec<Found> {
    let mut flaws = Vec::new();
    let mut wrong = |at: At, why: String| flaws.push(Found::new(at, why));
    for name in NEEDED {
        if schema.index_of(name).is_err() {
            wrong(At::Query, format!("the query gives no column `{name}`: select it by that name"));
        }
    }
    for name in &detection.meta.fingerprint {
        if schema.index_of(name).is_err() {
            let why = format!(
                "`{name}` of the fingerprint is no column of the query: select it, or take it out of `fingerprint`"
            );
            wrong(At::Key("fingerprint".to_owned()), why);
        }
    }
    for name in detection.meta.columns.keys() {
        if schema.index_of(name).is_err() {
            wrong(At::Key(format!("column.{name}")), describes_nothing(name));
        }
    }
    for case in &detection.cases {
        for name in case.expected.iter().flat_map(|table| &table.columns) {
            if schema.index_of(name).is_err() {
                wrong(At::Case(case.line), expects_nothing(&case.title, name));
            }
        }
    }
    for (place, field) in schema.fields().iter().enumerate() {
        let name = field.name().as_str();
        if schema.index_of(name).ok() != Some(place) {
            wrong(
                At::Query,
                format!("the query gives two columns `{name}`: give one another name"),
            );
        }
        let Some(at) = Finding::TABLE.index(name) else {
            let known = askable().any(|table| table.index(name).is_some());
            if !known && !detection.meta.columns.contains_key(name) {
                wrong(At::Query, not_described(name));
            }
            continue;
        };
        let kind = Finding::TABLE.columns[at].kind;
        if !NEEDED.contains(&name) && !KNOWN.contains(&name) {
            let why = format!("the column `{name}` is set by rolecall: give it another name");
            wrong(At::Query, why);
        } else if !fits(kind, field.data_type()) {
            let why =
                format!("the column `{name}` is {}, not {kind:?}: cast it", field.data_type());
            wrong(At::Query, why);
        }
    }
    flaws
}

pub(crate) fn describes_nothing(name: &str) -> String {
    format!(
        "`[column.{name}]` describes no column of the query: select it, or delete the description"
    )
}

pub(crate) fn not_described(name: &str) -> String {
    format!("the column `{name}` is not described: add `[column.{name}]`")
}

pub(crate) fn expects_nothing(case: &str, name: &str) -> String {
    format!(
        "the case `{case}` expects `{name}`, no column of the query: select it, or take it out of the case"
    )
}

fn fits(kind: Kind, found: &DataType) -> bool {
    match kind {
        Kind::Text => found.is_string(),
        Kind::Long => found.is_integer(),
        Kind::Time => matches!(found, DataType::Timestamp(_, Some(_))),
        Kind::Flag | Kind::Bytes | Kind::Day => false,
    }
}
