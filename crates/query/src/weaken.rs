//! Takes one condition at a time out of a query, to see whether any case misses it.
//!
//! A condition that no case misses is a condition that nobody has tested.

mod dropping;

use std::collections::HashSet;

use datafusion::sql::sqlparser::ast::{Statement, VisitMut};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::{Parser, ParserError};

use dropping::Dropping;

/// A query without one of its conditions.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Weakened {
    /// The condition, or the branch of a CASE, that is missing.
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
/// under WHERE, ON, HAVING, QUALIFY, FILTER and the WHEN of a CASE, and each branch of a CASE, also in
/// subqueries. Conditions whose line ends with `-- prunes` are in none, nor is an order that chooses no rows.
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
    let mut dropping = Dropping::new(&pruning, number);
    let _ = weaker.visit(&mut dropping);
    (weaker, dropping.dropped)
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
    fn branches_of_a_case_go_with_their_conditions() {
        let sql =
            "SELECT CASE WHEN a > 1 AND (b = 2 OR c = 3) THEN 'x' WHEN d THEN 'y' ELSE 'z' END,
            sum(CASE WHEN e THEN 1 ELSE CASE f WHEN 4 THEN 2 WHEN g THEN 3 END END)
            FROM t
            WHERE CASE WHEN h THEN i = 5 END";
        let mut found = dropped(sql);
        found.sort();
        let mut expected = vec![
            "a > 1",
            "b = 2 OR c = 3",
            "b = 2",
            "c = 3",
            "WHEN a > 1 AND (b = 2 OR c = 3) THEN 'x'",
            "d",
            "WHEN d THEN 'y'",
            "e",
            "WHEN e THEN 1",
            "WHEN 4 THEN 2",
            "WHEN g THEN 3",
            "CASE WHEN h THEN i = 5 END",
            "h",
            "WHEN h THEN i = 5",
        ];
        expected.sort();
        assert_eq!(found, expected);
    }

    #[test]
    fn rows_of_a_branch_that_is_missing_fall_through() {
        let left = |sql: &str| -> Vec<String> {
            weakened(sql).unwrap().iter().map(|weak| weak.query.to_string()).collect()
        };
        assert_eq!(
            left("SELECT CASE WHEN a THEN 1 WHEN b THEN 2 ELSE 3 END"),
            [
                "SELECT CASE WHEN true THEN 1 WHEN b THEN 2 ELSE 3 END",
                "SELECT CASE WHEN false THEN 1 WHEN b THEN 2 ELSE 3 END",
                "SELECT CASE WHEN a THEN 1 WHEN true THEN 2 ELSE 3 END",
                "SELECT CASE WHEN a THEN 1 WHEN false THEN 2 ELSE 3 END",
            ]
        );
        assert_eq!(
            left("SELECT CASE a WHEN 1 THEN 2 ELSE 3 END"),
            ["SELECT CASE a WHEN NULL THEN 2 ELSE 3 END"]
        );
    }

    #[test]
    fn an_order_counts_where_it_chooses_rows() {
        let by = "SELECT a FROM t ORDER BY CASE WHEN a > 1 THEN 1 ELSE 2 END";
        assert_eq!(dropped(by), Vec::<String>::new());
        assert_eq!(dropped(&format!("SELECT * FROM ({by}) AS one")), Vec::<String>::new());
        let expected = ["a > 1", "WHEN a > 1 THEN 1"];
        assert_eq!(dropped(&format!("{by} LIMIT 1")), expected);
        assert_eq!(dropped(&format!("{by} FETCH FIRST 1 ROWS ONLY")), expected);
    }

    #[test]
    fn what_is_no_sql_is_an_error() {
        assert!(weakened("SELECT a FROM t WHERE (").is_err());
    }
}
