//! Tries the cases of a detection or report, and whether they would miss any of its conditions.

use arrow::array::RecordBatch;
use rolecall_catalog::{Case, Question};
use serde_json::{Map, Value};

use crate::asked::Asked;
use crate::bind::Bound;
use crate::detect::bound;
use crate::proof::untested;
use crate::{Engine, QueryError, Untested, case, finding};

/// How the cases of a question went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseReport {
    /// Each case in turn.
    pub cases: Vec<CaseOutcome>,
    /// What could be otherwise without any case noticing.
    pub untested: Vec<Untested>,
}

/// How one case went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseOutcome {
    /// The case.
    pub title: String,
    /// The line of its heading in `cases.md`, from 1.
    pub line: usize,
    /// What is wrong: rows that are missing, rows that are too many, or an error.
    pub wrong: Option<String>,
}

impl CaseReport {
    /// Whether every case passed, and every condition is tested.
    pub fn is_good(&self) -> bool {
        self.untested.is_empty() && self.cases.iter().all(|case| case.wrong.is_none())
    }
}

/// Tries every case; if all pass, deletes each condition of the query in turn, which some case must
/// notice.
pub async fn check(question: Question<'_>) -> Result<CaseReport, QueryError> {
    let engine = Engine::empty().await?;
    let act = format!("ask `{}`", question.id);
    let mut report = CaseReport { cases: Vec::new(), untested: Vec::new() };
    let mut asking = Asking { engine: &engine, question, act, planned: Vec::new() };
    let mut tried = Vec::new();
    for case in question.cases {
        let wrong = match case::tables(case) {
            Ok(tables) => {
                let rows = asking.rows(case, &tables).await;
                tried.push((case, tables));
                rows.map_or_else(
                    |error| Some(error.to_string()),
                    |rows| wrong(question, case, &rows),
                )
            }
            Err(error) => Some(error.to_string()),
        };
        report.cases.push(CaseOutcome { title: case.title.clone(), line: case.line, wrong });
    }
    if report.is_good() {
        // A silent case is mostly there for one condition, and notices first.
        tried.sort_by_key(|(case, _)| case.fires);
        report.untested = untested(&engine, question, &tried).await?;
    }
    Ok(report)
}

/// A question that is asked of one case after the other.
struct Asking<'a> {
    engine: &'a Engine,
    question: Question<'a>,
    act: String,
    /// Most cases share window and parameters, and so a plan.
    planned: Vec<(Bound, Asked)>,
}

impl Asking<'_> {
    async fn rows(
        &mut self,
        case: &Case,
        tables: &[(&str, RecordBatch)],
    ) -> Result<Vec<Map<String, Value>>, QueryError> {
        let bound = bound(self.question, case.window, &case.params);
        let at = match self.planned.iter().position(|(known, _)| *known == bound) {
            Some(at) => at,
            None => {
                let statement = self.engine.parse(self.question.sql, &self.act)?;
                let asked = Asked::plan(self.engine, statement, &bound, &self.act).await?;
                self.planned.push((bound, asked));
                self.planned.len() - 1
            }
        };
        self.engine.hold_only(tables).await?;
        self.planned[at].1.rows().await
    }
}

/// What is wrong with an answer: it is not what the case expects, or its rows are no findings.
fn wrong(question: Question<'_>, case: &Case, rows: &[Map<String, Value>]) -> Option<String> {
    let difference = case::difference(case.expected.as_ref(), rows);
    let rows = if question.finds { rows } else { &[] };
    let unfit = rows.iter().flat_map(finding::wrong).map(|why| format!("no finding: {why}"));
    let said: Vec<String> = difference.into_iter().chain(unfit).collect();
    (!said.is_empty()).then(|| said.join("\n"))
}
