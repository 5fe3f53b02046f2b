//! `rolecall poll` as people run it: found through the environment, killed, out of time, refused.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::lookup_events::{Entry, OWN, State, Stub};
use crate::support::{Desk, assumed, said};

/// The program, with a CloudTrail and an STS of our own, as the SDK's variables for each service say.
fn command(desk: &Desk, stub: &Stub, arguments: &[&str]) -> Command {
    let mut command = desk.command(arguments);
    command.env("AWS_ENDPOINT_URL_CLOUDTRAIL", stub.url()).env("AWS_ENDPOINT_URL_STS", stub.url());
    command
}

/// Calls of the last two days by the real clock, each a session, as a CloudTrail of two requests a second.
fn stub() -> Stub {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let entries = (0..150).map(|n| {
        let at = now.as_secs() as i64 - 60 - n * 1000;
        let mut record: serde_json::Value =
            serde_json::from_str(&assumed(&n.to_string(), "ana")).unwrap();
        record["eventTime"] = rolecall_model::Time::from_seconds(at).to_string().into();
        Entry { account: OWN.into(), region: "us-east-1".into(), at, shown_from: at, record }
    });
    Stub::start(State { entries: entries.collect(), rate: Some(2), ..State::default() })
}

const COUNT: [&str; 4] =
    ["sql", "--format", "json", "select count(*) as n, count(distinct event_id) as ids from event"];

#[test]
fn killed_and_run_again_it_has_everything_once() {
    let (desk, stub) = (Desk::new(), stub());
    let poll = ["poll", "--region", "us-east-1", "--since", "2d", "--format", "json"];
    let mut child =
        command(&desk, &stub, &poll).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    // Between the commit of its first events and that of the ledger, or soon after.
    let committed = desk.path("rolecall-lake/event/_delta_log/00000000000000000001.json");
    let waited = Instant::now();
    while !committed.exists() && waited.elapsed() < Duration::from_secs(120) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let _ = child.kill();
    child.wait().unwrap();
    let some = desk.answer(&COUNT);
    assert!(
        !some.contains("150") && !some.contains("\"n\":0"),
        "killed too late or too early: {some}"
    );

    let done = said(command(&desk, &stub, &poll).output().unwrap());
    assert_eq!(done.code, 0, "{}", done.err);
    let told: serde_json::Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!((told["left"].as_u64(), told["rejected"].as_u64()), (Some(0), Some(0)), "{told}");
    assert_eq!(desk.answer(&COUNT), "{\"n\":150,\"ids\":150}\n");
    let status = desk.answer(&["status"]);
    assert!(status.contains(OWN) && status.contains("every object adds up"), "{status}");
}

#[test]
fn what_is_left_is_said_and_the_answer_is_no_full_one() {
    let (desk, stub) = (Desk::new(), stub());
    let poll = ["poll", "--region", "us-east-1", "--since", "3h"];
    let short =
        said(command(&desk, &stub, &[&poll[..], &["--within", "1s"]].concat()).output().unwrap());
    assert_eq!(short.code, 2, "{}", short.err);
    assert!(short.err.contains(OWN) && short.err.contains("the time was up"), "{}", short.err);
    stub.with(|state| state.denied = vec![OWN.into()]);
    let denied = said(command(&desk, &stub, &poll).output().unwrap());
    assert_eq!(denied.code, 2, "{}", denied.err);
    for told in ["AccessDeniedException", "run this again", "poll --help"] {
        assert!(denied.err.contains(told), "{told}: {}", denied.err);
    }
}
