//! The language in which actors and attacks tell what they do.

mod call;
mod federate;
mod issue;
mod sign_in;
mod tokens;

use std::sync::Arc;

pub(crate) use federate::{Subject, Vouched};
pub(crate) use issue::{Ask, HandOut};

use crate::account::Account;
use crate::api::Api;
use crate::caller::Caller;
use crate::delivery::{Item, What};
use crate::dice::{Dice, shuffled, unique_id};
use crate::label::Label;
use crate::place::Place;
use crate::record::Told;
use crate::stage::{Live, Stage};
use crate::world::World;

/// A place to act: the world, what is going on in it, and chance of one's own.
pub(crate) struct Scene<'a> {
    pub(crate) world: &'a World,
    pub(crate) stage: &'a mut Stage,
    pub(crate) dice: Dice,
    /// What the records told are evidence of.
    story: Option<Label>,
    /// Whether records told are evidence at the moment.
    evidence: bool,
}

impl<'a> Scene<'a> {
    pub(crate) fn new(world: &'a World, stage: &'a mut Stage, seed: u64) -> Scene<'a> {
        Scene { world, stage, dice: Dice::new(seed), story: None, evidence: false }
    }

    /// Begins to collect evidence for a label.
    pub(crate) fn begin(&mut self, label: Label) {
        (self.story, self.evidence) = (Some(label), true);
    }

    /// Ends it; a story whose records all lie beyond the trail's end is not told.
    pub(crate) fn end(&mut self) {
        if let Some(label) = self.story.take()
            && !label.evidence_event_ids.is_empty()
        {
            self.stage.labels.push(label);
        }
        self.evidence = false;
    }

    /// What happens in `act` goes its usual way, and is no evidence.
    pub(crate) fn aside<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.evidence, false);
        let result = act(self);
        self.evidence = before;
        result
    }

    /// Names what the story touches.
    pub(crate) fn touches(&mut self, entities: &[&str]) {
        if let Some(label) = &mut self.story {
            entities.iter().for_each(|entity| label.entity(entity));
        }
    }

    /// Names the caller's principal, key, session and account.
    pub(crate) fn touches_caller(&mut self, caller: &Caller) {
        self.touches(&[&caller.arn, &caller.key, &caller.name, &caller.account.number]);
    }

    /// Names further detections that should or may fire.
    pub(crate) fn may_fire(&mut self, ids: &[&str]) {
        if let Some(label) = &mut self.story {
            label.may_fire(ids);
        }
    }

    /// An access key for a temporary credential of that account; no two are the same.
    pub(crate) fn new_key(&mut self, account: &Account) -> String {
        let side = self.story.is_some();
        let count = &mut self.stage.issued[usize::from(side)];
        *count += 1;
        unique_id("ASIA", account.digits(), shuffled(*count, side))
    }

    /// Tells a record, if its account is ours and it lies in the trail; returns its event id.
    pub(crate) fn tell(
        &mut self,
        account: &Arc<Account>,
        told: &Told<'_>,
        region: &'static str,
    ) -> String {
        let mut text = String::with_capacity(1600);
        let id = told.push(&mut text, &mut self.dice);
        let Some(place) = account.place else { return id };
        if told.time >= self.stage.end || told.time < account.joined {
            return id;
        }
        if self.story.is_none() {
            self.stage.count(told.time);
        } else if self.evidence
            && let Some(label) = &mut self.story
        {
            label.evidence(told.time, id.clone());
        }
        self.stage.delivery.push(place, region, Item { time: told.time, what: What::Text(text) });
        id
    }

    /// Puts somebody to work for a while, in one of the ways of `habit`.
    pub(crate) fn works(
        &mut self,
        caller: &Caller,
        place: &Place,
        from: i64,
        until: i64,
        weight: u64,
        habit: &Arc<[&'static Api]>,
    ) {
        self.works_with_denials(caller, place, from, until, weight, habit, 0);
    }

    /// The same, with so many denied calls among a thousand.
    #[expect(clippy::too_many_arguments, reason = "they are the fields of one `Live`")]
    pub(crate) fn works_with_denials(
        &mut self,
        caller: &Caller,
        place: &Place,
        from: i64,
        until: i64,
        weight: u64,
        habit: &Arc<[&'static Api]>,
        denied: u64,
    ) {
        let until = until.min(caller.until);
        let (caller, place) = (Arc::new(caller.clone()), Arc::new(place.clone()));
        let habit = habit.clone();
        self.stage.live.push(Live { caller, place, from, until, weight, habit, denied });
    }
}
