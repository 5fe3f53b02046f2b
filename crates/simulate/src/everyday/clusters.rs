//! Kubernetes: pods that get their roles from EKS, and pods that bring a token to STS.

use crate::clock::HOUR;
use crate::dice::mix;
use crate::everyday::machines::exit;
use crate::place::{Agent, go};
use crate::scene::{HandOut, Scene, Subject};
use crate::stage::Stage;
use crate::world::{PRODUCTION, STAGING, World};

const SERVICES: [(&str, &str); 5] = [
    ("shop", "catalogue"),
    ("shop", "basket"),
    ("shop", "checkout"),
    ("platform", "external-dns"),
    ("platform", "secrets-sync"),
];

pub(super) fn hour(world: &World, stage: &mut Stage, hour: i64) {
    let turn = hour.div_euclid(HOUR);
    let first = hour == world.plan.start();
    let pods = world.workloads(0.6).min(400);
    for at in (0..pods).filter(|at| (turn + *at as i64) % 6 == 0 || first) {
        let mut scene = Scene::new(world, stage, world.dice("pod", mix(&[at, hour as u64])).next());
        pod(&mut scene, at, hour);
    }
    for at in (0..2).filter(|at| (turn + *at as i64) % 2 == 0 || first) {
        let mut scene =
            Scene::new(world, stage, world.dice("token", mix(&[at, hour as u64])).next());
        with_token(&mut scene, at, hour);
    }
}

/// The node asks eks-auth, the service asks STS; nothing in the records ties the two.
fn pod(scene: &mut Scene<'_>, at: u64, hour: i64) {
    let world = scene.world;
    let account = world.account(if at.is_multiple_of(2) { PRODUCTION } else { STAGING });
    let (space, service) = SERVICES[(at / 2 % 3) as usize];
    let when = hour + scene.dice.between(30, 3000);
    let node = {
        let role = account.role("/", "platform-node");
        let name = format!("i-0{:016x}", mix(&[world.plan.seed, 6, at % 2, at / 20]));
        let how = HandOut { without_user: true, ..HandOut::default() };
        scene.hand_out(when - 20, "ec2", &role, &name, 6 * HOUR + 600, how).with(|session| {
            session.context = r#","ec2RoleDelivery":"2.0""#.to_owned();
        })
    };
    let place = exit(account, 40 + at % 2, false);
    let agent = Agent::Fixed("eks-pod-identity-agent/v0.1.21".into());
    scene.call_with(
        when,
        &node,
        &place.by(agent),
        "eks-auth.AssumeRoleForPodIdentity",
        r#"{"clusterName":"platform","token":"HIDDEN_DUE_TO_SECURITY_REASONS"}"#,
        "null",
    );
    let (pod, uid) = (format!("{service}-{}", &scene.dice.hex(4)), scene.dice.uuid(4));
    let cluster = format!("arn:aws:eks:eu-west-1:{}:cluster/platform", account.number);
    let tags = [
        ("eks-cluster-arn", cluster.as_str()),
        ("eks-cluster-name", "platform"),
        ("kubernetes-namespace", space),
        ("kubernetes-service-account", service),
        ("kubernetes-pod-name", &pod),
        ("kubernetes-pod-uid", &uid),
    ];
    let role = account.role("/", &format!("{service}-pod"));
    let name = format!("eks-platform-{}-{}", &pod[..pod.len().min(10)], scene.dice.uuid(4));
    let how = HandOut { asked: Some(21_600), tags: &tags, ..HandOut::default() };
    let held = scene.hand_out(when + 1, "pods.eks", &role, &name, 21_600, how);
    let habit = world.habits.container.clone();
    scene.call(when + 3, &held, &place, "ssm.GetParametersByPath");
    scene.works(&held, &place, when + 3, when + 6 * HOUR - 900, 8, &habit);
    scene.stage.hold(&format!("pod/{at}"), &held);
}

/// A service account brings its cluster's token; its SDK renews the session every other hour.
fn with_token(scene: &mut Scene<'_>, at: u64, hour: i64) {
    let account = scene.world.account(PRODUCTION);
    let (space, service) = SERVICES[3 + (at % 2) as usize];
    let provider = scene.world.cluster_provider();
    let subject = format!("system:serviceaccount:{space}:{service}");
    let when = hour + scene.dice.between(30, 3000);
    let place = exit(account, 40 + at % 2, false).by(go());
    let role = account.role("/", &format!("{service}-irsa"));
    let name = format!("{when}{:09}", scene.dice.below(1_000_000_000));
    let who = Subject {
        provider: &provider,
        subject: &subject,
        audience: "sts.amazonaws.com",
        seconds: Some(7200),
    };
    let held = scene.web_identity(when, &role, &name, &place, who);
    let habit = scene.world.habits.container.clone();
    scene.call(when + 1, &held, &place, "secretsmanager.ListSecrets");
    scene.works(&held, &place, when + 1, when + 7000, 6, &habit);
    scene.stage.hold(&format!("token/{at}"), &held);
}

impl World {
    /// The provider of the cluster's tokens, in production.
    pub(crate) fn cluster_provider(&self) -> String {
        let account = self.account(PRODUCTION);
        let id = format!("{:016X}{:016X}", mix(&[account.seed, 1]), mix(&[account.seed, 2]));
        format!(
            "arn:aws:iam::{}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/{id}",
            account.number
        )
    }
}
