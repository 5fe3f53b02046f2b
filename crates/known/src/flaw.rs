//! A flaw: something wrong at a place of the file.

use std::fmt;

use crate::Fault;

/// A place in the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spot {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
}

/// One thing that is wrong, or could be better, with its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}:{}: {fault}\n  help: {}", .spot.line, .spot.column, .fault.help())]
pub struct Flaw {
    /// Where.
    pub spot: Spot,
    /// What.
    pub fault: Fault,
}

impl Flaw {
    /// What to do about it.
    pub fn help(&self) -> String {
        self.fault.help()
    }

    /// The flaw with the name of the file before it, as editors understand: `rolecall.toml:12:3: …`.
    pub fn in_file(&self, file: &str) -> impl fmt::Display {
        format!("{file}:{self}")
    }
}

/// The flaws found so far, and the text in which they are.
pub(crate) struct Flaws<'a> {
    text: &'a str,
    starts: Vec<usize>,
    pub(crate) found: Vec<Flaw>,
}

impl<'a> Flaws<'a> {
    pub(crate) fn of(text: &'a str) -> Flaws<'a> {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect();
        Flaws { text, starts, found: Vec::new() }
    }

    /// The line and column of a byte.
    pub(crate) fn spot(&self, byte: usize) -> Spot {
        let line = self.starts.partition_point(|start| *start <= byte).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or_default();
        let before = self.text.get(start..byte.min(self.text.len())).unwrap_or_default();
        Spot { line, column: before.chars().count() + 1 }
    }

    pub(crate) fn push(&mut self, byte: usize, fault: Fault) {
        let spot = self.spot(byte);
        self.at(spot, fault);
    }

    pub(crate) fn at(&mut self, spot: Spot, fault: Fault) {
        self.found.push(Flaw { spot, fault });
    }
}
