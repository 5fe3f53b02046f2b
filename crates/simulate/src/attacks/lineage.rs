//! What only lineage shows, first half: where sessions come from, and what becomes of them.

use crate::attacks::Attack;
use crate::attacks::tools::{TOUR, at_work, lair, look_around, person};
use crate::caller::Caller;
use crate::clock::HOUR;
use crate::everyday::builds;
use crate::network::Net;
use crate::person::Team;
use crate::scene::{Ask, Scene};
use crate::world::{BUILD, DATA, PRODUCTION, SANDBOX};

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
        let user = scene.world.developer(2, at);
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
        let role = scene.world.role_of(2);
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
    about: "Two roles of the sandbox take one another in turn, each for an hour, all day long.",
    hour: 6,
    run: |scene, at| {
        let Some(developer) = person(scene, Team::Developers, 1) else { return };
        let (mut held, place) = at_work(scene, &developer, at + 60, 2);
        let account = scene.world.account(SANDBOX).clone();
        let roles = [account.role("/", "sandbox-runner"), account.role("/", "sandbox-worker")];
        scene.may_fire(&["XA-2", "LS-2", "LK-1", "B12"]);
        let place = place.from(Net::HostingSingapore.ip(964));
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

pub(super) const B_5: Attack = Attack {
    id: "B5",
    about: "A developer takes a role under the name of a colleague, who then seems to have been there.",
    hour: 15,
    run: |scene, at| {
        let (user, desk) = (scene.world.developer(4, at), scene.world.desk(4));
        let device = scene.world.device(&user);
        let token = scene.aside(|scene| scene.session_token(at + 60, &user, &desk, None, &device));
        let role = scene.world.role_of(5);
        let ask = Ask { source_identity: "jonas.brandt", ..Ask::default() };
        let held = scene.assume(at + 700, &token, &desk, &role, "jonas.brandt", ask);
        scene.touches_caller(&token);
        scene.touches_caller(&held);
        scene.may_fire(&["XA-1", "XA-2"]);
        look_around(
            scene,
            at + 704,
            &held,
            &desk,
            &["rds.DescribeDBSnapshots", "logs.FilterLogEvents"],
            60,
        );
    },
};

pub(super) const B_6: Attack = Attack {
    id: "B6",
    about: "A build's session reaches every account within the hour, by one role after another.",
    hour: 13,
    run: |scene, at| {
        let place = builds::runner(scene);
        let build = builds::prove(scene, "invoices", "ref:refs/heads/main", &place, at + 200);
        scene.touches_caller(&build);
        scene.may_fire(&["XA-1", "XA-2", "B11", "B12"]);
        let accounts: Vec<_> = scene.world.members(at).cloned().collect();
        for (order, account) in accounts.iter().enumerate() {
            for (second, role) in ["platform-admin", "deploy-target"].into_iter().enumerate() {
                let when = at + 300 + 130 * order as i64 + 40 * second as i64;
                let role = account.role("/", role);
                let held =
                    scene.assume(when, &build, &place, &role, "GitHubActions", Ask::default());
                scene.touches_caller(&held);
                look_around(
                    scene,
                    when + 2,
                    &held,
                    &place,
                    &["sts.GetCallerIdentity", "iam.ListRoles"],
                    5,
                );
            }
        }
    },
};

pub(super) const B_7: Attack = Attack {
    id: "B7",
    about: "The metrics vendor's session goes on into the data account, where the vendor never was.",
    hour: 18,
    run: |scene, at| {
        let Some((held, when)) =
            crate::attacks::tools::stolen(scene, "vendor-metrics-read/production", at + 900)
        else {
            return;
        };
        let place = crate::place::Place::new(Net::VendorMetrics.ip6(7), crate::place::go());
        let role = scene.world.account(DATA).role("/", "reporting-export");
        let taken = scene.assume(when, &held, &place, &role, "metrics-poller", Ask::default());
        scene.touches_caller(&held);
        scene.touches_caller(&taken);
        scene.touches(&[&scene.world.vendor.number]);
        scene.may_fire(&["XA-1", "XA-2"]);
        look_around(
            scene,
            when + 3,
            &taken,
            &place,
            &["glue.GetDatabases", "glue.GetTables", "s3.ListBuckets"],
            20,
        );
    },
};

pub(super) const B_8: Attack = Attack {
    id: "B8",
    about: "A long-term key without MFA takes a sensitive role, and changes who may do what.",
    hour: 11,
    run: |scene, at| {
        let (user, desk) = (scene.world.developer(6, at), scene.world.desk(6));
        let caller = Caller::user(&user);
        let role = scene.world.account(DATA).role("/", "warehouse-admin");
        let held = scene.assume(at + 900, &caller, &desk, &role, &user.name, Ask::default());
        scene.touches_caller(&caller);
        scene.touches_caller(&held);
        scene.may_fire(&["XA-1", "XA-4", "B12"]);
        scene.call(at + 903, &held, &desk, "sts.GetCallerIdentity");
        let request = r#"{"roleName":"etl-nightly","policyName":"more","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}"#;
        scene.call_with(at + 960, &held, &desk, "iam.PutRolePolicy", request, "null");
    },
};

/// Makes a session of a build and lets it lie: returns it with the place of its runner.
pub(super) fn left_lying(
    scene: &mut Scene<'_>,
    at: i64,
    seconds: i64,
) -> (Caller, crate::place::Place) {
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
