//! What goes wrong in production: storage that refuses, breaks off or answers too late, and functions
//! that die in the middle. In the end each row is there once.

use std::time::Duration;

use rolecall_tests::proxy::{Fault, Rule};

use crate::lambda::back_of;
use crate::messages::of_keys;
use crate::world::World;

fn rule(method: &'static str, path: impl Into<String>, times: usize, fault: Fault) -> Rule {
    Rule { method, path: path.into(), skip: 0, times, fault }
}

/// The commits of a table; the first two make it.
fn commits(table: &str, times: usize, fault: Fault) -> Rule {
    Rule { skip: 1, ..rule("PUT", format!("/tables/{table}/_delta_log/"), times, fault) }
}

#[test]
fn storage_that_stumbles_is_asked_again() {
    let world = World::new("stumbles", 12);
    let slow = Fault::Refuse(503, "SlowDown");
    world.proxy.rule(rule("GET", &world.keys[0], 2, slow.clone()));
    world.proxy.rule(rule("GET", &world.keys[1], 1, Fault::Truncate));
    world.proxy.rule(rule("GET", &world.keys[2], 1, Fault::LoseAnswer));
    world.proxy.rule(rule("HEAD", &world.keys[3], 1, slow.clone()));
    world.proxy.rule(commits("event", 1, Fault::Refuse(409, "ConditionalRequestConflict")));
    world.proxy.rule(commits("usage", 1, Fault::LoseAnswer));
    world.proxy.rule(commits("object", 1, slow));
    let ingest = world.ingest();
    // Whatever does not come at once comes back, and is delivered again.
    let mut back = ingest.back(of_keys(&world, &world.keys));
    for _ in 0..3 {
        if back.is_empty() {
            break;
        }
        back = ingest.back(of_keys(&world, &world.keys));
    }
    assert_eq!(back, [""; 0], "{}", ingest.log());
    assert_eq!(world.proxy.happened(), [2, 1, 1, 1, 1, 1, 1]);
    world.is_whole();
}

#[test]
fn a_lost_answer_to_a_commit_is_counted_as_a_retry() {
    let world = World::new("lost", 3);
    world.proxy.rule(commits("event", 1, Fault::LoseAnswer));
    let ingest = world.ingest();
    assert_eq!(ingest.back(of_keys(&world, &world.keys)), [""; 0]);
    assert_eq!(world.proxy.happened(), [1]);
    assert!(ingest.metric("CommitsRetried") >= Some(1.0), "{}", ingest.log());
    world.is_whole();
}

#[test]
fn killed_before_a_commit_and_delivered_again_is_once() {
    let world = World::new("killed", 5);
    world.ingest().back(of_keys(&world, &world.keys[..1]));
    for table in ["event", "usage", "object"] {
        let path = format!("/tables/{table}/_delta_log/");
        world.proxy.rule(rule("PUT", path, 1, Fault::Delay(Duration::from_secs(20))));
        let ingest = world.ingest();
        ingest.api.event(of_keys(&world, &world.keys), Duration::from_secs(60));
        world.proxy.wait();
        ingest.kill();
    }
    let ingest = world.ingest();
    assert_eq!(ingest.back(of_keys(&world, &world.keys)), [""; 0]);
    world.is_whole();
}

#[test]
fn killed_before_its_answer_and_delivered_again_is_once() {
    let world = World::new("unanswered", 5);
    let ingest = world.ingest();
    ingest.api.cut_next();
    ingest.api.event(of_keys(&world, &world.keys), Duration::from_secs(60));
    ingest.api.wait_for_cut();
    ingest.kill();
    let again = world.ingest();
    assert_eq!(again.back(of_keys(&world, &world.keys)), [""; 0]);
    assert_eq!(again.metric("Objects"), Some(0.0));
    world.is_whole();
}

#[test]
fn what_is_too_late_is_handed_back_and_the_rest_is_stored() {
    let world = World::new("late", 6);
    let ingest = world.ingest();
    assert_eq!(ingest.back(of_keys(&world, &world.keys[5..])), [""; 0]);
    let slow = Fault::Delay(Duration::from_secs(60));
    for key in &world.keys[..2] {
        world.proxy.rule(rule("GET", key, 1, slow.clone()));
    }
    let answer = ingest.call_within(of_keys(&world, &world.keys), Duration::from_secs(20));
    assert_eq!(back_of(answer, || ingest.log()), ["m0", "m1"]);
    assert_eq!(ingest.back(of_keys(&world, &world.keys)), [""; 0]);
    world.is_whole();
}

#[test]
fn a_lake_that_hangs_hands_everything_back_in_time() {
    let world = World::new("hangs", 3);
    let ingest = world.ingest();
    world.proxy.rule(rule("PUT", "/tables/", 999, Fault::Delay(Duration::from_secs(20))));
    let answer = ingest.call_within(of_keys(&world, &world.keys), Duration::from_secs(4));
    assert_eq!(back_of(answer, || ingest.log()), ["m0", "m1", "m2"]);
    assert!(ingest.log().contains("the time was up"), "{}", ingest.log());
}
