//! Sessions of builds that somebody leaves lying, and who picks them up.

use crate::attacks::tools::{TOUR, lair, look_around};
use crate::caller::Caller;
use crate::everyday::builds;
use crate::network::Net;
use crate::place::Place;
use crate::scene::{Ask, Scene};
use crate::world::{BUILD, PRODUCTION};

/// Makes a session of a build and lets it lie: returns it with the place of its runner.
pub(super) fn left_lying(scene: &mut Scene<'_>, at: i64, seconds: i64) -> (Caller, Place) {
    let place = builds::runner(scene);
    let build =
        scene.aside(|scene| builds::prove(scene, "search", "ref:refs/heads/main", &place, at));
    let role = scene.world.account(PRODUCTION).role("/", "deploy-target");
    let ask = Ask { seconds: Some(seconds), ..Ask::default() };
    let held = scene.assume(at + 60, &build, &place, &role, "GitHubActions", ask);
    scene.touches_caller(&held);
    scene.touches(&[&scene.world.account(BUILD).number]);
    (held, place)
}

/// Looks around from a hosting provider.
pub(super) fn tour(scene: &mut Scene<'_>, at: i64, who: &Caller, net: Net) {
    look_around(scene, at, who, &lair(net, 70), &TOUR[..5], 20);
}
