//! `rolecall sql`: ask anything.

use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use rolecall_query::{Answer, json_rows};

use super::shell::{self, Session};
use crate::args::Format;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::output::export::Export;
use crate::output::{Out, Row};

/// Ask in SQL; without a statement, open a shell
///
/// Statements end with a semicolon, of which the last needs none. The tables and their columns are
/// listed by `rolecall tables`. Nothing in a lake can be changed by SQL. The first statement that has no
/// answer ends the run.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall sql 'select root_principal, count(*) from session group by 1 order by 2 desc'\n  rolecall sql --format json 'select count(*) as n from event'\n  rolecall sql -o sessions.parquet 'select * from session'\n  rolecall sql --file questions.sql\n  rolecall sql"
)]
pub(crate) struct Sql {
    /// The statement, or several
    #[arg(value_name = "STATEMENT", conflicts_with = "file")]
    statement: Option<String>,
    /// Read the statements from a file, or from standard input if it is `-`
    #[arg(short, long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Write the answer to a file, whose name ends in `.csv`, `.json` or `.parquet`
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Sql {
    pub(crate) async fn run(self, desk: &Desk) -> Result<Exit> {
        // What cannot be written should not be asked first.
        let export = self.output.as_deref().map(Export::to).transpose()?;
        let interactive = std::io::stdin().is_terminal();
        let (text, file) = match (self.statement, self.file) {
            (Some(statement), _) => (Some(statement), None),
            (None, Some(file)) if file.as_os_str() != "-" => (Some(read(&file)?), Some(file)),
            (None, None) if interactive && export.is_none() => (None, None),
            (None, None) if interactive => bail!("`-o` takes the answer to a statement: add one"),
            _ => {
                let mut text = String::new();
                std::io::stdin()
                    .read_to_string(&mut text)
                    .context("could not read the statements from standard input")?;
                (Some(text), None)
            }
        };
        let session = Session::new(desk, desk.engine().await?);
        match text {
            None => shell::run(session).await,
            Some(text) => shell::answer(session, &text, file.as_deref(), export).await,
        }
    }
}

/// Reads a file of statements.
pub(super) fn read(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("could not read `{}`", file.display()))
}

/// Writes the answer to a statement, as it comes for programs and as one table for people, and gives the
/// number of its rows.
pub(super) async fn write(out: &Out, mut answer: Answer) -> Result<usize> {
    let columns = answer.columns();
    let mut rows: Vec<Row> = Vec::new();
    let mut count = 0;
    while let Some(batch) = answer.next().await {
        let batch = json_rows(&batch?).context("could not read the rows")?;
        count += batch.len();
        match out.format {
            Format::Json => out.rows(&columns, &batch)?,
            Format::Text | Format::Csv => rows.extend(batch),
        }
    }
    if out.format != Format::Json {
        out.rows(&columns, &rows)?;
    }
    Ok(count)
}
