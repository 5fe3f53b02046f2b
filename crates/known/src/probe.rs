//! Questions to the lake that tell whether an entry ever met anything.

/// A question of one pattern of an entry: how many rows of a table fit it?
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// The pattern, as it stands in the file.
    pub about: String,
    /// The table of the lake.
    pub table: &'static str,
    /// The condition; several of one table may share a scan.
    pub condition: String,
}

impl Probe {
    pub(crate) fn new(about: impl Into<String>, table: &'static str, condition: String) -> Probe {
        Probe { about: about.into(), table, condition }
    }

    /// The whole question: one row, one number.
    pub fn sql(&self) -> String {
        format!("SELECT count(*) FROM {} WHERE {}", self.table, self.condition)
    }
}

/// A text as an SQL literal.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// `column = 'text'`.
pub(crate) fn equals(column: &str, text: &str) -> String {
    format!("{column} = {}", literal(text))
}

/// `glob(column, 'pattern')`.
pub(crate) fn fits(column: &str, pattern: &str) -> String {
    format!("glob({column}, {})", literal(pattern))
}

/// Conditions that must all hold; those that always do are left out.
pub(crate) fn all(conditions: impl IntoIterator<Item = String>) -> String {
    let conditions: Vec<String> =
        conditions.into_iter().filter(|condition| !condition.ends_with(", '*')")).collect();
    if conditions.is_empty() { "TRUE".into() } else { conditions.join(" AND ") }
}

/// Conditions of which one must hold.
pub(crate) fn any(conditions: impl IntoIterator<Item = String>) -> String {
    let conditions: Vec<String> = conditions.into_iter().collect();
    if conditions.is_empty() { "TRUE".into() } else { format!("({})", conditions.join(" OR ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_values() {
        assert_eq!(literal("a' OR 'x"), "'a'' OR ''x'");
        assert_eq!(all([fits("a", "*"), equals("b", "c")]), "b = 'c'");
        assert_eq!(all([fits("a", "*")]), "TRUE");
        let probe = Probe::new("x", "usage", fits("principal", "it's*"));
        assert_eq!(probe.sql(), "SELECT count(*) FROM usage WHERE glob(principal, 'it''s*')");
    }
}
