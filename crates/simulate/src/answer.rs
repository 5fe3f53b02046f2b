//! What services answer beside the call itself: refusals, and the endpoint that STS names.

use crate::place::Place;

/// Code and message of a call that no policy allows.
pub(crate) fn denial(arn: &str, source: &str, name: &str, target: &str) -> (&'static str, String) {
    let name = name.split("20").next().unwrap_or(name);
    let because = format!(
        "User: {arn} is not authorized to perform: {source}:{name} on resource: {target} because no identity-based policy allows the {source}:{name} action"
    );
    match source {
        "ec2" => (
            "Client.UnauthorizedOperation",
            format!("You are not authorized to perform this operation. {because}"),
        ),
        "kms" | "dynamodb" | "organizations" | "cloudtrail" | "glue" => {
            ("AccessDeniedException", because)
        }
        _ => ("AccessDenied", because),
    }
}

/// What STS adds about the endpoint that was called.
pub(crate) fn endpoint(place: &Place) -> &'static str {
    match (place.global_sts, place.region) {
        (true, "eu-west-1") => {
            r#"{"RequestDetails":{"endpointType":"global","awsServingRegion":"eu-west-1"}}"#
        }
        (true, _) => {
            r#"{"RequestDetails":{"endpointType":"global","awsServingRegion":"us-east-1"}}"#
        }
        (false, "eu-west-1") => {
            r#"{"RequestDetails":{"endpointType":"regional","awsServingRegion":"eu-west-1"}}"#
        }
        (false, "eu-central-1") => {
            r#"{"RequestDetails":{"endpointType":"regional","awsServingRegion":"eu-central-1"}}"#
        }
        (false, "us-west-2") => {
            r#"{"RequestDetails":{"endpointType":"regional","awsServingRegion":"us-west-2"}}"#
        }
        (false, _) => {
            r#"{"RequestDetails":{"endpointType":"regional","awsServingRegion":"us-east-1"}}"#
        }
    }
}
