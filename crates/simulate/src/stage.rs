//! What is going on: who is at work, what waits for delivery, what has been said so far.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::api::Api;
use crate::caller::Caller;
use crate::clock::HOUR;
use crate::delivery::{Delivery, Item, What};
use crate::dice::{Dice, mix};
use crate::label::Label;
use crate::place::Place;

/// Somebody at work: makes a share of an hour's calls while it lasts.
pub(crate) struct Live {
    pub(crate) caller: Arc<Caller>,
    pub(crate) place: Arc<Place>,
    /// Seconds since 1970, half-open.
    pub(crate) from: i64,
    pub(crate) until: i64,
    /// How busy it is, compared with others.
    pub(crate) weight: u64,
    pub(crate) habit: Arc<[&'static Api]>,
    /// Denied calls among a thousand.
    pub(crate) denied: u64,
}

/// Everything that changes while the trail is made.
pub(crate) struct Stage {
    pub(crate) delivery: Delivery,
    pub(crate) live: Vec<Live>,
    /// The latest credentials of those whom others need to know.
    held: HashMap<String, Arc<Caller>>,
    /// Records told for everyday's sake, by hour.
    told: BTreeMap<i64, u64>,
    /// Keys issued, every day's and attackers'.
    pub(crate) issued: [u64; 2],
    pub(crate) labels: Vec<Label>,
    /// Where the trail ends; seconds since 1970.
    pub(crate) end: i64,
    /// Calls that are due, less those told; what an hour lacks, the next makes up.
    owed: f64,
}

impl Stage {
    pub(crate) fn new(delivery: Delivery, end: i64) -> Stage {
        Stage {
            delivery,
            live: Vec::new(),
            held: HashMap::new(),
            told: BTreeMap::new(),
            issued: [0; 2],
            labels: Vec::new(),
            end,
            owed: 0.0,
        }
    }

    pub(crate) fn hold(&mut self, name: &str, caller: &Caller) {
        self.held.insert(name.to_owned(), Arc::new(caller.clone()));
    }

    /// The credential last held under a name.
    pub(crate) fn latest(&self, name: &str) -> Option<Arc<Caller>> {
        self.held.get(name).cloned()
    }

    /// Counts a record of everyday.
    pub(crate) fn count(&mut self, time: i64) {
        *self.told.entry(time.div_euclid(HOUR)).or_default() += 1;
    }

    /// Lets those at work make the calls that are missing to `budget` in the hour that begins at `from`.
    pub(crate) fn work(&mut self, from: i64, budget: f64, dice: &mut Dice) {
        let hour = from.div_euclid(HOUR);
        let told = self.told.remove(&hour).unwrap_or(0);
        self.owed += budget - told as f64;
        self.live.retain(|live| live.until > from);
        let shares: Vec<f64> = self.live.iter().map(|live| share(live, from)).collect();
        let all: f64 = shares.iter().sum();
        if self.owed < 1.0 || all <= 0.0 {
            return;
        }
        let calls = self.owed.floor();
        self.owed -= calls;
        let (mut due, mut made) = (0.0, 0.0);
        for (live, share) in self.live.iter().zip(shares) {
            due += calls * share / all;
            let (first, last) = (live.from.max(from), live.until.min(from + HOUR).min(self.end));
            while made + 0.5 < due {
                made += 1.0;
                if first >= last {
                    continue;
                }
                let time = first + dice.below((last - first) as u64) as i64;
                let api = *dice.pick(&live.habit);
                let (caller, place) = (live.caller.clone(), live.place.clone());
                let denied = live.denied > 0 && api.source != "sts" && dice.chance(live.denied);
                let what = What::Call { caller, place, api, denied, seed: mix(&[dice.next()]) };
                if let Some(account) = live.caller.account.place {
                    let region = crate::record::region_of(api.source, &live.place);
                    self.delivery.push(account, region, Item { time, what });
                }
            }
        }
    }
}

fn share(live: &Live, from: i64) -> f64 {
    let overlap = live.until.min(from + HOUR) - live.from.max(from);
    live.weight as f64 * overlap.max(0) as f64
}
