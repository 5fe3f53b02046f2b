//! Takes one condition at a time out of a query, to see whether any case misses it.
//!
//! A condition that no case misses is a condition that nobody has tested.

use std::collections::HashSet;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, Expr, JoinConstraint, JoinOperator, Select, Spanned, Statement, TableFactor,
    TableWithJoins, Value, VisitMut, VisitorMut,
};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::{Parser, ParserError};

/// A query without one of its conditions.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Weakened {
    /// The condition that is missing.
    pub dropped: String,
    /// The line of the text on which it begins, from 1.
    pub line: u64,
    /// The query without it; not as text, for text written anew may have other quotes.
    pub query: Statement,
}

/// The mark of a condition that only spares reading, such as one on the partition. It repeats
/// another more coarsely, and would hide that the other is missing; so all of these go first.
const PRUNES: &str = "-- prunes";

/// The query without each of its conditions in turn: every part of an AND, and every alternative of an OR,
/// under WHERE, ON, HAVING, QUALIFY and FILTER, also in subqueries. Conditions whose line ends with
/// `-- prunes` are in none.
pub(crate) fn weakened(sql: &str) -> Result<Vec<Weakened>, ParserError> {
    let query = parsed(sql)?;
    let mut found = Vec::new();
    loop {
        let (query, dropped) = without(&query, sql, found.len());
        let Some((line, dropped)) = dropped else { return Ok(found) };
        found.push(Weakened { dropped, line, query });
    }
}

/// The query without its `-- prunes`, and with all other conditions.
pub(crate) fn without_pruning(sql: &str) -> Result<Statement, ParserError> {
    Ok(without(&parsed(sql)?, sql, usize::MAX).0)
}

fn parsed(sql: &str) -> Result<Statement, ParserError> {
    Parser::new(&GenericDialect {}).try_with_sql(sql)?.parse_statement()
}

/// The query without the condition with this number, if it has so many, and that condition with its
/// line.
fn without(query: &Statement, sql: &str, number: usize) -> (Statement, Option<(u64, String)>) {
    let pruning: HashSet<u64> = (1..)
        .zip(sql.lines())
        .filter(|(_, line)| line.trim_end().ends_with(PRUNES))
        .map(|(number, _)| number)
        .collect();
    let mut weaker = query.clone();
    let mut dropping = Dropping { pruning: &pruning, left: number, dropped: None };
    let _ = weaker.visit(&mut dropping);
    (weaker, dropping.dropped)
}

/// Passes over as many conditions as were dropped before, and drops the next.
struct Dropping<'a> {
    pruning: &'a HashSet<u64>,
    left: usize,
    dropped: Option<(u64, String)>,
}

impl Dropping<'_> {
    fn conditions(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Nested(inner) => self.conditions(inner),
            Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
                self.conditions(left);
                self.conditions(right);
            }
            _ => {
                self.alternatives(expr);
                self.condition(expr);
            }
        }
    }

    /// The alternatives of a condition: of `(a AND b) OR c` also `a` and `b` can go.
    fn alternatives(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Nested(inner) => self.alternatives(inner),
            Expr::BinaryOp { left, op: BinaryOperator::Or, right } => {
                for one in [left, right] {
                    self.alternatives(one);
                    if !is_or(one) {
                        self.put(one, false);
                    }
                }
            }
            Expr::BinaryOp { op: BinaryOperator::And, .. } => self.conditions(expr),
            _ => {}
        }
    }

    /// Without a condition all rows hold it.
    fn condition(&mut self, expr: &mut Expr) {
        if self.is_pruning(expr) {
            *expr = truth(true);
        } else {
            self.put(expr, true);
        }
    }

    /// Puts what no row or every row holds in the place of a condition, if it is its turn.
    fn put(&mut self, expr: &mut Expr, every: bool) {
        let done = [truth(true), truth(false)].contains(expr);
        if self.dropped.is_some() || done || self.is_pruning(expr) {
            return;
        }
        match self.left.checked_sub(1) {
            Some(left) => self.left = left,
            None => {
                let line = expr.span().start.line.max(1);
                let dropped = std::mem::replace(expr, truth(every)).to_string();
                self.dropped = Some((line, dropped));
            }
        }
    }

    fn is_pruning(&self, expr: &Expr) -> bool {
        let span = expr.span();
        span.start.line == span.end.line && self.pruning.contains(&span.end.line)
    }

    fn joins(&mut self, from: &mut TableWithJoins) {
        use JoinOperator::*;
        for join in &mut from.joins {
            if let Join(on) | Inner(on) | Left(on) | LeftOuter(on) | Right(on) | RightOuter(on)
            | FullOuter(on) | Semi(on) | LeftSemi(on) | RightSemi(on) | Anti(on)
            | LeftAnti(on) | RightAnti(on) = &mut join.join_operator
                && let JoinConstraint::On(on) = on
            {
                self.conditions(on);
            }
        }
    }
}

fn truth(value: bool) -> Expr {
    Expr::value(Value::Boolean(value))
}

fn is_or(expr: &Expr) -> bool {
    match expr {
        Expr::Nested(inner) => is_or(inner),
        _ => matches!(expr, Expr::BinaryOp { op: BinaryOperator::Or, .. }),
    }
}

impl VisitorMut for Dropping<'_> {
    type Break = ();

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        select.from.iter_mut().for_each(|from| self.joins(from));
        let places = [&mut select.selection, &mut select.having, &mut select.qualify];
        places.into_iter().flatten().for_each(|expr| self.conditions(expr));
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, table: &mut TableFactor) -> ControlFlow<()> {
        if let TableFactor::NestedJoin { table_with_joins, .. } = table {
            self.joins(table_with_joins);
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Expr::Function(function) = expr
            && let Some(filter) = &mut function.filter
        {
            self.conditions(filter);
        }
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::weakened;

    fn dropped(sql: &str) -> Vec<String> {
        weakened(sql).unwrap().into_iter().map(|weak| weak.dropped).collect()
    }

    #[test]
    fn every_condition_goes_once() {
        let sql = "WITH step AS (SELECT a FROM t WHERE a > 1 AND (b = 2 OR c = 3 AND d = 4))
            SELECT s.a, COUNT(*) FILTER (WHERE s.a > 7)
            FROM step AS s
            JOIN u ON u.a = s.a AND u.b <> $from
            LEFT JOIN (v JOIN w ON v.x = w.x) ON true
            WHERE NOT EXISTS (
                SELECT 1 FROM past
                WHERE past.a = s.a
                  AND past.date < CAST($from AS DATE) -- prunes
            )
              AND s.date >= $from  -- prunes
            GROUP BY s.a
            HAVING COUNT(*) > 5
            UNION ALL SELECT 1, 2 FROM x WHERE y IN (1, 2)";
        let mut found = dropped(sql);
        found.sort();
        let mut expected = vec![
            "a > 1",
            "b = 2 OR c = 3 AND d = 4",
            "b = 2",
            "c = 3 AND d = 4",
            "c = 3",
            "d = 4",
            "s.a > 7",
            "u.a = s.a",
            "u.b <> $from",
            "v.x = w.x",
            "NOT EXISTS (SELECT 1 FROM past WHERE past.a = s.a AND past.date < CAST($from AS DATE))",
            "past.a = s.a",
            "COUNT(*) > 5",
            "y IN (1, 2)",
        ];
        expected.sort();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_left_is_the_query_without_it() {
        let weak = weakened("SELECT a FROM t WHERE a > 1 AND b = 2").unwrap();
        assert_eq!(weak[0].query.to_string(), "SELECT a FROM t WHERE true AND b = 2");
        assert_eq!(weak[1].query.to_string(), "SELECT a FROM t WHERE a > 1 AND true");
        let weak = weakened("SELECT a FROM t\nWHERE a > 1\n  AND b = 2").unwrap();
        assert_eq!((weak[0].line, weak[1].line), (2, 3));
        let weak = weakened("SELECT a FROM t WHERE a > 1\nAND b = 2 -- prunes\n").unwrap();
        assert_eq!(weak.len(), 1);
        assert_eq!(weak[0].query.to_string(), "SELECT a FROM t WHERE true AND true");
        assert_eq!(dropped("SELECT 1"), Vec::<String>::new());
        let weak = weakened("SELECT a FROM t WHERE a > 1 OR (b = 2 OR c = 3)").unwrap();
        let left: Vec<String> = weak.iter().map(|weak| weak.query.to_string()).collect();
        let expected = [
            "a > 1 OR (b = 2 OR false)",
            "a > 1 OR (false OR c = 3)",
            "false OR (b = 2 OR c = 3)",
            "true",
        ];
        assert_eq!(
            std::collections::BTreeSet::from_iter(left),
            expected.iter().map(|condition| format!("SELECT a FROM t WHERE {condition}")).collect()
        );
    }

    #[test]
    fn what_is_no_sql_is_an_error() {
        assert!(weakened("SELECT a FROM t WHERE (").is_err());
    }
}
