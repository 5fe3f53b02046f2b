//! Organisations in which nothing is wrong: what only looks bad is in their trails, and so is what delivery does.

// All of this is a test, also what clippy takes for production code.
#![allow(clippy::panic, clippy::unwrap_used)]

mod delivery;
mod impostors;
mod organisation;
mod people;
mod record;
mod trail;
mod workloads;

use rolecall_simulate::Plan;
use trail::Trail;

/// Three weeks without an attack, judged by their files alone.
fn holds(seed: u64) {
    let plan = Plan { accounts: 9, days: 21, events_per_day: 2000, seed, ..Plan::default() };
    let trail = Trail::of(&plan);
    let lacking: Vec<String> =
        impostors::lacking(&trail).chain(delivery::lacking(&trail)).collect();
    assert!(lacking.is_empty(), "with seed {seed}: {lacking:#?}");
}

#[test]
fn a_quiet_organisation_holds_every_impostor() {
    holds(1);
}

#[test]
fn so_does_one_with_another_seed() {
    holds(11);
}

#[test]
fn and_one_with_a_third() {
    holds(15);
}
