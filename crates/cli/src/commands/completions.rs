//! `rolecall completions`: what a shell needs for its Tab, made of the same definitions as the help.

use anyhow::{Context, Result};
use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

use crate::args::Arguments;
use crate::desk::Desk;
use crate::exit::Exit;

/// Print what completes commands and options in your shell
///
/// bash: put it into ~/.local/share/bash-completion/completions/rolecall. zsh: into a file `_rolecall`
/// in a folder of `$fpath`. fish: into ~/.config/fish/completions/rolecall.fish. Make it anew after an
/// update.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall completions bash > ~/.local/share/bash-completion/completions/rolecall\n  rolecall completions zsh > ~/.zfunc/_rolecall\n  rolecall completions fish > ~/.config/fish/completions/rolecall.fish"
)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(self, desk: &Desk) -> Result<Exit> {
        let mut script = Vec::new();
        generate(self.shell, &mut Arguments::command(), "rolecall", &mut script);
        let script = String::from_utf8(script).context("could not make the completions")?;
        desk.out.text(script.trim_end())?;
        Ok(Exit::Done)
    }
}
