//! Whether the cases of a query miss each of its conditions.
//!
//! Hundreds of conditions are deleted, and each time many cases are asked. So a query is asked in
//! steps: a condition changes one of them, those before it are answered already, and where its answer
//! stays the same nobody can notice.

use std::sync::Arc;

use arrow::array::RecordBatch;
use datafusion::execution::context::SessionContext;
use datafusion::logical_expr::LogicalPlan;
use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::Statement as Plain;
use datafusion::sql::sqlparser::parser::ParserError;
use rolecall_catalog::{Case, Question};

use crate::asked::{replace, rows_of};
use crate::bind::Bound;
use crate::case;
use crate::detect::bound;
use crate::given::Given;
use crate::run::run;
use crate::session::plan_in;
use crate::steps::{Apart, Step, steps};
use crate::weaken::{weakened, without_pruning};
use crate::{Engine, QueryError, Untested};

/// A case, and the rows of its tables.
pub(crate) type Tried<'a> = (&'a Case, Vec<(&'a str, RecordBatch)>);

/// The conditions that can be deleted without any case noticing.
pub(crate) async fn untested(
    engine: &Engine,
    question: Question<'_>,
    cases: &[Tried<'_>],
) -> Result<Vec<Untested>, QueryError> {
    let act = format!("take `{}` apart", question.id);
    let apart = |query: Plain| steps(Statement::Statement(Box::new(query)), Apart::All);
    let broken = |error: ParserError| QueryError::sql(&act)(error.into());
    let whole = apart(without_pruning(question.sql).map_err(broken)?);
    let mut proof = Proof { engine, question, act: &act, lines: Vec::new() };
    let mut tried = Vec::new();
    let mut untested = Vec::new();
    for (case, tables) in cases {
        let line = proof.line(case, &whole).await?;
        engine.hold_only(tables).await?;
        let answers = proof.lines[line].answers(&act).await?;
        if proof.wrong(case, answers.last().map_or(&[], Vec::as_slice))? {
            untested.push(Untested::Prunes { case: case.title.clone(), line: case.line });
        }
        tried.push((line, answers));
    }
    for weak in weakened(question.sql).map_err(broken)? {
        let weaker = apart(weak.query);
        let at = whole.iter().zip(&weaker).position(|(one, other)| one != other);
        let noticed = match at {
            Some(at) => proof.noticed(cases, &tried, at, &weaker[at]).await?,
            None => false,
        };
        if !noticed {
            let line = question.line + usize::try_from(weak.line).unwrap_or(1) - 1;
            untested.push(Untested::Condition { condition: weak.dropped, line });
        }
    }
    Ok(untested)
}

struct Proof<'a> {
    engine: &'a Engine,
    question: Question<'a>,
    act: &'a str,
    /// The query, planned for each set of values that a case has.
    lines: Vec<Line>,
}

impl Proof<'_> {
    async fn line(&mut self, case: &Case, whole: &[Step]) -> Result<usize, QueryError> {
        let bound = bound(self.question, case.window, &case.params);
        if let Some(known) = self.lines.iter().position(|line| line.bound == bound) {
            return Ok(known);
        }
        self.lines.push(Line::plan(self.engine, whole, bound, self.act).await?);
        Ok(self.lines.len() - 1)
    }

    /// Whether any case notices that a step has changed.
    async fn noticed(
        &self,
        cases: &[Tried<'_>],
        tried: &[(usize, Vec<Vec<RecordBatch>>)],
        at: usize,
        step: &Step,
    ) -> Result<bool, QueryError> {
        let mut plans: Vec<Option<LogicalPlan>> = vec![None; self.lines.len()];
        for ((case, tables), (number, answers)) in cases.iter().zip(tried) {
            let line = &self.lines[*number];
            if plans[*number].is_none() {
                match line.optimized(step, self.act).await {
                    Ok(plan) => plans[*number] = Some(plan),
                    // A query that cannot be asked without the condition misses it, too.
                    Err(_) => return Ok(true),
                }
            }
            let Some(plan) = &plans[*number] else { continue };
            self.engine.hold_only(tables).await?;
            match line.answer_from(at, plan, answers, self.act).await {
                Ok(None) => {}
                Ok(Some(rows)) if !self.wrong(case, &rows)? => {}
                // What fails where the whole query does not is missed, too.
                _ => return Ok(true),
            }
        }
        Ok(false)
    }

    fn wrong(&self, case: &Case, answer: &[RecordBatch]) -> Result<bool, QueryError> {
        let rows = rows_of(answer, self.act)?;
        Ok(case::difference(case.expected.as_ref(), &rows).is_some())
    }
}

/// All steps of a query, planned with one set of values.
struct Line {
    bound: Bound,
    context: SessionContext,
    steps: Vec<(LogicalPlan, Arc<Given>)>,
}

impl Line {
    async fn plan(
        engine: &Engine,
        whole: &[Step],
        bound: Bound,
        act: &str,
    ) -> Result<Line, QueryError> {
        let mut line = Line { bound, context: engine.apart()?, steps: Vec::new() };
        for step in whole {
            let plan = line.optimized(step, act).await?;
            let given = Given::new(plan.schema().as_arrow());
            if let Some(name) = &step.name {
                replace(&line.context, name, given.clone()).map_err(QueryError::sql(act))?;
            }
            line.steps.push((plan, given));
        }
        Ok(line)
    }

    async fn optimized(&self, step: &Step, act: &str) -> Result<LogicalPlan, QueryError> {
        let plan = plan_in(&self.context, step.query.clone(), self.bound.clone(), act).await?;
        self.context.state().optimize(&plan).map_err(QueryError::sql(act))
    }

    /// The answers of all steps.
    async fn answers(&self, act: &str) -> Result<Vec<Vec<RecordBatch>>, QueryError> {
        let mut answers = Vec::new();
        for (plan, given) in &self.steps {
            answers.push(self.answer(plan, given, act).await?);
        }
        Ok(answers)
    }

    /// The last answer, with another plan for one step; nothing if that step's own answer is as before.
    async fn answer_from(
        &self,
        at: usize,
        plan: &LogicalPlan,
        before: &[Vec<RecordBatch>],
        act: &str,
    ) -> Result<Option<Vec<RecordBatch>>, QueryError> {
        for ((_, given), rows) in self.steps[..at].iter().zip(before) {
            fill(given, rows.clone(), act)?;
        }
        let mut rows = self.answer(plan, &self.steps[at].1, act).await?;
        if rows == before[at] {
            return Ok(None);
        }
        for (plan, given) in &self.steps[at + 1..] {
            rows = self.answer(plan, given, act).await?;
        }
        Ok(Some(rows))
    }

    async fn answer(
        &self,
        plan: &LogicalPlan,
        given: &Given,
        act: &str,
    ) -> Result<Vec<RecordBatch>, QueryError> {
        let rows = run(&self.context.state(), plan).await.map_err(QueryError::sql(act))?;
        fill(given, rows.clone(), act)?;
        Ok(rows)
    }
}

fn fill(given: &Given, rows: Vec<RecordBatch>, act: &str) -> Result<(), QueryError> {
    given.fill_all(rows).map_err(QueryError::sql(act))
}
