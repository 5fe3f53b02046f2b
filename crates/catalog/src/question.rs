//! What detections and reports have in common.

use crate::{Case, Param};

/// A query with its parameters, and the cases that prove it.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The name of its folder.
    pub id: &'a str,
    /// The file of the query.
    pub file: &'a str,
    /// Whether each row of its answer must be a finding.
    pub finds: bool,
    /// The query.
    pub sql: &'a str,
    /// The line of its file on which it begins, from 1.
    pub line: usize,
    /// What people may turn, by name.
    pub params: &'a [Param],
    /// What proves it.
    pub cases: &'a [Case],
}
