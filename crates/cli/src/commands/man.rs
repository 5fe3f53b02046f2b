//! `rolecall man`: manual pages, made of the same definitions as the help.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, CommandFactory};
use clap_mangen::{Man as Page, generate_to};

use crate::args::Arguments;
use crate::desk::Desk;
use crate::exit::Exit;

/// Write the manual pages into a folder; without one, print the first
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall man | man -l -\n  rolecall man ~/.local/share/man/man1 && man rolecall-sql"
)]
pub(crate) struct Man {
    /// The folder; pages in it are replaced
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

impl Man {
    pub(crate) fn run(self, desk: &Desk) -> Result<Exit> {
        let Some(folder) = self.folder else {
            let mut page = Vec::new();
            Page::new(Arguments::command()).render(&mut page)?;
            let page = String::from_utf8(page).context("could not make the page")?;
            desk.out.text(page.trim_end())?;
            return Ok(Exit::Done);
        };
        let failed = || format!("could not write the pages into `{}`", folder.display());
        std::fs::create_dir_all(&folder).with_context(failed)?;
        generate_to(Arguments::command(), &folder).with_context(failed)?;
        desk.out
            .say(&format!("the pages are in {}: `man rolecall` is the first", folder.display()))?;
        Ok(Exit::Done)
    }
}
