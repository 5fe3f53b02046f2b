//! Tries the cases of a detection or report, and whether they would miss any of its conditions.

use rolecall_catalog::Question;

use crate::asked::Asked;
use crate::bind::Bound;
use crate::detect::bound;
use crate::proof::untested;
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
    let engine = Engine::empty().await?;
    let mut tried = Vec::new();
    for case in question.cases {
        tried.push((case, case::tables(case)?));
    }
    let act = format!("ask `{}`", question.id);
    let mut report = CaseReport { cases: Vec::new(), untested: Vec::new() };
    // Most cases share window and parameters, and so a plan.
    let mut planned: Vec<(Bound, Asked)> = Vec::new();
    for (case, tables) in &tried {
        let bound = bound(question, case.window, &case.params);
        let asked = match planned.iter().position(|(known, _)| *known == bound) {
            Some(at) => &planned[at].1,
            None => {
                let statement = engine.parse(question.sql, &act)?;
                let asked = Asked::plan(&engine, statement, &bound, &act).await?;
                planned.push((bound, asked));
                &planned[planned.len() - 1].1
            }
        };
        engine.hold_only(tables).await?;
        let wrong = match asked.rows().await {
            Ok(rows) => case::difference(case.expected.as_ref(), &rows),
            Err(error) => Some(error.to_string()),
        };
        report.cases.push(CaseOutcome { title: case.title.clone(), wrong });
    }
    if report.is_good() {
        // A silent case is mostly there for one condition, and notices first.
        tried.sort_by_key(|(case, _)| case.fires);
        report.untested = untested(&engine, question, &tried).await?;
    }
    Ok(report)
}
