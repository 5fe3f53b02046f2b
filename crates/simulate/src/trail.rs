//! The trail as it is delivered: hour after hour, holding no more than what is not yet delivered.

use crate::attacks::Attack;
use crate::clock::HOUR;
use crate::delivery::{Delivery, File};
use crate::dice::{hash, mix};
use crate::everyday;
use crate::label::Label;
use crate::plan::Plan;
use crate::scene::Scene;
use crate::stage::Stage;
use crate::world::{ORGANISATION, World};

/// The files of a plan, in the order of their delivery.
pub struct Trail {
    world: World,
    stage: Stage,
    /// The beginning of the hour that is told next; seconds since 1970.
    hour: i64,
    end: i64,
    /// The attacks that are still to come, the next one last.
    to_come: Vec<(i64, usize, Attack)>,
}

/// The files of a plan, in the order of their delivery. Memory is bounded by some hours' records.
pub fn files(plan: &Plan) -> Trail {
    Trail::new(plan)
}

/// What is true about the files of the same plan, in the order in which it happens.
pub fn labels(plan: &Plan) -> Vec<Label> {
    let mut trail = Trail::new(plan);
    while trail.hour < trail.end {
        trail.tell_hour(false);
        trail.stage.delivery.forget();
    }
    trail.into_labels()
}

impl Trail {
    fn new(plan: &Plan) -> Trail {
        let seed = mix(&[plan.seed, hash("trail")]);
        let delivery = Delivery::new(seed, ORGANISATION, plan.cadence());
        let mut to_come: Vec<(i64, usize, Attack)> = plan
            .attacks
            .iter()
            .enumerate()
            .map(|(at, attack)| (plan.attack_at(at, attack.hour), at, *attack))
            .collect();
        to_come.sort_by_key(|(begin, at, _)| (*begin, *at));
        to_come.reverse();
        Trail {
            world: World::new(plan),
            stage: Stage::new(delivery, plan.end()),
            hour: plan.start(),
            end: plan.end(),
            to_come,
        }
    }

    /// What is true about the files given so far.
    pub fn into_labels(self) -> Vec<Label> {
        let mut labels = self.stage.labels;
        labels.sort_by_key(|label| label.first_evidence_at);
        labels
    }

    /// Tells what begins in the next hour; the many calls that labels do not need, only `whole`.
    fn tell_hour(&mut self, whole: bool) {
        let Trail { world, stage, hour, .. } = self;
        everyday::hour(world, stage, *hour);
        while let Some((begin, at, attack)) =
            self.to_come.pop_if(|(begin, ..)| *begin < *hour + HOUR)
        {
            let mut scene =
                Scene::new(world, stage, mix(&[world.plan.seed, hash(attack.id), at as u64]));
            scene.begin(Label::new(attack.id, attack.about, "attack"));
            (attack.run)(&mut scene, begin);
            scene.end();
        }
        if whole {
            let mut dice = world.dice("work", *hour as u64);
            stage.work(*hour, world.plan.budget(*hour), &mut dice);
        }
        *hour += HOUR;
    }
}

impl Iterator for Trail {
    type Item = File;

    fn next(&mut self) -> Option<File> {
        loop {
            let told = if self.hour < self.end { self.hour } else { i64::MAX };
            if let Some(file) = self.stage.delivery.next(told, &self.world.accounts) {
                return Some(file);
            }
            if self.hour >= self.end {
                return None;
            }
            self.tell_hour(true);
        }
    }
}
