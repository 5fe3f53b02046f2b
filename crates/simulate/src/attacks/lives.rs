//! What only lineage shows, third part: how sessions live, and what they leave behind.

use crate::attacks::Attack;
use crate::attacks::left::{left_lying, tour};
use crate::attacks::tools::{
    at_work, create_access_key, create_admin, kali, lair, look_around, person,
};
use crate::caller::Caller;
use crate::clock::HOUR;
use crate::network::Net;
use crate::person::Team;
use crate::scene::Ask;
use crate::world::PRODUCTION;

pub(super) const B_9: Attack = Attack {
    id: "B9",
    about: "A build's session lies unused for nearly all of its hour, and is then first used from a hosting provider.",
    hour: 12,
    run: |scene, at| {
        let (held, _) = left_lying(scene, at + 100, 3600);
        scene.may_fire(&["LK-1", "LK-3", "B1", "B13", "RC-1"]);
        tour(scene, at + 160 + 3360, &held, Net::HostingWarsaw);
    },
};

pub(super) const B_10: Attack = Attack {
    id: "B10",
    about: "A session of fifteen minutes is used after its end, and shows that a record is not what it seems.",
    hour: 10,
    run: |scene, at| {
        let (held, place) = left_lying(scene, at + 200, 900);
        scene.may_fire(&["LS-2"]);
        let calls = ["cloudformation.DescribeStacks", "sts.GetCallerIdentity"];
        look_around(scene, at + 265, &held, &place, &calls, 20);
        look_around(scene, at + 260 + 3000, &held, &place, &calls, 60);
    },
};

pub(super) const B_11: Attack = Attack {
    id: "B11",
    about: "One key takes a role two dozen times within minutes; hours later an unused session turns up elsewhere.",
    hour: 14,
    run: |scene, at| {
        let user = scene.world.developer(3, at);
        let (caller, desk) = (Caller::user(&user), scene.world.desk(3));
        let role = scene.world.role_of(3);
        let ask = Ask { seconds: Some(14_400), ..Ask::default() };
        scene.touches_caller(&caller);
        scene.may_fire(&["B1", "B9", "B13", "LK-1", "B6", "RC-1"]);
        let mut last = None;
        for order in 0..24 {
            let name = format!("store-{order}");
            let held = scene.assume(at + 600 + 17 * order, &caller, &desk, &role, &name, ask);
            scene.touches_caller(&held);
            last = Some(held);
        }
        if let Some(held) = last {
            tour(scene, at + 3 * HOUR, &held, Net::VpnStockholm);
        }
    },
};

pub(super) const B_12: Attack = Attack {
    id: "B12",
    about: "Somebody who only ever asked questions of data changes keys, secrets, roles and logging.",
    hour: 16,
    run: |scene, at| {
        let Some(analyst) = person(scene, Team::Data, 1) else { return };
        let (held, place) = at_work(scene, &analyst, at + 60, 0);
        let number = held.account.number.clone();
        scene.touches_caller(&held);
        scene.may_fire(&["FD-5", "XA-5"]);
        let key =
            format!("arn:aws:kms:eu-central-1:{number}:key/1a2b3c7-1a2b-4c3d-8e4f-5a6b7c8d9e0f");
        let steps = [
            ("kms.PutKeyPolicy", format!(r#"{{"keyId":"{key}","policyName":"default","bypassPolicyLockoutSafetyCheck":false}}"#)),
            ("secretsmanager.PutSecretValue", r#"{"secretId":"warehouse/loader"}"#.to_owned()),
            ("iam.AttachRolePolicy", r#"{"roleName":"etl-nightly","policyArn":"arn:aws:iam::aws:policy/PowerUserAccess"}"#.to_owned()),
            ("cloudtrail.StopLogging", r#"{"name":"local"}"#.to_owned()),
        ];
        for (order, (api, request)) in steps.iter().enumerate() {
            scene.call_with(at + 1200 + 240 * order as i64, &held, &place, api, request, "null");
        }
    },
};

pub(super) const B_13: Attack = Attack {
    id: "B13",
    about: "One credential speaks with two tongues: the client that took it, and another system's, in turn.",
    hour: 13,
    run: |scene, at| {
        let (user, desk) = (scene.world.developer(7, at), scene.world.desk(7));
        let ask = Ask { seconds: Some(3600), ..Ask::default() };
        let role = scene.world.role_of(7);
        let held = scene.aside(|scene| {
            scene.assume(at + 300, &Caller::user(&user), &desk, &role, &user.name, ask)
        });
        scene.touches_caller(&held);
        scene.may_fire(&["LK-6"]);
        let other = desk.by(kali());
        for round in 0..4 {
            let when = at + 310 + 130 * round;
            scene.aside(|scene| scene.call(when, &held, &desk, "logs.FilterLogEvents"));
            scene.call(when + 50, &held, &other, "secretsmanager.GetSecretValue");
        }
    },
};

pub(super) const B_14: Attack = Attack {
    id: "B14",
    about: "A role is taken from the build account, whose own record of it never arrives.",
    hour: 5,
    run: |scene, at| {
        let user = scene.world.account(crate::world::BUILD).user("svc-release", 0);
        let place = lair(Net::AwsIreland, 94);
        let role = scene.world.account(PRODUCTION).role("/", "deploy-target");
        let ask = Ask { seconds: Some(900), hides_caller: true, ..Ask::default() };
        let held = scene.assume(at + 900, &Caller::user(&user), &place, &role, "release", ask);
        scene.touches_caller(&held);
        scene.touches(&[&user.id, &user.account.number]);
        scene.may_fire(&["XA-1", "LK-1", "B2"]);
        look_around(
            scene,
            at + 903,
            &held,
            &place,
            &["sts.GetCallerIdentity", "cloudformation.DescribeStacks"],
            20,
        );
    },
};

pub(super) const B_15: Attack = Attack {
    id: "B15",
    about: "A developer who comes through Identity Center makes a user with every right, and its key works from abroad.",
    hour: 16,
    run: |scene, at| {
        let Some(developer) = person(scene, Team::Developers, 4) else { return };
        let (held, place) = at_work(scene, &developer, at + 60, 0);
        let user = held.account.user("svc-observability", 0);
        scene.touches_caller(&held);
        scene.may_fire(&["B12", "LK-5", "LK-1", "RC-1"]);
        create_admin(scene, at + 1200, &held, &place, &user);
        create_access_key(scene, at + 1230, &held, &place, &user);
        let lair = lair(Net::HostingAmsterdam, 95);
        let calls = [
            "sts.GetCallerIdentity",
            "s3.ListBuckets",
            "iam.ListUsers",
            "secretsmanager.ListSecrets",
        ];
        look_around(scene, at + 6 * HOUR, &Caller::user(&user), &lair, &calls, 60);
    },
};
