//! The page on which SQL is written, and saved queries are chosen.

use askama::Template;

use super::frame::Frame;
use super::link::encoded;
use super::rows::Rows;
use super::written;
use crate::PageError;
use crate::grid::Grid;
use crate::story::{Block, blocks};

/// What the page shows.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// The statement as it was written.
    pub statement: String,
    /// The saved queries by topic.
    pub topics: Vec<Topic>,
    /// The saved query that was chosen.
    pub chosen: Option<Chosen>,
    /// What came of it.
    pub outcome: Outcome,
    /// What a statement may use, in a sentence.
    pub limits: String,
    /// Tables and views: a name and what a row is.
    pub tables: Vec<(String, String)>,
}

/// Saved queries about one topic.
#[derive(Clone, Debug, Default)]
pub struct Topic {
    /// What they are about.
    pub name: String,
    /// The queries.
    pub saved: Vec<Saved>,
}

/// A saved query.
#[derive(Clone, Debug, Default)]
pub struct Saved {
    /// Its name.
    pub id: String,
    /// Its question.
    pub title: String,
}

/// The saved query that was chosen.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// Its name.
    pub id: String,
    /// Its question.
    pub title: String,
    /// How to read it, as Markdown.
    pub about: String,
    /// Its query.
    pub sql: String,
    /// The span and its parameters, as they are filled in.
    pub params: Vec<ParamField>,
}

/// A parameter of a saved query.
#[derive(Clone, Debug, Default)]
pub struct ParamField {
    /// The name of its field in the address.
    pub field: String,
    /// Its name.
    pub name: String,
    /// Its value as text.
    pub value: String,
    /// What it does.
    pub about: String,
}

/// What came of a statement.
#[derive(Clone, Debug, Default)]
pub enum Outcome {
    /// Nothing was asked.
    #[default]
    Nothing,
    /// Rows, a sentence about how many, and the path under which they come as CSV.
    Rows(Rows, String, String),
    /// It was not answered: why, and what helps.
    Refused(String, String),
}

#[derive(Template)]
#[template(path = "live/ask.html")]
struct Page<'a> {
    frame: &'a Frame,
    title: &'static str,
    ask: &'a Ask,
    about: Vec<Block>,
    grid: Option<Grid>,
    said: &'a str,
    csv: &'a str,
    refused: Option<(&'a str, &'a str)>,
}

impl Ask {
    /// The page as HTML.
    ///
    /// # Errors
    /// If the templates cannot be written, which they always can into memory.
    pub fn page(&self, frame: &Frame) -> Result<String, PageError> {
        let (grid, said, csv) = match &self.outcome {
            Outcome::Rows(rows, said, csv) => (Some(rows.grid()), said.as_str(), csv.as_str()),
            _ => (None, "", ""),
        };
        let refused = match &self.outcome {
            Outcome::Refused(why, help) => Some((why.as_str(), help.as_str())),
            _ => None,
        };
        let about = self.chosen.as_ref().map(|chosen| blocks(&chosen.about)).unwrap_or_default();
        written(&Page { frame, title: "SQL", ask: self, about, grid, said, csv, refused })
    }
}

impl Saved {
    pub(crate) fn link(&self) -> String {
        format!("/sql?saved={}", encoded(&self.id))
    }
}
