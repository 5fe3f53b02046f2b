//! Lists of things with what they are.

use anyhow::Result;

use super::{Out, Row};
use crate::args::Format;

/// Writes rows whose last column is a sentence, which wraps on a terminal instead of being cut.
pub(crate) fn write(out: &Out, columns: &[&str], rows: Vec<Row>) -> Result<()> {
    let columns: Vec<String> = columns.iter().map(|&name| name.to_owned()).collect();
    let (Some(width), Format::Text) = (out.width, out.format) else {
        return out.rows(&columns, &rows);
    };
    let text = |row: &Row, column: &str| row[column].as_str().unwrap_or_default().to_owned();
    let (about, heads) =
        columns.split_last().map_or(("", &columns[..]), |(last, heads)| (last.as_str(), heads));
    let longest =
        |name: &String| rows.iter().map(|row| text(row, name).chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = heads.iter().map(longest).collect();
    for row in &rows {
        let cells =
            heads.iter().zip(&widths).map(|(name, width)| format!("{:<width$}", text(row, name)));
        let head = cells.collect::<Vec<_>>().join("  ");
        let indent = widths.iter().sum::<usize>() + 2 * widths.len();
        let room = width.saturating_sub(indent).max(20);
        for (at, line) in wrapped(&text(row, about), room).into_iter().enumerate() {
            let lead =
                if at == 0 { format!("{}  ", out.paint.bold(&head)) } else { " ".repeat(indent) };
            out.text(&format!("{lead}{line}"))?;
        }
    }
    Ok(())
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is always a line");
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
