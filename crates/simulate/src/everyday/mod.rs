//! What an organisation does when nothing is wrong, hour by hour.

pub(crate) mod builds;
pub(crate) mod changes;
mod clusters;
mod console;
mod contractors;
pub(crate) mod machines;
mod night;
mod outside;
pub(crate) mod people;
mod scanner;
mod services;
pub(crate) mod users;

use crate::clock::{DAY, HOUR};
use crate::stage::Stage;
use crate::world::World;

/// Tells what begins in the hour that begins at `hour`; some of it goes on for longer.
pub(crate) fn hour(world: &World, stage: &mut Stage, hour: i64) {
    services::hour(world, stage, hour);
    machines::hour(world, stage, hour);
    clusters::hour(world, stage, hour);
    builds::hour(world, stage, hour);
    night::hour(world, stage, hour);
    scanner::hour(world, stage, hour);
    outside::hour(world, stage, hour);
    people::hour(world, stage, hour);
    users::hour(world, stage, hour);
    contractors::hour(world, stage, hour);
    console::hour(world, stage, hour);
    changes::hour(world, stage, hour);
}

/// Whether that instant lies in the hour that begins at `hour`.
fn begins(at: i64, hour: i64) -> bool {
    (hour..hour + HOUR).contains(&at)
}

/// Midnight before that instant.
fn midnight(at: i64) -> i64 {
    at - at.rem_euclid(DAY)
}
