//! Drops one condition of a query that was parsed, wherever conditions may stand.

use std::collections::HashSet;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, CaseWhen, Expr, JoinConstraint, JoinOperator, Query, Select, Spanned,
    TableFactor, TableWithJoins, Value, VisitorMut,
};

/// Passes over as many conditions as were dropped before, and drops the next.
pub(super) struct Dropping<'a> {
    pruning: &'a HashSet<u64>,
    left: usize,
    /// The line and the text of what was dropped.
    pub(super) dropped: Option<(u64, String)>,
}

impl<'a> Dropping<'a> {
    pub(super) fn new(pruning: &'a HashSet<u64>, number: usize) -> Dropping<'a> {
        Dropping { pruning, left: number, dropped: None }
    }

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
                        let text = one.to_string();
                        self.put(one, Value::Boolean(false), text);
                    }
                }
            }
            Expr::BinaryOp { op: BinaryOperator::And, .. } => self.conditions(expr),
            _ => {}
        }
    }

    /// Without a condition all rows hold it.
    fn condition(&mut self, expr: &mut Expr) {
        let every = Value::Boolean(true);
        if self.is_pruning(expr) {
            *expr = Expr::value(every);
        } else {
            let text = expr.to_string();
            self.put(expr, every, text);
        }
    }

    /// Without a branch its rows fall through to the next one, or to ELSE.
    fn branches(&mut self, branches: &mut [CaseWhen], has_operand: bool) {
        for branch in branches {
            let text = branch.to_string();
            if has_operand {
                self.put(&mut branch.condition, Value::Null, text);
            } else {
                self.conditions(&mut branch.condition);
                self.put(&mut branch.condition, Value::Boolean(false), text);
            }
        }
    }

    /// Puts what no row or every row holds in the place of a condition, if it is its turn.
    fn put(&mut self, expr: &mut Expr, other: Value, text: String) {
        let other = Expr::value(other);
        if self.dropped.is_some() || *expr == other || self.is_pruning(expr) {
            return;
        }
        match self.left.checked_sub(1) {
            Some(left) => self.left = left,
            None => {
                self.dropped = Some((expr.span().start.line.max(1), text));
                *expr = other;
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

fn is_or(expr: &Expr) -> bool {
    match expr {
        Expr::Nested(inner) => is_or(inner),
        _ => matches!(expr, Expr::BinaryOp { op: BinaryOperator::Or, .. }),
    }
}

impl VisitorMut for Dropping<'_> {
    type Break = ();

    /// Cases compare rows in any order: where it chooses none, no case can notice it.
    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        if query.limit_clause.is_none() && query.fetch.is_none() {
            query.order_by = None;
        }
        ControlFlow::Continue(())
    }

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
        match expr {
            Expr::Function(function) => {
                function.filter.iter_mut().for_each(|filter| self.conditions(filter));
            }
            Expr::Case { operand, conditions, .. } => self.branches(conditions, operand.is_some()),
            _ => {}
        }
        ControlFlow::Continue(())
    }
}
