//! Poll against a CloudTrail of our own: everything arrives, once, whatever goes wrong on the way.

use std::path::Path;
use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use rolecall_cloudtrail::lookup::{Slice, unsettled};
use rolecall_model::{Event, Object, Time, Window};
use rolecall_pipeline::{Account, PollSettings, Polled, Why, poll, trace};
use rolecall_tests::lakes::{NOW, content, lake_of, open, rows};
use rolecall_tests::trails::write;
use serde_json::{Value, json};

use crate::lookup_events::{Entry, Fault, OWN, State, Stub};

const OTHER: &str = "222222222222";
const HOUR: i64 = 3600;

fn now() -> i64 {
    NOW.seconds()
}

/// A call, some seconds before [`NOW`], shown at once.
fn entry(id: &str, account: &str, place: &str, seconds_ago: i64) -> Entry {
    let (region, service) = place.split_once(' ').unwrap();
    let at = now() - seconds_ago;
    let name = match service {
        "iam" => "CreateUser",
        "sso" => "CreateAccountAssignment",
        _ => "GetSessionToken",
    };
    let record = json!({
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "IAMUser", "principalId": "AIDAEXAMPLE", "accountId": account, "userName": "ana",
            "arn": format!("arn:aws:iam::{account}:user/ana"), "accessKeyId": "AKIAEXAMPLE",
        },
        "eventTime": Time::from_seconds(at).to_string(),
        "eventSource": format!("{service}.amazonaws.com"),
        "eventName": name,
        "awsRegion": region,
        "sourceIPAddress": "198.51.100.7",
        "userAgent": "aws-cli/2.15.0",
        "eventID": id,
        "readOnly": service == "sts",
        "eventType": "AwsApiCall",
        "recipientAccountId": account,
    });
    Entry { account: account.into(), region: region.into(), at, shown_from: at, record }
}

/// Some hundred calls of two accounts in a day and more, at the edges of days and slices too.
fn history() -> Vec<Entry> {
    let mut entries = Vec::new();
    let places =
        ["eu-west-1 sts", "eu-west-1 sts", "us-east-1 sts", "us-east-1 iam", "eu-west-1 sso"];
    for n in 0..420 {
        let account = if n % 3 == 0 { OTHER } else { OWN };
        let place = places[n % places.len()];
        entries.push(entry(&format!("e{n}"), account, place, n as i64 * 257));
    }
    // Many in one second, and on both sides of midnight.
    for n in 0..120 {
        entries.push(entry(&format!("s{n}"), OWN, "eu-west-1 sts", 7 * HOUR));
    }
    let midnight = now().rem_euclid(86_400);
    for (id, ago) in [("m0", midnight + 1), ("m1", midnight), ("m2", midnight - 1)] {
        entries.push(entry(id, OWN, "us-east-1 iam", ago));
    }
    entries
}

fn state(entries: Vec<Entry>) -> State {
    State { entries, now: Some(now()), ..State::default() }
}

async fn aws(stub: &Stub) -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .endpoint_url(stub.url())
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .load()
        .await
}

fn role(account: &str) -> Account {
    format!("arn:aws:iam::{account}:role/audit/rolecall-poll").parse().unwrap()
}

fn settings() -> PollSettings {
    PollSettings {
        accounts: vec![Account::Own, role(OTHER)],
        regions: vec!["eu-west-1".into()],
        since: NOW.plus_seconds(-31 * HOUR),
        pause: Duration::from_millis(1),
        store_every: Duration::from_millis(20),
        ..PollSettings::at(NOW)
    }
}

async fn polled(lake: &Path, stub: &Stub, settings: &PollSettings) -> Polled {
    let mut lake = open(lake).await;
    poll(&mut lake, &aws(stub).await, settings, &|_| ()).await.unwrap()
}

/// Holds the lake against one that read the same records from a file, and the ledger against itself.
async fn check(folder: &Path, lake: &Path, stub: &Stub) {
    let records: Vec<Value> =
        stub.with(|state| state.entries.iter().map(|e| e.record.clone()).collect());
    let trail = folder.join("trail");
    write(&trail, "all", &records);
    let expected = lake_of(&folder.join("expected"), &[&trail]).await;
    let mut found = open(lake).await;
    trace(&mut found, &|_| ()).await.unwrap();
    let (expected, found_content) = (content(&expected).await, content(&found).await);
    for (table, rows) in expected {
        assert_eq!(rows, found_content[table], "{table}");
    }
    let ledger = rows::<Object>(&found).await;
    let mut names: Vec<_> = ledger.iter().map(|object| (&object.key, &object.etag)).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), ledger.len(), "a slice stands in the ledger twice");
    for object in &ledger {
        assert_eq!(object.records, object.kept + object.passed_over + object.rejected);
        assert_eq!(object.envelope.as_deref(), Some("lookup-events"));
    }
}

#[tokio::test]
async fn everything_arrives_once_whatever_goes_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let lake = folder.path().join("lake");
    // The token first: of two faults that are due the first happens, and there may be only two requests
    // with a token, for the 120 events of one second.
    let faults =
        vec![(2, Fault::Token), (7, Fault::Internal), (11, Fault::Silence), (13, Fault::Expired)];
    let stub = Stub::start(State { faults, repeat: true, ..state(history()) });
    let did = polled(&lake, &stub, &settings()).await;
    assert_eq!(did.left, []);
    let read = &did.ingested;
    assert_eq!(read.records, read.records_kept + read.records_passed_over + read.records_rejected);
    assert_eq!(read.new_events, history().len() as u64);
    for fault in
        ["InternalFailure", "silence", "ExpiredTokenException", "InvalidNextTokenException"]
    {
        assert!(stub.answered(fault) > 0, "{fault} did not happen");
    }
    check(folder.path(), &lake, &stub).await;

    // The second time only the last minutes are asked for, and nothing is new.
    stub.with(|state| state.asked.clear());
    let again = polled(&lake, &stub, &settings()).await;
    assert_eq!((again.ingested.new_events, again.ingested.new_calls), (0, 0));
    assert!(again.ingested.objects > 0);
    stub.with(|state| {
        assert!(state.asked.iter().all(|asked| asked.from >= now() - 900), "{:?}", state.asked);
    });
    check(folder.path(), &lake, &stub).await;
}

#[tokio::test]
async fn global_services_are_asked_at_home_and_each_account_in_its_own_name() {
    let folder = tempfile::tempdir().unwrap();
    let stub = Stub::start(state(Vec::new()));
    let did = polled(folder.path(), &stub, &settings()).await;
    assert_eq!((did.gates, did.ingested.records), (4, 0));
    stub.with(|state| {
        assert_eq!(state.assumed, 1, "one session for all regions");
        for account in [OWN, OTHER] {
            let of = |region: &str| {
                let asked =
                    state.asked.iter().filter(|a| a.account == account && a.region == region);
                let mut sources: Vec<_> = asked.map(|a| a.source.as_str()).collect();
                sources.sort_unstable();
                sources.dedup();
                sources.iter().map(|s| s.split('.').next().unwrap()).collect::<Vec<_>>().join(" ")
            };
            assert_eq!(of("us-east-1"), "iam organizations signin sts");
            assert!(of("eu-west-1").starts_with("cognito-identity eks-auth identitystore ram"));
        }
    });
}

#[tokio::test]
async fn late_events_are_caught_up_to_the_time_that_somebody_allows() {
    let folder = tempfile::tempdir().unwrap();
    let mut late = entry("late", OWN, "eu-west-1 sts", 600);
    let mut very_late = entry("very-late", OWN, "eu-west-1 sts", 2000);
    (late.shown_from, very_late.shown_from) = (now() + 100, now() + 100);
    let stub = Stub::start(state(vec![entry("early", OWN, "eu-west-1 sts", 601), late, very_late]));
    let ids = async || {
        let events = rows::<Event>(&open(folder.path()).await).await;
        let mut ids: Vec<_> = events.into_iter().map(|event| event.event_id).collect();
        ids.sort();
        ids.join(" ")
    };
    let at = |minutes: i64, late: i64| {
        stub.with(|state| state.now = Some(now() + minutes * 60));
        let mut settings = PollSettings { late, ..settings() };
        settings.ingest.now = NOW.plus_seconds(minutes * 60);
        settings
    };
    let settings = at(0, 900);
    polled(folder.path(), &stub, &settings).await;
    assert_eq!(ids().await, "early");
    let settings = at(4, 900);
    polled(folder.path(), &stub, &settings).await;
    assert_eq!(ids().await, "early late");
    let settings = at(9, HOUR);
    polled(folder.path(), &stub, &settings).await;
    assert_eq!(ids().await, "early late very-late");
}

#[tokio::test]
async fn out_of_time_it_keeps_what_it_has_and_the_next_one_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let lake = folder.path().join("lake");
    let stub = Stub::start(state(history()));
    let mut unfinished = 0;
    let mut time = Duration::from_millis(1);
    loop {
        let pause = Duration::from_millis(5);
        let did =
            polled(&lake, &stub, &PollSettings { time: Some(time), pause, ..settings() }).await;
        if did.left.is_empty() {
            break;
        }
        assert!(did.left.iter().all(|left| left.why == Why::OutOfTime), "{:?}", did.left);
        unfinished += 1;
        time = (time * 2).min(Duration::from_secs(10));
    }
    assert!(unfinished > 0);
    check(folder.path(), &lake, &stub).await;
}

#[tokio::test]
async fn killed_anywhere_and_run_again_is_run_once() {
    let folder = tempfile::tempdir().unwrap();
    let lake = folder.path().join("lake");
    let stub = Stub::start(state(history()));
    let slow = PollSettings { pause: Duration::from_millis(5), ..settings() };
    for milliseconds in [5, 40, 80, 120, 170, 230, 300, 400] {
        // Dropped wherever it waits: for an answer, its turn, or a commit.
        let killed = polled(&lake, &stub, &slow);
        let _ = tokio::time::timeout(Duration::from_millis(milliseconds), killed).await;
    }
    assert_eq!(polled(&lake, &stub, &settings()).await.left, []);
    check(folder.path(), &lake, &stub).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_at_once_share_the_pace_and_store_what_one_would() {
    let folder = tempfile::tempdir().unwrap();
    let lake = folder.path().join("lake");
    open(&lake).await;
    let stub = Stub::start(State { rate: Some(20), ..state(history()) });
    let settings = PollSettings { pause: Duration::from_millis(55), ..settings() };
    let aws = aws(&stub).await;
    let polls: Vec<_> = (0..2)
        .map(|_| {
            let (lake, aws, settings) = (lake.clone(), aws.clone(), settings.clone());
            tokio::spawn(async move {
                let mut lake = open(&lake).await;
                poll(&mut lake, &aws, &settings, &|_| ()).await.unwrap()
            })
        })
        .collect();
    let mut new = 0;
    for poll in polls {
        let did = poll.await.unwrap();
        assert_eq!(did.left, []);
        new += did.ingested.new_events;
    }
    assert_eq!(new, history().len() as u64, "each event is new to one of them");
    check(folder.path(), &lake, &stub).await;
}

#[tokio::test]
async fn a_well_behaved_poll_is_hardly_refused_and_a_hasty_one_slows_down() {
    let folder = tempfile::tempdir().unwrap();
    let stub = Stub::start(State { rate: Some(2), ..state(history()) });
    let since = NOW.plus_seconds(-HOUR);
    let settings = PollSettings { since, accounts: vec![Account::Own], ..settings() };
    let usual = PollSettings { pause: PollSettings::at(NOW).pause, ..settings.clone() };
    let did = polled(&folder.path().join("usual"), &stub, &usual).await;
    assert_eq!(did.left, []);
    assert!(did.requests >= 14 && did.refused <= 2, "{did:?}");
    assert_eq!(did.refused as usize, stub.answered("ThrottlingException"));

    stub.with(|state| state.rate = Some(20));
    let did = polled(&folder.path().join("hasty"), &stub, &settings).await;
    assert_eq!(did.left, []);
    assert!(did.ingested.new_events > 0);
}

#[tokio::test]
async fn whoever_says_no_stops_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let stub = Stub::start(State { denied: vec![OTHER.into()], ..state(history()) });
    let did = polled(folder.path(), &stub, &settings()).await;
    let [left] = did.left.as_slice() else { panic!("{:?}", did.left) };
    assert_eq!((left.account.contains(OTHER), &left.region), (true, &None));
    assert!(left.why.to_string().contains("not authorized"), "{}", left.why);
    let own = history().iter().filter(|entry| entry.account == OWN).count();
    assert_eq!(did.ingested.new_events, own as u64);

    stub.with(|state| state.denied = vec![OWN.into()]);
    let did = polled(folder.path(), &stub, &settings()).await;
    let regions: Vec<_> = did.left.iter().map(|left| left.region.as_deref().unwrap()).collect();
    assert_eq!(regions, ["eu-west-1", "us-east-1"]);
    assert!(did.left[0].why.to_string().contains("AccessDeniedException"), "{}", did.left[0].why);
    assert_eq!(did.ingested.new_events, (history().len() - own) as u64);
}

#[tokio::test]
async fn a_busy_hour_is_cut_until_its_slices_end() {
    let folder = tempfile::tempdir().unwrap();
    let busy =
        (0..5000).map(|n| entry(&format!("b{n}"), OWN, "eu-west-1 sts", 9 * HOUR + n % HOUR));
    let stub = Stub::start(state(busy.collect()));
    let settings = PollSettings { accounts: vec![Account::Own], ..settings() };
    let did = polled(folder.path(), &stub, &settings).await;
    assert_eq!((did.ingested.new_events, did.left), (5000, vec![]));
    let ledger = rows::<Object>(&open(folder.path()).await).await;
    assert!(ledger.iter().all(|object| object.records <= 2000));
    let slices = ledger.iter().map(|object| Slice::parse(&object.key).unwrap());
    let sts =
        slices.filter(|s| s.feed.source == "sts.amazonaws.com" && s.feed.region == "eu-west-1");
    let asked = Window { from: settings.since, until: NOW };
    assert_eq!(unsettled(asked, sts.map(|slice| slice.window)), []);
}

#[tokio::test]
async fn history_ends_after_90_days_and_a_record_that_cannot_be_read_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut broken = entry("broken", OWN, "eu-west-1 sts", 100);
    broken.record = json!({"eventSource": "sts.amazonaws.com", "eventID": "broken"});
    let old = entry("old", OWN, "eu-west-1 sts", 89 * 24 * HOUR);
    let stub = Stub::start(state(vec![old, broken, entry("new", OWN, "eu-west-1 sts", 90)]));
    let since = NOW.plus_seconds(-400 * 24 * HOUR);
    let settings = PollSettings { since, accounts: vec![Account::Own], ..settings() };
    let did = polled(folder.path(), &stub, &settings).await;
    assert_eq!(did.left, []);
    let read = did.ingested;
    assert_eq!((read.records, read.records_kept, read.records_rejected), (3, 2, 1));
    let oldest = stub.with(|state| state.asked.iter().map(|asked| asked.from).min());
    assert_eq!(oldest, Some(now() - 90 * 24 * HOUR));
}
