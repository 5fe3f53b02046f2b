//! The collection of real and odd logs beside the repository, if it is there: every object is read
//! without a panic and accounted for, and record counts equal the collection's labels.
//!
//! The collection is never part of the repository. Its place is `../shared/data` beside it, or
//! `ROLECALL_SHARED_DATA`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rolecall_cloudtrail::{Batch, Limits, ObjectName, ObjectRef, Outcome, Reader, Reading};
use rolecall_model::Time;
use serde_json::Value;

fn collection() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // A worktree lies one level deeper than the main checkout.
    let places = [
        std::env::var_os("ROLECALL_SHARED_DATA").map(PathBuf::from),
        Some(root.join("../../../shared/data")),
        Some(root.join("../../../../shared/data")),
    ];
    places.into_iter().flatten().find(|place| place.join("labels.jsonl").exists())
}

fn read(key: &str, bytes: &[u8]) -> (Reading, Batch) {
    let kind = ObjectName::parse(key).kind;
    let object = ObjectRef { key, etag: "1", kind, read_at: Time(0) };
    let (mut batch, mut streamed) = (Batch::default(), Batch::default());
    let mut reader = Reader::new(Limits::default());
    let reading = reader.read(&object, bytes, &mut batch);
    let again = reader.read_stream(&object, &mut &*bytes, &mut streamed);
    assert_eq!(reading, again, "{key}: buffered and streamed differ");
    assert_eq!(batch.events, streamed.events, "{key}");
    assert_eq!(batch.rejected, streamed.rejected, "{key}");
    (reading, batch)
}

#[test]
fn every_labelled_file_is_read_as_labelled() {
    let Some(collection) = collection() else {
        println!("the collection ../shared/data is absent: nothing was checked");
        return;
    };
    let labels = std::fs::read_to_string(collection.join("labels.jsonl")).unwrap();
    let (mut wrong, mut reasons, mut files) = (Vec::new(), BTreeMap::<String, i64>::new(), 0);
    for line in labels.lines() {
        let label: Value = serde_json::from_str(line).unwrap();
        let file = label["file"].as_str().unwrap();
        if label["scope"] == "folder" {
            continue;
        }
        files += 1;
        let (reading, batch) = read(file, &std::fs::read(collection.join(file)).unwrap());
        assert_eq!(
            reading.records,
            reading.kept + reading.passed_over + reading.rejected,
            "{file}"
        );
        assert_eq!(batch.uses.len() as i64, reading.kept, "{file}");
        for row in &batch.rejected {
            let text = String::from_utf8_lossy(&row.bytes);
            assert!(!text.contains("IQoJb3JpZ2luX2Vj"), "{file}: a token in a rejected row");
            *reasons.entry(row.reason.clone()).or_default() += 1;
        }
        if file.starts_with("odd/") {
            odd(file, &reading, label["events"].as_i64().unwrap());
            println!(
                "{file}: {:?} {:?} {}/{}/{} of {} {:?}",
                reading.outcome,
                reading.envelope,
                reading.kept,
                reading.passed_over,
                reading.rejected,
                label["events"],
                reading.reason
            );
            continue;
        }
        let sts = batch.events.iter().filter(|(_, e)| e.event_source == "sts.amazonaws.com").count()
            as i64;
        let sts_labelled: i64 = label["sts_events"]
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(_, n)| n.as_i64())
            .sum();
        // The labels count no event in a file whose events lack what the labeller looked for.
        let labelled = label["events"].as_i64().unwrap();
        if (labelled > 0 && reading.records != labelled) || sts != sts_labelled {
            wrong.push(format!(
                "{file}: {reading:?}, {sts} STS; labelled {labelled} and {sts_labelled}"
            ));
        }
    }
    println!("{files} files");
    for (reason, count) in &reasons {
        println!("rejected {count}: {reason}");
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// The odd originals are read where they are CloudTrail in another wrapper.
fn odd(file: &str, reading: &Reading, labelled: i64) {
    let found = reading.kept + reading.passed_over;
    let expected = match file {
        // The labels count no events inside base64 of gzip.
        "odd/logicmonitor-lm-logs-aws/payload-1.awslogs.json" => 6,
        "odd/logicmonitor-lm-logs-aws/payload-2.awslogs.json" => 75,
        "odd/logicmonitor-lm-logs-aws/payload-3.awslogs.json" => 15,
        // Instead of a time they have "..." or nothing: rejected, each with a reason.
        _ if reading.rejected == labelled && found == 0 => 0,
        _ => labelled,
    };
    assert_eq!(found, expected, "{file}: {reading:?}");
    if file.contains("cloudtrail-digest") {
        assert_eq!(reading.outcome, Outcome::PassedOver, "{file}");
    }
    if file.contains("08-ConsoleLogin") {
        assert_eq!(reading.rejected, 1, "{file}: it is no JSON");
    }
}
