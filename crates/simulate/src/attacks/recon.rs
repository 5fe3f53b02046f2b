//! Reconnaissance: who am I, what is there, and which roles exist.

use crate::attacks::Attack;
use crate::attacks::tools::{TOUR, knock, lair, look_around};
use crate::caller::Caller;
use crate::network::Net;
use crate::record::Told;
use crate::scene::Scene;
use crate::world::DATA;

/// Regions in which the organisation has nothing.
const ELSEWHERE: [&str; 12] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-north-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-2",
    "us-west-1",
];

pub(super) const RC_1: Attack = Attack {
    id: "RC-1",
    about: "The key of a batch user asks who it is for the first time, then knocks at everything in every region.",
    hour: 14,
    run: |scene, at| {
        let caller = Caller::user(&scene.world.account(DATA).user("svc-etl", 0));
        let place = lair(Net::HostingWarsaw, 11).in_region("eu-central-1");
        scene.touches_caller(&caller);
        scene.may_fire(&["LK-1", "LK-2", "B13"]);
        scene.call(at + 600, &caller, &place, "sts.GetCallerIdentity");
        let after = look_around(scene, at + 640, &caller, &place, &TOUR[..6], 14);
        let refused = [
            "iam.GetAccountAuthorizationDetails",
            "organizations.ListAccounts",
            "ses.GetSendQuota",
            "cloudtrail.DescribeTrails",
            "dynamodb.ListTables",
            "sns.ListTopics",
            "sqs.ListQueues",
            "guardduty.ListDetectors",
            "ecr.DescribeRepositories",
            "eks.ListClusters",
            "bedrock.ListFoundationModels",
        ];
        let after = knock(scene, after, &caller, &place, &refused);
        for (order, region) in ELSEWHERE.into_iter().enumerate() {
            let there = place.in_region(region);
            scene.call(after + 9 * order as i64, &caller, &there, "ec2.DescribeInstances");
        }
    },
};

pub(super) const RC_2: Attack = Attack {
    id: "RC-2",
    about: "A developer's key guesses the names of roles and of principals, one after another.",
    hour: 10,
    run: |scene, at| {
        let caller = Caller::user(&scene.world.developer(4, at));
        let place = lair(Net::HomeKyiv, 12);
        scene.touches_caller(&caller);
        scene.may_fire(&["LK-1", "LK-2", "RC-1", "B13"]);
        let names = [
            "admin",
            "Administrator",
            "devops",
            "deploy",
            "ec2-admin",
            "jenkins",
            "terraform-admin",
            "backup",
        ];
        for (order, name) in names.into_iter().enumerate() {
            let account = scene.world.account(4 + order % 3).clone();
            let arn = format!("arn:aws:iam::{}:role/{name}", account.number);
            scene.assume_denied(at + 900 + 31 * order as i64, &caller, &place, &arn);
            scene.touches(&[&arn]);
        }
        for order in 0..12i64 {
            guess_principal(
                scene,
                at + 1300 + 25 * order,
                &caller,
                &place,
                &format!("user{order}"),
            );
        }
    },
};

/// A trust policy is refused if the principal that it names does not exist.
fn guess_principal(
    scene: &mut Scene<'_>,
    at: i64,
    who: &Caller,
    place: &crate::place::Place,
    guess: &str,
) {
    let request = format!(
        r#"{{"roleName":"own-role","policyDocument":"{{\"Version\":\"2012-10-17\",\"Statement\":[{{\"Effect\":\"Deny\",\"Principal\":{{\"AWS\":\"arn:aws:iam::333333333333:user/{guess}\"}},\"Action\":\"sts:AssumeRole\"}}]}}"}}"#
    );
    let mut told = Told::call(at, who, place, "iam", "UpdateAssumeRolePolicy");
    let message = format!(
        r#"Invalid principal in policy: \"AWS\":\"arn:aws:iam::333333333333:user/{guess}\""#
    );
    told.error = Some(("MalformedPolicyDocumentException", &message));
    (told.request, told.reads) = (&request, false);
    scene.tell(&who.account, &told, "us-east-1");
}
