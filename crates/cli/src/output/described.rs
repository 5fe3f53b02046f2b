//! Lists of things with what they are.

use anyhow::Result;

use super::plain::wrapped;
use super::{Out, Row};
use crate::args::Format;

/// The narrowest that a sentence may stand beside its heads.
const ROOM: usize = 30;

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
    let beside = widths.iter().map(|width| width + 2).sum::<usize>();
    // Where the heads leave no room, the sentence goes below them.
    let (between, indent) = if beside + ROOM <= width { ("  ", beside) } else { ("\n    ", 4) };
    for row in &rows {
        let cells =
            heads.iter().zip(&widths).map(|(name, width)| format!("{:<width$}", text(row, name)));
        let head = out.paint.bold(&cells.collect::<Vec<_>>().join("  "));
        let about = wrapped(&text(row, about), width, indent);
        out.text(&format!("{head}{between}{about}"))?;
    }
    Ok(())
}
