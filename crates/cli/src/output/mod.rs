//! Answers on standard output, everything else on standard error.

pub(crate) mod colour;
pub(crate) mod csv;
pub(crate) mod described;
pub(crate) mod error;
pub(crate) mod finding;
pub(crate) mod plain;
pub(crate) mod progress;
pub(crate) mod table;
pub(crate) mod tree;

use std::io::{self, IsTerminal, Write};

use anyhow::Result;
use serde_json::{Map, Value};

use crate::args::{Format, Global};
use colour::Paint;

/// A row of an answer: columns in order.
pub(crate) type Row = Map<String, Value>;

/// How this run writes.
#[derive(Clone, Debug)]
pub(crate) struct Out {
    pub(crate) format: Format,
    pub(crate) paint: Paint,
    /// The width of the terminal, if there is one.
    pub(crate) width: Option<usize>,
    pub(crate) quiet: bool,
}

impl Out {
    pub(crate) fn new(global: &Global) -> Out {
        let terminal = io::stdout().is_terminal();
        Out {
            format: global.format,
            paint: Paint::new(colour::wanted(global.color, terminal)),
            width: terminal.then(|| console_width().unwrap_or(80)),
            quiet: global.quiet,
        }
    }

    /// Writes text as it is: what is hostile in it was escaped before.
    pub(crate) fn text(&self, text: &str) -> Result<()> {
        Ok(writeln!(io::stdout().lock(), "{text}")?)
    }

    /// Writes a line for people, who are not there if the answer goes to a program.
    pub(crate) fn note(&self, text: &str) -> Result<()> {
        if self.format == Format::Text && !self.quiet { self.text(text) } else { Ok(()) }
    }

    /// Says something on standard error.
    pub(crate) fn say(&self, text: &str) -> Result<()> {
        if self.quiet { Ok(()) } else { Ok(writeln!(io::stderr().lock(), "{text}")?) }
    }

    /// Writes rows in the chosen format.
    pub(crate) fn rows(&self, columns: &[String], rows: &[Row]) -> Result<()> {
        let mut stdout = io::BufWriter::new(io::stdout().lock());
        match self.format {
            Format::Text => writeln!(stdout, "{}", table::render(columns, rows, self))?,
            Format::Json => {
                for row in rows {
                    writeln!(stdout, "{}", Value::Object(row.clone()))?;
                }
            }
            Format::Csv => csv::write(&mut stdout, columns, rows)?,
        }
        Ok(stdout.flush()?)
    }
}

/// The columns of the terminal, which the environment may say.
fn console_width() -> Option<usize> {
    let said = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    said.or_else(|| comfy_table::Table::new().width().map(usize::from))
}

/// Whether an error is only that nobody reads any more.
pub(crate) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
    })
}
