//! What of a finding stands where in the event. That the event is valid, `./dev outputs` says.

use serde_json::json;

use super::ocsf;
use crate::Unfit;
use crate::sample::{bare, finding, hostile};

#[test]
fn an_event_says_what_the_finding_says() {
    let event = ocsf(&finding()).unwrap();
    for (pointer, expected) in [
        ("/class_uid", json!(2004)),
        ("/type_uid", json!(200_401)),
        ("/time", json!(1_773_187_800_000_i64)),
        ("/start_time", json!(1_773_144_000_000_i64)),
        ("/end_time", json!(1_773_144_300_000_i64)),
        ("/severity_id", json!(4)),
        ("/confidence_id", json!(2)),
        ("/status_id", json!(1)),
        ("/is_alert", json!(true)),
        ("/count", json!(2)),
        ("/cloud/account/uid", json!("333333333333")),
        ("/metadata/correlation_uid", json!("00112233445566aa")),
        ("/finding_info/uid", json!("00112233445566aa-20260310000000")),
        ("/finding_info/analytic/uid", json!("chain-into-new-account")),
        ("/finding_info/attacks/0/technique/uid", json!("T1078")),
        ("/finding_info/attacks/0/sub_technique/uid", json!("T1078.004")),
        ("/finding_info/related_events/1/uid", json!("e2")),
        ("/evidences/0/actor/user/name", json!("ana")),
        ("/evidences/0/actor/user/account/uid", json!("111111111111")),
        ("/evidences/0/src_endpoint/ip", json!("198.51.100.7")),
        ("/evidences/0/data/why", json!("new account")),
        ("/resources/0/labels", json!(["subject"])),
        ("/resources/1/labels", json!(["root", "path"])),
        ("/resources/2/type", json!("AWS::IAM::Role")),
        ("/unmapped/window/1", json!("2026-03-11T00:00:00Z")),
        ("/unmapped/more", json!("select * from session where root_principal = 'ana'")),
    ] {
        assert_eq!(event.pointer(pointer), Some(&expected), "{pointer}");
    }
}

#[test]
fn what_is_not_known_is_left_away() {
    let event = ocsf(&bare()).unwrap();
    for absent in ["resources", "evidences", "observables", "status_detail"] {
        assert!(event.get(absent).is_none(), "{absent}");
    }
    assert!(event.pointer("/finding_info/attacks").is_none());
    assert!(event.pointer("/unmapped/path").is_none());
}

#[test]
fn nobody_is_alerted_of_what_is_suppressed_or_in_dry_run() {
    let suppressed = ocsf(&hostile()).unwrap();
    assert_eq!((&suppressed["status_id"], &suppressed["is_alert"]), (&json!(3), &json!(false)));
    let mut dry = finding();
    dry.dry_run = true;
    let dry = ocsf(&dry).unwrap();
    assert_eq!((&dry["status_id"], &dry["is_alert"]), (&json!(1), &json!(false)));
}

#[test]
fn what_to_look_up_is_named_with_its_place() {
    let event = ocsf(&hostile()).unwrap();
    let observables = event["observables"].as_array().unwrap();
    for (type_id, value, name) in [
        (2, "2001:db8::7", "evidences[].data.issue_source_ip"),
        (12, "2001:db8:1::/48", "unmapped.networks"),
        (19, "ASIAEXAMPLEEXAMPLE12", "evidences[].data.keys_seen"),
        (35, "111111111111", "unmapped.accounts"),
    ] {
        let found = observables.iter().any(|observable| {
            observable["type_id"] == type_id
                && observable["value"] == value
                && observable["name"] == name
        });
        assert!(found, "{value}: {observables:#?}");
    }
}

#[test]
fn a_finding_at_no_instant_is_refused() {
    let mut wrong = finding();
    wrong.last_at = "soon".into();
    assert!(matches!(ocsf(&wrong), Err(Unfit::Instant { field: "last_at", .. })));
    let mut wrong = finding();
    wrong.severity = "urgent".into();
    assert!(matches!(ocsf(&wrong), Err(Unfit::Severity { .. })));
}
