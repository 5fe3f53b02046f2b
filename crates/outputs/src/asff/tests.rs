//! What of a finding stands where in the format, and that everything fits into it.

use rolecall_model::Time;
use serde_json::{Value, json};

use super::{BATCH, BYTES, asff, batches};
use crate::sample::{bare, finding, hostile};
use crate::{FindingV1, Importer};

fn importer() -> Importer {
    Importer::new("999999999999", "eu-west-1").unwrap()
}

fn object(finding: &FindingV1) -> Value {
    asff(finding, &importer(), "2026-03-12".parse().unwrap()).unwrap()
}

#[test]
fn an_object_says_what_the_finding_says() {
    let object = object(&finding());
    for (pointer, expected) in [
        ("/Id", json!("rolecall/00112233445566aa-20260310000000")),
        ("/GeneratorId", json!("rolecall/chain-into-new-account")),
        ("/AwsAccountId", json!("999999999999")),
        ("/CreatedAt", json!("2026-03-11T00:10:00Z")),
        ("/UpdatedAt", json!("2026-03-12T00:00:00Z")),
        ("/FirstObservedAt", json!("2026-03-10T12:00:00Z")),
        ("/FindingProviderFields/Severity/Label", json!("HIGH")),
        ("/FindingProviderFields/Confidence", json!(60)),
        ("/FindingProviderFields/Types/0", json!("TTPs/Lateral Movement/chain-into-new-account")),
        ("/RecordState", json!("ACTIVE")),
        ("/Network/SourceIpV4", json!("198.51.100.7")),
        ("/Resources/0/Type", json!("Other")),
        ("/Resources/0/ResourceRole", json!("Target")),
        ("/Resources/1/Type", json!("AwsIamUser")),
        ("/Resources/1/ResourceRole", json!("Actor")),
        ("/ProductFields/rolecall~1attack", json!("T1078.004 T1550.001")),
        ("/ProductFields/rolecall~1evidence~1why", json!("new account")),
    ] {
        assert_eq!(object.pointer(pointer), Some(&expected), "{pointer}");
    }
    assert!(object.pointer("/ProductFields/rolecall~1evidence~1none").is_none());
    let description = object["Description"].as_str().unwrap();
    assert!(description.contains("Root: arn:aws:iam::111111111111:user/ana."), "{description}");
}

#[test]
fn written_again_it_is_the_same_finding_and_newer() {
    let later = asff(&finding(), &importer(), "2026-03-13".parse().unwrap()).unwrap();
    let (first, again) = (object(&finding()), later);
    assert_eq!(first["Id"], again["Id"]);
    assert_eq!(first["CreatedAt"], again["CreatedAt"]);
    assert_ne!(first["UpdatedAt"], again["UpdatedAt"]);
    let early = asff(&finding(), &importer(), Time(0)).unwrap();
    assert_eq!(early["UpdatedAt"], early["CreatedAt"], "never updated before it was created");
}

#[test]
fn whatever_the_texts_are_it_fits() {
    let mut long = hostile();
    let text = "東\n".repeat(9000);
    long.title = text.clone();
    long.detection = text.clone();
    long.path = (0..90).map(|at| format!("{at}{text}")).collect();
    long.evidence = (0..90).map(|at| (format!("{at}{text}"), json!(text))).collect();
    let object = object(&long);
    assert!(object.to_string().len() <= BYTES);
    let length = |name: &str| object[name].as_str().unwrap().chars().count();
    assert!(
        length("Title") <= 256 && length("Description") <= 1024 && length("GeneratorId") <= 512
    );
    assert_eq!(object["Resources"].as_array().unwrap().len(), 32);
    assert!(object["ProductFields"].as_object().unwrap().len() <= 50);
    assert!(!object.to_string().contains("\\n"), "one line each");
}

#[test]
fn what_nobody_is_told_of_is_archived_and_a_bare_finding_has_a_resource() {
    assert_eq!(object(&hostile())["RecordState"], "ARCHIVED");
    let mut empty = bare();
    empty.subject = " ".into();
    assert_eq!(
        object(&empty)["Resources"],
        json!([{"Type": "Other", "Id": "-", "ResourceRole": "Target"}])
    );
}

#[test]
fn a_batch_is_what_one_call_takes() {
    let findings = vec![finding(); BATCH * 2 + 1];
    let sizes = |count: usize| -> Vec<usize> {
        let batches = batches(&findings[..count], &importer(), Time(0)).unwrap();
        batches.iter().map(|batch| batch.as_array().unwrap().len()).collect()
    };
    assert_eq!(sizes(0), Vec::<usize>::new());
    assert_eq!(sizes(100), [100]);
    assert_eq!(sizes(201), [100, 100, 1]);
}
