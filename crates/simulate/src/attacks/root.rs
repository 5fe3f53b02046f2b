//! Root: the user that should never be used, and the root of members that few may take.

use crate::attacks::Attack;
use crate::attacks::tools::{at_work, lair, look_around, person};
use crate::caller::Caller;
use crate::clock::HOUR;
use crate::dice::{mix, unique_id};
use crate::network::Net;
use crate::person::Team;
use crate::place::browser;
use crate::world::{DATA, SANDBOX};

pub(super) const RT_1: Attack = Attack {
    id: "RT-1",
    about: "Somebody guesses the password of a root, makes it a key, and uses the key.",
    hour: 3,
    run: |scene, at| {
        let account = scene.world.account(SANDBOX).clone();
        let place = lair(Net::HomeLagos, 51).by(browser(2)).in_region("us-east-1");
        let root = Caller::root(&account, String::new(), 0, false);
        for attempt in 0..6 {
            scene.console_login(at + 600 + 55 * attempt, &root, &place, "Failure", "No");
        }
        let signed = at + 1000;
        scene.console_login(signed, &root, &place, "Success", "No");
        let key = scene.new_key(&account);
        let console = Caller::root(&account, key, signed, false).with(|root| root.console = true);
        scene.touches_caller(&console);
        scene.may_fire(&["LK-5", "LK-1", "RC-1"]);
        scene.call(signed + 5, &console, &place, "iam.GetAccountSummary");
        let id = unique_id("AKIA", account.digits(), mix(&[account.seed, 51]));
        let date = crate::clock::java(signed + 90, false);
        let response = format!(
            r#"{{"accessKey":{{"accessKeyId":"{id}","status":"Active","userName":"root","createDate":"{date}"}}}}"#
        );
        scene.call_with(signed + 90, &console, &place, "iam.CreateAccessKey", "null", &response);
        scene.touches(&[&id]);
        let with_key = Caller::root(&account, id, 0, false);
        let lair = lair(Net::HostingAmsterdam, 52);
        look_around(
            scene,
            signed + HOUR,
            &with_key,
            &lair,
            &["sts.GetCallerIdentity", "iam.ListUsers", "s3.ListBuckets"],
            15,
        );
    },
};

pub(super) const RT_2: Attack = Attack {
    id: "RT-2",
    about: "An administrator takes the root of the data account to unlock a bucket.",
    hour: 12,
    run: |scene, at| {
        let Some(admin) = person(scene, Team::Administrators, 1) else { return };
        let (held, place) = at_work(scene, &admin, at + 60, 0);
        let member = scene.world.account(DATA).clone();
        let root = scene.assume_root(at + 900, &held, &place, &member, "S3UnlockBucketPolicy");
        scene.touches_caller(&held);
        scene.touches_caller(&root);
        scene.may_fire(&["RT-1", "B12", "XA-2"]);
        let bucket = format!("warehouse-{}", member.number);
        let request = format!(
            r#"{{"bucketName":"{bucket}","Host":"{bucket}.s3.eu-west-1.amazonaws.com","policy":""}}"#
        );
        scene.call_with(at + 905, &root, &place, "s3.GetBucketPolicy", &request, "null");
        scene.call_with(at + 930, &root, &place, "s3.DeleteBucketPolicy", &request, "null");
    },
};
