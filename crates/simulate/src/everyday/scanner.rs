//! The posture scanner, which enters every account every day and reads everything.

use crate::clock::{DAY, HOUR};
use crate::network::Net;
use crate::place::{Place, boto};
use crate::scene::{Ask, HandOut, Scene};
use crate::stage::Stage;
use crate::world::{SECURITY, World};

pub(super) fn hour(world: &World, stage: &mut Stage, hour: i64) {
    if hour.rem_euclid(DAY) == 4 * HOUR {
        let mut scene = Scene::new(world, stage, world.dice("scanner", hour as u64).next());
        scan(&mut scene, hour + 300);
    }
}

fn scan(scene: &mut Scene<'_>, begin: i64) {
    let role = scene.world.account(SECURITY).role("/", "posture-scanner");
    let place = Place::at(Net::AwsIreland, 500, boto("exec-env/AWS_ECS_FARGATE"));
    let name = scene.dice.hex(32);
    let task = scene.hand_out(begin, "ecs-tasks", &role, &name, 21_600, HandOut::default());
    scene.call(begin + 1, &task, &place, "organizations.ListAccounts");
    scene.stage.hold("scanner", &task);
    let accounts: Vec<_> = scene.world.members(begin).cloned().collect();
    let habit = scene.world.habits.scanner.clone();
    for (at, account) in accounts.iter().enumerate() {
        let when = begin + 5 + 60 * at as i64;
        let ask = Ask { seconds: Some(3600), source_identity: "posture-scanner", ..Ask::default() };
        let role = account.role("/", "security-audit");
        let held = scene.assume(when, &task, &place, &role, "posture-scanner", ask);
        scene.call(when + 1, &held, &place, "sts.GetCallerIdentity");
        for (order, api) in habit.iter().enumerate().take(10) {
            let api = format!("{}.{}", api.source, api.name);
            scene.call(when + 2 + order as i64, &held, &place, &api);
        }
        scene.works(&held, &place, when + 12, when + 900, 30, &habit);
    }
}
