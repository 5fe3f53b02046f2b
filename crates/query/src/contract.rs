//! What a detection's query must be: planned over empty tables, before any lake is asked.

use std::collections::BTreeSet;
use std::fmt;

use arrow::datatypes::{DataType, Schema};
use rolecall_catalog::{Detection, Folder, Question};
use rolecall_model::{Finding, Kind, Row, Time, Window, askable};

use crate::asked::Asked;
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
    let mut detections = Vec::new();
    let mut found = Vec::new();
    for folder in folders {
        match Detection::parse(folder) {
            Ok(detection) => detections.push(detection),
            Err(flaws) => found.extend(flaws.into_iter().map(|flaw| placed(folder, &flaw))),
        }
    }
    detections.sort_by(|a, b| a.id.cmp(&b.id));
    found.extend(flaws(&detections).await);
    if found.is_empty() { Ok(detections) } else { Err(Refused(found)) }
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
        let found = match schema(&engine, detection.question()).await {
            Ok(schema) => columns_of(detection, &schema),
            Err(found) => found,
        };
        let named = |why| Flaw { detection: detection.id.clone(), why };
        flaws.extend(found.into_iter().map(named));
    }
    flaws
}

/// The columns that a detection's query gives, in order.
pub async fn columns(detection: &Detection) -> Result<Vec<String>, Refused> {
    let refused = |whys: Vec<String>| {
        let named = |why| Flaw { detection: detection.id.clone(), why };
        Refused(whys.into_iter().map(named).collect())
    };
    let engine = Engine::empty().await.map_err(|error| refused(vec![error.to_string()]))?;
    let schema = schema(&engine, detection.question()).await.map_err(refused)?;
    Ok(schema.fields().iter().map(|field| field.name().clone()).collect())
}

/// Columns that a query must give.
const NEEDED: [&str; 3] = ["subject", "first_at", "last_at"];

/// Columns that a query may give, and that then have their own place in a finding.
const KNOWN: [&str; 8] =
    ["severity", "root", "path", "accounts", "networks", "count", "event_ids", "more"];

/// The columns that a query gives, if it can be planned.
pub(crate) async fn schema(engine: &Engine, question: Question<'_>) -> Result<Schema, Vec<String>> {
    let told = |error: QueryError| vec![error.to_string()];
    // Positions in errors are those of the file, where a comment comes first.
    let sql = format!("{}{}", "\n".repeat(question.line.saturating_sub(1)), question.sql);
    let statement = engine.parse(&sql, "read the query").map_err(told)?;
    let window = Window { from: Time(0), until: Time::from_seconds(86_400) };
    let bound = bound(question, window, &[]);
    let mut flaws = Vec::new();

    let used = bind::names(&statement);
    let known: BTreeSet<String> = bound.iter().map(|(name, _)| name.clone()).collect();
    for name in used.difference(&known) {
        flaws.push(format!("`${name}` is not declared: add `[param.{name}]`, or misspelled"));
    }
    for name in known.difference(&used) {
        // A question may look at all that was before the window's end, or at all there is.
        if name != "from" && name != "until" {
            flaws.push(format!("`${name}` is not used by the query"));
        }
    }
    if !flaws.is_empty() {
        return Err(flaws);
    }
    let act = "plan the query";
    let asked = Asked::plan(engine, statement, &bound, act).await.map_err(told)?;
    // Of empty tables it is answered at once, and shows what planning does not.
    asked.rows().await.map_err(told)?;
    Ok(asked.schema())
}

fn columns_of(detection: &Detection, schema: &Schema) -> Vec<String> {
    let mut flaws = Vec::new();
    for name in NEEDED {
        if schema.index_of(name).is_err() {
            flaws.push(format!("the query gives no column `{name}`"));
        }
    }
    for name in &detection.meta.fingerprint {
        if schema.index_of(name).is_err() {
            flaws.push(format!(
                "`{name}` of the fingerprint is no column of the query: select it, or take it out of `fingerprint`"
            ));
        }
    }
    for name in detection.meta.columns.keys() {
        if schema.index_of(name).is_err() {
            flaws.push(format!("`[column.{name}]` describes no column of the query"));
        }
    }
    for case in &detection.cases {
        for name in case.expected.iter().flat_map(|table| &table.columns) {
            if schema.index_of(name).is_err() {
                let title = &case.title;
                flaws.push(format!("the case `{title}` expects `{name}`, no column of the query"));
            }
        }
    }
    for (place, field) in schema.fields().iter().enumerate() {
        let name = field.name().as_str();
        if schema.index_of(name).ok() != Some(place) {
            flaws.push(format!("the query gives two columns `{name}`"));
        }
        let Some(at) = Finding::TABLE.index(name) else {
            let known = askable().any(|table| table.index(name).is_some());
            if !known && !detection.meta.columns.contains_key(name) {
                flaws.push(format!("the column `{name}` is not described: add `[column.{name}]`"));
            }
            continue;
        };
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
