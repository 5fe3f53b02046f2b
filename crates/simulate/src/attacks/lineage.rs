//! What only lineage shows, first part: where sessions come from, and what becomes of them.

use crate::attacks::Attack;
use crate::attacks::tools::{at_work, lair, look_around, person};
use crate::caller::Caller;
use crate::clock::HOUR;
use crate::everyday::builds;
use crate::network::Net;
use crate::person::Team;
use crate::scene::Ask;
use crate::world::{PRODUCTION, SANDBOX};

pub(super) const B_1: Attack = Attack {
    id: "B1",
    about: "A session is minted on a developer's machine in the office, and every use of it is in Bucharest.",
    hour: 16,
    run: |scene, at| {
        let (user, desk) = (scene.world.developer(1, at), scene.world.desk(1));
        let ask = Ask { seconds: Some(3600), ..Ask::default() };
        let role = scene.world.role_of(1);
        let held = scene.assume(at + 600, &Caller::user(&user), &desk, &role, &user.name, ask);
        scene.touches_caller(&held);
        scene.may_fire(&["LK-1", "B13", "RC-1"]);
        let calls = [
            "sts.GetCallerIdentity",
            "ec2.DescribeInstances",
            "rds.DescribeDBInstances",
            "logs.DescribeLogGroups",
        ];
        look_around(scene, at + 640, &held, &lair(Net::HostingBucharest, 61), &calls, 70);
    },
};

pub(super) const B_2: Attack = Attack {
    id: "B2",
    about: "A session of the deployment role that nobody issued makes itself a user.",
    hour: 4,
    run: |scene, at| {
        let account = scene.world.account(PRODUCTION).clone();
        let role = account.role("/", "deploy-target");
        let key = scene.new_key(&account);
        let held = Caller::role(&role, "GitHubActions", key, at + 300, at + 3900);
        scene.touches_caller(&held);
        scene.may_fire(&["LK-1", "B12", "B15"]);
        let place = lair(Net::AwsOfOthers, 62);
        look_around(
            scene,
            at + 340,
            &held,
            &place,
            &["sts.GetCallerIdentity", "iam.ListRoles"],
            20,
        );
        crate::attacks::tools::create_admin(
            scene,
            at + 420,
            &held,
            &place,
            &account.user("svc-support", 0),
        );
    },
};

pub(super) const B_3: Attack = Attack {
    id: "B3",
    about: "A leaked key is switched off, and the sessions that grew from it live on.",
    hour: 9,
    run: |scene, at| {
        let user = scene.world.contractor(0);
        let (caller, place) = (Caller::user(&user), lair(Net::HomeHanoi, 63));
        scene.touches_caller(&caller);
        scene.may_fire(&["LK-1", "LK-2", "LS-1", "B13", "B8"]);
        let token = scene.session_token(at + 300, &user, &place, Some(129_600), "");
        look_around(
            scene,
            at + 305,
            &token,
            &place,
            &["sts.GetCallerIdentity", "ecr.DescribeImages"],
            30,
        );
        let role = scene.world.role_of(0);
        let held =
            scene.assume(at + 500, &token, &place, &role, "botocore-session-3", Ask::default());
        look_around(scene, at + 505, &held, &place, &["glue.GetDatabases"], 30);
        let Some(admin) = person(scene, Team::Administrators, 0) else { return };
        let (by, desk) = at_work(scene, &admin, at + HOUR, 1);
        let request = format!(
            r#"{{"userName":"{}","accessKeyId":"{}","status":"Inactive"}}"#,
            user.name, user.key
        );
        scene.call_with(at + HOUR + 120, &by, &desk, "iam.UpdateAccessKey", &request, "null");
        scene.touches_caller(&token);
        scene.touches_caller(&held);
        look_around(
            scene,
            at + 2 * HOUR,
            &token,
            &place,
            &["ecr.DescribeImages", "s3.ListBuckets"],
            300,
        );
        let again = scene.assume(
            at + 3 * HOUR,
            &token,
            &place,
            &role,
            "botocore-session-4",
            Ask::default(),
        );
        scene.touches_caller(&again);
        look_around(scene, at + 3 * HOUR + 5, &again, &place, &["glue.GetTables"], 30);
    },
};

pub(super) const B_4: Attack = Attack {
    id: "B4",
    about: "Two roles of the sandbox take one another in turn, each for an hour, all day long, after one build.",
    hour: 6,
    run: |scene, at| {
        let place = builds::runner(scene);
        let mut held = builds::prove(scene, "mobile-app", "pull_request", &place, at + 600);
        scene.touches_caller(&held);
        let account = scene.world.account(SANDBOX).clone();
        let roles = [account.role("/", "sandbox-runner"), account.role("/", "sandbox-worker")];
        scene.may_fire(&["XA-1", "XA-2", "LS-2", "LK-1", "LK-3", "B12", "B13"]);
        let place = lair(Net::HostingSingapore, 64);
        for hop in 0..10 {
            let when = at + 900 + hop * 3000;
            held = scene.assume(
                when,
                &held,
                &place,
                &roles[(hop % 2) as usize],
                "worker",
                Ask::default(),
            );
            scene.touches_caller(&held);
            look_around(
                scene,
                when + 5,
                &held,
                &place,
                &["ec2.DescribeInstances", "s3.ListBuckets"],
                300,
            );
        }
    },
};
