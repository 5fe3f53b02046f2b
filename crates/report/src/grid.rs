//! Tables of the page: they sort, filter and export where there is a script, and read well without.

use serde_json::Value;

use crate::names;
use crate::numbers::grouped;
use crate::room::Room;
use crate::text::cut;

/// The longest text in a cell, in characters.
const LONGEST: usize = 400;
/// An upper bound of the markup around a cell, in bytes.
const MARKUP: usize = 96;

/// A table.
#[derive(Debug, Default)]
pub(crate) struct Grid {
    /// Its name: the beginning of ids, and of the file that it is exported to.
    pub(crate) name: String,
    pub(crate) caption: String,
    pub(crate) heads: Vec<Head>,
    pub(crate) rows: Vec<Vec<Cell>>,
    /// The walk on the map that each row stands for, if rows stand for any.
    pub(crate) walks: Vec<String>,
    /// What is left out, if anything is.
    pub(crate) note: Option<String>,
}

#[derive(Debug, Default)]
pub(crate) struct Head {
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) is_number: bool,
}

/// A cell: what is shown, and the whole of it where that is more.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    pub(crate) shown: String,
    pub(crate) whole: Option<String>,
    /// The page about it, where pages are served.
    pub(crate) link: Option<String>,
}

impl Cell {
    pub(crate) fn of(text: impl Into<String>) -> Cell {
        Cell { shown: cut(&text.into(), LONGEST), ..Cell::default() }
    }

    pub(crate) fn number(number: i64) -> Cell {
        Cell::of(grouped(number))
    }

    /// A principal by its short name.
    pub(crate) fn principal(text: &str) -> Cell {
        let shown = cut(names::short(text), LONGEST);
        let whole = (shown != text).then(|| cut(text, LONGEST));
        Cell { shown, whole, link: None }
    }

    /// A value as a query gives it: NULL as nothing, instants without `T` and `Z`.
    pub(crate) fn value(value: &Value) -> Cell {
        match value {
            Value::Null => Cell::default(),
            Value::Bool(flag) => Cell::of(if *flag { "yes" } else { "no" }),
            Value::Number(number) => match number.as_i64() {
                Some(whole) => Cell::number(whole),
                None => Cell::of(number.to_string()),
            },
            Value::String(text) if is_instant(text) => {
                Cell::of(text.trim_end_matches('Z').replacen('T', " ", 1))
            }
            Value::String(text) if text.starts_with("arn:") => Cell::principal(text),
            Value::String(text) => Cell::of(text.as_str()),
            other => Cell::of(other.to_string()),
        }
    }
}

fn is_instant(text: &str) -> bool {
    let bytes = text.as_bytes();
    (20..=30).contains(&bytes.len())
        && bytes[10] == b'T'
        && bytes.ends_with(b"Z")
        && bytes[..4].iter().all(u8::is_ascii_digit)
}

impl Grid {
    /// The walk of a row; empty if it stands for none. Templates give numbers by reference.
    pub(crate) fn walk(&self, row: &usize) -> &str {
        self.walks.get(*row).map_or("", String::as_str)
    }

    /// A table of the first rows for which there is room; `all` is how many there are.
    pub(crate) fn fill(
        name: &str,
        caption: impl Into<String>,
        heads: Vec<Head>,
        rows: impl Iterator<Item = Vec<Cell>>,
        all: usize,
        room: &mut Room,
    ) -> Grid {
        let mut kept = Vec::new();
        for row in rows {
            let texts =
                row.iter().flat_map(|cell| [Some(cell.shown.as_str()), cell.whole.as_deref()]);
            if !room.take(texts.flatten(), MARKUP) {
                break;
            }
            kept.push(row);
        }
        let note = (kept.len() < all).then(|| {
            format!(
                "The first {} of {} rows are here; for all of them ask rolecall.",
                grouped(kept.len() as i64),
                grouped(all as i64)
            )
        });
        Grid {
            name: name.to_owned(),
            caption: caption.into(),
            heads,
            rows: kept,
            walks: Vec::new(),
            note,
        }
    }
}

/// Heads of a table that we made: a name, what it means, and whether it holds numbers.
pub(crate) fn heads(of: &[(&str, &str, bool)]) -> Vec<Head> {
    let head = |(name, about, is_number): &(&str, &str, bool)| Head {
        name: (*name).to_owned(),
        about: (*about).to_owned(),
        is_number: *is_number,
    };
    of.iter().map(head).collect()
}
