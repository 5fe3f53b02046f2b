//! IAM users: long-term keys, sessions with MFA, roles taken from them, and a typing error.

use crate::account::{Role, User};
use crate::caller::Caller;
use crate::clock::{DAY, HOUR, weekday, works};
use crate::everyday::{begins, midnight};
use crate::network::Net;
use crate::place::{Agent, Place, boto, cli};
use crate::scene::{Ask, Scene};
use crate::stage::Stage;
use crate::world::{BUILD, DATA, PRODUCTION, World};

/// Users of the build account who take roles elsewhere, with the office they sit in.
const NAMES: [&str; 8] = [
    "mara.keller",
    "jonas.brandt",
    "petra.lang",
    "simon.ferro",
    "elif.demir",
    "tom.hale",
    "rita.lopes",
    "karl.hahn",
];

impl World {
    /// The user of that name in the build account, with the key of that day: keys are rotated once.
    pub(crate) fn developer(&self, at: usize, now: i64) -> User {
        let rotated = self.plan.part(200 + 30 * at as i64) + 9 * HOUR;
        self.account(BUILD).user(NAMES[at % NAMES.len()], u32::from(now >= rotated))
    }

    /// The role that the user takes.
    pub(crate) fn role_of(&self, at: usize) -> Role {
        match at % 2 {
            0 => self.account(DATA).role("/", "data-readers"),
            _ => self.account(PRODUCTION).role("/", "prod-support"),
        }
    }

    pub(crate) fn desk(&self, at: usize) -> Place {
        let place = Place::at(Net::OfficeZurich, 30 + at as u64 % 2, cli(at as u64 * 5));
        // Old clients still call STS by its global name, which is recorded in us-east-1.
        if at % 4 == 3 { place.with_global_sts() } else { place }
    }

    /// The MFA device of a user.
    pub(crate) fn device(&self, user: &User) -> String {
        format!("arn:aws:iam::{}:mfa/{}", user.account.number, user.name)
    }
}

pub(super) fn hour(world: &World, stage: &mut Stage, hour: i64) {
    let day = midnight(hour);
    for (at, name) in NAMES.iter().enumerate() {
        rotation(world, stage, hour, at);
        let mut dice = world.dice(name, day as u64);
        let begin = day + 8 * HOUR + 1800 + dice.between(0, 2400);
        if works(hour) && begins(begin, hour) {
            let mut scene = Scene::new(world, stage, dice.next());
            morning(&mut scene, at, begin);
        }
    }
    report(world, stage, hour);
}

/// A session with MFA, then the role for an hour, and once more after lunch.
fn morning(scene: &mut Scene<'_>, at: usize, begin: i64) {
    let (user, place) = (scene.world.developer(at, begin), scene.world.desk(at));
    let own = Caller::user(&user);
    let habit = scene.world.habits.build.clone();
    scene.call(begin, &own, &place, "sts.GetCallerIdentity");
    scene.call(begin + 20, &own, &place, "ecr.DescribeRepositories");
    scene.works(&own, &place, begin, begin + 8 * HOUR, 2, &habit);
    let device = scene.world.device(&user);
    let token = scene.session_token(begin + 60, &user, &place, None, &device);
    scene.call(begin + 66, &token, &place, "ecr.DescribeImages");
    scene.stage.hold(NAMES[at], &token);
    for (round, after) in [120, 5 * HOUR + 300].into_iter().enumerate() {
        // The typist: once in a while the role's name goes wrong.
        if scene.dice.chance(150) {
            let wrong =
                scene.world.role_of(at).arn.replace("data-", "data_").replace("support", "suport");
            scene.assume_denied(begin + after - 40, &token, &place, &wrong);
            scene.assume_denied(begin + after - 21, &token, &place, &wrong);
        }
        let role = scene.world.role_of(at);
        let ask = Ask { seconds: Some(3600), ..Ask::default() };
        let held = scene.assume(begin + after, &token, &place, &role, NAMES[at], ask);
        let soon = scene.dice.between(2, 9);
        scene.call(begin + after + soon, &held, &place, "sts.GetCallerIdentity");
        let habit = if at.is_multiple_of(2) {
            &scene.world.habits.analyst
        } else {
            &scene.world.habits.operator
        };
        scene.works(
            &held,
            &place.in_region("eu-central-1"),
            begin + after + 30,
            held.until,
            4,
            &habit.clone(),
        );
        if round == 0 {
            scene.stage.hold(&format!("{}/role", NAMES[at]), &held);
        }
    }
}

/// The key is replaced: made, used from the same desk, then the old one switched off and deleted.
fn rotation(world: &World, stage: &mut Stage, hour: i64, at: usize) {
    let when = world.plan.part(200 + 30 * at as i64) + 9 * HOUR + 600;
    if !begins(when, hour) {
        return;
    }
    let mut scene = Scene::new(world, stage, world.dice("rotation", at as u64).next());
    let place = world.desk(at);
    let (old, new) = (world.developer(at, when - HOUR), world.developer(at, when));
    let (name, caller) = (&old.name, Caller::user(&old));
    let date = crate::clock::java(when, false);
    scene.call_with(
        when,
        &caller,
        &place,
        "iam.CreateAccessKey",
        &format!(r#"{{"userName":"{name}"}}"#),
        &format!(r#"{{"accessKey":{{"accessKeyId":"{}","status":"Active","userName":"{name}","createDate":"{date}"}}}}"#, new.key),
    );
    scene.call(when + 45, &Caller::user(&new), &place, "sts.GetCallerIdentity");
    for (after, api, status) in [
        (90, "iam.UpdateAccessKey", r#","status":"Inactive""#),
        (6 * HOUR, "iam.DeleteAccessKey", ""),
    ] {
        let request = format!(r#"{{"userName":"{name}","accessKeyId":"{}"{status}}}"#, old.key);
        scene.call_with(when + after, &Caller::user(&new), &place, api, &request, "null");
    }
}

/// A portal of our own shows dashboards with federated sessions of a user without a person.
fn report(world: &World, stage: &mut Stage, hour: i64) {
    let of_day = hour.rem_euclid(DAY) / HOUR;
    if !(7..17).contains(&of_day) || weekday(hour) > 4 {
        return;
    }
    let mut scene = Scene::new(world, stage, world.dice("dashboards", hour as u64).next());
    let user = world.account(PRODUCTION).user("svc-dashboards", 0);
    let place = Place::at(Net::DataCentre, 60, boto(""));
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"quicksight:GetDashboardEmbedUrl","Resource":"*"}]}"#;
    let at = hour + scene.dice.between(60, 900);
    let token = scene.federation_token(at, &user, &place, "dashboards", policy, Some(3600));
    let portal = place.by(Agent::Fixed("python-requests/2.32.3".into()));
    scene.signin_token(at + 1, &token, &portal);
    scene.call(at + 3, &token, &place, "monitoring.ListMetrics");
}
