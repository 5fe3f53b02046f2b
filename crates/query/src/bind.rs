//! Values for the `$name`s of a query: bound, never pasted.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use arrow::datatypes::DataType;
use datafusion::common::{ParamValues, ScalarValue};
use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{Expr, Value, visit_expressions, visit_expressions_mut};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;
use rolecall_model::{Time, Window};

/// A name without its `$`, and the value that it stands for.
pub(crate) type Bound = Vec<(String, ScalarValue)>;

/// `$from` and `$until`.
pub(crate) fn window(window: Window) -> Bound {
    vec![("from".to_owned(), instant(window.from)), ("until".to_owned(), instant(window.until))]
}

/// An instant as the tables have it.
pub(crate) fn instant(at: Time) -> ScalarValue {
    ScalarValue::TimestampMicrosecond(Some(at.0), Some("UTC".into()))
}

/// The names that a statement uses.
pub(crate) fn names(statement: &Statement) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    if let Statement::Statement(plain) = statement {
        let _ = visit_expressions(&**plain, |expr| {
            names.extend(name(expr).map(str::to_owned));
            ControlFlow::<()>::Continue(())
        });
    }
    names
}

/// The names that stand alone in the list of an IN, each for one value.
pub(crate) fn in_lists(statement: &Statement) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    if let Statement::Statement(plain) = statement {
        let _ = visit_expressions(&**plain, |expr| {
            if let Expr::InList { list, .. } = expr {
                names.extend(list.iter().filter_map(name).map(str::to_owned));
            }
            ControlFlow::<()>::Continue(())
        });
    }
    names
}

/// Says the type of each name where it stands, so that a plan need not guess: DataFusion would
/// take the interval in `created_at + $baseline` for an instant.
pub(crate) fn with_types(statement: &mut Statement, bound: &Bound) {
    let Statement::Statement(plain) = statement else { return };
    let _ = visit_expressions_mut(&mut **plain, |expr| {
        let found = name(expr).and_then(|name| bound.iter().find(|(known, _)| known == name));
        if let Some((name, value)) = found
            && let Some(typed) = typed(name, &value.data_type())
        {
            *expr = typed;
        }
        ControlFlow::<()>::Continue(())
    });
}

/// The values as DataFusion takes them.
pub(crate) fn values(bound: Bound) -> ParamValues {
    ParamValues::from(bound)
}

fn name(expr: &Expr) -> Option<&str> {
    let Expr::Value(value) = expr else { return None };
    let Value::Placeholder(name) = &value.value else { return None };
    name.strip_prefix('$')
}

/// `arrow_cast($name, 'type')`; the cast vanishes when the value, which has this type, is bound.
fn typed(name: &str, kind: &DataType) -> Option<Expr> {
    let text = format!("arrow_cast(${name}, '{kind}')");
    Parser::new(&GenericDialect {}).try_with_sql(&text).ok()?.parse_expr().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Engine;

    #[tokio::test]
    async fn what_is_bound_is_a_constant_when_files_are_chosen() {
        let engine = Engine::empty().await.unwrap();
        let sql = "SELECT 1 FROM session
            WHERE date >= CAST($from - $baseline AS DATE)
              AND created_at + $baseline < $until
              AND depth > $deep";
        let span = Window { from: Time::from_seconds(86_400 * 40), until: Time(0) };
        let mut bound = window(span);
        bound.push(("baseline".to_owned(), ScalarValue::new_interval_mdn(0, 30, 0)));
        bound.push(("deep".to_owned(), ScalarValue::Int64(Some(2))));
        let statement = engine.parse(sql, "read").unwrap();
        assert_eq!(
            names(&statement).into_iter().collect::<Vec<_>>().join(" "),
            "baseline deep from until"
        );
        let plan = engine.plan(statement, bound, "plan").await.unwrap();
        let plan = engine.context().state().optimize(&plan).unwrap().to_string();
        assert!(plan.contains(r#"session.date >= Date32("1970-01-11")"#), "{plan}");
        assert!(plan.contains("session.depth > Int64(2)"), "{plan}");
        assert!(!plan.contains('$') && !plan.contains("arrow_cast"), "{plan}");
    }
}
