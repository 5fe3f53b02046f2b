//! What is called: common APIs with requests and responses of usual size.
//!
//! A template writes the account for `$a`, the region for `$r`, a number below 40 for `$n`, 16 hex
//! digits for `$x`, a UUID for `$u` and 75 letters for `$l`.

use crate::dice::Dice;

/// An API, with what its records say.
pub(crate) struct Api {
    pub(crate) source: &'static str,
    pub(crate) name: &'static str,
    pub(crate) reads: bool,
    pub(crate) request: &'static str,
    pub(crate) response: &'static str,
    pub(crate) additional: &'static str,
    pub(crate) resources: &'static str,
}

const NONE: &str = "";
const NULL: &str = "null";
const S3: &str = r#"{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"AuthenticationMethod":"AuthHeader","x-amz-id-2":"$l=","bytesTransferredOut":551}"#;
const BUCKET: &str =
    r#"{"accountId":"$a","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::logs-$n-$a"}"#;
const ON_BUCKET: &str = r#"{"bucketName":"logs-$n-$a","Host":"logs-$n-$a.s3.$r.amazonaws.com"}"#;
const KMS: &str = r#"{"accountId":"$a","type":"AWS::KMS::Key","ARN":"arn:aws:kms:$r:$a:key/1a2b3c$n-1a2b-4c3d-8e4f-5a6b7c8d9e0f"}"#;
const STACK: &str = r#"{"stackName":"shop-$n"}"#;
const TABLE: &str = r#"{"tableName":"orders-$n"}"#;

const fn read(source: &'static str, name: &'static str, request: &'static str) -> Api {
    Api { source, name, reads: true, request, response: NULL, additional: NONE, resources: NONE }
}

const fn write(
    source: &'static str,
    name: &'static str,
    request: &'static str,
    response: &'static str,
) -> Api {
    Api { source, name, reads: false, request, response, additional: NONE, resources: NONE }
}

const fn on(api: Api, additional: &'static str, resources: &'static str) -> Api {
    Api { additional, resources, ..api }
}

/// Every API with more to say than its name.
static APIS: &[Api] = &[
    read(
        "ec2",
        "DescribeInstances",
        r#"{"maxResults":1000,"instancesSet":{"items":[{"instanceId":"i-0$x"}]},"filterSet":{"items":[{"name":"instance-state-name","valueSet":{"items":[{"value":"running"}]}}]}}"#,
    ),
    read("ec2", "DescribeVolumes", r#"{"volumeSet":{},"filterSet":{}}"#),
    read(
        "ec2",
        "DescribeSecurityGroups",
        r#"{"securityGroupSet":{},"securityGroupIdSet":{},"filterSet":{"items":[{"name":"vpc-id","valueSet":{"items":[{"value":"vpc-0$x"}]}}]}}"#,
    ),
    read(
        "ec2",
        "DescribeNetworkInterfaces",
        r#"{"networkInterfaceIdSet":{},"filterSet":{"items":[{"name":"vpc-id","valueSet":{"items":[{"value":"vpc-0$x"}]}}]}}"#,
    ),
    read("ec2", "DescribeSubnets", r#"{"subnetSet":{},"filterSet":{}}"#),
    read(
        "ec2",
        "DescribeTags",
        r#"{"maxResults":1000,"tagSet":{},"filterSet":{"items":[{"name":"resource-id","valueSet":{"items":[{"value":"i-0$x"}]}}]}}"#,
    ),
    read(
        "ec2",
        "DescribeImages",
        r#"{"executableBySet":{},"imagesSet":{},"ownersSet":{"items":[{"owner":"self"}]},"filterSet":{}}"#,
    ),
    read("ec2", "DescribeRegions", r#"{"regionSet":{},"filterSet":{}}"#),
    read(
        "ec2",
        "DescribeInstanceStatus",
        r#"{"instancesSet":{"items":[{"instanceId":"i-0$x"}]},"filterSet":{},"includeAllInstances":false}"#,
    ),
    read(
        "ec2",
        "DescribeSnapshots",
        r#"{"snapshotSet":{},"ownersSet":{"items":[{"owner":"self"}]},"sharedUsersSet":{},"filterSet":{}}"#,
    ),
    write(
        "ec2",
        "CreateTags",
        r#"{"resourcesSet":{"items":[{"resourceId":"i-0$x"}]},"tagSet":{"items":[{"key":"service","value":"orders-$n"}]}}"#,
        r#"{"requestId":"$u","_return":true}"#,
    ),
    on(read("s3", "GetBucketAcl", ON_BUCKET), S3, BUCKET),
    on(read("s3", "GetBucketLocation", ON_BUCKET), S3, BUCKET),
    on(read("s3", "GetBucketPolicyStatus", ON_BUCKET), S3, BUCKET),
    on(read("s3", "GetBucketVersioning", ON_BUCKET), S3, BUCKET),
    on(read("s3", "GetBucketEncryption", ON_BUCKET), S3, BUCKET),
    on(read("s3", "ListBuckets", r#"{"Host":"s3.$r.amazonaws.com"}"#), S3, NONE),
    on(
        read(
            "kms",
            "Decrypt",
            r#"{"keyId":"arn:aws:kms:$r:$a:key/1a2b3c$n-1a2b-4c3d-8e4f-5a6b7c8d9e0f","encryptionAlgorithm":"SYMMETRIC_DEFAULT","encryptionContext":{"aws:lambda:FunctionArn":"arn:aws:lambda:$r:$a:function:orders-$n"}}"#,
        ),
        NONE,
        KMS,
    ),
    on(
        read(
            "kms",
            "GenerateDataKey",
            r#"{"keyId":"arn:aws:kms:$r:$a:key/1a2b3c$n-1a2b-4c3d-8e4f-5a6b7c8d9e0f","keySpec":"AES_256","encryptionContext":{"aws:s3:arn":"arn:aws:s3:::logs-$n-$a"}}"#,
        ),
        NONE,
        KMS,
    ),
    on(read("kms", "DescribeKey", r#"{"keyId":"alias/orders-$n"}"#), NONE, KMS),
    read("kms", "ListAliases", r#"{"limit":100}"#),
    read("lambda", "ListFunctions20150331", r#"{"maxItems":50}"#),
    read(
        "lambda",
        "GetFunction20150331v2",
        r#"{"functionName":"arn:aws:lambda:$r:$a:function:orders-$n"}"#,
    ),
    write(
        "lambda",
        "UpdateFunctionCode20150331v2",
        r#"{"functionName":"orders-$n","s3Bucket":"artifacts-$a","s3Key":"orders/$x.zip","publish":true,"dryRun":false}"#,
        r#"{"functionName":"orders-$n","functionArn":"arn:aws:lambda:$r:$a:function:orders-$n","runtime":"python3.12","handler":"app.handler","codeSize":184220,"timeout":30,"memorySize":512,"version":"$n","revisionId":"$u"}"#,
    ),
    read(
        "logs",
        "DescribeLogStreams",
        r#"{"logGroupName":"/aws/lambda/orders-$n","orderBy":"LastEventTime","descending":true,"limit":50}"#,
    ),
    read("logs", "DescribeLogGroups", r#"{"limit":50}"#),
    read(
        "logs",
        "FilterLogEvents",
        r#"{"logGroupName":"/aws/lambda/orders-$n","limit":100,"interleaved":true}"#,
    ),
    write(
        "logs",
        "CreateLogStream",
        r#"{"logGroupName":"/aws/lambda/orders-$n","logStreamName":"[$LATEST]$x$x"}"#,
        NULL,
    ),
    on(
        read("dynamodb", "DescribeTable", TABLE),
        NONE,
        r#"{"accountId":"$a","type":"AWS::DynamoDB::Table","ARN":"arn:aws:dynamodb:$r:$a:table/orders-$n"}"#,
    ),
    read("dynamodb", "ListTables", r#"{"limit":100}"#),
    write(
        "config",
        "PutEvaluations",
        r#"{"evaluations":[{"complianceResourceType":"AWS::S3::Bucket","complianceResourceId":"logs-$n","complianceType":"COMPLIANT","orderingTimestamp":"Mar 2, 2026, 9:15:00 AM"}],"testMode":false,"resultToken":"$l$l"}"#,
        r#"{"failedEvaluations":[]}"#,
    ),
    read("config", "DescribeConfigRules", r#"{"configRuleNames":[]}"#),
    write(
        "ssm",
        "UpdateInstanceInformation",
        r#"{"instanceId":"i-0$x","agentVersion":"3.3.1611.0","agentStatus":"Active","platformType":"Linux","platformName":"Amazon Linux","platformVersion":"2023","iPAddress":"10.0.1.$n","computerName":"ip-10-0-1-$n.$r.compute.internal","agentName":"amazon-ssm-agent","availabilityZone":"$ra","availabilityZoneId":"euw1-az1","sSMConnectionChannel":"ssmmessages"}"#,
        NULL,
    ),
    read("ssm", "GetParameter", r#"{"name":"/orders/$n/url","withDecryption":true}"#),
    read(
        "ssm",
        "GetParametersByPath",
        r#"{"path":"/orders/$n/","recursive":true,"withDecryption":true,"maxResults":10}"#,
    ),
    read("ssm", "DescribeInstanceInformation", r#"{"maxResults":50,"filters":[]}"#),
    read(
        "ecr",
        "BatchGetImage",
        r#"{"registryId":"$a","repositoryName":"shop","imageIds":[{"imageDigest":"sha256:$x$x$x$x"}],"acceptedMediaTypes":["application/vnd.oci.image.manifest.v1+json"]}"#,
    ),
    read("ecr", "GetAuthorizationToken", NULL),
    read(
        "ecr",
        "DescribeImages",
        r#"{"registryId":"$a","repositoryName":"shop","maxResults":100}"#,
    ),
    read("ecr", "DescribeRepositories", r#"{"maxResults":100}"#),
    on(
        read(
            "secretsmanager",
            "GetSecretValue",
            r#"{"secretId":"arn:aws:secretsmanager:$r:$a:secret:orders/$n-AbCdEf"}"#,
        ),
        NONE,
        NONE,
    ),
    read("secretsmanager", "ListSecrets", r#"{"maxResults":100}"#),
    read("secretsmanager", "DescribeSecret", r#"{"secretId":"orders/$n"}"#),
    read("iam", "GetRolePolicy", r#"{"roleName":"orders-function-$n","policyName":"inline"}"#),
    read("iam", "GetRole", r#"{"roleName":"orders-function-$n"}"#),
    read("iam", "ListRoles", r#"{"maxItems":1000}"#),
    read("iam", "ListUsers", r#"{"maxItems":1000}"#),
    read("iam", "ListAttachedRolePolicies", r#"{"roleName":"orders-function-$n"}"#),
    read("iam", "ListAccountAliases", NULL),
    read("iam", "GetAccountSummary", NULL),
    read("iam", "ListAccessKeys", r#"{"maxItems":100}"#),
    read("iam", "GetAccountAuthorizationDetails", r#"{"maxItems":1000}"#),
    read("organizations", "DescribeOrganization", NULL),
    read("organizations", "ListAccounts", r#"{"maxResults":20}"#),
    read("cloudformation", "DescribeStacks", STACK),
    read("cloudformation", "DescribeStackEvents", STACK),
    read("cloudformation", "ListStacks", NULL),
    write(
        "cloudformation",
        "UpdateStack",
        STACK,
        r#"{"stackId":"arn:aws:cloudformation:$r:$a:stack/shop-$n/$u"}"#,
    ),
    read("monitoring", "ListMetrics", r#"{"namespace":"AWS/EC2"}"#),
    read("monitoring", "DescribeAlarms", r#"{"maxRecords":100}"#),
    read("rds", "DescribeDBInstances", r#"{"filters":[]}"#),
    read(
        "rds",
        "DescribeDBSnapshots",
        r#"{"filters":[],"includeShared":false,"includePublic":false}"#,
    ),
    read("eks", "DescribeCluster", r#"{"name":"platform"}"#),
    read("eks", "ListClusters", r#"{"maxResults":100}"#),
    read("ecs", "DescribeServices", r#"{"cluster":"shop","services":["orders-$n"]}"#),
    read("glue", "GetTables", r#"{"databaseName":"sales","maxResults":100}"#),
    read("glue", "GetDatabases", r#"{"maxResults":100}"#),
    read(
        "glue",
        "GetPartitions",
        r#"{"databaseName":"sales","tableName":"orders_$n","expression":"day > '2026-01-01'"}"#,
    ),
    write(
        "glue",
        "BatchCreatePartition",
        r#"{"databaseName":"sales","tableName":"orders_$n","partitionInputList":[{"values":["$n"]}]}"#,
        r#"{"errors":[]}"#,
    ),
    write(
        "athena",
        "StartQueryExecution",
        r#"{"queryString":"HIDDEN_DUE_TO_SECURITY_REASONS","clientRequestToken":"$u","workGroup":"reports","queryExecutionContext":{"database":"sales"}}"#,
        r#"{"queryExecutionId":"$u"}"#,
    ),
    read("athena", "GetQueryExecution", r#"{"queryExecutionId":"$u"}"#),
    read("athena", "ListWorkGroups", r#"{"maxResults":50}"#),
    read(
        "health",
        "DescribeEventAggregates",
        r#"{"aggregateField":"eventTypeCategory","filter":{"eventStatusCodes":["open","upcoming"]}}"#,
    ),
    read("cloudtrail", "DescribeTrails", r#"{"trailNameList":[],"includeShadowTrails":true}"#),
    read("cloudtrail", "GetTrailStatus", r#"{"name":"organization"}"#),
    read("guardduty", "ListFindings", r#"{"detectorId":"$x$x","maxResults":50}"#),
    read("securityhub", "GetFindings", r#"{"MaxResults":100}"#),
    read("autoscaling", "DescribeAutoScalingGroups", r#"{"maxRecords":100}"#),
    read(
        "elasticloadbalancing",
        "DescribeTargetHealth",
        r#"{"targetGroupArn":"arn:aws:elasticloadbalancing:$r:$a:targetgroup/orders-$n/$x"}"#,
    ),
    read("elasticloadbalancing", "DescribeLoadBalancers", r#"{"pageSize":400}"#),
    read("polly", "DescribeVoices", r#"{"languageCode":"en-GB"}"#),
    read(
        "ce",
        "GetCostAndUsage",
        r#"{"TimePeriod":{"Start":"2026-03-01","End":"2026-03-31"},"Granularity":"DAILY","Metrics":["UnblendedCost"]}"#,
    ),
    read(
        "sqs",
        "GetQueueAttributes",
        r#"{"queueUrl":"https://sqs.$r.amazonaws.com/$a/orders-$n","attributeNames":["All"]}"#,
    ),
    read("sns", "ListTopics", NULL),
    read("tagging", "GetResources", r#"{"resourcesPerPage":100}"#),
    read("sts", "GetCallerIdentity", NULL),
];

/// The API written as `service.Name`; nothing for one that has nothing more to say.
pub(crate) fn find(api: &str) -> Option<&'static Api> {
    let (source, name) = split(api);
    APIS.iter().find(|known| known.source == source && known.name == name)
}

/// Service and name.
pub(crate) fn split(api: &str) -> (&str, &str) {
    api.split_once('.').unwrap_or((api, ""))
}

/// Whether a call of that name only looks.
pub(crate) fn only_reads(name: &str) -> bool {
    ["Get", "List", "Describe", "BatchGet", "Lookup", "Search", "Simulate"]
        .iter()
        .any(|verb| name.starts_with(verb))
}

/// Writes a template.
pub(crate) fn fill(
    into: &mut String,
    template: &str,
    account: &str,
    region: &str,
    dice: &mut Dice,
) {
    let mut rest = template;
    while let Some(at) = rest.find('$') {
        into.push_str(&rest[..at]);
        match rest.as_bytes().get(at + 1) {
            Some(b'a') => into.push_str(account),
            Some(b'r') => into.push_str(region),
            Some(b'n') => push_small(into, dice.below(40)),
            Some(b'x') => dice.push_hex(into, 16),
            Some(b'u') => dice.push_uuid(into, 4),
            Some(b'l') => dice.push_letters(into, 75),
            _ => {
                into.push('$');
                rest = &rest[at + 1..];
                continue;
            }
        }
        rest = &rest[at + 2..];
    }
    into.push_str(rest);
}

fn push_small(into: &mut String, number: u64) {
    if number >= 10 {
        into.push(char::from(b'0' + (number / 10) as u8));
    }
    into.push(char::from(b'0' + (number % 10) as u8));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_json_and_names_are_unique() {
        let mut names = std::collections::HashSet::new();
        for api in APIS {
            assert!(names.insert((api.source, api.name)), "{} {}", api.source, api.name);
            assert_eq!(
                api.reads,
                only_reads(api.name)
                    || matches!(api.name, "Decrypt" | "GenerateDataKey" | "FilterLogEvents"),
                "{}",
                api.name
            );
            for template in [api.request, api.response, api.additional, api.resources] {
                let mut text = String::new();
                fill(&mut text, template, "111111111111", "eu-west-1", &mut Dice::new(1));
                if !text.is_empty() {
                    serde_json::from_str::<serde_json::Value>(&text).unwrap();
                }
            }
        }
    }
}
