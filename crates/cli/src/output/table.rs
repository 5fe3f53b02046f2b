//! Tables that fit: columns are shortened in the middle before anything wraps.

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};
use serde_json::Value;

use super::plain::{cell, shortened};
use super::{Out, Row};

/// The narrowest that a column is shortened to.
const NARROWEST: usize = 12;

/// A table of rows. On a terminal it has lines and fits its width; in a pipe it is aligned text
/// without either, so that other programs can read it.
pub(crate) fn render(columns: &[String], rows: &[Row], out: &Out) -> String {
    let null = Value::Null;
    let texts: Vec<Vec<String>> = rows
        .iter()
        .map(|row| columns.iter().map(|column| cell(row.get(column).unwrap_or(&null))).collect())
        .collect();
    let widths = widths(columns, &texts, out.width);
    let mut table = Table::new();
    table.load_preset(if out.width.is_some() {
        presets::UTF8_HORIZONTAL_ONLY
    } else {
        presets::NOTHING
    });
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(
        columns
            .iter()
            .zip(&widths)
            .map(|(name, width)| Cell::new(out.paint.bold(&shortened(name, *width)))),
    );
    for (row, texts) in rows.iter().zip(&texts) {
        let cells = columns.iter().zip(texts).zip(&widths).map(|((column, text), width)| {
            let cell = Cell::new(shortened(text, *width));
            match row.get(column) {
                Some(Value::Number(_)) => cell.set_alignment(CellAlignment::Right),
                _ => cell,
            }
        });
        table.add_row(cells);
    }
    let text = table.to_string();
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n")
}

/// How wide each column may be: as it is, or, where that is too much, the widest give way first.
fn widths(columns: &[String], texts: &[Vec<String>], available: Option<usize>) -> Vec<usize> {
    let length = |text: &str| text.chars().count();
    let mut widths: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(at, name)| {
            texts.iter().map(|row| length(&row[at])).max().unwrap_or(0).max(length(name))
        })
        .collect();
    let Some(available) = available else { return widths };
    // Each column has a blank on either side.
    let room = available.saturating_sub(3 * columns.len() + 1);
    while widths.iter().sum::<usize>() > room {
        let Some(widest) = widths.iter_mut().max() else { break };
        if *widest <= NARROWEST {
            break;
        }
        *widest -= 1;
    }
    widths
}
