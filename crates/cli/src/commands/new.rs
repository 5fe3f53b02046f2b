//! `rolecall new`: the folder of a detection or report, to be filled.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::desk::Desk;
use crate::exit::Exit;

/// Begin a detection or report: a folder with a query and cases that pass `rolecall check`, to be
/// rewritten
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall new session-at-night\n  rolecall check --queries ./detections session-at-night\n  rolecall detect --queries ./detections\n  rolecall new --report roles-at-night"
)]
pub(crate) struct New {
    /// What is seen, in words joined by hyphens
    name: String,
    /// Where the folder is made [default: ./detections, or ./reports for a report]
    #[arg(long = "in", value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Begin a report, as in every folder that is called `reports`
    #[arg(long)]
    report: bool,
}

/// The folder in which only reports are begun.
const REPORTS: &str = "reports";

/// A file of the new folder, and what stands in it.
type File = (&'static str, &'static str);

const DETECTION: [File; 2] = [
    ("detection.sql", include_str!("../../templates/detection/detection.sql")),
    ("cases.md", include_str!("../../templates/detection/cases.md")),
];

const REPORT: [File; 2] = [
    ("report.sql", include_str!("../../templates/report/report.sql")),
    ("cases.md", include_str!("../../templates/report/cases.md")),
];

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
        let is_report = self.report || self.folder.as_deref().is_some_and(is_for_reports);
        let (files, usual) = match is_report {
            true => (REPORT, "./reports"),
            false => (DETECTION, "./detections"),
        };
        let parent = self.folder.unwrap_or_else(|| usual.into());
        let folder = parent.join(&self.name);
        if folder.exists() {
            bail!("`{}` exists: choose another name, or rewrite what is there", folder.display())
        }
        let failed = || format!("could not make `{}`", folder.display());
        std::fs::create_dir_all(&folder).with_context(failed)?;
        for (file, text) in files {
            let text = text.replace("NAME", &self.name);
            std::fs::write(folder.join(file), text).with_context(failed)?;
        }
        let queries = parent.display();
        let ask = match is_report {
            true => format!("rolecall report --queries {queries} {}", self.name),
            false => format!("rolecall detect --queries {queries}"),
        };
        let [(query, _), (cases, _)] = files;
        desk.out.text(&format!(
            "made {0}/{query} and {0}/{cases}\n\n\
             They pass as they are; now make them say what you look for:\n  \
             rolecall tables                                  what can be asked\n  \
             rolecall sql \"…\"                                 try a query on your lake\n  \
             rolecall check --queries {queries} {1}\n  \
             {ask}",
            folder.display(),
            self.name
        ))?;
        Ok(Exit::Done)
    }
}

/// Whether a query is still the one that a new folder begins with.
pub(super) fn is_untouched(sql: &str) -> bool {
    let begun = [DETECTION, REPORT].into_iter().flatten();
    begun.filter_map(|(_, text)| text.split_once("*/")).any(|(_, query)| query.trim() == sql.trim())
}

/// Whether a folder is called as the one that `--queries` reads reports from.
fn is_for_reports(folder: &Path) -> bool {
    std::path::absolute(folder)
        .is_ok_and(|folder| folder.file_name().is_some_and(|name| name == REPORTS))
}
