//! AWS services: they take their service-linked roles, and write logs under their own name.

use crate::account::Account;
use crate::caller::Caller;
use crate::clock::{DAY, HOUR, weekday};
use crate::dice::{hash, mix};
use crate::place::Place;
use crate::scene::{HandOut, Scene};
use crate::stage::Stage;
use crate::world::World;
use std::sync::Arc;

/// Service, role, session name, and how often it comes in hours.
const LINKED: [(&str, &str, &str, i64); 3] = [
    ("config", "Config", "AWSConfig-Describe", 2),
    ("autoscaling", "AutoScaling", "AutoScaling", 4),
    ("cloudtrail", "CloudTrail", "awscloudtrail_session", 8),
];

pub(super) fn hour(world: &World, stage: &mut Stage, hour: i64) {
    let turn = hour.div_euclid(HOUR);
    let accounts: Vec<Arc<Account>> = world.members(hour).cloned().collect();
    for (at, account) in accounts.iter().enumerate() {
        if hour.rem_euclid(DAY) == 0 || hour == world.plan.start() || account.joined == hour {
            write_logs(world, stage, account, hour);
        }
        for (order, (service, role, name, every)) in LINKED.into_iter().enumerate() {
            if (turn + at as i64 + order as i64) % every == 0 {
                let seed = world.dice(service, mix(&[at as u64, hour as u64])).next();
                let mut scene = Scene::new(world, stage, seed);
                linked(&mut scene, account, (service, role, name), hour, every);
            }
        }
    }
    if weekday(hour) == 2 && hour.rem_euclid(DAY) == 6 * HOUR {
        let mut scene = Scene::new(world, stage, world.dice("advisor", hour as u64).next());
        advisor(&mut scene, hour + 100);
    }
}

/// A service takes its role, and goes on under it from its own name.
fn linked(
    scene: &mut Scene<'_>,
    account: &Arc<Account>,
    (service, role, name): (&str, &str, &str),
    hour: i64,
    every: i64,
) {
    let host = format!("{service}.amazonaws.com");
    let role = account.service_linked(&host, role);
    let when = hour + scene.dice.between(0, 3500);
    let held = scene.hand_out(when, service, &role, name, 3600, HandOut::default());
    let acting = held.with(|session| session.beside = format!(r#","invokedBy":"{host}""#));
    let place = Place::service(&host).in_region(account.region);
    let habit = scene.world.habits.recorder.clone();
    scene.call(when + 1, &acting, &place, "ec2.DescribeVolumes");
    scene.works(&acting, &place, when, held.until, 3 * every as u64, &habit);
}

/// CloudTrail, Config and log delivery write into buckets all day, without any session.
fn write_logs(world: &World, stage: &mut Stage, account: &Arc<Account>, hour: i64) {
    let mut scene = Scene::new(world, stage, world.dice("logs", hash(&account.number)).next());
    let end = hour - hour.rem_euclid(DAY) + DAY;
    let habit = world.habits.service.clone();
    for (host, weight) in [
        ("cloudtrail.amazonaws.com", 6),
        ("config.amazonaws.com", 3),
        ("delivery.logs.amazonaws.com", 5),
    ] {
        let place = Place::service(host).in_region(account.region);
        scene.works(&Caller::service(account, host), &place, hour, end, weight, &habit);
    }
}

/// The adviser looks around in the name of each account's root, without anybody using it.
fn advisor(scene: &mut Scene<'_>, at: i64) {
    let members: Vec<Arc<Account>> = scene.world.members(at).cloned().collect();
    for (order, account) in members.iter().enumerate() {
        let host = "trustedadvisor.amazonaws.com";
        let root = Caller::root(account, String::new(), 0, false)
            .with(|root| root.beside = format!(r#","invokedBy":"{host}""#));
        let place = Place::service(host).in_region("us-east-1");
        scene.call(at + 3 * order as i64, &root, &place, "ec2.DescribeInstances");
        scene.call(at + 3 * order as i64 + 1, &root, &place, "iam.GetAccountSummary");
    }
}
