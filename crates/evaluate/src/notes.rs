//! What we know about labels that others wrote: which attacks are none of ours, and how published
//! rules relate to our detections. A TOML file.

use rolecall_model::glob::fits;
use serde::Deserialize;

/// What is noted about the labels of real logs.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notes {
    #[serde(default)]
    out_of_scope: Vec<Reason>,
    #[serde(default)]
    differs: Vec<Reason>,
    #[serde(default)]
    rule: Vec<Rule>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reason {
    /// Files of labels, in which `*` stands for anything.
    files: Vec<String>,
    why: String,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    name: String,
    /// What the `subsumes` of detections call it.
    id: String,
}

/// A file that holds no notes.
#[derive(Debug, thiserror::Error)]
#[error("the notes cannot be read: {0}")]
pub struct NotesError(String);

impl Notes {
    /// Reads notes.
    ///
    /// # Errors
    ///
    /// The text is no TOML, or says what notes cannot say.
    pub fn read(text: &str) -> Result<Notes, NotesError> {
        toml::from_str(text).map_err(|error| NotesError(error.to_string().trim_end().to_owned()))
    }

    /// Why an attack in this file need not be found.
    pub fn out_of_scope(&self, file: &str) -> Option<&str> {
        reason(&self.out_of_scope, file)
    }

    /// Why we mean to differ from the rule that this file is a sample of.
    pub fn differs(&self, file: &str) -> Option<&str> {
        reason(&self.differs, file)
    }

    /// What `subsumes` calls a published rule.
    pub fn id(&self, rule: &str) -> Option<&str> {
        self.rule.iter().find(|known| known.name == rule).map(|known| known.id.as_str())
    }
}

fn reason<'a>(reasons: &'a [Reason], file: &str) -> Option<&'a str> {
    let about = |reason: &&Reason| reason.files.iter().any(|pattern| fits(file, pattern));
    reasons.iter().find(about).map(|reason| reason.why.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_reason_that_fits_counts() {
        let notes = Notes::read(
            r#"
            [[out_of_scope]]
            files = ["a/S3.*", "b.json"]
            why = "data"
            [[out_of_scope]]
            files = ["a/*"]
            why = "all else"
            [[rule]]
            name = "Some.Rule"
            id = "P17"
            "#,
        )
        .unwrap();
        assert_eq!(notes.out_of_scope("a/S3.Get.json"), Some("data"));
        assert_eq!(notes.out_of_scope("a/EC2.json"), Some("all else"));
        assert_eq!(notes.out_of_scope("c.json"), None);
        assert_eq!((notes.id("Some.Rule"), notes.id("Other")), (Some("P17"), None));
        assert_eq!(notes.differs("a/EC2.json"), None);
    }

    #[test]
    fn what_notes_cannot_say_is_told_with_its_line() {
        let error = Notes::read("[[differs]]\nfile = \"a\"\nwhy = \"b\"").unwrap_err();
        assert!(error.to_string().contains("line 2"), "{error}");
    }
}
