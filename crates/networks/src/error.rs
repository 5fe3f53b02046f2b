//! What can be wrong with a database.

use crate::SourceKind;

/// A database that cannot be used; what was given before is as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NetworksError {
    /// The whole is not what it should be.
    #[error("cannot read `{name}` as {kind}: {why}; {help}")]
    Whole {
        /// The database.
        name: String,
        /// What it was read as.
        kind: SourceKind,
        /// What is wrong with it.
        why: String,
        /// What mends it.
        help: String,
    },
    /// One line is not what it should be.
    #[error("cannot read `{name}` as {kind}, line {line}: {why}; {help}")]
    Line {
        /// The database.
        name: String,
        /// What it was read as.
        kind: SourceKind,
        /// Which line, from 1.
        line: u64,
        /// What is wrong with it.
        why: String,
        /// What was expected.
        help: String,
    },
    /// A list's name could not be told apart in `lists`.
    #[error(
        "`{0}` cannot name a list: names stand in one text, so use letters without blanks, such as `tor-exits`"
    )]
    ListName(String),
}

impl NetworksError {
    pub(crate) fn whole(
        name: &str,
        kind: SourceKind,
        why: impl Into<String>,
        help: impl Into<String>,
    ) -> NetworksError {
        NetworksError::Whole { name: name.into(), kind, why: why.into(), help: help.into() }
    }
}

/// What a file is instead, if its first bytes give it away: downloads fail with a page, and vendors
/// pack what they offer.
pub(crate) fn instead(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let begins = |with: &[u8]| {
        let bytes = bytes.trim_ascii_start();
        bytes.len() >= with.len() && bytes[..with.len()].eq_ignore_ascii_case(with)
    };
    if bytes.trim_ascii().is_empty() {
        Some(("it is empty", "download it again"))
    } else if begins(b"<!doctype") || begins(b"<html") || begins(b"<?xml") {
        Some(("it is a web page", "download it again, logged in if the vendor demands it"))
    } else if bytes.starts_with(b"\x1f\x8b") {
        Some(("it is compressed", "unpack it with `gunzip`, or `tar xzf` if it is a .tar.gz"))
    } else if bytes.starts_with(b"PK\x03\x04") {
        Some(("it is an archive", "unpack it with `unzip`"))
    } else if begins(b"version https://git-lfs") {
        Some(("it is a pointer to a file in Git LFS", "fetch the file with `git lfs pull`"))
    } else {
        None
    }
}

/// Text of a foreign file inside a message: short, and without what would move a cursor.
pub(crate) fn quoted(text: &str) -> String {
    const MOST: usize = 60;
    let clean = text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c });
    let mut short: String = clean.take(MOST).collect();
    if text.chars().nth(MOST).is_some() {
        short.push('…');
    }
    format!("`{short}`")
}
