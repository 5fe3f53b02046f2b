//! The columns of a table or view, as an analyst reads them.

use arrow::datatypes::DataType;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::logical_expr::LogicalPlan;
use rolecall_lake::arrow_schema;
use rolecall_model::table::DATE;
use rolecall_model::{Table, askable};

use crate::Engine;

/// What an analyst should know about a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnDoc {
    /// Its name.
    pub name: String,
    /// What it holds: `text`, `long`, `flag`, `time`, `day` or `bytes` as in the tables, or else the engine's own type.
    pub kind: String,
    /// What it means: as the table says that it comes from, or else the only one that has a column of
    /// this name. Empty for what only a view computes.
    pub about: &'static str,
}

impl Engine {
    /// The names of its tables and views.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.all().iter().map(|(name, _)| *name)
    }

    /// The columns of a table or view; none if there is none of this name.
    pub fn columns_of(&self, name: &str) -> Option<Vec<ColumnDoc>> {
        let (_, provider) = self.all().iter().find(|(known, _)| *known == name)?;
        let sources = provider
            .get_logical_plan()
            .map_or_else(|| vec![name.to_owned()], |plan| scanned(&plan));
        let schema = provider.schema();
        let columns = schema.fields().iter().map(|field| {
            let kind = kind(field.data_type());
            ColumnDoc {
                name: field.name().clone(),
                about: about(field.name(), &kind, &sources),
                kind,
            }
        });
        Some(columns.collect())
    }
}

/// The tables that a view reads.
fn scanned(plan: &LogicalPlan) -> Vec<String> {
    let mut names = Vec::new();
    // Nothing here can fail.
    let _ = plan.apply_with_subqueries(|node| {
        if let LogicalPlan::TableScan(scan) = node {
            names.push(scan.table_name.table().to_owned());
        }
        Ok(TreeNodeRecursion::Continue)
    });
    names
}

fn about(name: &str, of_kind: &str, sources: &[String]) -> &'static str {
    if name == DATE.name {
        return DATE.about;
    }
    // What is of another type is another thing under the same name.
    let is_alike = |table: &Table| {
        let schema = arrow_schema(table);
        schema.field_with_name(name).is_ok_and(|field| kind(field.data_type()) == of_kind)
    };
    let told = askable().filter(|table| is_alike(table));
    let told = told.filter_map(|table| Some((table.name, &table.columns[table.index(name)?])));
    let told: Vec<_> = told.collect();
    let own = told.iter().find(|(table, _)| sources.iter().any(|source| source == table));
    let only = || told.first().filter(|_| told.len() == 1);
    own.or_else(only).map_or("", |(_, column)| column.about)
}

/// The type in the words of the tables.
fn kind(kind: &DataType) -> String {
    let word = match kind {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => "text",
        DataType::Int64 => "long",
        DataType::Boolean => "flag",
        DataType::Timestamp(_, _) => "time",
        DataType::Date32 => "day",
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => "bytes",
        other => return other.to_string().to_lowercase(),
    };
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use rolecall_model::askable;

    use crate::Engine;

    #[tokio::test]
    async fn views_have_columns_in_the_words_of_the_tables() {
        let engine = Engine::empty().await.unwrap();
        let columns = engine.columns_of("cross_account").unwrap();
        let kinds: Vec<(&str, &str)> =
            columns.iter().map(|column| (column.name.as_str(), column.kind.as_str())).collect();
        for expected in
            [("created_at", "time"), ("principal", "text"), ("depth", "long"), ("date", "day")]
        {
            assert!(kinds.contains(&expected), "{expected:?}: {kinds:?}");
        }
        // `object` and `session` both have a `kind`; this view reads sessions.
        let long = engine.columns_of("long_session").unwrap();
        let kind = long.iter().find(|column| column.name == "kind").unwrap();
        let session = askable().find(|table| table.name == "session").unwrap();
        assert_eq!(kind.about, session.columns[session.index("kind").unwrap()].about);
        assert!(columns.iter().all(|column| !column.about.is_empty()), "{columns:#?}");
        // `bytes` is a number here, and the first bytes of an object in `rejected`.
        let coverage = engine.columns_of("coverage").unwrap();
        assert_eq!(coverage.iter().find(|column| column.name == "bytes").unwrap().about, "");
        assert_eq!(engine.columns_of("nothing"), None);
    }
}
