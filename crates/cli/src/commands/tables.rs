//! `rolecall tables`: what can be asked.

use anyhow::{Result, bail};
use clap::Args;
use rolecall_model::askable;
use rolecall_model::table::DATE;
use rolecall_query::{documented, views};
use serde_json::{Map, Value, json};

use super::athena;
use crate::desk::Desk;
use crate::exit::Exit;
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
            None => show(desk, self.name.as_deref())?,
        }
        Ok(Exit::Done)
    }
}

/// Shows everything, or one thing.
pub(crate) fn show(desk: &Desk, name: Option<&str>) -> Result<()> {
    match name {
        None => described::write(&desk.out, &["kind", "name", "about"], overview()),
        Some(name) => one(desk, name),
    }
}

fn overview() -> Vec<Row> {
    let tables = askable().map(|table| {
        let kind = if table.is_stored() { "table" } else { "known" };
        row(&[("kind", kind), ("name", table.name), ("about", table.about)])
    });
    let views = views()
        .into_iter()
        .map(|view| row(&[("kind", "view"), ("name", view.name), ("about", view.about)]));
    let functions = documented()
        .into_iter()
        .map(|f| row(&[("kind", "function"), ("name", f.signature), ("about", f.about)]));
    tables.chain(views).chain(functions).collect()
}

fn one(desk: &Desk, name: &str) -> Result<()> {
    if let Some(table) = askable().find(|table| table.name == name) {
        desk.out.note(&format!("{}\n{}\n", desk.out.paint.bold(table.name), table.about))?;
        let columns = table.columns.iter().chain(table.is_stored().then_some(&DATE));
        let rows = columns.map(|column| {
            let kind = format!("{:?}", column.kind).to_lowercase();
            let null = if column.nullable { "null" } else { "" };
            row(&[
                ("column", column.name),
                ("kind", &kind),
                ("null", null),
                ("about", column.about),
            ])
        });
        return described::write(&desk.out, &["column", "kind", "null", "about"], rows.collect());
    }
    if let Some(view) = views().into_iter().find(|view| view.name == name) {
        return desk.out.text(view.sql.trim_end());
    }
    if let Some(function) = documented().into_iter().find(|function| function.name == name) {
        return desk.out.text(&format!(
            "{}\n{}\n\n  {}",
            function.signature, function.about, function.example
        ));
    }
    bail!("there is no table, view or function `{name}`: `rolecall tables` lists them all")
}

fn row(cells: &[(&str, &str)]) -> Row {
    cells
        .iter()
        .map(|(name, text)| ((*name).to_owned(), json!(text)))
        .collect::<Map<String, Value>>()
}
