//! The SQL shell: statements and commands, from somebody or from a file.
//!
//! It is DataFusion's engine and reader with a shell of our own. datafusion-cli as a library would bring
//! features that build DataFusion again with all formats and clouds, lets statements write and read any
//! file, and completes file names only.

mod command;
mod complete;
mod script;
mod session;
mod tab;
mod trouble;

use std::path::Path;

use anyhow::{Result, bail};
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{CompletionType, Config, Editor};

pub(crate) use session::Session;

use crate::exit::Exit;
use crate::output::error;
use crate::output::export::Export;
use script::Item;
use session::Next;
use tab::Tab;

/// The file in the home folder that remembers what was asked.
const HISTORY: &str = ".rolecall_history";

/// So many statements are remembered.
const REMEMBERED: usize = 1000;

/// Answers a whole text, which was read from a file or is somebody's own.
pub(crate) async fn answer(
    mut session: Session,
    text: &str,
    file: Option<&Path>,
    export: Option<Export>,
) -> Result<Exit> {
    let items = script::read(text).items;
    let number = items.iter().filter(|item| matches!(item, Item::Statement(_))).count();
    if items.is_empty() {
        bail!("there is no statement to answer: write one, such as `select * from session`")
    }
    if export.is_some() && number != 1 {
        bail!("`-o` takes one answer, and there are {number} statements: leave one")
    }
    session.export = export;
    session.text(text, file).await?;
    Ok(Exit::Done)
}

/// Reads statements and answers them until somebody leaves.
pub(crate) async fn run(session: Session) -> Result<Exit> {
    let mut session = session.interactive();
    let config = Config::builder()
        .auto_add_history(true)
        .max_history_size(REMEMBERED)?
        .completion_type(CompletionType::List)
        .build();
    let mut editor: Editor<Tab, FileHistory> = Editor::with_config(config)?;
    editor.set_helper(Some(Tab::new(session.words())));
    let mut history = std::env::var_os("HOME").map(|home| Path::new(&home).join(HISTORY));
    if let Some(path) = &history {
        // The first shell has no history yet.
        let _ = editor.load_history(path);
    }
    let out = &session.desk.out;
    out.say(&format!("lake {} · \\? for help, \\q to leave", session.desk.global.lake))?;
    loop {
        let text = match editor.readline("rolecall> ") {
            Ok(text) => text,
            Err(ReadlineError::Interrupted) => continue,
            Err(ReadlineError::Eof) => break,
            Err(error) => return Err(error.into()),
        };
        // At once, since a shell may be killed; and of several shells, none forgets another's.
        if let Some(path) = &history
            && let Err(problem) = editor.append_history(path)
        {
            session.desk.out.say(&format!("warning: the history is not kept: {problem}"))?;
            history = None;
        }
        match session.text(&text, None).await {
            Ok(Next::Go) => {}
            Ok(Next::Leave) => break,
            Err(problem) => error::show(&problem, session.desk.out.paint.on),
        }
    }
    Ok(Exit::Done)
}
