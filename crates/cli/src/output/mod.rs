//! Answers on standard output, everything else on standard error.

pub(crate) mod colour;
pub(crate) mod csv;
pub(crate) mod described;
pub(crate) mod error;
pub(crate) mod export;
pub(crate) mod finding;
pub(crate) mod pager;
pub(crate) mod plain;
pub(crate) mod progress;
pub(crate) mod record;
pub(crate) mod table;
pub(crate) mod tree;

use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use serde_json::{Map, Value};
use terminal_size::{Height, Width, terminal_size};

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
    /// Whether text has a line for each column of a row, instead of a table.
    pub(crate) expanded: bool,
    /// Where answers wait until somebody takes them, instead of going to standard output.
    held: Option<Arc<Mutex<Vec<u8>>>>,
}

impl Out {
    pub(crate) fn new(global: &Global) -> Out {
        let terminal = io::stdout().is_terminal();
        Out {
            format: global.format,
            paint: Paint::new(colour::wanted(global.color, terminal)),
            width: terminal.then(|| console_width().unwrap_or(80)),
            quiet: global.quiet,
            expanded: false,
            held: None,
        }
    }

    /// Looks how wide the terminal has become.
    pub(crate) fn fit(&mut self) {
        self.width = self.width.map(|width| console_width().unwrap_or(width));
    }

    /// The same, with answers that wait to be taken.
    pub(crate) fn holding(self) -> Out {
        Out { held: Some(Arc::default()), ..self }
    }

    /// The answers that wait.
    pub(crate) fn take(&self) -> Vec<u8> {
        let held = self
            .held
            .as_ref()
            .map(|held| std::mem::take(&mut *held.lock().unwrap_or_else(PoisonError::into_inner)));
        held.unwrap_or_default()
    }

    /// Writes text as it is: what is hostile in it was escaped before.
    pub(crate) fn text(&self, text: &str) -> Result<()> {
        self.answer(|into| writeln!(into, "{text}"))
    }

    /// Writes a line for people, who are not there if the answer goes to a program.
    pub(crate) fn note(&self, text: &str) -> Result<()> {
        if self.format == Format::Text && !self.quiet { self.text(text) } else { Ok(()) }
    }

    /// Says something on standard error.
    pub(crate) fn say(&self, text: &str) -> Result<()> {
        if self.quiet {
            return Ok(());
        }
        let lines: Vec<String> = text.lines().map(|line| on_stderr(line, 2)).collect();
        Ok(writeln!(io::stderr().lock(), "{}", lines.join("\n"))?)
    }

    /// Writes rows in the chosen format.
    pub(crate) fn rows(&self, columns: &[String], rows: &[Row]) -> Result<()> {
        self.answer(|into| match self.format {
            Format::Text if self.expanded => {
                into.write_all(record::render(columns, rows, self).as_bytes())
            }
            Format::Text => writeln!(into, "{}", table::render(columns, rows, self)),
            Format::Json => {
                rows.iter().try_for_each(|row| writeln!(into, "{}", Value::Object(row.clone())))
            }
            Format::Csv => csv::write(into, columns, rows),
        })
    }

    fn answer(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
        match &self.held {
            Some(held) => write(&mut *held.lock().unwrap_or_else(PoisonError::into_inner))?,
            None => {
                let mut stdout = io::BufWriter::new(io::stdout().lock());
                write(&mut stdout)?;
                stdout.flush()?;
            }
        }
        Ok(())
    }
}

/// A line for standard error: where a terminal is too narrow for it, it goes on in the next, behind so
/// many blanks. What fits stays as it is.
pub(crate) fn on_stderr(line: &str, indent: usize) -> String {
    let room = io::stderr().is_terminal().then(console_width).flatten();
    match room {
        Some(room) if plain::width(line) + indent > room => {
            let rest = line.trim_start();
            let lead = line.len() - rest.len();
            let rest = plain::wrapped(rest, room, lead + indent);
            format!("{}{rest}", &line[..lead])
        }
        _ => line.to_owned(),
    }
}

/// The columns of the terminal, which the environment may say.
fn console_width() -> Option<usize> {
    let said = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    said.or_else(|| terminal_size().map(|(Width(columns), _)| usize::from(columns)))
}

/// The lines of the terminal; none where there is no terminal.
pub(crate) fn console_height() -> Option<usize> {
    terminal_size().map(|(_, Height(lines))| usize::from(lines))
}

/// Whether an error is only that nobody reads any more.
pub(crate) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
    })
}
