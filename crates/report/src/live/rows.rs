//! Tables of pages, as a query gives them: each value in a column of a known name leads to its page.

use rolecall_model::askable;
use serde_json::{Map, Value};

use super::link::link;
use crate::grid::{Cell, Grid, Head};
use crate::names::short;
use crate::room::Room;
use crate::text::cut;

/// What is shown of a session in a list.
pub const SESSION_COLUMNS: [&str; 12] = [
    "created_at",
    "principal",
    "session_name",
    "account_id",
    "issued_by",
    "issued_key",
    "depth",
    "root_principal",
    "calls",
    "failed_calls",
    "last_used_at",
    "session_id",
];

/// Room for one table, in bytes.
const ROOM: usize = 2_000_000;

/// Columns that are shown at most.
const MOST_COLUMNS: usize = 120;

/// The longest text of an edge, which is two principals, in characters.
const LONGEST_EDGE: usize = 800;

/// A table of a page.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// Its name: part of ids, and of the file that it is exported to.
    pub name: String,
    /// What it shows.
    pub title: String,
    /// The columns in order.
    pub columns: Vec<String>,
    /// The rows by column.
    pub rows: Vec<Map<String, Value>>,
    /// Whether columns without any value are left out.
    pub leaves_out_empty: bool,
    /// What is missing, if anything is.
    pub note: Option<String>,
}

impl Rows {
    pub(crate) fn grid(&self) -> Grid {
        let value = |row: &Map<String, Value>, column: &String| {
            row.get(column).cloned().unwrap_or_default()
        };
        let says = |column: &&String| {
            !self.leaves_out_empty || self.rows.iter().any(|row| !value(row, column).is_null())
        };
        let mut columns: Vec<&String> = self.columns.iter().filter(says).collect();
        let left_out = columns.len().saturating_sub(MOST_COLUMNS);
        columns.truncate(MOST_COLUMNS);
        let head = |column: &&String| Head {
            name: cut(&column.replace('_', " "), 60),
            about: about(column).to_owned(),
            is_number: self.is_number(column),
        };
        let heads = columns.iter().map(head).collect();
        let rows = self
            .rows
            .iter()
            .map(|row| columns.iter().map(|column| cell(column, &value(row, column))).collect());
        let mut grid = Grid::fill(
            &self.name,
            cut(&self.title, 300),
            heads,
            rows,
            self.rows.len(),
            &mut Room::of(ROOM),
        );
        let columns = (left_out > 0).then(|| format!("{left_out} columns are left out."));
        let notes = grid.note.take().or(self.note.clone()).into_iter().chain(columns);
        let notes: Vec<String> = notes.collect();
        grid.note = (!notes.is_empty()).then(|| notes.join(" "));
        grid
    }

    fn is_number(&self, column: &str) -> bool {
        let values = || self.rows.iter().filter_map(|row| row.get(column)).filter(|v| !v.is_null());
        values().next().is_some() && values().all(Value::is_number)
    }
}

/// A value with the page it leads to.
pub(crate) fn cell(column: &str, value: &Value) -> Cell {
    let mut cell = Cell::value(value);
    cell.link = link(column, value);
    if column == "edge"
        && let Some(text) = value.as_str()
        && let Some((from, to)) = text.split_once(" > ")
    {
        cell.whole = Some(cut(text, LONGEST_EDGE));
        cell.shown = cut(&format!("{} → {}", short(from), short(to)), 120);
    }
    cell
}

/// What a column holds, as the tables say.
fn about(column: &str) -> &'static str {
    let found = askable().find_map(|table| Some(table.columns[table.index(column)?].about));
    found.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_columns_go_and_values_lead_to_pages() {
        let row = serde_json::json!({"principal": "arn:aws:iam::222222222222:role/a/build", "country": null, "calls": 3});
        let rows = Rows {
            columns: ["principal", "country", "calls"].map(str::to_owned).into(),
            rows: vec![row.as_object().unwrap().clone()],
            leaves_out_empty: true,
            ..Rows::default()
        };
        let grid = rows.grid();
        assert_eq!(
            grid.heads.iter().map(|head| head.name.as_str()).collect::<Vec<_>>(),
            ["principal", "calls"]
        );
        assert!(grid.heads[1].is_number && !grid.heads[0].about.is_empty());
        let cell = &grid.rows[0][0];
        assert_eq!(
            (cell.shown.as_str(), cell.whole.as_deref()),
            ("build", Some("arn:aws:iam::222222222222:role/a/build"))
        );
        assert_eq!(
            cell.link.as_deref(),
            Some("/principal?id=arn%3Aaws%3Aiam%3A%3A222222222222%3Arole%2Fa%2Fbuild")
        );
        let all = Rows { leaves_out_empty: false, ..rows };
        assert_eq!((all.grid().heads.len(), all.grid().note), (3, None));
        let columns = (0..130).map(|n| format!("c{n}")).collect();
        let wide = Rows { columns, note: Some("Half of it.".to_owned()), ..all }.grid();
        assert_eq!(wide.heads.len(), 120);
        assert_eq!(wide.note.as_deref(), Some("Half of it. 10 columns are left out."));
    }

    #[test]
    fn an_edge_is_short_and_keeps_both_of_its_ends() {
        let edge =
            "arn:aws:iam::222222222222:user/mara > arn:aws:iam::555555555555:role/data-readers";
        let cell = cell("edge", &Value::from(edge));
        assert_eq!(
            (cell.shown.as_str(), cell.whole.as_deref()),
            ("mara → data-readers", Some(edge))
        );
    }
}
