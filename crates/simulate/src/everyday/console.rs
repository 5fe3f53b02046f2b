//! Administrators at the console: sign-in with MFA, switching roles, and AWS calling for them.

use crate::caller::Caller;
use crate::clock::{HOUR, weekday, works};
use crate::everyday::{begins, midnight};
use crate::network::Net;
use crate::place::{Agent, Place, browser, java};
use crate::scene::Scene;
use crate::stage::Stage;
use crate::world::{MANAGEMENT, PRODUCTION, SECURITY, STAGING, World};

const NAMES: [&str; 3] = ["anna.weber", "david.stahl", "maria.conti"];

pub(super) fn hour(world: &World, stage: &mut Stage, hour: i64) {
    let day = midnight(hour);
    for (at, name) in NAMES.iter().enumerate() {
        let mut dice = world.dice(name, day as u64);
        let begin = day + 9 * HOUR + dice.between(0, 3000);
        if works(hour) && begins(begin, hour) && (weekday(hour) + at as i64) % 2 == 0 {
            let mut scene = Scene::new(world, stage, dice.next());
            sign_in(&mut scene, at, begin);
        }
    }
    if weekday(hour) == 0 && begins(day + 10 * HOUR + 1200, hour) {
        let mut scene = Scene::new(world, stage, world.dice("root audit", day as u64).next());
        audit_of_roots(&mut scene, day + 10 * HOUR + 1200);
    }
}

fn sign_in(scene: &mut Scene<'_>, at: usize, begin: i64) {
    let place = Place::at(Net::OfficeZurich, 40 + at as u64, browser(at as u64 * 4));
    let user = scene.world.account(MANAGEMENT).user(NAMES[at], 0);
    let own = scene.console(begin, &user, &place, true);
    let habit = scene.world.habits.console.clone();
    let us = place.in_region("us-east-1");
    scene.call(begin + 2, &own, &us, "health.DescribeEventAggregates");
    scene.call(begin + 3, &own, &us, "organizations.DescribeOrganization");
    scene.works(&own, &us, begin, begin + 2 * HOUR, 5, &habit);
    let inside = Place::new("AWS Internal".into(), Agent::Fixed("AWS Internal".into()));
    let for_her = own.with(|caller| caller.beside.push_str(r#","invokedBy":"AWS Internal""#));
    scene.call(begin + 4, &for_her, &inside, "iam.ListAccountAliases");
    let account = if at == 1 { STAGING } else { PRODUCTION };
    let role = scene.world.account(account).role("/", "ops-readonly");
    let held = scene.switch_role(begin + 2400, &own, &place, &role, NAMES[at]);
    scene.call(begin + 2402, &held, &place, "health.DescribeEventAggregates");
    scene.call(begin + 2403, &held, &place, "iam.ListAccountAliases");
    scene.forwarded(begin + 2500, &held, "secretsmanager", "kms.Decrypt");
    scene.works(&held, &place, begin + 2400, begin + 2400 + HOUR, 5, &habit);
}

/// Every Monday security looks, account by account, whether a root has credentials.
fn audit_of_roots(scene: &mut Scene<'_>, begin: i64) {
    let world = scene.world;
    let task = world.account(SECURITY).role("/", "root-auditor");
    let place = Place::at(Net::AwsIreland, 400, java());
    let host = "ecs-tasks";
    let name = scene.dice.hex(32);
    let held = scene.hand_out(begin, host, &task, &name, 21_600, Default::default());
    let members: Vec<_> = world.members(begin).skip(1).cloned().collect();
    for (at, member) in members.iter().enumerate() {
        let when = begin + 10 + 20 * at as i64;
        let root: Caller =
            scene.assume_root(when, &held, &place, member, "IAMAuditRootUserCredentials");
        scene.call(when + 2, &root, &place, "iam.GetAccountSummary");
    }
}
