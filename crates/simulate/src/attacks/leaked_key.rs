//! Leaked keys: used from elsewhere, off their machine, after they were found out.

use crate::attacks::Attack;
use crate::attacks::tools::{
    TOUR, at_work, create_access_key, kali, knock, lair, look_around, person, stolen,
};
use crate::caller::Caller;
use crate::clock::HOUR;
use crate::network::Net;
use crate::person::Team;
use crate::place::{Agent, Place, cli};
use crate::scene::Ask;
use crate::world::BUILD;

pub(super) const LK_1: Attack = Attack {
    id: "LK-1",
    about: "A developer's long-term key is tried at night from a hosting provider abroad, and reads secrets.",
    hour: 22,
    run: |scene, at| {
        let user = scene.world.developer(2, at);
        let (thief, place) = (Caller::user(&user), lair(Net::HostingBucharest, 1));
        scene.touches_caller(&thief);
        scene.may_fire(&["RC-1", "B13"]);
        let calls = [
            "sts.GetCallerIdentity",
            "s3.ListBuckets",
            "secretsmanager.ListSecrets",
            "secretsmanager.GetSecretValue",
            "secretsmanager.GetSecretValue",
            "ssm.GetParametersByPath",
        ];
        let after = look_around(scene, at + 700, &thief, &place, &calls, 25);
        scene.denied(after + 40, &thief, &place, "iam.CreateUser", "user support");
    },
};

pub(super) const LK_2: Attack = Attack {
    id: "LK-2",
    about: "A session cached on a developer's machine is used from Brazil while its owner goes on in the office.",
    hour: 11,
    run: |scene, at| {
        let (user, desk) = (scene.world.developer(0, at), scene.world.desk(0));
        let role = scene.world.role_of(0);
        let held = scene.aside(|scene| {
            let own = Caller::user(&user);
            let ask = Ask { seconds: Some(3600), ..Ask::default() };
            let held = scene.assume(at + 300, &own, &desk, &role, "mara.keller", ask);
            look_around(
                scene,
                at + 304,
                &held,
                &desk,
                &["sts.GetCallerIdentity", "glue.GetDatabases"],
                60,
            );
            look_around(
                scene,
                at + 700,
                &held,
                &desk,
                &["glue.GetTables", "athena.ListWorkGroups"],
                200,
            );
            held
        });
        let place = lair(Net::HomeSaoPaulo, 2);
        scene.touches_caller(&held);
        scene.may_fire(&["LK-1", "B13", "B1"]);
        let calls = [
            "sts.GetCallerIdentity",
            "s3.ListBuckets",
            "glue.GetTables",
            "secretsmanager.ListSecrets",
        ];
        look_around(scene, at + 560, &held, &place, &calls, 45);
    },
};

pub(super) const LK_3: Attack = Attack {
    id: "LK-3",
    about: "Credentials of an instance and of a function are used outside AWS and from somebody else's instance.",
    hour: 13,
    run: |scene, at| {
        scene.may_fire(&["LK-1", "LK-2", "RC-1", "B1", "B13"]);
        let Some((held, when)) = stolen(scene, "instance/0", at + 400) else { return };
        scene.touches_caller(&held);
        let place = lair(Net::HostingAmsterdam, 3);
        let after = look_around(scene, when, &held, &place, &["sts.GetCallerIdentity"], 20);
        look_around(scene, after, &held, &place, &TOUR, 22);
        if let Some((function, when)) = stolen(scene, "function/1", at + 500) {
            scene.touches_caller(&function);
            let place = lair(Net::AwsOfOthers, 4);
            let calls = ["sts.GetCallerIdentity", "dynamodb.ListTables", "s3.ListBuckets"];
            look_around(scene, when, &function, &place, &calls, 18);
        }
    },
};

pub(super) const LK_4: Attack = Attack {
    id: "LK-4",
    about: "AWS quarantines a key that it found in public; the key goes on taking a role.",
    hour: 15,
    run: |scene, at| {
        let user = scene.world.contractor(1);
        let caller = Caller::user(&user);
        scene.touches_caller(&caller);
        scene.may_fire(&["LK-1", "B3", "B13"]);
        let aws = Agent::Fixed(
            "aws-internal/3 aws-sdk-java/1.12.780 Linux/5.10.234 OpenJDK_64-Bit_Server_VM/17.0.14"
                .into(),
        );
        let support = Place::at(Net::AwsVirginia, 30, aws);
        let request = format!(
            r#"{{"userName":"{}","policyArn":"arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3"}}"#,
            user.name
        );
        scene.call_with(at + 200, &caller, &support, "iam.AttachUserPolicy", &request, "null");
        let place = lair(Net::HomeHanoi, 5);
        scene.call(at + 900, &caller, &place, "sts.GetCallerIdentity");
        let role = scene.world.role_of(1);
        let held =
            scene.assume(at + 960, &caller, &place, &role, "botocore-session-1", Ask::default());
        scene.touches_caller(&held);
        look_around(
            scene,
            at + 966,
            &held,
            &place,
            &["ec2.DescribeInstances", "rds.DescribeDBInstances"],
            30,
        );
    },
};

pub(super) const LK_5: Attack = Attack {
    id: "LK-5",
    about: "An administrator makes a key for somebody else's user, and it is first used from Lagos in the evening.",
    hour: 15,
    run: |scene, at| {
        let Some(admin) = person(scene, Team::Administrators, 0) else { return };
        let (held, place) = at_work(scene, &admin, at + 100, 1);
        let user = scene.world.account(BUILD).user("jonas.brandt", 7);
        scene.touches_caller(&held);
        scene.may_fire(&["LK-1", "B15", "B12", "B13"]);
        create_access_key(scene, at + 900, &held, &place, &user);
        let (caller, lair) = (Caller::user(&user), lair(Net::HomeLagos, 6));
        let calls = [
            "sts.GetCallerIdentity",
            "s3.ListBuckets",
            "ecr.DescribeRepositories",
            "iam.ListUsers",
        ];
        look_around(scene, at + 5 * HOUR, &caller, &lair, &calls, 40);
    },
};

pub(super) const LK_6: Attack = Attack {
    id: "LK-6",
    about: "A scanner for secrets tries a key that it found, and a penetration tester's machine goes on with it.",
    hour: 12,
    run: |scene, at| {
        let caller = Caller::user(&scene.world.developer(5, at));
        scene.touches_caller(&caller);
        scene.may_fire(&["LK-1", "LK-2", "RC-1", "B13"]);
        let scanner = lair(Net::VpnStockholm, 7).by(Agent::Fixed("TruffleHog".into()));
        scene.call(at + 300, &caller, &scanner, "sts.GetCallerIdentity");
        let tester = lair(Net::VpnStockholm, 8).by(kali());
        look_around(
            scene,
            at + 900,
            &caller,
            &tester,
            &["sts.GetCallerIdentity", "s3.ListBuckets"],
            30,
        );
        let pacu = tester.by(Agent::Fixed("Boto3/1.37.1 md/Botocore#1.37.1 Pacu".into()));
        knock(
            scene,
            at + 1000,
            &caller,
            &pacu,
            &["iam.GetUser", "iam.ListGroups", "lambda.ListLayers20181031"],
        );
        // The owner's own client, for comparison: the office goes on as always.
        let desk = scene.world.desk(5).by(cli(25));
        scene.aside(|scene| scene.call(at + 2000, &caller, &desk, "ecr.DescribeImages"));
    },
};
