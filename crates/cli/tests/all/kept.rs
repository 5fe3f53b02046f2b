//! Nothing is lost and nothing is twice, though the program is killed anywhere, or runs beside itself.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use crate::support::{Desk, assumed, said};

/// What a lake says, summed so that the cut into commits does not matter.
const SUMS: [&str; 4] = [
    "select event_id, recipient_account_id, count(*) as n from event group by 1, 2 order by 1, 2",
    "select hour, principal, principal_id, access_key_id, source_ip_address, event_name, error_code, sum(calls) as calls, min(first_at) as first_at, max(last_at) as last_at from usage group by 1, 2, 3, 4, 5, 6, 7 order by 1, 2, 3, 4, 5, 6, 7",
    "select session_id, parent_session_id, root_principal, depth, path, calls, keys_seen, first_used_at, last_used_at from session order by 1",
    "select root_principal, from_principal, to_principal, sessions, first_at, last_at from edge order by 1, 2, 3, 5",
];

pub(crate) fn demo_trail() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo/trail"))
}

pub(crate) fn sums(ask: impl Fn(&str) -> String) -> Vec<String> {
    SUMS.iter().map(|sql| ask(sql)).collect()
}

fn local(desk: &Desk, lake: &str) -> Vec<String> {
    sums(|sql| desk.answer(&["--lake", lake, "sql", "--format", "json", sql]))
}

/// Runs the program and kills it after a while; says whether it had ended before.
fn ended_before(desk: &Desk, arguments: &[&str], milliseconds: u64) -> bool {
    let mut command = desk.command(arguments);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(milliseconds));
    let ended = child.try_wait().unwrap().is_some();
    // On Unix this is SIGKILL: nothing is flushed, nothing is tidied up.
    let _ = child.kill();
    child.wait().unwrap();
    ended
}

#[test]
fn killed_anywhere_and_run_again_is_run_once() {
    let desk = Desk::new();
    let trail = demo_trail().to_str().unwrap();
    desk.answer(&["--lake", "whole", "run", trail]);
    // Short enough to die in each step, whatever the speed of the machine: the last are never reached.
    for milliseconds in [20, 60, 120, 200, 300, 450, 700, 1000, 1500, 2200, 3000, 4000] {
        if ended_before(&desk, &["--lake", "killed", "run", trail], milliseconds) {
            break;
        }
    }
    desk.answer(&["--lake", "killed", "run", trail]);
    assert_eq!(local(&desk, "whole"), local(&desk, "killed"));
}

#[test]
fn two_at_once_do_what_one_does() {
    let desk = Desk::new();
    let trail = demo_trail().to_str().unwrap();
    desk.answer(&["--lake", "alone", "run", trail]);
    let start = || {
        desk.command(&["--lake", "both", "run", trail])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let (one, two) = (start(), start());
    for child in [one, two] {
        let said = said(child.wait_with_output().unwrap());
        assert_eq!(said.code, 0, "{}", said.err);
    }
    desk.answer(&["--lake", "both", "trace"]);
    assert_eq!(local(&desk, "alone"), local(&desk, "both"));
    let findings = "select detection, fingerprint, count(*) as n from finding group by 1, 2 having count(*) > 1";
    assert_eq!(desk.answer(&["--lake", "both", "sql", "--format", "json", findings]), "");
}

#[cfg(unix)]
#[test]
fn what_cannot_be_fetched_is_tried_again() {
    let desk = Desk::new();
    desk.write("logs/one.jsonl", &assumed("1", "ana"));
    std::os::unix::fs::symlink(desk.path("late.jsonl"), desk.path("logs/two.jsonl")).unwrap();
    let count = ["sql", "--format", "json", "select count(*) as n from event"];
    for command in [&["ingest", "logs"], &["run", "logs"]] {
        let said = desk.run(command);
        assert_eq!(said.code, 2, "{}", said.err);
        assert!(said.err.contains("1 objects could not be fetched"), "{}", said.err);
        assert_eq!(desk.answer(&count), "{\"n\":1}\n", "what was there is stored");
    }
    desk.write("late.jsonl", &assumed("2", "ana"));
    desk.answer(&["ingest", "logs"]);
    assert_eq!(desk.answer(&count), "{\"n\":2}\n");
}

#[test]
fn an_upkeep_that_is_killed_anywhere_changes_no_row() {
    let desk = Desk::new();
    let trail = demo_trail().to_str().unwrap();
    desk.answer(&["--lake", "lake", "run", trail]);
    let before = local(&desk, "lake");
    for milliseconds in [20, 60, 120, 200, 300, 450, 700, 1000] {
        let ended = ended_before(&desk, &["--lake", "lake", "upkeep"], milliseconds);
        assert_eq!(local(&desk, "lake"), before, "after {milliseconds} ms");
        if ended {
            break;
        }
    }
    let said = desk.run(&["--lake", "lake", "upkeep"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(local(&desk, "lake"), before);
    let again = desk.run(&["--lake", "lake", "run", trail]);
    assert_eq!(again.code, 0, "{}", again.err);
    assert_eq!(local(&desk, "lake"), before, "and the trail is known");
}

#[test]
fn an_upkeep_says_what_it_does_and_refuses_what_would_hurt() {
    let desk = Desk::new();
    desk.answer(&["--lake", "lake", "run", demo_trail().to_str().unwrap()]);
    let dry = desk.run(&["--lake", "lake", "upkeep", "--dry-run", "--retention", "35"]);
    assert_eq!(dry.code, 0, "{}", dry.err);
    assert!(dry.err.contains("old rows removed") && dry.err.contains("dry run"), "{}", dry.err);
    let events = ["--lake", "lake", "sql", "--format", "json", "select count(*) as n from event"];
    let before = desk.answer(&events);
    assert_ne!(before, "{\"n\":0}\n");

    let none = desk.run(&["--lake", "lake", "upkeep", "--at-most", "0s"]);
    assert!(none.err.contains("left for the next time"), "{}", none.err);
    for (arguments, said) in [
        (["--retention", "7"], "too short"),
        (["--vacuum-after", "30d"], "too long"),
        (["--compact-to", "many"], "is no size"),
    ] {
        let refused = desk.run(&[&["--lake", "lake", "upkeep"][..], &arguments].concat());
        assert_eq!(refused.code, 2, "{}", refused.err);
        assert!(refused.err.contains(said), "{}", refused.err);
    }
    assert_eq!(desk.answer(&events), before, "nothing was changed");
    desk.answer(&["--lake", "lake", "upkeep", "--retention", "35"]);
    assert_eq!(desk.answer(&events), "{\"n\":0}\n", "the demo is old");
}
