//! Long sessions: asked for too long, or used for too long.

use crate::attacks::Attack;
use crate::attacks::tools::{at_work, lair, look_around, person};
use crate::caller::Caller;
use crate::clock::HOUR;
use crate::network::Net;
use crate::person::Team;
use crate::scene::Ask;

pub(super) const LS_1: Attack = Attack {
    id: "LS-1",
    about: "A role that is taken for an hour each day is asked for twelve, and its user's key for thirty-six.",
    hour: 18,
    run: |scene, at| {
        let (user, place) = (scene.world.developer(7, at), scene.world.desk(7));
        let caller = Caller::user(&user);
        let ask = Ask { seconds: Some(43_200), ..Ask::default() };
        let role = scene.world.role_of(7);
        let held = scene.assume(at + 900, &caller, &place, &role, &user.name, ask);
        scene.touches_caller(&held);
        scene.touches_caller(&caller);
        scene.may_fire(&["LS-2", "B8"]);
        for hour in 0..11 {
            let when = at + 910 + hour * HOUR + scene.dice.between(0, 400);
            let api = ["logs.FilterLogEvents", "rds.DescribeDBSnapshots"][(hour % 2) as usize];
            scene.call(when, &held, &place, api);
        }
        let token = scene.session_token(at + 1500, &user, &place, Some(129_600), "");
        scene.touches_caller(&token);
        look_around(scene, at + 1505, &token, &place, &["ecr.DescribeImages"], 10);
    },
};

pub(super) const LS_2: Attack = Attack {
    id: "LS-2",
    about: "A person's session of the morning wakes in the evening, after hours of rest, in Singapore.",
    hour: 7,
    run: |scene, at| {
        let Some(developer) = person(scene, Team::Developers, 3) else { return };
        let (held, place) = at_work(scene, &developer, at + 300, 0);
        scene.aside(|scene| {
            for round in 0..6 {
                scene.call(at + 330 + 1500 * round, &held, &place, "logs.FilterLogEvents");
            }
        });
        scene.touches_caller(&held);
        scene.may_fire(&["LK-1", "B13"]);
        let lair = lair(Net::HostingSingapore, 31);
        let calls =
            ["sts.GetCallerIdentity", "s3.ListBuckets", "ssm.GetParameter", "dynamodb.ListTables"];
        look_around(scene, at + 11 * HOUR, &held, &lair, &calls, 200);
    },
};
