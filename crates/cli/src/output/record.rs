//! Rows as lists, a column a line, for rows that are too wide for a table.

use serde_json::Value;

use super::plain::{cell, plain, width, wrapped};
use super::{Out, Row};

/// The narrowest that a value may stand beside its name.
const ROOM: usize = 20;

/// The rows one below the other. Nothing is left out; long values go on in the next line where they have
/// blanks.
pub(crate) fn render(columns: &[String], rows: &[Row], out: &Out) -> String {
    let names: Vec<String> = columns.iter().map(|name| plain(name)).collect();
    let longest = names.iter().map(|name| width(name)).max().unwrap_or(0);
    let indent = longest + 2;
    let mut text = String::new();
    for (number, row) in rows.iter().enumerate() {
        text.push_str(&out.paint.dim(&format!("row {}", number + 1)));
        text.push('\n');
        for (column, name) in columns.iter().zip(&names) {
            let value = cell(row.get(column).unwrap_or(&Value::Null));
            let value = match out.width {
                Some(room) if room >= indent + ROOM => wrapped(&value, room, indent),
                _ => value,
            };
            let blanks = " ".repeat(indent - width(name));
            text.push_str(&format!("{}{blanks}{value}", out.paint.bold(name)));
            text.truncate(text.trim_end_matches(' ').len());
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::colour::Paint;
    use super::*;
    use crate::args::{Format, Global, When};

    #[test]
    fn every_column_has_a_line_of_its_own() {
        let global = Global {
            lake: String::new(),
            format: Format::Text,
            fail_on: None,
            queries: None,
            config: None,
            threads: None,
            color: When::Never,
            quiet: false,
        };
        let out = Out { paint: Paint::new(false), width: Some(30), ..Out::new(&global) };
        let row =
            serde_json::json!({"id": 7, "name": "a\u{1b}b", "path": "one two three four five"});
        let rows = [row.as_object().unwrap().clone(), Row::new()];
        let columns = ["id", "name", "path"].map(str::to_owned);
        assert_eq!(
            render(&columns, &rows, &out),
            "row 1\nid    7\nname  a\\u{1b}b\npath  one two three four five\n\
             row 2\nid\nname\npath\n"
        );
    }
}
