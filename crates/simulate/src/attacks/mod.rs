//! What goes wrong: one function for each id of the catalogue, one module for each family.

use crate::scene::Scene;

/// An attack: what it is, and how it is done.
#[derive(Clone, Copy)]
pub struct Attack {
    /// The id in the catalogue of detections that it is made for, such as `LK-2`.
    pub id: &'static str,
    /// What happens, in a sentence.
    pub about: &'static str,
    /// The hour of the day at which it begins, UTC.
    pub(crate) hour: i64,
    pub(crate) run: fn(&mut Scene<'_>, i64),
}

impl Attack {
    /// Every attack, in the order of the catalogue.
    pub const ALL: [Attack; 0] = [];
}

impl std::fmt::Debug for Attack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Attack").field("id", &self.id).finish_non_exhaustive()
    }
}
