//! `rolecall new`: the folder of a detection, to be filled.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::desk::Desk;
use crate::exit::Exit;

/// Begin a detection: a folder with a query and cases that pass `rolecall check`, to be rewritten
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall new session-at-night\n  rolecall check --queries ./detections session-at-night\n  rolecall detect --queries ./detections"
)]
pub(crate) struct New {
    /// What is seen, in words joined by hyphens
    name: String,
    /// Where the folder is made
    #[arg(long = "in", value_name = "DIR", default_value = "./detections")]
    folder: PathBuf,
}

const QUERY: &str = include_str!("../../templates/detection.sql");
const CASES: &str = include_str!("../../templates/cases.md");

impl New {
    pub(crate) async fn run(self, desk: &Desk) -> Result<Exit> {
        let word = |word: &str| {
            !word.is_empty()
                && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        if !self.name.split('-').all(word) {
            bail!(
                "name what is seen in lower-case words joined by hyphens, such as `session-at-night`"
            )
        }
        let folder = self.folder.join(&self.name);
        if folder.exists() {
            bail!("`{}` exists: choose another name, or rewrite what is there", folder.display())
        }
        let failed = || format!("could not make `{}`", folder.display());
        std::fs::create_dir_all(&folder).with_context(failed)?;
        let files = [("detection.sql", QUERY), ("cases.md", CASES)];
        for (file, text) in files {
            let text = text.replace("NAME", &self.name);
            std::fs::write(folder.join(file), text).with_context(failed)?;
        }
        let queries = self.folder.display();
        desk.out.text(&format!(
            "made {0}/detection.sql and {0}/cases.md\n\n\
             They pass as they are; now make them say what you look for:\n  \
             rolecall tables                                  what can be asked\n  \
             rolecall sql \"…\"                                 try a query on your lake\n  \
             rolecall check --queries {queries} {1}\n  \
             rolecall detect --queries {queries}",
            folder.display(),
            self.name
        ))?;
        Ok(Exit::Done)
    }
}
