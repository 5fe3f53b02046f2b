//! Chains across accounts: new edges, deep walks, roles that are not for those who take them.

use crate::attacks::Attack;
use crate::attacks::tools::{TOUR, at_work, lair, look_around, person, trust_of};
use crate::caller::Caller;
use crate::everyday::builds;
use crate::network::Net;
use crate::person::Team;
use crate::record::quote;
use crate::scene::Ask;
use crate::world::{DATA, PRODUCTION};

pub(super) const XA_1: Attack = Attack {
    id: "XA-1",
    about: "An account that nobody knows takes a role of the data account, without an external id.",
    hour: 19,
    run: |scene, at| {
        let stranger = scene.world.stranger.clone();
        let caller = Caller::role(&stranger.role("/", "tool"), "run", String::new(), 0, i64::MAX);
        let place = lair(Net::HostingSingapore, 21).in_region("eu-central-1");
        let role = scene.world.account(DATA).role("/", "data-exchange");
        let held = scene.assume(at + 500, &caller, &place, &role, "exchange", Ask::default());
        scene.touches(&[&stranger.number, &role.arn]);
        scene.touches_caller(&held);
        scene.may_fire(&["LK-1", "XA-2"]);
        look_around(
            scene,
            at + 505,
            &held,
            &place,
            &["glue.GetDatabases", "glue.GetTables", "s3.ListBuckets"],
            30,
        );
    },
};

pub(super) const XA_2: Attack = Attack {
    id: "XA-2",
    about: "A build does not end with its deployment: it goes on into the warehouse, and from there further.",
    hour: 2,
    run: |scene, at| {
        let place = builds::runner(scene);
        let build = builds::prove(scene, "orders", "ref:refs/heads/main", &place, at + 1800);
        let ask = Ask { seconds: Some(900), ..Ask::default() };
        let deploy = scene.world.account(PRODUCTION).role("/", "deploy-target");
        let target = scene.assume(at + 1860, &build, &place, &deploy, "GitHubActions", ask);
        scene.call(at + 1862, &target, &place, "cloudformation.DescribeStacks");
        let data = scene.world.account(DATA).clone();
        let mut held = target;
        for (order, role) in ["warehouse-admin", "analytics-export"].into_iter().enumerate() {
            let when = at + 1960 + 60 * order as i64;
            held = scene.assume(when, &held, &place, &data.role("/", role), "GitHubActions", ask);
            scene.touches_caller(&held);
            look_around(
                scene,
                when + 2,
                &held,
                &place,
                &["sts.GetCallerIdentity", "glue.GetDatabases"],
                8,
            );
        }
        scene.call(at + 2100, &held, &place, "secretsmanager.GetSecretValue");
        scene.touches_caller(&build);
        scene.may_fire(&["XA-1", "XA-4", "B12"]);
    },
};

pub(super) const XA_3: Attack = Attack {
    id: "XA-3",
    about: "Somebody of operations takes the role of a function, which only Lambda ever took.",
    hour: 10,
    run: |scene, at| {
        let Some(operator) = person(scene, Team::Operations, 0) else { return };
        let (held, place) = at_work(scene, &operator, at + 60, 0);
        let role = scene.world.account(PRODUCTION).role("/service-role/", "orders-0-function");
        let taken = scene.assume(at + 900, &held, &place, &role, "debug", Ask::default());
        scene.touches_caller(&held);
        scene.touches_caller(&taken);
        scene.may_fire(&["XA-2", "B12", "B5"]);
        let calls = [
            "sts.GetCallerIdentity",
            "secretsmanager.GetSecretValue",
            "dynamodb.DescribeTable",
            "kms.Decrypt",
        ];
        look_around(scene, at + 904, &taken, &place, &calls, 30);
    },
};

pub(super) const XA_4: Attack = Attack {
    id: "XA-4",
    about: "A developer's session takes the decoy role, and knocks at the role for emergencies.",
    hour: 14,
    run: |scene, at| {
        let (user, place) = (scene.world.developer(1, at), scene.world.desk(1));
        let device = scene.world.device(&user);
        let token =
            scene.aside(|scene| scene.session_token(at + 100, &user, &place, None, &device));
        let account = scene.world.account(PRODUCTION).clone();
        let decoy = account.role("/", "legacy-admin");
        scene.assume_denied(at + 300, &token, &place, &account.role("/", "break-glass-admin").arn);
        let held = scene.assume(at + 340, &token, &place, &decoy, &user.name, Ask::default());
        scene.touches_caller(&held);
        scene.touches_caller(&token);
        scene.may_fire(&["XA-1", "XA-2", "RC-2", "B8"]);
        look_around(
            scene,
            at + 345,
            &held,
            &place,
            &["sts.GetCallerIdentity", "iam.ListRoles"],
            20,
        );
    },
};

pub(super) const XA_5: Attack = Attack {
    id: "XA-5",
    about: "Trust is widened: a role, a function, a bucket and a snapshot are opened to an account that nobody knows.",
    hour: 16,
    run: |scene, at| {
        let Some(operator) = person(scene, Team::Operations, 1) else { return };
        let (held, place) = at_work(scene, &operator, at + 60, 0);
        let stranger = scene.world.stranger.clone();
        let (number, own) = (&stranger.number, &held.account.number);
        scene.touches_caller(&held);
        scene.touches(&[number]);
        scene.may_fire(&["XA-1", "B12", "B15"]);
        let trust = quote(&trust_of(&stranger));
        let open = [
            ("iam.UpdateAssumeRolePolicy", format!(r#"{{"roleName":"ops-readonly","policyDocument":{trust}}}"#)),
            ("lambda.AddPermission20150331v2", r#"{"functionName":"orders-0","statementId":"temporary","action":"lambda:InvokeFunction","principal":"*"}"#.to_owned()),
            ("s3.PutBucketPolicy", format!(r#"{{"bucketName":"logs-7-{own}","bucketPolicy":{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::{number}:root"}},"Action":"s3:GetObject","Resource":"arn:aws:s3:::logs-7-{own}/*"}}]}},"Host":"logs-7-{own}.s3.eu-west-1.amazonaws.com"}}"#)),
            ("ec2.ModifySnapshotAttribute", format!(r#"{{"snapshotId":"snap-0a1b2c3d4e5f60718","createVolumePermission":{{"add":{{"items":[{{"userId":"{number}"}}]}}}},"attributeType":"CREATE_VOLUME_PERMISSION"}}"#)),
        ];
        for (order, (api, request)) in open.iter().enumerate() {
            scene.call_with(at + 600 + 70 * order as i64, &held, &place, api, request, "null");
        }
        let outside = Caller::role(&stranger.role("/", "tool"), "run", String::new(), 0, i64::MAX);
        let lair = lair(Net::HostingAmsterdam, 22);
        let role = scene.world.account(PRODUCTION).role("/", "ops-readonly");
        let taken = scene.assume(at + 2400, &outside, &lair, &role, "tool", Ask::default());
        scene.touches_caller(&taken);
        look_around(scene, at + 2405, &taken, &lair, &TOUR[..3], 30);
    },
};
