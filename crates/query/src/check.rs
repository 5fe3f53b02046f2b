//! Tries the cases of a detection or report, and whether they would miss any of its conditions.

use arrow::array::RecordBatch;
use datafusion::logical_expr::LogicalPlan;
use rolecall_catalog::{Case, Question};
use serde_json::{Map, Value};

use crate::answer::{optimized, run_optimized};
use crate::bind::Bound;
use crate::detect::bound;
use crate::weaken::weakened;
use crate::{Engine, QueryError, case, json_rows};

/// How the cases of a question went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseReport {
    /// Each case in turn.
    pub cases: Vec<CaseOutcome>,
    /// Conditions that can be deleted without any case noticing.
    pub untested: Vec<String>,
}

/// How one case went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseOutcome {
    /// The case.
    pub title: String,
    /// What is wrong: rows that are missing, rows that are too many, or an error.
    pub wrong: Option<String>,
}

impl CaseReport {
    /// Whether every case passed, and every condition is tested.
    pub fn is_good(&self) -> bool {
        self.untested.is_empty() && self.cases.iter().all(|case| case.wrong.is_none())
    }
}

/// A case, and the rows of its tables.
type Given<'a> = (&'a Case, Vec<(&'a str, RecordBatch)>);

/// Tries every case; if all pass, deletes each condition of the query in turn, which some case must
/// notice.
pub async fn check(question: Question<'_>) -> Result<CaseReport, QueryError> {
    let engine = Engine::empty().await?;
    let mut given: Vec<Given<'_>> = Vec::new();
    for case in question.cases {
        given.push((case, case::tables(case)?));
    }
    let mut report = CaseReport { cases: Vec::new(), untested: Vec::new() };
    let mut asked = Asked::new(&engine, question, question.sql);
    for (case, tables) in &given {
        let wrong = asked.wrong(case, tables).await;
        report.cases.push(CaseOutcome { title: case.title.clone(), wrong });
    }
    if report.is_good() {
        // A silent case is mostly there for one condition, and notices first.
        given.sort_by_key(|(case, _)| case.fires);
        report.untested = untested(&engine, question, &given).await?;
    }
    Ok(report)
}

async fn untested(
    engine: &Engine,
    question: Question<'_>,
    given: &[Given<'_>],
) -> Result<Vec<String>, QueryError> {
    let act = format!("take `{}` apart", question.id);
    let weakened = weakened(question.sql).map_err(|e| QueryError::sql(act)(e.into()))?;
    let mut untested = Vec::new();
    'conditions: for weak in weakened {
        let mut asked = Asked::new(engine, question, &weak.sql);
        for (case, tables) in given {
            if asked.wrong(case, tables).await.is_some() {
                continue 'conditions;
            }
        }
        untested.push(weak.dropped);
    }
    Ok(untested)
}

/// One query, asked of many cases. Planning costs more than asking, and most cases share window and
/// parameters, so their plan is made once.
struct Asked<'a> {
    engine: &'a Engine,
    question: Question<'a>,
    sql: &'a str,
    plans: Vec<(Bound, LogicalPlan)>,
}

impl<'a> Asked<'a> {
    fn new(engine: &'a Engine, question: Question<'a>, sql: &'a str) -> Asked<'a> {
        Asked { engine, question, sql, plans: Vec::new() }
    }

    /// What is wrong with the answer to a case, if anything is.
    async fn wrong(&mut self, case: &Case, tables: &[(&str, RecordBatch)]) -> Option<String> {
        match self.rows(case, tables).await {
            Ok(rows) => case::difference(case.expected.as_ref(), &rows),
            Err(error) => Some(error.to_string()),
        }
    }

    async fn rows(
        &mut self,
        case: &Case,
        tables: &[(&str, RecordBatch)],
    ) -> Result<Vec<Map<String, Value>>, QueryError> {
        let act = format!("ask `{}`", self.question.id);
        let bound = bound(self.question, case.window, &case.params);
        if !self.plans.iter().any(|(known, _)| *known == bound) {
            let statement = self.engine.parse(self.sql, &act)?;
            let plan = self.engine.plan(statement, bound.clone(), &act).await?;
            self.plans.push((bound.clone(), optimized(self.engine, &plan)?));
        }
        let planned = self.plans.iter().find(|(known, _)| *known == bound);
        let (_, plan) = planned.expect("the plan was made if it was missing");
        self.engine.hold_only(tables).await?;
        let mut rows = Vec::new();
        for batch in run_optimized(self.engine, plan).await? {
            rows.extend(json_rows(&batch).map_err(|e| QueryError::sql(&act)(e.into()))?);
        }
        Ok(rows)
    }
}
