//! Tables that fit: wide columns are shortened in the middle, and what still has no room is left
//! out and named. Nothing wraps.

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};
use serde_json::Value;

use super::plain::{cell, plain, shortened, width};
use super::{Out, Row};

/// What fits into so much is not shortened: instants, accounts, numbers, key ids.
const SHORT: usize = 20;

/// The narrowest that a wider column is shortened to.
const NARROWEST: usize = 16;

/// Blanks between two columns.
const GAP: usize = 2;

/// A table of rows, aligned; on a terminal it fits the width.
pub(crate) fn render(columns: &[String], rows: &[Row], out: &Out) -> String {
    let null = Value::Null;
    let texts: Vec<Vec<String>> = rows
        .iter()
        .map(|row| columns.iter().map(|column| cell(row.get(column).unwrap_or(&null))).collect())
        .collect();
    let widths = fitted(natural(columns, &texts), out.width);
    let (shown, left_out) = columns.split_at(widths.len());

    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(shown.iter().zip(&widths).map(|(name, room)| {
        let name = shortened(&plain(name), *room);
        let blanks = " ".repeat(room.saturating_sub(width(&name)));
        Cell::new(out.paint.bold(&format!("{name}{blanks}")))
    }));
    for (row, texts) in rows.iter().zip(&texts) {
        table.add_row(shown.iter().zip(texts).zip(&widths).map(|((column, text), room)| {
            let cell = Cell::new(shortened(text, *room));
            match row.get(column) {
                Some(Value::Number(_)) => cell.set_alignment(CellAlignment::Right),
                _ => cell,
            }
        }));
    }
    let text = table.to_string();
    // The table begins each line with the blank that pads its first column.
    let lines = text.lines().map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end());
    let mut lines: Vec<String> = lines.map(str::to_owned).collect();
    if !left_out.is_empty() {
        let names = shortened(&left_out.join(", "), out.width.unwrap_or(80).saturating_sub(46));
        lines.push(out.paint.dim(&format!("left out: {names}; --format json (or \\x) has all")));
    }
    lines.join("\n")
}

/// How wide each column would like to be.
fn natural(columns: &[String], texts: &[Vec<String>]) -> Vec<usize> {
    let widest = |at: usize| texts.iter().map(|row| width(&row[at])).max().unwrap_or(0);
    columns.iter().enumerate().map(|(at, name)| widest(at).max(width(&plain(name)))).collect()
}

/// The widths that have room: the widest give way first, then the last columns go.
fn fitted(mut widths: Vec<usize>, available: Option<usize>) -> Vec<usize> {
    let Some(available) = available else { return widths };
    let floor = |width: usize| if width <= SHORT { width } else { NARROWEST };
    while widths.len() > 1 && widths.iter().map(|w| floor(*w) + GAP).sum::<usize>() > available {
        widths.pop();
    }
    let floors: Vec<usize> = widths.iter().map(|width| floor(*width)).collect();
    while widths.iter().map(|width| width + GAP).sum::<usize>() > available {
        let wide = widths.iter_mut().zip(&floors).filter(|(width, floor)| **width > **floor);
        let Some((widest, _)) = wide.max() else { break };
        *widest -= 1;
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::fitted;

    #[test]
    fn the_widest_give_way_and_the_last_go() {
        assert_eq!(fitted(vec![10, 70, 40], None), [10, 70, 40]);
        assert_eq!(fitted(vec![10, 70, 40], Some(80)), [10, 32, 32]);
        assert_eq!(fitted(vec![30, 30, 30, 30], Some(40)), [18, 18]);
        assert_eq!(fitted(vec![19, 60, 12], Some(60)), [19, 23, 12]);
        assert_eq!(fitted(vec![100], Some(10)), [16]);
    }
}
