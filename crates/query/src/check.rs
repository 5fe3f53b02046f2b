//! Tries the cases of a detection or report, and whether they would miss any of its conditions.

use rolecall_catalog::{Case, Question};

use crate::detect::rows;
use crate::weaken::weakened;
use crate::{Engine, QueryError, case};

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

/// Tries every case; if all pass, deletes each condition of the query in turn, which some case must
/// notice.
pub async fn check(question: Question<'_>) -> Result<CaseReport, QueryError> {
    let mut engines = Vec::new();
    for case in question.cases {
        engines.push((case, case::engine(case).await?));
    }
    let mut report = CaseReport { cases: Vec::new(), untested: Vec::new() };
    for (case, engine) in &engines {
        let wrong = wrong(engine, question, question.sql, case).await;
        report.cases.push(CaseOutcome { title: case.title.clone(), wrong });
    }
    if report.is_good() {
        // A silent case is mostly there for one condition, and notices first.
        engines.sort_by_key(|(case, _)| case.fires);
        report.untested = untested(question, &engines).await?;
    }
    Ok(report)
}

async fn untested(
    question: Question<'_>,
    engines: &[(&Case, Engine)],
) -> Result<Vec<String>, QueryError> {
    let act = format!("take `{}` apart", question.id);
    let weakened = weakened(question.sql).map_err(|e| QueryError::sql(act)(e.into()))?;
    let mut untested = Vec::new();
    'conditions: for weak in weakened {
        for (case, engine) in engines {
            if wrong(engine, question, &weak.sql, case).await.is_some() {
                continue 'conditions;
            }
        }
        untested.push(weak.dropped);
    }
    Ok(untested)
}

async fn wrong(engine: &Engine, question: Question<'_>, sql: &str, case: &Case) -> Option<String> {
    match rows(engine, question, sql, case.window, &case.params).await {
        Ok(rows) => case::difference(case.expected.as_ref(), &rows),
        Err(error) => Some(error.to_string()),
    }
}
