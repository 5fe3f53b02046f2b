//! Stored findings, in each form. That the forms are valid, `./dev outputs` says.

use serde_json::Value;

use crate::support::Desk;

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn texts<'a>(values: &'a [Value], pointer: &str) -> Vec<&'a str> {
    let mut texts: Vec<&str> =
        values.iter().filter_map(|value| value.pointer(pointer)?.as_str()).collect();
    texts.sort_unstable();
    texts
}

#[test]
fn every_form_has_every_finding() {
    let desk = Desk::with_demo();
    let own = lines(&desk.answer(&["findings", "--format", "json"]));
    let fingerprints = texts(&own, "/fingerprint");
    assert!(fingerprints.len() > 2);
    assert!(own.iter().all(|finding| finding["dry_run"] == false));

    let events = lines(&desk.answer(&["findings", "--as", "ocsf"]));
    assert_eq!(texts(&events, "/metadata/correlation_uid"), fingerprints);
    assert!(events.iter().all(|event| event["class_uid"] == 2004 && event["is_alert"] == true));
    assert!(!texts(&events, "/finding_info/attacks/0/technique/uid").is_empty());

    let asff = ["findings", "--as", "asff", "--account", "111111111111", "--region", "eu-west-1"];
    let batches = lines(&desk.answer(&asff));
    assert_eq!(batches.len(), 1, "{batches:#?}");
    let objects = batches[0].as_array().unwrap();
    assert_eq!(texts(objects, "/ProductFields/rolecall~1fingerprint"), fingerprints);
    let product = "arn:aws:securityhub:eu-west-1:111111111111:product/111111111111/default";
    assert!(objects.iter().all(|object| object["ProductArn"] == product));

    let ticket = desk.answer(&["findings", "--as", "markdown"]);
    assert!(ticket.starts_with(&format!("# rolecall: {} findings (", own.len())), "{ticket}");
    for part in ["### What to do next", "rolecall lineage '", "```sql", "**When it is harmless:**"]
    {
        assert!(ticket.contains(part), "{part} is missing:\n{ticket}");
    }
}

#[test]
fn findings_are_chosen() {
    let desk = Desk::with_demo();
    let count = |arguments: &[&str]| {
        let arguments = [&["findings", "--format", "json"], arguments].concat();
        lines(&desk.answer(&arguments)).len()
    };
    let stored = |condition: &str| {
        let sql = format!("select fingerprint from finding where {condition}");
        lines(&desk.answer(&["sql", "--format", "json", &sql])).len()
    };
    let told = count(&[]);
    assert_eq!(told, stored("not dry_run and suppressed is null"));
    assert_eq!(count(&["--all"]), stored("true"));
    assert_eq!(count(&["--minimum", "critical"]), stored("severity = 'critical'"));
    assert_eq!(count(&["--since", "2001-01-01"]), told);
    assert_eq!(count(&["--since", "2099-01-01"]), 0);
    // No finding of the demo lies on both sides of that midnight.
    let (early, late) = (count(&["--until", "2026-03-16"]), count(&["--from", "2026-03-16"]));
    assert!(early > 0 && late > 0 && early + late == told, "{early} + {late}, of {told}");
    let severe = desk.run(&["findings", "--fail-on", "critical"]);
    assert_eq!(severe.code, 1, "{}", severe.err);
}

#[test]
fn an_importer_that_is_none_is_refused() {
    let desk = Desk::with_demo();
    for (account, region, told) in [
        ("1", "eu-west-1", "`1` is no account"),
        ("111111111111", "europe", "`europe` is no region"),
    ] {
        let said =
            desk.run(&["findings", "--as", "asff", "--account", account, "--region", region]);
        assert_eq!(said.code, 2, "{}", said.out);
        assert!(said.err.contains(told), "{}", said.err);
    }
}
