//! The words that a statement may be made of, for whoever completes them.

use datafusion::sql::sqlparser::keywords::ALL_KEYWORDS;

use crate::Engine;

/// The words that an engine knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Tables and views by name, each with its columns in order.
    pub tables: Vec<(String, Vec<String>)>,
    /// Functions by name: of rows, of groups, of windows, and those that are tables.
    pub functions: Vec<String>,
    /// Keywords in capitals.
    pub keywords: Vec<&'static str>,
}

impl Engine {
    /// The words that a statement may be made of here.
    pub fn words(&self) -> Words {
        let state = self.context().state();
        let functions = [
            state.scalar_functions().keys().collect::<Vec<_>>(),
            state.aggregate_functions().keys().collect(),
            state.window_functions().keys().collect(),
            state.table_functions().keys().collect(),
        ];
        let mut functions: Vec<String> = functions.into_iter().flatten().cloned().collect();
        functions.sort_unstable();
        functions.dedup();
        let columns = |name: &str| self.columns_of(name).unwrap_or_default();
        let mut tables: Vec<(String, Vec<String>)> = self
            .names()
            .map(|name| (name.to_owned(), columns(name).into_iter().map(|c| c.name).collect()))
            .collect();
        tables.sort_unstable();
        Words { tables, functions, keywords: ALL_KEYWORDS.to_vec() }
    }
}

#[cfg(test)]
mod tests {
    use crate::Engine;

    #[tokio::test]
    async fn tables_views_and_functions_of_every_kind_are_known() {
        let words = Engine::empty().await.unwrap().words();
        for (table, column) in
            [("session", "root_principal"), ("partner", "name"), ("issuance", "issued_key")]
        {
            let found = words.tables.iter().find(|(name, _)| name == table);
            let (_, columns) = found.unwrap_or_else(|| panic!("{table}: {:?}", words.tables));
            assert!(columns.iter().any(|name| name == column), "{table}: {columns:?}");
        }
        for function in ["account_of_arn", "date_trunc", "count", "row_number"] {
            assert!(words.functions.iter().any(|name| name == function), "{function}");
        }
        assert!(words.keywords.contains(&"SELECT"));
    }
}
