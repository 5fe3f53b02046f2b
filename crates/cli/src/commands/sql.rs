//! `rolecall sql`: ask anything.

use std::io::{IsTerminal, Read};
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use rolecall_query::{Engine, json_rows, sql};

use super::shell;
use crate::args::Format;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::output::Row;

/// Ask in SQL; without a statement, open a shell
///
/// The tables and their columns are listed by `rolecall tables`. Nothing in a lake can be changed
/// by SQL.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall sql 'select root_principal, count(*) from session group by 1 order by 2 desc'\n  rolecall sql --format json 'select count(*) as n from event'\n  rolecall sql -f report.sql --format csv > report.csv\n  rolecall sql"
)]
pub(crate) struct Sql {
    /// The statement
    #[arg(value_name = "STATEMENT", conflicts_with = "file")]
    statement: Option<String>,
    /// Read the statement from a file, or from standard input if it is `-`
    #[arg(short, long, value_name = "FILE")]
    file: Option<PathBuf>,
}

impl Sql {
    pub(crate) async fn run(self, desk: &Desk) -> Result<Exit> {
        let engine = desk.engine().await?;
        let statement = match (self.statement, self.file) {
            (Some(statement), _) => statement,
            (None, Some(file)) if file.as_os_str() != "-" => std::fs::read_to_string(&file)
                .with_context(|| format!("could not read `{}`", file.display()))?,
            (None, None) if std::io::stdin().is_terminal() => {
                return shell::run(desk, &engine).await;
            }
            _ => {
                let mut text = String::new();
                std::io::stdin()
                    .read_to_string(&mut text)
                    .context("could not read the statement")?;
                text
            }
        };
        answer(desk, &engine, statement.trim().trim_end_matches(';')).await?;
        Ok(Exit::Done)
    }
}

/// Asks one statement and writes the answer: as it comes for programs, as one table for people.
pub(crate) async fn answer(desk: &Desk, engine: &Engine, statement: &str) -> Result<usize> {
    let mut answer = sql(engine, statement).await?;
    let columns: Vec<String> =
        answer.schema.fields().iter().map(|field| field.name().clone()).collect();
    let mut rows: Vec<Row> = Vec::new();
    let mut count = 0;
    while let Some(batch) = answer.next().await {
        let batch = json_rows(&batch?).context("could not read the rows")?;
        count += batch.len();
        match desk.out.format {
            Format::Json => desk.out.rows(&columns, &batch)?,
            Format::Text | Format::Csv => rows.extend(batch),
        }
    }
    if desk.out.format != Format::Json {
        desk.out.rows(&columns, &rows)?;
    }
    if desk.out.format == Format::Text {
        desk.out.say(&format!("{count} rows"))?;
    }
    Ok(count)
}
