//! The nightly batch: a long session that is meant to be long.

use crate::caller::Caller;
use crate::clock::HOUR;
use crate::everyday::{begins, midnight};
use crate::network::Net;
use crate::place::{Place, boto};
use crate::scene::{Ask, Scene};
use crate::stage::Stage;
use crate::world::{DATA, World};

pub(super) fn hour(world: &World, stage: &mut Stage, hour: i64) {
    let mut dice = world.dice("batch", midnight(hour) as u64);
    let begin = midnight(hour) + 20 * HOUR + dice.between(300, 900);
    if begins(begin, hour) {
        let mut scene = Scene::new(world, stage, dice.next());
        batch(&mut scene, begin);
    }
}

/// The data centre's batch asks for twelve hours each evening, and uses them.
fn batch(scene: &mut Scene<'_>, begin: i64) {
    let account = scene.world.account(DATA);
    let user = account.user("svc-etl", 0);
    let role = account.role("/", "etl-nightly");
    let place = Place::at(Net::DataCentre, 70, boto("")).in_region("eu-central-1");
    let ask = Ask { seconds: Some(43_200), ..Ask::default() };
    let held = scene.assume(begin, &Caller::user(&user), &place, &role, "nightly-load", ask);
    let habit = scene.world.habits.batch.clone();
    for (after, api) in [
        (2, "glue.GetTables"),
        (5, "glue.BatchCreatePartition"),
        (5 * HOUR + 400, "glue.GetTables"),
        (11 * HOUR + 3000, "glue.GetPartitions"),
    ] {
        scene.call(begin + after, &held, &place, api);
    }
    scene.works(&held, &place, begin, begin + 11 * HOUR + 1800, 10, &habit);
    scene.stage.hold("batch", &held);
}
