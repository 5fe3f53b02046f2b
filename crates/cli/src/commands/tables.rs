//! `rolecall tables`: what can be asked.

use anyhow::{Result, bail};
use clap::Args;
use rolecall_model::table::DATE;
use rolecall_model::{askable, nearest};
use rolecall_query::{Engine, FunctionDoc, documented, views};
use serde_json::{Map, Value, json};

use super::athena;
use crate::args::Format;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::output::plain::{plain, wrapped};
use crate::output::{Row, described};

/// List tables, views and functions, or the columns of one table
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  rolecall tables\n  rolecall tables session\n  \
                        rolecall tables --athena s3://rolecall-lake/lake")]
pub(crate) struct Tables {
    /// One table, view or function
    name: Option<String>,

    /// Print the statements that register the tables of a lake in Athena
    #[arg(long, value_name = "S3_URL", conflicts_with = "name")]
    athena: Option<String>,

    /// The database that they are registered in
    #[arg(long, value_name = "NAME", default_value = "rolecall", requires = "athena")]
    database: String,
}

impl Tables {
    pub(crate) async fn run(self, desk: &Desk) -> Result<Exit> {
        match &self.athena {
            Some(lake) => desk.out.text(&athena::statements(lake, &self.database)?)?,
            None => show(desk, self.name.as_deref()).await?,
        }
        Ok(Exit::Done)
    }
}

/// Shows everything, or one thing.
pub(crate) async fn show(desk: &Desk, name: Option<&str>) -> Result<()> {
    match name {
        None => list(desk, None),
        Some(name) => one(desk, name).await,
    }
}

/// Lists what there is: of one kind (`table`, `known`, `view` or `function`), or everything.
pub(crate) fn list(desk: &Desk, kind: Option<&str>) -> Result<()> {
    let tables = askable().map(|table| {
        let kind = if table.is_stored() { "table" } else { "known" };
        (kind, table.name, table.about)
    });
    let views = views().into_iter().map(|view| ("view", view.name, view.about));
    let functions = documented().into_iter().map(|f| ("function", f.signature, f.about));
    let rows = tables.chain(views).chain(functions).filter(|(of, ..)| {
        // What is known is asked as any table.
        kind.is_none_or(|kind| *of == kind || (kind, *of) == ("table", "known"))
    });
    let rows =
        rows.map(|(kind, name, about)| row(&[("kind", kind), ("name", name), ("about", about)]));
    described::write(&desk.out, &["kind", "name", "about"], rows.collect())
}

/// The columns of a table or view, or what a function does. Programs get rows and nothing else.
async fn one(desk: &Desk, name: &str) -> Result<()> {
    let out = &desk.out;
    let title = |about: &str| {
        let about = out.width.map_or_else(|| about.to_owned(), |width| wrapped(about, width, 0));
        out.note(&format!("{}\n{about}\n", out.paint.bold(name)))
    };
    if let Some(table) = askable().find(|table| table.name == name) {
        title(table.about)?;
        let columns = table.columns.iter().chain(table.is_stored().then_some(&DATE));
        let rows = columns.map(|column| {
            let kind = format!("{:?}", column.kind).to_lowercase();
            described_column(column.name, &kind, column.nullable, column.about)
        });
        return described::write(out, &COLUMN, rows.collect());
    }
    if let Some(view) = views().into_iter().find(|view| view.name == name) {
        title(view.about)?;
        let columns = Engine::empty().await?.columns_of(name).unwrap_or_default();
        let rows = columns.iter().map(|c| described_column(&c.name, &c.kind, true, c.about));
        described::write(out, &COLUMN, rows.collect())?;
        return out.note(&format!("\n{}", without_comment(view.sql)));
    }
    if let Some(function) = documented().into_iter().find(|function| function.name == name) {
        let FunctionDoc { signature, about, example, .. } = function;
        if out.format == Format::Text {
            return out.text(&format!("{signature}\n{about}\n\n  {example}"));
        }
        let row = row(&[("function", signature), ("about", about), ("example", example)]);
        return described::write(out, &["function", "about", "example"], vec![row]);
    }
    let names = askable().map(|table| table.name).chain(views().into_iter().map(|view| view.name));
    let names = names.chain(documented().into_iter().map(|function| function.name));
    let near = nearest(name, names).map(|near| format!("did you mean `{near}`? "));
    bail!(
        "there is no table, view or function `{}`: {}`rolecall tables` lists them all",
        plain(name),
        near.unwrap_or_default()
    )
}

/// What is told of a column.
const COLUMN: [&str; 4] = ["column", "kind", "null", "about"];

fn described_column(name: &str, kind: &str, nullable: bool, about: &str) -> Row {
    let null = if nullable { "null" } else { "" };
    row(&[("column", name), ("kind", kind), ("null", null), ("about", about)])
}

/// The query of a view, whose grain is told already.
fn without_comment(sql: &str) -> &str {
    sql.split_once("*/").map_or(sql, |(_, query)| query).trim()
}

fn row(cells: &[(&str, &str)]) -> Row {
    cells
        .iter()
        .map(|(name, text)| ((*name).to_owned(), json!(text)))
        .collect::<Map<String, Value>>()
}
