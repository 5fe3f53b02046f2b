//! The interactive SQL shell.

use std::time::Instant;

use anyhow::Result;
use rolecall_model::TABLES;
use rolecall_query::{Engine, documented, views};
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{Config, Context, Editor, Helper, Highlighter, Hinter, Validator};

use super::{sql, tables};
use crate::desk::Desk;
use crate::exit::Exit;
use crate::output::error;

const HELP: &str = "\
A statement ends with a semicolon, and may have many lines.
  \\d         the tables, views and functions
  \\d NAME    the columns of a table
  \\timing    say how long answers take
  \\h         this help
  \\q         leave (also Ctrl-D)";

/// Reads statements and answers them until somebody leaves.
pub(crate) async fn run(desk: &Desk, engine: &Engine) -> Result<Exit> {
    let config = Config::builder().auto_add_history(true).max_history_size(1000)?.build();
    let mut editor: Editor<Words, FileHistory> = Editor::with_config(config)?;
    editor.set_helper(Some(Words::known()));
    let history =
        std::env::var_os("HOME").map(|home| std::path::Path::new(&home).join(".rolecall_history"));
    if let Some(path) = &history {
        // The first shell has no history yet.
        let _ = editor.load_history(path);
    }
    desk.out.say(&format!("lake {} · \\h for help", desk.global.lake))?;
    let mut statement = String::new();
    let mut timing = false;
    loop {
        let prompt = if statement.is_empty() { "rolecall> " } else { "     ...> " };
        let line = match editor.readline(prompt) {
            Ok(line) => line,
            Err(ReadlineError::Interrupted) => {
                statement.clear();
                continue;
            }
            Err(ReadlineError::Eof) => break,
            Err(error) => return Err(error.into()),
        };
        let word = line.trim();
        match word.split_once(' ').unwrap_or((word, "")) {
            _ if !statement.is_empty() => {}
            ("", _) => continue,
            ("\\q" | "quit" | "exit", _) => break,
            ("\\h" | "help", _) => {
                desk.out.text(HELP)?;
                continue;
            }
            ("\\timing", _) => {
                timing = !timing;
                desk.out.text(if timing { "timing is on" } else { "timing is off" })?;
                continue;
            }
            ("\\d", name) => {
                if let Err(problem) =
                    tables::show(desk, Some(name.trim()).filter(|name| !name.is_empty()))
                {
                    error::show(&problem, desk.out.paint.on);
                }
                continue;
            }
            _ => {}
        }
        statement.push_str(&line);
        statement.push('\n');
        if !statement.trim_end().ends_with(';') {
            continue;
        }
        let asked = std::mem::take(&mut statement);
        let start = Instant::now();
        if let Err(problem) = sql::answer(desk, engine, asked.trim().trim_end_matches(';')).await {
            error::show(&problem, desk.out.paint.on);
        }
        if timing {
            desk.out.say(&format!("{:.3} s", start.elapsed().as_secs_f64()))?;
        }
    }
    if let Some(path) = &history
        && let Err(problem) = editor.save_history(path)
    {
        desk.out.say(&format!("warning: the history was not saved: {problem}"))?;
    }
    Ok(Exit::Done)
}

/// The words that Tab completes.
#[derive(Helper, Highlighter, Hinter, Validator)]
struct Words(Vec<String>);

impl Words {
    fn known() -> Words {
        const SQL: [&str; 14] = [
            "select",
            "from",
            "where",
            "group by",
            "order by",
            "limit",
            "join",
            "left join",
            "having",
            "count(*)",
            "distinct",
            "between",
            "interval",
            "timestamp",
        ];
        let mut words: Vec<String> = SQL.map(str::to_owned).into();
        for table in TABLES {
            words.push(table.name.to_owned());
            words.extend(table.columns.iter().map(|column| column.name.to_owned()));
        }
        words.extend(views().iter().map(|view| view.name.to_owned()));
        words.extend(documented().iter().map(|function| format!("{}(", function.name)));
        words.sort();
        words.dedup();
        Words(words)
    }
}

impl Completer for Words {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        at: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<String>)> {
        let before = &line[..at];
        let start = before
            .rfind(|c: char| !c.is_alphanumeric() && c != '_' && c != '\\')
            .map_or(0, |place| place + 1);
        let begun = before[start..].to_lowercase();
        if begun.is_empty() {
            return Ok((at, Vec::new()));
        }
        Ok((start, self.0.iter().filter(|word| word.starts_with(&begun)).cloned().collect()))
    }
}
