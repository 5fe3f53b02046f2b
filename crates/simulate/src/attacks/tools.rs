//! What attackers have in common: stolen sessions, places of their own, a look around.

use std::sync::Arc;

use crate::account::{Account, User};
use crate::caller::Caller;
use crate::clock::java;
use crate::everyday::people;
use crate::network::Net;
use crate::person::{Person, Team};
use crate::place::{Agent, Place, boto};
use crate::scene::Scene;

/// A thief's own machine.
pub(super) fn lair(net: Net, at: u64) -> Place {
    Place::at(net, 900 + at, boto(""))
}

/// A command line on a distribution made for such work.
pub(super) fn kali() -> Agent {
    Agent::Command(
        "aws-cli/2.15.22 Python/3.11.8 Linux/6.6.9-amd64 exe/x86_64.kali.2024 prompt/off".into(),
    )
}

/// The latest credential under that name, and an instant not before `at` at which it is in use.
pub(super) fn stolen(scene: &Scene<'_>, name: &str, at: i64) -> Option<(Arc<Caller>, i64)> {
    let held = scene.stage.latest(name)?;
    let at = at.max(held.created + 120);
    (at + 600 < held.until).then_some((held, at))
}

/// Calls one API after another, `gap` seconds apart; returns when it is done.
pub(super) fn look_around(
    scene: &mut Scene<'_>,
    at: i64,
    who: &Caller,
    place: &Place,
    apis: &[&str],
    gap: i64,
) -> i64 {
    let mut when = at;
    for api in apis {
        scene.call(when, who, place, api);
        when += gap + scene.dice.between(0, 4);
    }
    when
}

/// Knocks at one API after another, and is refused.
pub(super) fn knock(
    scene: &mut Scene<'_>,
    at: i64,
    who: &Caller,
    place: &Place,
    apis: &[&str],
) -> i64 {
    let mut when = at;
    for api in apis {
        scene.denied(when, who, place, api, "*");
        when += 11 + scene.dice.between(0, 20);
    }
    when
}

/// The `at`th person of a team who is neither new nor travels.
pub(super) fn person(scene: &Scene<'_>, team: Team, at: usize) -> Option<Person> {
    let mut members = scene
        .world
        .people
        .iter()
        .filter(|p| p.team == team && p.trip.is_none() && p.since == i64::MIN);
    let count = members.clone().count().max(1);
    members.nth(at % count).cloned()
}

/// The person signs in as always, and begins to work.
pub(super) fn at_work(
    scene: &mut Scene<'_>,
    person: &Person,
    at: i64,
    set: usize,
) -> (Caller, Place) {
    let place = people::place(person, at);
    let caller = scene.aside(|scene| people::sign_in_again(scene, person, &place, at, set));
    (caller, place)
}

/// Makes a long-term key for a user.
pub(super) fn create_access_key(
    scene: &mut Scene<'_>,
    at: i64,
    who: &Caller,
    place: &Place,
    user: &User,
) {
    let (name, key, date) = (&user.name, &user.key, java(at, false));
    let request = format!(r#"{{"userName":"{name}"}}"#);
    let response = format!(
        r#"{{"accessKey":{{"accessKeyId":"{key}","status":"Active","userName":"{name}","createDate":"{date}"}}}}"#
    );
    scene.call_with(at, who, place, "iam.CreateAccessKey", &request, &response);
    scene.touches(&[key, &user.arn]);
}

/// Makes a user, with all rights.
pub(super) fn create_admin(
    scene: &mut Scene<'_>,
    at: i64,
    who: &Caller,
    place: &Place,
    user: &User,
) {
    let (name, id, arn, date) = (&user.name, &user.id, &user.arn, java(at, false));
    let request = format!(r#"{{"userName":"{name}"}}"#);
    let response = format!(
        r#"{{"user":{{"path":"/","userName":"{name}","userId":"{id}","arn":"{arn}","createDate":"{date}"}}}}"#
    );
    scene.call_with(at, who, place, "iam.CreateUser", &request, &response);
    let request = format!(
        r#"{{"userName":"{name}","policyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}}"#
    );
    scene.call_with(at + 8, who, place, "iam.AttachUserPolicy", &request, "null");
    scene.touches(&[arn]);
}

/// A policy that lets another account take a role, without asking for an external id.
pub(super) fn trust_of(account: &Account) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::{}:root"}},"Action":"sts:AssumeRole"}}]}}"#,
        account.number
    )
}

/// Sees through the whole cloud in the way of those who have just come.
pub(super) const TOUR: [&str; 8] = [
    "s3.ListBuckets",
    "iam.ListUsers",
    "iam.ListRoles",
    "ec2.DescribeInstances",
    "secretsmanager.ListSecrets",
    "lambda.ListFunctions20150331",
    "rds.DescribeDBInstances",
    "kms.ListAliases",
];
