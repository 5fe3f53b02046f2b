//! Which APIs everyday callers use.

use std::sync::Arc;

use crate::api::{Api, find};

/// The APIs that somebody uses; those named twice are used twice as often.
pub(crate) type Habit = Arc<[&'static Api]>;

macro_rules! habits {
    ($($(#[doc = $doc:literal])+ $name:ident: $apis:literal;)+) => {
        /// Every habit there is.
        pub(crate) struct Habits {
            $($(#[doc = $doc])+ pub(crate) $name: Habit,)+
        }

        impl Habits {
            pub(crate) fn new() -> Habits {
                Habits { $($name: $apis.split_whitespace().filter_map(find).collect(),)+ }
            }
        }

        #[cfg(test)]
        const WORDS: &[&str] = &[$($apis,)+];
    };
}

habits! {
    /// A developer with the command line.
    developer: "ec2.DescribeInstances logs.DescribeLogGroups logs.FilterLogEvents logs.DescribeLogStreams lambda.ListFunctions20150331 lambda.GetFunction20150331v2 dynamodb.DescribeTable dynamodb.ListTables cloudformation.DescribeStacks cloudformation.DescribeStackEvents ecr.DescribeImages ecs.DescribeServices ssm.GetParameter s3.ListBuckets s3.GetBucketLocation monitoring.DescribeAlarms sts.GetCallerIdentity sqs.GetQueueAttributes";
    /// Somebody who keeps things running.
    operator: "ec2.DescribeInstances ec2.DescribeInstanceStatus ec2.DescribeSecurityGroups ec2.DescribeVolumes autoscaling.DescribeAutoScalingGroups elasticloadbalancing.DescribeTargetHealth rds.DescribeDBInstances logs.FilterLogEvents monitoring.DescribeAlarms eks.DescribeCluster ssm.DescribeInstanceInformation ec2.CreateTags cloudformation.DescribeStacks iam.GetRole iam.ListRoles sts.GetCallerIdentity";
    /// Somebody who asks questions of data.
    analyst: "glue.GetDatabases glue.GetTables glue.GetPartitions athena.StartQueryExecution athena.GetQueryExecution athena.ListWorkGroups s3.ListBuckets s3.GetBucketLocation sts.GetCallerIdentity";
    /// Somebody who looks after security.
    auditor: "guardduty.ListFindings securityhub.GetFindings iam.ListUsers iam.ListRoles iam.GetRolePolicy iam.GetAccountSummary cloudtrail.DescribeTrails cloudtrail.GetTrailStatus config.DescribeConfigRules ec2.DescribeSecurityGroups s3.GetBucketPolicyStatus sts.GetCallerIdentity";
    /// Somebody who pays the bill.
    accountant: "ce.GetCostAndUsage organizations.ListAccounts organizations.DescribeOrganization health.DescribeEventAggregates";
    /// Whoever looks at the console.
    console: "health.DescribeEventAggregates ec2.DescribeInstances ec2.DescribeRegions ec2.DescribeSecurityGroups iam.ListAccountAliases s3.ListBuckets s3.GetBucketLocation lambda.ListFunctions20150331 logs.DescribeLogGroups monitoring.DescribeAlarms cloudformation.ListStacks tagging.GetResources elasticloadbalancing.DescribeLoadBalancers rds.DescribeDBInstances";
    /// An instance.
    instance: "ssm.UpdateInstanceInformation ssm.UpdateInstanceInformation ec2.DescribeTags ec2.DescribeInstances secretsmanager.GetSecretValue kms.Decrypt s3.GetBucketLocation logs.CreateLogStream sqs.GetQueueAttributes";
    /// A function.
    function: "dynamodb.DescribeTable kms.Decrypt kms.Decrypt ssm.GetParameter ssm.GetParametersByPath secretsmanager.GetSecretValue logs.CreateLogStream sqs.GetQueueAttributes";
    /// A container.
    container: "secretsmanager.GetSecretValue kms.Decrypt ssm.GetParametersByPath sqs.GetQueueAttributes dynamodb.DescribeTable ecr.GetAuthorizationToken ecr.BatchGetImage";
    /// AWS services that look after logs and settings.
    service: "s3.GetBucketAcl s3.GetBucketAcl s3.GetBucketLocation kms.GenerateDataKey kms.GenerateDataKey kms.Decrypt";
    /// What a service-linked role reads.
    recorder: "ec2.DescribeVolumes ec2.DescribeInstances ec2.DescribeSecurityGroups ec2.DescribeSubnets s3.GetBucketVersioning s3.GetBucketEncryption iam.GetRole lambda.ListFunctions20150331 dynamodb.DescribeTable kms.DescribeKey config.PutEvaluations";
    /// A build.
    build: "ecr.GetAuthorizationToken ecr.DescribeImages ecr.BatchGetImage ssm.GetParameter sts.GetCallerIdentity s3.GetBucketLocation cloudformation.DescribeStacks";
    /// Terraform.
    terraform: "iam.GetRole iam.GetRolePolicy iam.ListAttachedRolePolicies ec2.DescribeSecurityGroups ec2.DescribeSubnets ec2.DescribeNetworkInterfaces kms.DescribeKey s3.GetBucketVersioning s3.GetBucketEncryption dynamodb.DescribeTable lambda.GetFunction20150331v2 sts.GetCallerIdentity";
    /// A posture scanner, which reads everything.
    scanner: "iam.ListUsers iam.ListRoles iam.GetAccountSummary iam.ListAccessKeys iam.GetAccountAuthorizationDetails ec2.DescribeSecurityGroups ec2.DescribeSnapshots ec2.DescribeImages ec2.DescribeRegions s3.ListBuckets s3.GetBucketAcl s3.GetBucketPolicyStatus s3.GetBucketEncryption kms.ListAliases rds.DescribeDBInstances rds.DescribeDBSnapshots lambda.ListFunctions20150331 cloudtrail.DescribeTrails secretsmanager.ListSecrets sns.ListTopics guardduty.ListFindings";
    /// A vendor who watches metrics.
    metrics: "monitoring.ListMetrics monitoring.DescribeAlarms ec2.DescribeInstances tagging.GetResources";
    /// A vendor who keeps backups.
    backup: "ec2.DescribeSnapshots ec2.DescribeVolumes rds.DescribeDBSnapshots tagging.GetResources";
    /// The nightly batch.
    batch: "glue.GetTables glue.GetPartitions glue.BatchCreatePartition athena.StartQueryExecution athena.GetQueryExecution s3.GetBucketLocation";
    /// A guest of the mobile app.
    guest: "polly.DescribeVoices";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_an_api() {
        for word in WORDS.iter().flat_map(|words| words.split_whitespace()) {
            assert!(find(word).is_some(), "{word}");
        }
    }
}
