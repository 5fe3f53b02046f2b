//! Where in a folder a flaw stands, so that an editor can go there.

use crate::{Flaw, Folder};

impl Flaw {
    /// The file, and the line in it from 1 if the flaw stands in one.
    pub fn place(&self, folder: &Folder) -> (String, Option<usize>) {
        let query = folder.files.iter().find(|(name, _)| name.ends_with(".sql"));
        let (file, text) = query.map_or(("detection.sql", ""), |(name, text)| (name, text));
        let line = match self {
            Flaw::Case { line, .. } => {
                return ("cases.md".to_owned(), (*line > 0).then_some(*line));
            }
            Flaw::NeverFires | Flaw::NeverSilent | Flaw::NeverGives => {
                return ("cases.md".to_owned(), None);
            }
            Flaw::MissingFile(name) => return ((*name).to_owned(), None),
            Flaw::Value { key, .. } => line_of(text, key),
            Flaw::FrontMatter { line, .. } => Some(*line),
            Flaw::MissingSection(_) | Flaw::NoQuery => {
                text.lines().position(|line| line.contains("*/")).map(|at| at + 1)
            }
            Flaw::Name | Flaw::NoHeader | Flaw::NoFrontMatter => Some(1),
        };
        (file.to_owned(), line)
    }
}

impl Folder {
    /// The line of a query's file, from 1, on which its metadata gives a key its value, or opens the
    /// table of that name.
    pub fn line_of(&self, file: &str, key: &str) -> Option<usize> {
        let text = self.files.iter().find(|(name, _)| name == file);
        text.and_then(|(_, text)| line_of(text, key))
    }
}

/// The line that gives a key its value, or opens its table.
fn line_of(text: &str, key: &str) -> Option<usize> {
    let is_it = |line: &str| {
        let line = line.trim_start();
        line.starts_with(&format!("[{key}]"))
            || line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    text.lines().position(is_it).map(|at| at + 1)
}
