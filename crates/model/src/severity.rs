//! How bad a finding is, and how sure we are.

use std::fmt;
use std::str::FromStr;

/// A word that is no level.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is no {what}: choose one of {choices}")]
pub struct NotALevel {
    /// The word.
    pub found: String,
    /// What it should have been.
    pub what: &'static str,
    /// The words there are.
    pub choices: &'static str,
}

macro_rules! level {
    ($(#[doc = $about:literal])+ $name:ident, $what:literal, $choices:literal,
     $($(#[doc = $doc:literal])+ $variant:ident = $word:literal),+) => {
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[doc = $doc])+ $variant),+ }

        impl $name {
            /// The word for it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = NotALevel;
            fn from_str(word: &str) -> Result<Self, NotALevel> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(NotALevel { found: word.into(), what: $what, choices: $choices }),
                }
            }
        }
    };
}

level!(
    /// How much harm a true finding means. Ordered: `Low < Critical`.
    Severity, "severity", "low, medium, high, critical",
    /// Worth knowing in an investigation.
    Low = "low",
    /// Worth a look this week.
    Medium = "medium",
    /// Worth a look now.
    High = "high",
    /// Worth waking somebody.
    Critical = "critical"
);

level!(
    /// How often a finding of this kind turns out true. Ordered: `Low < High`.
    Confidence, "confidence", "low, medium, high",
    /// Often harmless.
    Low = "low",
    /// Sometimes harmless.
    Medium = "medium",
    /// Rarely harmless.
    High = "high"
);
