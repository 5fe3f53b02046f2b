//! A finding in the AWS Security Finding Format, as `BatchImportFindings` of Security Hub takes it.
//!
//! Source of the form and its limits:
//! <https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html>.

mod resources;
mod texts;

use rolecall_model::{Confidence, Severity, Time};
use serde_json::{Value, json};

use crate::error::Checked;
use crate::{FindingV1, Importer, Unfit};
use resources::{network, resources};
use texts::{
    DESCRIPTION, IDENTIFIER, RECOMMENDATION, TITLE, description, fitted, kind, product_fields,
    recommendation,
};

/// Findings that one call of `BatchImportFindings` takes.
pub const BATCH: usize = 100;

/// The largest finding is 240 KB; whether that is 1000 or 1024 bytes each is not said.
const BYTES: usize = 240_000;

/// The finding as one object of the format. `now` is when it is written: a finding that is imported again
/// replaces the one before.
///
/// # Errors
///
/// An instant or the severity is no such thing, which only findings from elsewhere can have.
pub fn asff(finding: &FindingV1, importer: &Importer, now: Time) -> Result<Value, Unfit> {
    let Checked { severity, first_at, last_at, found_at } = Checked::of(finding)?;
    let label = match severity {
        Severity::Low => "LOW",
        Severity::Medium => "MEDIUM",
        Severity::High => "HIGH",
        Severity::Critical => "CRITICAL",
    };
    // Security Hub's scale is 0 to 100; ours has three words.
    let confidence = match finding.confidence.parse() {
        Ok(Confidence::Low) => Some(30),
        Ok(Confidence::Medium) => Some(60),
        Ok(Confidence::High) => Some(90),
        Err(_) => None,
    };
    let is_active = finding.suppressed.is_none() && !finding.dry_run;
    let mut object = json!({
        "SchemaVersion": "2018-10-08",
        "Id": format!("rolecall/{}", finding.id()),
        "ProductArn": importer.product(),
        "ProductName": "rolecall",
        "CompanyName": "rolecall",
        "GeneratorId": fitted(&format!("rolecall/{}", finding.detection), IDENTIFIER),
        "AwsAccountId": importer.account(),
        "CreatedAt": found_at.to_string(),
        "UpdatedAt": now.max(found_at).to_string(),
        "FirstObservedAt": first_at.to_string(),
        "LastObservedAt": last_at.to_string(),
        "Title": fitted(&finding.title, TITLE),
        "Description": fitted(&description(finding), DESCRIPTION),
        "FindingProviderFields": {
            "Severity": {"Label": label, "Original": severity.as_str()},
            "Types": [fitted(&kind(finding), IDENTIFIER)],
        },
        "Remediation": {"Recommendation": {"Text": fitted(&recommendation(finding), RECOMMENDATION)}},
        "RecordState": if is_active { "ACTIVE" } else { "ARCHIVED" },
        "Resources": resources(finding),
    });
    if let Some(confidence) = confidence {
        object["FindingProviderFields"]["Confidence"] = json!(confidence);
    }
    if let Some(network) = network(finding) {
        object["Network"] = network;
    }
    let mut fields = product_fields(finding);
    object["ProductFields"] = Value::Object(fields.clone());
    // The last fields, which are the detection's own, go until the rest fits.
    while object.to_string().len() > BYTES {
        let Some(last) = fields.keys().next_back().cloned() else { break };
        fields.remove(&last);
        object["ProductFields"] = Value::Object(fields.clone());
    }
    Ok(object)
}

/// The findings as arrays that one call each takes.
///
/// # Errors
///
/// One of the findings is unfit; see [`asff`].
pub fn batches(
    findings: &[FindingV1],
    importer: &Importer,
    now: Time,
) -> Result<Vec<Value>, Unfit> {
    let batch = |findings: &[FindingV1]| {
        findings
            .iter()
            .map(|finding| asff(finding, importer, now))
            .collect::<Result<Value, Unfit>>()
    };
    findings.chunks(BATCH).map(batch).collect()
}

#[cfg(test)]
mod tests;
