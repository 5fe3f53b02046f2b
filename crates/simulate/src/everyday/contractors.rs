//! People whose contract ends: their keys lie idle afterwards, and nobody deletes them.

use crate::account::User;
use crate::caller::Caller;
use crate::clock::{DAY, HOUR, works};
use crate::everyday::{begins, midnight};
use crate::network::Net;
use crate::place::{Place, cli};
use crate::scene::{Ask, Scene};
use crate::stage::Stage;
use crate::world::{BUILD, World};

const NAMES: [&str; 2] = ["nadia.roth", "ivo.marin"];

impl World {
    /// The `at`th contractor of the build account.
    pub(crate) fn contractor(&self, at: usize) -> User {
        self.account(BUILD).user(NAMES[at % NAMES.len()], 0)
    }

    /// When the contracts end.
    fn contracts_end(&self) -> i64 {
        self.plan.start() + i64::from(self.plan.baseline_days) * DAY
    }
}

pub(super) fn hour(world: &World, stage: &mut Stage, hour: i64) {
    if !works(hour) || hour >= world.contracts_end() {
        return;
    }
    for (at, name) in NAMES.iter().enumerate() {
        let mut dice = world.dice(name, midnight(hour) as u64);
        let begin = midnight(hour) + 8 * HOUR + dice.between(0, 3000);
        if begins(begin, hour) {
            day(&mut Scene::new(world, stage, dice.next()), at, begin);
        }
    }
}

/// Works with a long-term key from home, and takes a role for two hours.
fn day(scene: &mut Scene<'_>, at: usize, begin: i64) {
    let user = scene.world.contractor(at);
    let (own, place) =
        (Caller::user(&user), Place::at(Net::HomeBerlin, 70 + at as u64, cli(at as u64)));
    let build = scene.world.habits.build.clone();
    scene.call(begin, &own, &place, "sts.GetCallerIdentity");
    scene.works(&own, &place, begin, begin + 6 * HOUR, 3, &build);
    let role = scene.world.role_of(at);
    let ask = Ask { seconds: Some(7200), ..Ask::default() };
    let held = scene.assume(begin + 300, &own, &place, &role, &user.name, ask);
    scene.call(begin + 306, &held, &place, "sts.GetCallerIdentity");
    let analyst = scene.world.habits.analyst.clone();
    scene.works(&held, &place.in_region("eu-central-1"), begin + 310, held.until, 3, &analyst);
}
