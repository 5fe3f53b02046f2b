//! The half-open span of time that is asked about.

use std::fmt;

use crate::Time;

/// `from <= at < until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first instant inside.
    pub from: Time,
    /// The first instant after.
    pub until: Time,
}

impl Window {
    /// Whether an instant lies inside.
    pub fn contains(self, at: Time) -> bool {
        self.from <= at && at < self.until
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} until {}", self.from, self.until)
    }
}
