//! x
use crate::stage::Stage;
use crate::world::World;
pub(super) fn hour(_world: &World, _stage: &mut Stage, _hour: i64) {}
