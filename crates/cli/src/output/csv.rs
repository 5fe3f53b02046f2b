//! Comma-separated values (RFC 4180) that no spreadsheet takes for formulas.

use std::io::{self, Write};

use serde_json::Value;

use super::Row;

/// Writes a header and rows.
pub(crate) fn write(
    into: &mut (impl Write + ?Sized),
    columns: &[String],
    rows: &[Row],
) -> io::Result<()> {
    header(into, columns)?;
    self::rows(into, columns, rows)
}

/// Writes the header.
pub(crate) fn header(into: &mut (impl Write + ?Sized), columns: &[String]) -> io::Result<()> {
    let header: Vec<String> = columns.iter().map(|name| field(name)).collect();
    write!(into, "{}\r\n", header.join(","))
}

/// Writes rows.
pub(crate) fn rows(
    into: &mut (impl Write + ?Sized),
    columns: &[String],
    rows: &[Row],
) -> io::Result<()> {
    for row in rows {
        let cells: Vec<String> = columns
            .iter()
            .map(|column| match row.get(column) {
                None | Some(Value::Null) => String::new(),
                Some(Value::String(text)) => field(&defused(text)),
                Some(other) => field(&other.to_string()),
            })
            .collect();
        write!(into, "{}\r\n", cells.join(","))?;
    }
    Ok(())
}

/// Text that begins like a formula gets an apostrophe before it
/// (<https://owasp.org/www-community/attacks/CSV_Injection>).
fn defused(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
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
        let row = serde_json::json!({"a": "=cmd()", "b": -1, "c": "x,\"y\"", "d": null});
        let row = row.as_object().unwrap().clone();
        let columns = ["a", "b", "c", "d"].map(str::to_owned);
        let mut csv = Vec::new();
        write(&mut csv, &columns, &[row]).unwrap();
        assert_eq!(String::from_utf8(csv).unwrap(), "a,b,c,d\r\n'=cmd(),-1,\"x,\"\"y\"\"\",\r\n");
    }
}
