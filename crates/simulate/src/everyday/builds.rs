//! Builds: every job proves itself with a token of its code host, and deploys by further roles.

use crate::caller::Caller;
use crate::clock::{DAY, HOUR, works};
use crate::network::Net;
use crate::place::{Place, actions, terraform};
use crate::scene::{Ask, Scene, Subject};
use crate::stage::Stage;
use crate::world::{BUILD, PRODUCTION, STAGING, World};

/// Repositories that build; each has a role of its own.
const REPOSITORIES: [&str; 6] = ["shop", "orders", "invoices", "search", "mobile-app", "data-jobs"];

pub(super) fn hour(world: &World, stage: &mut Stage, hour: i64) {
    let of_day = hour.rem_euclid(DAY) / HOUR;
    let share = match of_day {
        7..=17 if works(hour) => 0.22,
        2 => 0.3,
        _ => 0.03,
    };
    let jobs = (world.plan.events_per_day as f64 / 2500.0 * share + 0.7).floor() as u64;
    for at in 0..jobs {
        let mut dice = world.dice("job", hour as u64 * 1000 + at);
        let repository = REPOSITORIES[dice.below(6) as usize];
        let (begin, deploys) = (hour + dice.between(10, 3000), dice.chance(400));
        let mut scene = Scene::new(world, stage, dice.next());
        job(&mut scene, repository, begin, deploys);
    }
    if of_day == 3 {
        let mut scene = Scene::new(world, stage, world.dice("drift", hour as u64).next());
        drift(&mut scene, hour + 600);
    }
}

impl World {
    /// The code host as the build account's provider of identities.
    pub(crate) fn code_host(&self) -> String {
        let number = &self.account(BUILD).number;
        format!("arn:aws:iam::{number}:oidc-provider/token.actions.githubusercontent.com")
    }
}

/// A runner's address: a new one for each job.
pub(crate) fn runner(scene: &mut Scene<'_>) -> Place {
    Place::at(Net::CodeHostRunners, scene.dice.below(4000), actions())
}

/// The token of a job is exchanged for a session of the repository's role.
pub(crate) fn prove(
    scene: &mut Scene<'_>,
    repository: &str,
    branch: &str,
    place: &Place,
    at: i64,
) -> Caller {
    let provider = scene.world.code_host();
    let subject = format!("repo:example-org/{repository}:{branch}");
    let who = Subject {
        provider: &provider,
        subject: &subject,
        audience: "sts.amazonaws.com",
        seconds: Some(3600),
    };
    let role = scene.world.account(BUILD).role("/", &format!("ci-{repository}"));
    let build = scene.web_identity(at, &role, "GitHubActions", place, who);
    scene.call(at + 2, &build, place, "sts.GetCallerIdentity");
    scene.stage.hold("ci", &build);
    build
}

fn job(scene: &mut Scene<'_>, repository: &str, begin: i64, deploys: bool) {
    let place = runner(scene);
    let branch =
        if deploys || scene.dice.chance(300) { "ref:refs/heads/main" } else { "pull_request" };
    let build = prove(scene, repository, branch, &place, begin);
    let habit = scene.world.habits.build.clone();
    scene.works(&build, &place, begin + 2, begin + 600, 20, &habit);
    if deploys {
        let ask = Ask { seconds: Some(900), ..Ask::default() };
        for (order, account) in [STAGING, PRODUCTION].into_iter().enumerate() {
            let at = begin + 60 + 90 * order as i64;
            let role = scene.world.account(account).role("/", "deploy-target");
            let target = scene.assume(at, &build, &place, &role, "GitHubActions", ask);
            scene.call(at + 2, &target, &place, "cloudformation.DescribeStacks");
            scene.call(at + 5, &target, &place, "cloudformation.UpdateStack");
            // CloudFormation goes on with the caller's rights, under a key of its own.
            scene.forwarded(at + 20, &target, "cloudformation", "lambda.GetFunction20150331v2");
            scene.forwarded(
                at + 21,
                &target,
                "cloudformation",
                "lambda.UpdateFunctionCode20150331v2",
            );
            scene.stage.hold(&format!("deploy/{account}"), &target);
        }
    }
}

/// Every night Terraform compares what is with what should be, in every account.
fn drift(scene: &mut Scene<'_>, begin: i64) {
    let place = runner(scene);
    let build = prove(scene, "platform-infra", "environment:production", &place, begin);
    let place = place.by(terraform()).with_global_sts();
    let accounts: Vec<_> = scene.world.members(begin).cloned().collect();
    for (at, account) in accounts.iter().enumerate() {
        let when = begin + 20 + 45 * at as i64;
        let role = account.role("/platform/", "terraform");
        let name = format!("aws-go-sdk-{when}{:09}", scene.dice.below(1_000_000_000));
        let held = scene.assume(when, &build, &place, &role, &name, Ask::default());
        scene.call(when + 1, &held, &place, "sts.GetCallerIdentity");
        scene.call(when + 2, &held, &place, "iam.ListRoles");
        let habit = scene.world.habits.terraform.clone();
        scene.works(&held, &place, when + 2, when + 300, 40, &habit);
        if account.name == "production" {
            scene.stage.hold("terraform", &held);
        }
    }
}
