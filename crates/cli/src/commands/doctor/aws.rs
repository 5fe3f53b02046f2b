//! AWS: whether there are credentials that work, and whose they are.

use std::time::Duration;

use rolecall_pipeline::{aws_environment, whoami};

use super::check::Check;

/// So long AWS may take to say whose the credentials are.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) async fn look() -> Check {
    let aws = aws_environment().await;
    let Some(region) = aws.region().map(ToString::to_string) else {
        return Check::problem("aws", "no region is set")
            .help("set AWS_REGION, or a region in ~/.aws/config, as for the AWS CLI");
    };
    let unknown = |why: String| {
        Check::problem("aws", format!("STS in {region} did not say whose the credentials are: {why}")).help(
            "`aws sts get-caller-identity` should answer with the same environment: look at AWS_PROFILE, \
             sign in again, or set AWS_ENDPOINT_URL",
        )
    };
    match tokio::time::timeout(PATIENCE, whoami(&aws)).await {
        Ok(Ok(arn)) => Check::ok("aws", format!("{arn} in {region}")),
        Ok(Err(why)) => unknown(why),
        Err(_) => unknown(format!("no answer within {} s", PATIENCE.as_secs())),
    }
}
