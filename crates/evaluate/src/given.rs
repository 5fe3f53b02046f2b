//! What labels are held against: what a lake says about their trail, and the catalogue behind it.

use std::collections::{HashMap, HashSet};

use rolecall_model::{Finding, Time};

/// What a lake says about the trail that labels are about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// What was found.
    pub findings: Vec<Finding>,
    /// How many events it holds.
    pub events: u64,
    /// When events were, by their ids; those of [`undated`](crate::undated) labels are enough.
    pub times: HashMap<String, Time>,
}

/// What the catalogue says about its detections, by their names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalogue {
    /// The catalogue ids that each covers.
    pub covers: HashMap<String, Vec<String>>,
    /// The published rules of others that each stands for.
    pub subsumes: HashMap<String, Vec<String>>,
    /// Those that know an attack by what its client calls itself.
    pub by_client_name: HashSet<String>,
}
