//! The shell's helper of the line editor: completion, and Enter that ends a statement only at its end.

use rolecall_query::Words;
use rustyline::completion::{Completer, FilenameCompleter, Pair};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper, Highlighter, Hinter};

use super::complete::{Offer, offer};
use super::script;

/// What the editor asks.
#[derive(Helper, Highlighter, Hinter)]
pub(super) struct Tab {
    words: Words,
    files: FilenameCompleter,
}

impl Tab {
    pub(super) fn new(words: Words) -> Tab {
        Tab { words, files: FilenameCompleter::new() }
    }
}

impl Completer for Tab {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        at: usize,
        context: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        match offer(&self.words, &line[..at]) {
            Offer::Words(start, words) => {
                let pair = |word: String| Pair { display: word.clone(), replacement: word };
                Ok((start, words.into_iter().map(pair).collect()))
            }
            Offer::File => self.files.complete(line, at, context),
        }
    }
}

impl Validator for Tab {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(match script::read(context.input()).is_open {
            true => ValidationResult::Incomplete,
            false => ValidationResult::Valid(None),
        })
    }
}
