//! How long a million issuances take: chains of up to six sessions over one day.
//!
//! `cargo run --release -p rolecall-lineage --example million`

#![allow(clippy::print_stdout, reason = "an example that prints its result")]

use std::time::{Duration, Instant};

use rolecall_lineage::Forest;
use rolecall_model::{Event, Time};

/// The program's own allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ISSUANCES: u64 = 1_000_000;
const CHAIN: u64 = 6;

fn main() {
    let mut forest = Forest::new([]);
    let mut taking = Duration::ZERO;
    let mut events = Vec::new();
    for number in 0..ISSUANCES {
        events.push(event(number));
        if events.len() == 10_000 {
            let start = Instant::now();
            events.drain(..).for_each(|event| forest.event(event));
            taking += start.elapsed();
        }
    }
    let start = Instant::now();
    events.drain(..).for_each(|event| forest.event(event));
    taking += start.elapsed();
    let start = Instant::now();
    forest.resolve();
    let resolving = start.elapsed();
    let deepest = forest.sessions().map(|session| session.depth).max().unwrap_or_default();
    let count = forest.changed().count();
    println!(
        "{count} sessions, deepest {deepest}: {taking:.2?} to take, {resolving:.2?} to resolve"
    );
}

fn key(number: u64) -> String {
    format!("ASIA{number:016}")
}

/// The issuance of this number: every sixth by a user, the others by the one before.
fn event(number: u64) -> Event {
    let second =
        |number: u64| Time::from_seconds(1_773_100_800 + (number * 86_400 / ISSUANCES) as i64);
    let role = |number: u64| format!("role-{}", number % 97);
    let account = |number: u64| format!("{:012}", number % 41 + 1);
    let arn = |n: u64| format!("arn:aws:sts::{}:assumed-role/{}/run-{n}", account(n), role(n));
    let role_arn = |n: u64| format!("arn:aws:iam::{}:role/{}", account(n), role(n));
    let mut event = Event {
        event_id: format!("{number:032x}"),
        event_time: second(number),
        event_source: "sts.amazonaws.com".into(),
        event_name: "AssumeRole".into(),
        succeeded: true,
        recipient_account_id: Some(account(number)),
        source_ip_address: Some("203.0.113.7".into()),
        user_agent: Some("aws-cli/2.15".into()),
        role_arn: Some(role_arn(number)),
        role_session_name: Some(format!("run-{number}")),
        issued_access_key_id: Some(key(number)),
        issued_arn: Some(arn(number)),
        issued_principal_id: Some(format!("AROA{}:run-{number}", role(number))),
        expires_at: Some(second(number).plus_seconds(3600)),
        ..Event::default()
    };
    if number.is_multiple_of(CHAIN) {
        event.user_identity_type = Some("IAMUser".into());
        event.principal = "arn:aws:iam::000000000001:user/bob".into();
        event.user_identity_access_key_id = Some("AKIA0000000000000001".into());
    } else {
        let caller = number - 1;
        event.user_identity_type = Some("AssumedRole".into());
        event.principal = role_arn(caller);
        event.user_identity_principal_id = Some(format!("AROA{}:run-{caller}", role(caller)));
        event.user_identity_arn = Some(arn(caller));
        event.user_identity_access_key_id = Some(key(caller));
        event.session_created_at = Some(second(caller));
    }
    event
}
