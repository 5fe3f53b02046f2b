//! Findings held against labels of files, as programs and people read it.

use serde_json::{Value, json};

use crate::support::{Desk, assumed};

/// A call that is only counted: `usage` has it, and `event` does not.
fn counted(id: &str, time: &str, client: &str) -> Value {
    let mut record: Value = serde_json::from_str(&assumed(id, "x")).unwrap();
    record["eventTime"] = time.into();
    record["userAgent"] = client.into();
    record["eventSource"] = "s3.amazonaws.com".into();
    record["eventName"] = "GetObject".into();
    record["requestParameters"] = Value::Null;
    record["responseElements"] = Value::Null;
    record
}

/// An attack that only the name of its client gives away, and peace in which the same tool is used.
fn labelled() -> Desk {
    let desk = Desk::new();
    let attack = [
        counted("e1", "2026-03-10T12:00:00Z", "aws-cli/2.15.0"),
        counted("e2", "2026-03-10T12:01:30Z", "Boto3/1.9 kali"),
    ];
    let peace = assumed("e3", "x").replace("aws-cli/2.15.0", "Boto3/1.9 kali");
    desk.write("attack.json", &json!({ "Records": attack }).to_string());
    desk.write("peace.json", &format!("{{\"Records\":[{peace}]}}"));
    let labels = [
        json!({"verdict": "attack", "file": "attack.json", "evidence_event_ids": ["e2", "e1"]}),
        json!({"verdict": "benign", "file": "peace.json", "evidence_event_ids": []}),
    ];
    desk.write("labels.jsonl", &labels.map(|label| label.to_string()).join("\n"));
    desk
}

#[test]
fn json_holds_the_sums_the_attacks_and_every_noise() {
    let said = labelled().answer(&["evaluate", "labels.jsonl", "--format", "json"]);
    let rows: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |kind: &str| rows.iter().filter(|row| row["kind"] == kind).collect::<Vec<_>>();
    let (sums, attacks, noise) = (of("sums"), of("attack"), of("noise"));
    assert_eq!((sums.len(), attacks.len()), (1, 1), "{said}");
    assert_eq!(sums[0]["found_by_client_name_alone"], 1, "{said}");
    assert_eq!(sums[0]["noise"], noise.len(), "{said}");
    assert_eq!(attacks[0]["found_by"], "attack-tool-client", "{said}");
    assert_eq!(attacks[0]["after_seconds"], 90, "{said}");
    let tool = noise.iter().find(|row| row["detection"] == "attack-tool-client").unwrap();
    assert_eq!((&tool["file"], &tool["event_ids"]), (&json!("peace.json"), &json!(["e3"])));
}

#[test]
fn text_lists_every_noise_and_csv_has_the_attacks_alone() {
    let desk = labelled();
    let text = desk.answer(&["evaluate", "labels.jsonl"]);
    for told in [
        "1 of the 1 found attacks was found by the client's name alone",
        "| attack.json | `attack-tool-client` | 90 s |",
        "| 2026-03-10T12:00:00Z | e3 | peace.json |",
    ] {
        assert!(text.contains(told), "{told} is missing:\n{text}");
    }
    let short = desk.answer(&["evaluate", "labels.jsonl", "--list-noise", "0"]);
    assert!(short.contains("by detection:") && !short.contains("| e3 |"), "{short}");
    let csv = desk.answer(&["evaluate", "labels.jsonl", "--format", "csv"]);
    assert!(csv.starts_with("attack,found_by,as_expected,"), "{csv}");
    assert_eq!(csv.lines().count(), 2, "{csv}");
}
