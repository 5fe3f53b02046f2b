//! What can be wrong with a detection's folder.

/// One thing that is wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Flaw {
    /// The folder's name is the identifier.
    #[error(
        "its name is no identifier: use lower-case words joined by hyphens, such as `chain-into-new-account`"
    )]
    Name,
    /// A file is missing.
    #[error("`{0}` is missing: add it, or take the folder away")]
    MissingFile(&'static str),
    /// The query has no story.
    #[error(
        "`detection.sql` does not begin with a comment `/* … */` that holds metadata and story"
    )]
    NoHeader,
    /// The story has no metadata.
    #[error("the comment does not begin with metadata between two lines `+++`")]
    NoFrontMatter,
    /// The metadata is no TOML, or not ours.
    #[error("the metadata is not as expected: {why}")]
    FrontMatter {
        /// The line of the file, from 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// A section of the story is missing.
    #[error("the story has no section `## {0}`")]
    MissingSection(&'static str),
    /// A value of the metadata is not what it should be.
    #[error("`{key}` {why}")]
    Value {
        /// Which.
        key: String,
        /// What is wrong with it.
        why: String,
    },
    /// The comment is followed by nothing.
    #[error("there is no query after the comment")]
    NoQuery,
    /// A line of the cases is wrong.
    #[error("{why}")]
    Case {
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// Nothing shows that it works.
    #[error("no case shows it firing: add a section `## fires: …` to `cases.md`")]
    NeverFires,
    /// Nothing shows an answer.
    #[error("no case shows an answer: add a section `## gives: …` to `cases.md`")]
    NeverGives,
    /// Nothing shows that it can be quiet.
    #[error("no case shows it staying silent: add a section `## silent: …` to `cases.md`")]
    NeverSilent,
}

/// A flaw, and whose it is.
#[derive(Debug, thiserror::Error)]
#[error("`{folder}`: {flaw}")]
pub struct FlawIn {
    /// The folder.
    pub folder: String,
    /// What is wrong with it.
    pub flaw: Flaw,
}
