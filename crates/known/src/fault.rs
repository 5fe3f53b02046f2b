//! What can be wrong, and what helps.

/// What is wrong. [`Fault::help`] says what helps.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The text is no TOML.
    #[error("this is no TOML: {0}")]
    Syntax(String),
    /// Nobody asks for such a key or section.
    #[error("`{found}` is unknown in {section}")]
    Unknown {
        /// What was found.
        found: String,
        /// Where.
        section: &'static str,
        /// The nearest of the choices, if one is near.
        nearest: Option<&'static str>,
        /// What is known there.
        choices: &'static [&'static str],
    },
    /// A key without which the entry says nothing.
    #[error("{section} has no {what}")]
    Missing {
        /// Which section.
        section: &'static str,
        /// What it lacks.
        what: String,
        /// What it could look like.
        help: &'static str,
    },
    /// A value of another type.
    #[error("`{key}` is {found}, not {wanted}")]
    Type {
        /// Whose.
        key: String,
        /// The type it has.
        found: &'static str,
        /// The type it should have.
        wanted: &'static str,
        /// What to write.
        help: String,
    },
    /// A list or text without content.
    #[error("`{key}` is empty")]
    Empty {
        /// Which.
        key: String,
    },
    /// A value that is not what it should be.
    #[error("`{found}` {why}")]
    Value {
        /// The value.
        found: String,
        /// What is wrong with it.
        why: String,
        /// What helps.
        help: String,
    },
    /// The same thing twice.
    #[error("{what} is there already, on line {line}")]
    Duplicate {
        /// What.
        what: String,
        /// Where it is first.
        line: usize,
    },
    /// The output of `aws organizations list-accounts` cannot be read.
    #[error("the accounts file {0}")]
    Export(String),
    /// A detection that the catalogue does not have.
    #[error("there is no detection `{found}`")]
    NoDetection {
        /// What was found.
        found: String,
        /// The nearest name, if one is near.
        nearest: Option<String>,
    },
    /// Nobody vouches for an entry. This is advice, not an error.
    #[error("{section} has no {missing}")]
    Unvouched {
        /// Which section.
        section: &'static str,
        /// What it lacks.
        missing: String,
    },
}

impl Fault {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Fault::Syntax(message) if message.contains("duplicate key") => {
                "keep one of the two".into()
            }
            Fault::Syntax(message) if message.contains("zero") => {
                "put account ids into quotes: \"012345678901\"".into()
            }
            Fault::Syntax(_) => {
                "texts need quotes, lists brackets, sections a line of their own; see https://toml.io"
                    .into()
            }
            Fault::Unknown { nearest: Some(nearest), .. } => format!("did you mean `{nearest}`?"),
            Fault::Unknown { choices, .. } => format!("known are {}", words(choices)),
            Fault::Missing { help, .. } => (*help).into(),
            Fault::Type { help, .. } | Fault::Value { help, .. } => help.clone(),
            Fault::Empty { key } => format!("give `{key}` a value, or delete the line"),
            Fault::Duplicate { .. } => "delete one of the two".into(),
            Fault::Export(_) => {
                "make it with `aws organizations list-accounts --output json`, or export the \
                 accounts as CSV from the console of AWS Organizations"
                    .into()
            }
            Fault::NoDetection { nearest: Some(nearest), .. } => {
                format!("did you mean `{nearest}`?")
            }
            Fault::NoDetection { .. } => "`rolecall detections` lists them".into(),
            Fault::Unvouched { .. } => {
                "say who vouches for it, why, and until when: owner = \"secops@example.com\", \
                 reason = \"contract 4711\", expires = 2027-01-31"
                    .into()
            }
        }
    }
}

/// Words in backticks with commas.
pub(crate) fn words(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}
