//! Instances, functions and containers: credentials that AWS hands to workloads and renews.

use crate::account::{Account, Role};
use crate::caller::Caller;
use crate::clock::{DAY, HOUR, digits};
use crate::dice::mix;
use crate::network::Net;
use crate::place::{Place, boto, go};
use crate::scene::{HandOut, Scene};
use crate::stage::Stage;
use crate::world::World;
use std::sync::Arc;

pub(super) fn hour(world: &World, stage: &mut Stage, hour: i64) {
    let turn = hour.div_euclid(HOUR);
    let places = world.workplaces();
    let account = |at: u64| world.account(places[at as usize % places.len()]);
    for at in
        (0..world.workloads(0.8)).filter(|at| (turn + *at as i64) % 3 == 0 || first(world, hour))
    {
        let mut scene =
            Scene::new(world, stage, world.dice("instance", mix(&[at, hour as u64])).next());
        instance(&mut scene, account(at), at, hour);
    }
    for at in
        (0..world.workloads(1.0)).filter(|at| (turn + *at as i64) % 2 == 0 || first(world, hour))
    {
        let mut scene =
            Scene::new(world, stage, world.dice("function", mix(&[at, hour as u64])).next());
        function(&mut scene, account(at), at, hour);
    }
    for at in
        (0..world.workloads(0.5)).filter(|at| (turn + *at as i64) % 5 == 0 || first(world, hour))
    {
        let mut scene =
            Scene::new(world, stage, world.dice("task", mix(&[at, hour as u64])).next());
        task(&mut scene, account(at), at, hour);
    }
}

fn first(world: &World, hour: i64) -> bool {
    hour == world.plan.start()
}

/// The VPC endpoint of an account.
pub(crate) fn endpoint(account: &Account) -> String {
    format!("vpce-0{:016x}", mix(&[account.seed, account.digits(), 9]) >> 4 << 4 | 7)
}

/// Where the machines of an account come out: its NAT, or an endpoint of its VPC.
pub(crate) fn exit(account: &Account, at: u64, through_endpoint: bool) -> Place {
    let nat = Place::at(Net::AwsNat, 10 + account.place.unwrap_or(0) as u64 * 3 + at % 2, go())
        .in_region(account.region);
    if through_endpoint { nat.through(&endpoint(account), &account.number, at) } else { nat }
}

/// The name of an instance; those of a scaling group are replaced every third day.
fn instance_name(world: &World, at: u64, hour: i64) -> String {
    let days = if at % 3 == 2 { (hour - world.plan.start()) / (3 * DAY) } else { 0 };
    format!("i-0{:016x}", mix(&[world.plan.seed, 5, at, days as u64]))
}

/// EC2 hands an instance one set of credentials for each version of its metadata service.
fn instance(scene: &mut Scene<'_>, account: &Arc<Account>, at: u64, hour: i64) {
    let name = instance_name(scene.world, at, hour);
    let role = account.role("/", ["web-instance", "worker-instance"][(at % 2) as usize]);
    let when = hour + scene.dice.between(0, 3000);
    let request_id = scene.dice.uuid(4);
    let how = HandOut { without_user: true, request_id: &request_id, ..HandOut::default() };
    let seconds = 6 * HOUR + scene.dice.between(0, 2000);
    let old = scene.hand_out(when, "ec2", &role, &name, seconds, how);
    let new = scene.hand_out(when, "ec2", &role, &name, seconds + 31, how);
    let legacy = at == 1;
    let held = if legacy { old } else { new }.with(|session| {
        let version = if legacy { "1.0" } else { "2.0" };
        session.context = format!(r#","ec2RoleDelivery":"{version}""#);
    });
    let agent = boto("");
    let place = exit(account, at, at % 4 == 1).by(agent);
    let habit = scene.world.habits.instance.clone();
    scene.call(when + 2, &held, &place, "ssm.UpdateInstanceInformation");
    scene.works(&held, &place, when + 2, when + 3 * HOUR + 900, 12, &habit);
    scene.stage.hold(&format!("instance/{at}"), &held);
}

/// Lambda's logged session and the one that the function's calls show are two.
fn function(scene: &mut Scene<'_>, account: &Arc<Account>, at: u64, hour: i64) {
    let (seed, number) = (scene.world.plan.seed, scene.dice.between(100, 999));
    let name = format!("{}-{at}", ["orders", "invoices", "stock", "mailer"][(at % 4) as usize]);
    let role = account.role("/service-role/", &format!("{name}-function"));
    let when = hour + scene.dice.between(0, 3000);
    let logged = format!("awslambda_{number}_{}{:03}", digits(when), number);
    let how = HandOut { without_user: true, ..HandOut::default() };
    scene.hand_out(when, "lambda", &role, &logged, 7200, how);
    let held = runs_as(scene, &role, &name, when);
    // Without a VPC functions come from the provider's pool, ever from elsewhere.
    let agent = boto("exec-env/AWS_Lambda_python3.12");
    let pool = if account.region == "eu-west-1" { Net::AwsIreland } else { Net::AwsFrankfurt };
    let place = if at.is_multiple_of(3) {
        exit(account, at, true).by(agent)
    } else {
        let spot = mix(&[seed, at, hour as u64]) % 60 + 60 * (at % 50);
        Place::at(pool, spot, agent).in_region(account.region)
    };
    let habit = scene.world.habits.function.clone();
    scene.call(when + 1, &held, &place, "sts.GetCallerIdentity");
    scene.works(&held, &place, when + 1, when + 2 * HOUR, 12, &habit);
    scene.stage.hold(&format!("function/{at}"), &held);
}

/// The session under which a function's own calls are seen, which is named like the function.
pub(crate) fn runs_as(scene: &mut Scene<'_>, role: &Role, function: &str, at: i64) -> Caller {
    let account = &role.account;
    let key = scene.new_key(account);
    let arn = format!("arn:aws:lambda:{}:{}:function:{function}", account.region, account.number);
    Caller::role(role, function, key, at, at + 7200).with(|session| {
        session.beside = format!(
            r#","inScopeOf":{{"issuerType":"AWS::Lambda::Function","credentialsIssuedTo":"{arn}","credentialsIssuedToVersion":"{arn}:$LATEST"}}"#
        );
    })
}

/// An ECS task lives on sessions of six hours that nobody asked the length of.
fn task(scene: &mut Scene<'_>, account: &Arc<Account>, at: u64, hour: i64) {
    let role =
        account.role("/", &format!("{}-task", ["reports", "gateway", "search"][(at % 3) as usize]));
    let when = hour + scene.dice.between(0, 3000);
    let name = scene.dice.hex(32);
    let held = scene.hand_out(when, "ecs-tasks", &role, &name, 21_600, HandOut::default());
    let place = exit(account, at + 1, at % 3 == 1).by(boto("exec-env/AWS_ECS_FARGATE"));
    let habit = scene.world.habits.container.clone();
    scene.call(when + 3, &held, &place, "secretsmanager.GetSecretValue");
    scene.forwarded(when + 3, &held, "secretsmanager", "kms.Decrypt");
    scene.works(&held, &place, when + 3, when + 5 * HOUR + 1800, 8, &habit);
    scene.stage.hold(&format!("task/{at}"), &held);
}
