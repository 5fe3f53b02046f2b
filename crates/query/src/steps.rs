//! Takes a query apart into steps: what it names under WITH, and the rest.
//!
//! DataFusion puts the query of a name wherever the name is used. A name that is used often, by names
//! that are used often, would be planned and answered dozens of times; as a step it is once.

use std::ops::ControlFlow;

use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::helpers::attached_token::AttachedToken;
use datafusion::sql::sqlparser::ast::{
    Cte, Ident, ObjectName, Query, Statement as Plain, Visit, With, visit_relations,
};

/// A part of a query that is answered by itself, in its place among the others.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Step {
    /// What later steps call its rows; the last step has no name.
    pub name: Option<String>,
    /// Its query, with the names that are no steps.
    pub query: Statement,
}

/// Which names become steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Apart {
    /// Those that are used more than once.
    Shared,
    /// All of them.
    All,
}

/// The steps of a query, in an order in which each can be answered; one step if it names nothing, or
/// names what refers to itself.
pub(crate) fn steps(statement: Statement, apart: Apart) -> Vec<Step> {
    let Some((mut query, named)) = named(&statement) else {
        return vec![Step { name: None, query: statement }];
    };
    query.with = None;
    let bodies: Vec<&Query> = named.iter().map(|cte| &*cte.query).chain([&*query]).collect();
    let uses = |name: &Ident| bodies.iter().map(|body| times(*body, name)).sum::<usize>();
    let is_step: Vec<bool> =
        named.iter().map(|cte| apart == Apart::All || uses(&cte.alias.name) > 1).collect();
    let steps = bodies.iter().enumerate().filter(|(at, _)| is_step.get(*at) != Some(&false));
    let steps = steps.map(|(at, body)| Step {
        name: named.get(at).map(|cte| called(&cte.alias.name)),
        query: asking(with(body, needed(body, at, &named, &is_step))),
    });
    steps.collect()
}

/// A query's own text and what it names, if all that it names can be a step.
fn named(statement: &Statement) -> Option<(Box<Query>, Vec<Cte>)> {
    let Statement::Statement(plain) = statement else { return None };
    let Plain::Query(query) = &**plain else { return None };
    let with = query.with.as_ref()?;
    let named = &with.cte_tables;
    // Whoever reads a table of the same name before would read the step, were it put into a later one.
    let plain = named.iter().enumerate().all(|(at, cte)| {
        cte.alias.columns.is_empty()
            && named[..=at].iter().all(|before| times(&before.query, &cte.alias.name) == 0)
    });
    (plain && !with.recursive).then(|| (query.clone(), named.clone()))
}

/// Those before a body that it needs, themselves or through others, and that are no steps.
fn needed(body: &Query, at: usize, named: &[Cte], is_step: &[bool]) -> Vec<Cte> {
    let mut wanted = vec![body];
    let mut needed = Vec::new();
    for (cte, is_step) in named[..at.min(named.len())].iter().zip(is_step).rev() {
        if !is_step && wanted.iter().any(|body| times(*body, &cte.alias.name) > 0) {
            wanted.push(&cte.query);
            needed.push(cte.clone());
        }
    }
    needed.reverse();
    needed
}

fn with(body: &Query, mut needed: Vec<Cte>) -> Query {
    let mut body = body.clone();
    let own = body.with.take();
    let recursive = own.as_ref().is_some_and(|own| own.recursive);
    needed.extend(own.into_iter().flat_map(|own| own.cte_tables));
    if !needed.is_empty() {
        let with_token = AttachedToken::empty();
        body.with = Some(With { with_token, recursive, cte_tables: needed });
    }
    body
}

fn asking(query: Query) -> Statement {
    Statement::Statement(Box::new(Plain::Query(Box::new(query))))
}

/// How often a table of this name is read.
fn times(body: &impl Visit, name: &Ident) -> usize {
    let mut times = 0;
    let _ = visit_relations(body, |relation: &ObjectName| {
        if let [part] = relation.0.as_slice()
            && part.as_ident().is_some_and(|ident| called(ident) == called(name))
        {
            times += 1;
        }
        ControlFlow::<()>::Continue(())
    });
    times
}

/// Names without quotes are read in small letters.
fn called(name: &Ident) -> String {
    if name.quote_style.is_some() { name.value.clone() } else { name.value.to_lowercase() }
}

#[cfg(test)]
mod tests {
    use datafusion::sql::parser::DFParser;

    use super::*;

    fn taken(sql: &str, apart: Apart) -> Vec<String> {
        let statement = DFParser::parse_sql(sql).unwrap().pop_front().unwrap();
        let shown = |step: Step| match step.name {
            Some(name) => format!("{name}: {}", step.query),
            None => step.query.to_string(),
        };
        steps(statement, apart).into_iter().map(shown).collect()
    }

    const SQL: &str = "WITH a AS (SELECT x FROM event), b AS (SELECT x FROM a WHERE x > 1), \
        c AS (SELECT x FROM b JOIN b AS again ON b.x = again.x) \
        SELECT c.x FROM c WHERE EXISTS (SELECT 1 FROM session WHERE session.x = c.x)";

    #[test]
    fn what_is_used_again_is_a_step_and_brings_what_it_needs() {
        let expected = [
            "b: WITH a AS (SELECT x FROM event) SELECT x FROM a WHERE x > 1",
            "WITH c AS (SELECT x FROM b JOIN b AS again ON b.x = again.x) SELECT c.x FROM c \
             WHERE EXISTS (SELECT 1 FROM session WHERE session.x = c.x)",
        ];
        assert_eq!(taken(SQL, Apart::Shared), expected);
    }

    #[test]
    fn every_name_can_be_a_step() {
        let steps = taken(SQL, Apart::All);
        assert_eq!(steps.len(), 4);
        assert_eq!(steps[0], "a: SELECT x FROM event");
        assert_eq!(steps[1], "b: SELECT x FROM a WHERE x > 1");
    }

    #[test]
    fn what_cannot_be_taken_apart_stays_whole() {
        for sql in [
            "SELECT x FROM event",
            "WITH RECURSIVE a AS (SELECT 1 AS x UNION ALL SELECT x FROM a) SELECT * FROM a, a AS b",
            "WITH a AS (SELECT * FROM edge), edge AS (SELECT * FROM a) SELECT * FROM edge, a, edge AS b",
            "WITH a (y) AS (SELECT x FROM event) SELECT * FROM a, a AS b",
            "SHOW TABLES",
        ] {
            let whole = DFParser::parse_sql(sql).unwrap().pop_front().unwrap().to_string();
            assert_eq!(taken(sql, Apart::All), [whole]);
        }
    }
}
