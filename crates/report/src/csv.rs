//! Comma-separated values (RFC 4180) that no spreadsheet takes for formulas.

use serde_json::{Map, Value};

/// The line of the columns' names.
pub fn csv_head(columns: &[String]) -> String {
    line(columns.iter().map(|name| field(&defused(name))))
}

/// The line of a row: numbers and flags as they are, NULL as nothing, text defused.
pub fn csv_row(columns: &[String], row: &Map<String, Value>) -> String {
    line(columns.iter().map(|column| match row.get(column) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => field(&defused(text)),
        Some(Value::Array(_) | Value::Object(_)) => field(&row[column].to_string()),
        Some(other) => other.to_string(),
    }))
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells.collect();
    format!("{}\r\n", cells.join(","))
}

/// Text that begins like a formula gets an apostrophe before it
/// (<https://owasp.org/www-community/attacks/CSV_Injection>).
fn defused(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text_and_numbers_stay_numbers() {
        let row =
            serde_json::json!({"a": "=cmd()", "b": -1, "c": "x,\"y\"", "d": null, "e": [1, 2]});
        let columns = ["a", "b", "c", "d", "e", "=f"].map(str::to_owned);
        let written = csv_row(&columns, row.as_object().unwrap());
        assert_eq!(csv_head(&columns), "a,b,c,d,e,'=f\r\n");
        assert_eq!(written, "'=cmd(),-1,\"x,\"\"y\"\"\",,\"[1,2]\",\r\n");
    }
}
