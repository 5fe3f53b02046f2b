//! What is called: common APIs with requests and responses of usual size.

use crate::dice::Dice;

/// One call: which API, whether it only reads, and its JSON members.
pub(crate) struct Call {
    pub(crate) source: &'static str,
    pub(crate) name: &'static str,
    pub(crate) reads: bool,
    pub(crate) request: String,
    pub(crate) response: String,
    /// The further members, each with its leading comma.
    pub(crate) more: String,
}

/// A call that `account` sees in `region`, as often as such calls are in ordinary trails.
pub(crate) fn call(account: u64, region: &str, dice: &mut Dice) -> Call {
    let number = dice.below(40);
    let null = || "null".to_owned();
    let (source, name, request, response, more): (_, _, String, String, String) = match dice
        .below(20)
    {
        0 | 1 => (
            "ec2",
            "DescribeInstances",
            format!(
                r#"{{"maxResults":1000,"instancesSet":{{"items":[{{"instanceId":"i-0{}"}}]}},"filterSet":{{"items":[{{"name":"instance-state-name","valueSet":{{"items":[{{"value":"running"}}]}}}}]}}}}"#,
                dice.hex(16)
            ),
            null(),
            String::new(),
        ),
        2 => (
            "ec2",
            "DescribeVolumes",
            r#"{"volumeSet":{},"filterSet":{}}"#.into(),
            null(),
            String::new(),
        ),
        3 => (
            "ec2",
            "DescribeNetworkInterfaces",
            format!(
                r#"{{"networkInterfaceIdSet":{{}},"filterSet":{{"items":[{{"name":"vpc-id","valueSet":{{"items":[{{"value":"vpc-0{}"}}]}}}}]}}}}"#,
                dice.hex(16)
            ),
            null(),
            String::new(),
        ),
        4 | 5 => s3(account, region, number, dice),
        6 => (
            "s3",
            "ListBuckets",
            format!(r#"{{"Host":"s3.{region}.amazonaws.com"}}"#),
            null(),
            format!(
                r#","additionalEventData":{{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"AuthenticationMethod":"AuthHeader","x-amz-id-2":"{}=","bytesTransferredOut":4417}}"#,
                dice.letters(75)
            ),
        ),
        7..=9 => kms(account, region, number, dice),
        10 => {
            ("lambda", "ListFunctions20150331", r#"{"maxItems":50}"#.into(), null(), String::new())
        }
        11 => (
            "lambda",
            "GetFunction20150331v2",
            format!(
                r#"{{"functionName":"arn:aws:lambda:{region}:{account:012}:function:orders-{number}"}}"#
            ),
            null(),
            String::new(),
        ),
        12 => (
            "logs",
            "DescribeLogStreams",
            format!(
                r#"{{"logGroupName":"/aws/lambda/orders-{number}","orderBy":"LastEventTime","descending":true,"limit":50}}"#
            ),
            null(),
            String::new(),
        ),
        13 => (
            "logs",
            "CreateLogStream",
            format!(
                r#"{{"logGroupName":"/aws/lambda/orders-{number}","logStreamName":"2026/03/02/[$LATEST]{}"}}"#,
                dice.hex(32)
            ),
            null(),
            String::new(),
        ),
        14 => (
            "dynamodb",
            "DescribeTable",
            format!(r#"{{"tableName":"orders-{number}"}}"#),
            null(),
            format!(
                r#","resources":[{{"accountId":"{account:012}","type":"AWS::DynamoDB::Table","ARN":"arn:aws:dynamodb:{region}:{account:012}:table/orders-{number}"}}]"#
            ),
        ),
        15 => (
            "config",
            "PutEvaluations",
            format!(
                r#"{{"evaluations":[{{"complianceResourceType":"AWS::S3::Bucket","complianceResourceId":"logs-{number}","complianceType":"COMPLIANT","orderingTimestamp":"Mar 2, 2026, 9:15:00 AM"}}],"testMode":false,"resultToken":"{}"}}"#,
                dice.letters(120)
            ),
            r#"{"failedEvaluations":[]}"#.into(),
            String::new(),
        ),
        16 => (
            "ssm",
            "UpdateInstanceInformation",
            format!(
                r#"{{"instanceId":"i-0{}","agentVersion":"3.3.1611.0","agentStatus":"Active","platformType":"Linux","platformName":"Amazon Linux","platformVersion":"2023","iPAddress":"10.0.{}.{}","computerName":"ip-10-0-1-2.{region}.compute.internal","agentName":"amazon-ssm-agent","availabilityZone":"{region}a","availabilityZoneId":"euw1-az1","sSMConnectionChannel":"ssmmessages"}}"#,
                dice.hex(16),
                dice.below(256),
                dice.below(256)
            ),
            null(),
            String::new(),
        ),
        17 => (
            "iam",
            "GetRolePolicy",
            format!(r#"{{"roleName":"orders-function-{number}","policyName":"inline"}}"#),
            null(),
            String::new(),
        ),
        18 => (
            "ecr",
            "BatchGetImage",
            format!(
                r#"{{"registryId":"{account:012}","repositoryName":"shop","imageIds":[{{"imageDigest":"sha256:{}"}}],"acceptedMediaTypes":["application/vnd.docker.distribution.manifest.v2+json","application/vnd.oci.image.manifest.v1+json"]}}"#,
                dice.hex(64)
            ),
            null(),
            format!(
                r#","resources":[{{"accountId":"{account:012}","ARN":"arn:aws:ecr:{region}:{account:012}:repository/shop"}}]"#
            ),
        ),
        _ => (
            "secretsmanager",
            "GetSecretValue",
            format!(
                r#"{{"secretId":"arn:aws:secretsmanager:{region}:{account:012}:secret:orders/{number}-AbCdEf"}}"#
            ),
            null(),
            String::new(),
        ),
    };
    let reads = !["Create", "Put", "Update"].iter().any(|verb| name.starts_with(verb));
    Call { source, name, reads, request, response, more }
}

type Parts = (&'static str, &'static str, String, String, String);

fn s3(account: u64, region: &str, number: u64, dice: &mut Dice) -> Parts {
    let name = *dice.pick(&["GetBucketAcl", "GetBucketLocation", "GetBucketPolicyStatus"]);
    (
        "s3",
        name,
        format!(
            r#"{{"bucketName":"logs-{number}-{account:012}","Host":"logs-{number}-{account:012}.s3.{region}.amazonaws.com","acl":""}}"#
        ),
        "null".to_owned(),
        format!(
            r#","additionalEventData":{{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"AuthenticationMethod":"AuthHeader","x-amz-id-2":"{}=","bytesTransferredOut":551}},"resources":[{{"accountId":"{account:012}","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::logs-{number}-{account:012}"}}]"#,
            dice.letters(75)
        ),
    )
}

fn kms(account: u64, region: &str, number: u64, dice: &mut Dice) -> Parts {
    let name = *dice.pick(&["Decrypt", "GenerateDataKey"]);
    let key =
        format!("arn:aws:kms:{region}:{account:012}:key/{number:08x}-1a2b-4c3d-8e4f-5a6b7c8d9e0f");
    (
        "kms",
        name,
        format!(
            r#"{{"keyId":"{key}","encryptionAlgorithm":"SYMMETRIC_DEFAULT","encryptionContext":{{"aws:lambda:FunctionArn":"arn:aws:lambda:{region}:{account:012}:function:orders-{number}"}}}}"#
        ),
        "null".to_owned(),
        format!(
            r#","additionalEventData":{{"keyMaterialId":"{}"}},"resources":[{{"accountId":"{account:012}","type":"AWS::KMS::Key","ARN":"{key}"}}]"#,
            dice.hex(64)
        ),
    )
}
