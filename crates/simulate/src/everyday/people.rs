//! People who come through Identity Center: in the office, at home, on the way.

use crate::caller::Caller;
use crate::clock::{HOUR, works};
use crate::everyday::{begins, midnight};
use crate::habit::Habit;
use crate::network::Net;
use crate::person::{Line, Person, Team};
use crate::place::{Place, browser, cli};
use crate::scene::Scene;
use crate::stage::Stage;
use crate::world::World;

pub(super) fn hour(world: &World, stage: &mut Stage, hour: i64) {
    if !works(hour) {
        return;
    }
    let day = midnight(hour);
    for person in world.people.iter().filter(|person| person.since <= day) {
        let mut dice = world.dice(&person.user, day as u64);
        // Ill, or on holiday.
        if dice.chance(60) {
            continue;
        }
        let morning = day + 60 * person.begins + dice.between(-900, 1500);
        let afternoon = morning + dice.between(4 * HOUR, 5 * HOUR + 1800);
        let (set, console, seed) = (dice.below(10) as usize, dice.below(10), dice.next());
        let mut scene = Scene::new(world, stage, seed ^ hour as u64);
        if begins(morning, hour) {
            let until = morning + scene.dice.between(3 * HOUR, 4 * HOUR);
            session(&mut scene, person, morning, until, 0, person.at % 4 == 1 && console < 5);
        }
        if begins(afternoon, hour) {
            let until = afternoon + scene.dice.between(2 * HOUR, 4 * HOUR);
            session(&mut scene, person, afternoon, until, set, console >= 8);
        }
    }
}

/// Signs in, looks who one is, and works until the time given.
fn session(scene: &mut Scene<'_>, person: &Person, at: i64, until: i64, set: usize, console: bool) {
    let place = place(person, at);
    let caller = sign_in(scene, person, &place, at, set, console);
    let weight = if console { 16 } else { 10 };
    let habit =
        if console { scene.world.habits.console.clone() } else { habit(scene, person.team) };
    let at_home = place.ip.starts_with("198.18");
    let middle = at + (until - at) / 3;
    let place = if console { place.by(browser(person.at)) } else { place };
    match person.line {
        // The VPN comes up after a while, and the session goes on through it.
        Line::Vpn if at_home && person.trip.is_none() => {
            let vpn = place.from(Net::CompanyVpn.ip(person.at));
            scene.works(&caller, &place, at + 20, middle, weight, &habit);
            scene.works_with_denials(&caller, &vpn, middle, until, weight, &habit, 12);
        }
        Line::Dual if at_home && person.trip.is_none() => {
            let six = place.from(person.home.ip6(person.at));
            scene.works(&caller, &place, at + 20, until, weight / 2, &habit);
            scene.works_with_denials(&caller, &six, at + 20, until, weight / 2, &habit, 12);
        }
        Line::Mobile => {
            let mobile = place.from(person.mobile.ip(person.at * 31 + at as u64 / 86_400));
            scene.works_with_denials(&caller, &place, at + 20, middle, weight, &habit, 12);
            scene.works(&caller, &mobile, middle, middle + 1500, weight, &habit);
            scene.works(&caller, &place, middle + 1500, until, weight, &habit);
        }
        _ => scene.works_with_denials(&caller, &place, at + 20, until, weight, &habit, 12),
    }
}

/// Takes one of the person's permission sets, and calls once or twice.
pub(crate) fn sign_in(
    scene: &mut Scene<'_>,
    person: &Person,
    place: &Place,
    at: i64,
    set: usize,
    console: bool,
) -> Caller {
    let sets = person.team.sets();
    let (set, account) = sets[set % sets.len()];
    let role = scene.world.account(account).permission_set(set);
    scene.portal(at - 4, &person.user, place, "ListAccounts", "");
    if console {
        let place = place.by(browser(person.at));
        let caller = scene.portal_console(at, &person.user, &place, &role, set);
        scene.call(at + 5, &caller, &place, "health.DescribeEventAggregates");
        caller
    } else {
        let caller = scene.permission_set(at, &person.user, place, &role, set);
        let soon = scene.dice.between(2, 12);
        scene.call(at + soon, &caller, place, "sts.GetCallerIdentity");
        caller
    }
}

/// Signs in beside the sessions of the day.
pub(crate) fn sign_in_again(
    scene: &mut Scene<'_>,
    person: &Person,
    place: &Place,
    at: i64,
    set: usize,
) -> Caller {
    sign_in(scene, person, place, at, set, false)
}

/// Where the person works on that day.
pub(crate) fn place(person: &Person, at: i64) -> Place {
    let day = midnight(at);
    let home = person.at_home >> crate::clock::weekday(at) & 1 == 1;
    let (net, host) = match person.trip {
        Some((from, until, net)) if (from..until).contains(&day) => (net, 300 + person.at),
        _ if home => (person.home, person.at * 13),
        // Everybody in an office shares its few addresses.
        _ => (person.office, 23 + person.at % 3),
    };
    Place::at(net, host, cli(person.at))
}

/// What the members of a team do.
pub(crate) fn habit(scene: &Scene<'_>, team: Team) -> Habit {
    let habits = &scene.world.habits;
    match team {
        Team::Developers => &habits.developer,
        Team::Operations | Team::Administrators => &habits.operator,
        Team::Data => &habits.analyst,
        Team::Security => &habits.auditor,
        Team::Finance => &habits.accountant,
    }
    .clone()
}
