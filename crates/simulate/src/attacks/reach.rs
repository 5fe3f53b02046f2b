//! What only lineage shows, second part: whose name a session bears, and how far it reaches.

use crate::attacks::Attack;
use crate::attacks::tools::{look_around, stolen};
use crate::caller::Caller;
use crate::everyday::builds;
use crate::network::Net;
use crate::place::{Place, go};
use crate::scene::Ask;
use crate::world::DATA;

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
        let Some((held, when)) = stolen(scene, "vendor-metrics-read/production", at + 900) else {
            return;
        };
        let place = Place::new(Net::VendorMetrics.ip6(7), go());
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
