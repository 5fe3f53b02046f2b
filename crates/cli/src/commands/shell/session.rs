//! What a shell remembers between statements, and how it answers them.

use std::io::IsTerminal;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rolecall_query::{Engine, Words, sql};

use super::command::{self, Command, HELP};
use super::script::{self, Item};
use super::trouble;
use crate::args::Format;
use crate::commands::{sql as statements, tables};
use crate::desk::Desk;
use crate::output::export::Export;
use crate::output::progress::Bar;
use crate::output::{console_height, pager};

/// So deep may files read files: one that reads itself has no end.
const DEEPEST: usize = 16;

/// Answers that take no longer need no sign of life.
const SHORT: Duration = Duration::from_millis(500);

/// Statements and commands, one after the other.
pub(crate) struct Session {
    pub(super) desk: Desk,
    engine: Engine,
    /// Where the next answer goes, if not to standard output.
    pub(super) export: Option<Export>,
    /// Whether somebody is there who can stop an answer, and go on after an error.
    is_interactive: bool,
    timing: bool,
    pager: bool,
    /// Answers that went to standard output.
    answered: usize,
    depth: usize,
}

/// Whether a session goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Go,
    Leave,
}

impl Session {
    /// A session over an engine, which writes as the desk does.
    pub(crate) fn new(desk: &Desk, engine: Engine) -> Session {
        let (global, mut out) = (desk.global.clone(), desk.out.clone());
        if std::io::stdout().is_terminal() {
            out = out.holding();
        }
        Session {
            desk: Desk { global, out },
            engine,
            export: None,
            is_interactive: false,
            timing: false,
            pager: false,
            answered: 0,
            depth: 0,
        }
    }

    /// The same with somebody at the keyboard.
    pub(super) fn interactive(self) -> Session {
        Session { is_interactive: true, pager: true, ..self }
    }

    /// The words that a statement may be made of.
    pub(super) fn words(&self) -> Words {
        self.engine.words()
    }

    /// Does all that a text says; `file` is where it was read from. The first error ends it.
    pub(super) async fn text(&mut self, text: &str, file: Option<&Path>) -> Result<Next> {
        for item in script::read(text).items {
            self.desk.out.fit();
            let next = match item {
                Item::Command(line) => match command::read(line) {
                    Ok(command) => self.command(command).await,
                    Err(why) => Err(anyhow::Error::msg(why)),
                },
                Item::Statement(statement) => self.statement(&statement).await,
            };
            let shown = self.show();
            let next = match file {
                Some(file) => next.map_err(|error| trouble::in_file(error, file))?,
                None => next?,
            };
            shown?;
            if next == Next::Leave {
                return Ok(next);
            }
        }
        Ok(Next::Go)
    }

    async fn statement(&mut self, statement: &str) -> Result<Next> {
        let begun = Instant::now();
        let waiting = async {
            tokio::time::sleep(SHORT).await;
            let _bar = Bar::waiting(&self.desk.out, "asking");
            std::future::pending().await
        };
        let stopped = async {
            match self.is_interactive {
                // Elsewhere it ends the program, as everywhere.
                false => std::future::pending().await,
                true => tokio::signal::ctrl_c().await,
            }
        };
        let found = tokio::select! {
            found = self.answer(statement) => found,
            found = waiting => found,
            _ = stopped => bail!("stopped"),
        };
        let count = match found? {
            1 => "1 row".to_owned(),
            many => format!("{many} rows"),
        };
        let time = match self.timing {
            true => format!(" · {:.3} s", begun.elapsed().as_secs_f64()),
            false => String::new(),
        };
        self.show()?;
        match self.export.take() {
            Some(export) => self.desk.out.say(&format!("{count} in {}{time}", export.shown()))?,
            None => {
                self.answered += 1;
                if self.desk.out.format == Format::Text || self.timing {
                    self.desk.out.say(&format!("{count}{time}"))?;
                }
            }
        }
        Ok(Next::Go)
    }

    async fn answer(&self, statement: &str) -> Result<usize> {
        let asked = sql(&self.engine, statement).await;
        let answer = asked.map_err(|error| trouble::shown(error, statement))?;
        match &self.export {
            Some(export) => export.write(answer).await,
            None => {
                if self.answered > 0 && !self.is_interactive {
                    self.desk.out.note("")?;
                }
                statements::write(&self.desk.out, answer).await
            }
        }
    }

    async fn command(&mut self, command: Command<'_>) -> Result<Next> {
        let out = &mut self.desk.out;
        let toggled = |now: bool, said: Option<bool>| said.unwrap_or(!now);
        let word = |on: bool| if on { "on" } else { "off" };
        match command {
            Command::Quit => return Ok(Next::Leave),
            Command::Help => out.text(HELP)?,
            Command::Show(name) => tables::show(&self.desk, name).await?,
            Command::List(kind) => tables::list(&self.desk, Some(kind))?,
            Command::Format(format) => out.format = format,
            Command::Expanded(said) => {
                out.expanded = toggled(out.expanded, said);
                out.say(&format!("rows as lists are {}", word(out.expanded)))?;
            }
            Command::Timing(said) => {
                self.timing = toggled(self.timing, said);
                out.say(&format!("timing is {}", word(self.timing)))?;
            }
            Command::Pager(said) => {
                self.pager = toggled(self.pager, said);
                out.say(&format!("the pager is {}", word(self.pager)))?;
            }
            Command::Output(file) => {
                let export = Export::to(Path::new(file))?;
                out.say(&format!("the next answer goes to {}", export.shown()))?;
                self.export = Some(export);
            }
            Command::Include(file) => return self.include(Path::new(file)).await,
        }
        Ok(Next::Go)
    }

    /// Does what a file says. Leaving it is leaving the session.
    async fn include(&mut self, file: &Path) -> Result<Next> {
        if self.depth == DEEPEST {
            bail!("`{}` is read by {DEEPEST} files in a row: does it read itself?", file.display())
        }
        let text = statements::read(file)?;
        self.depth += 1;
        let next = Box::pin(self.text(&text, Some(file))).await;
        self.depth -= 1;
        next
    }

    /// Shows what is held back for the pager.
    fn show(&self) -> Result<()> {
        let answer = self.desk.out.take();
        if answer.is_empty() {
            return Ok(());
        }
        let lines_on_screen = self.pager.then(console_height).flatten();
        pager::show(&answer, lines_on_screen).context("could not write the answer")
    }
}
