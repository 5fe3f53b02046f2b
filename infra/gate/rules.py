"""What cfn-lint does not know: one function for each rule, which yields what breaks it.

`flaws` asks them all. The rules about permissions are in rules_access.py, those about metrics in
rules_metrics.py.
"""

import re
from collections.abc import Iterator

from look import default, either, mentions, refers, resources

RATE = re.compile(r"rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)")
CRON = re.compile(r"cron\((\S+ ){5}\S+\)")


def rates(template: dict) -> Iterator[str]:
    """Schedules say `1 hour` and `2 hours`; AWS refuses the rest, but only when it deploys."""
    for name, schedule in resources(template, "AWS::Scheduler::Schedule").items():
        given = default(template, schedule["Properties"]["ScheduleExpression"])
        if not (RATE.fullmatch(given) or CRON.fullmatch(given)):
            yield f"{name}: `{given}` is no rate and no cron"


def signatures(template: dict) -> Iterator[str]:
    """Version 1 signs with SHA-1."""
    for name, topic in resources(template, "AWS::SNS::Topic").items():
        if str(topic["Properties"].get("SignatureVersion")) != "2":
            yield f"{name}: SignatureVersion is not 2"


def visibility(template: dict) -> Iterator[str]:
    """A message must not come back while a function still works on it."""
    queues, functions = resources(template, "AWS::SQS::Queue"), resources(template, "AWS::Lambda::Function")
    for name, mapping in resources(template, "AWS::Lambda::EventSourceMapping").items():
        queue = queues.get(refers(mapping["Properties"]["EventSourceArn"]))
        function = functions.get(refers(mapping["Properties"]["FunctionName"]))
        if not queue or not function:
            yield f"{name}: its queue or function is not in this template"
            continue
        hidden = int(queue["Properties"].get("VisibilityTimeout", 30))
        timeout = int(function["Properties"].get("Timeout", 3))
        if hidden < 6 * timeout:
            yield f"{name}: the queue hides messages for {hidden} s, less than six times the timeout of {timeout} s"


def partial_batches(template: dict) -> Iterator[str]:
    """Without the word, what failed is deleted as if it had succeeded."""
    for name, mapping in resources(template, "AWS::Lambda::EventSourceMapping").items():
        if mapping["Properties"].get("FunctionResponseTypes") != ["ReportBatchItemFailures"]:
            yield f"{name}: it does not report failed messages one by one"


def concurrency(template: dict) -> Iterator[str]:
    """Few at a time by the mapping; reserved concurrency makes throttled polls count as receives."""
    for name, function in resources(template, "AWS::Lambda::Function").items():
        if "ReservedConcurrentExecutions" in function["Properties"]:
            yield f"{name}: it reserves concurrency"
    for name, mapping in resources(template, "AWS::Lambda::EventSourceMapping").items():
        most = mapping["Properties"].get("ScalingConfig", {}).get("MaximumConcurrency")
        if not isinstance(most, int) or not 2 <= most <= 10:
            yield f"{name}: its maximum concurrency is not from 2 to 10"


def dead_letters(template: dict) -> Iterator[str]:
    """Whatever is sent on has a place for what nobody took."""
    queues = resources(template, "AWS::SQS::Queue")
    sources = [refers(m["Properties"]["EventSourceArn"])
               for m in resources(template, "AWS::Lambda::EventSourceMapping").values()]
    for name in sources:
        redrive = queues.get(name, {"Properties": {}})["Properties"].get("RedrivePolicy", {})
        dead = queues.get(refers(redrive.get("deadLetterTargetArn")))
        if not dead or not 3 <= int(redrive.get("maxReceiveCount", 0)) <= 10:
            yield f"{name}: a function reads it, and it gives up nothing after 3 to 10 tries"
        elif dead["Properties"].get("RedriveAllowPolicy", {}).get("redrivePermission") != "byQueue":
            yield f"{name}: its dead letters take those of any queue"
    kept = {refers(config["Properties"]["FunctionName"])
            for config in resources(template, "AWS::Lambda::EventInvokeConfig").values()
            if config["Properties"].get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")}
    for name in resources(template, "AWS::Lambda::Function"):
        if name not in kept:
            yield f"{name}: runs that failed for good are not kept"
    for name, schedule in resources(template, "AWS::Scheduler::Schedule").items():
        if not schedule["Properties"]["Target"].get("DeadLetterConfig"):
            yield f"{name}: starts that failed are not kept"
    for name, subscription in resources(template, "AWS::SNS::Subscription").items():
        if not subscription["Properties"].get("RedrivePolicy"):
            yield f"{name}: messages that could not be delivered are not kept"
    for name, rule in resources(template, "AWS::Events::Rule").items():
        if not all(target.get("DeadLetterConfig") for target in rule["Properties"].get("Targets", [])):
            yield f"{name}: events that could not be delivered are not kept"


def encryption(template: dict) -> Iterator[str]:
    """Buckets, queues and topics are encrypted; topics with a key whose policy can let publishers in."""
    for name, bucket in resources(template, "AWS::S3::Bucket").items():
        if not bucket["Properties"].get("BucketEncryption"):
            yield f"{name}: it is not encrypted"
    for name, queue in resources(template, "AWS::SQS::Queue").items():
        properties = queue["Properties"]
        if properties.get("SqsManagedSseEnabled") is not True and not properties.get("KmsMasterKeyId"):
            yield f"{name}: it is not encrypted"
    keys = resources(template, "AWS::KMS::Key")
    for name, topic in resources(template, "AWS::SNS::Topic").items():
        if refers(topic["Properties"].get("KmsMasterKeyId")) not in keys:
            yield f"{name}: it is not encrypted with a key of this template"
    for name, key in keys.items():
        if key["Properties"].get("EnableKeyRotation") is not True:
            yield f"{name}: it is not rotated"


def buckets(template: dict) -> Iterator[str]:
    """Buckets are closed, versioned, and forget uploads and versions that nobody needs."""
    for name, bucket in resources(template, "AWS::S3::Bucket").items():
        properties = bucket["Properties"]
        closed = properties.get("PublicAccessBlockConfiguration", {})
        for flag in ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"):
            if closed.get(flag) is not True:
                yield f"{name}: {flag} is not set"
        if properties.get("VersioningConfiguration", {}).get("Status") != "Enabled":
            yield f"{name}: it keeps no versions"
        cycle = properties.get("LifecycleConfiguration", {}).get("Rules", [])
        enabled = [rule for rule in cycle if rule.get("Status") == "Enabled"]
        for wanted in ("AbortIncompleteMultipartUpload", "NoncurrentVersionExpiration"):
            if not any(wanted in rule for rule in enabled):
                yield f"{name}: no rule of its life cycle has {wanted}"


def retained(template: dict) -> Iterator[str]:
    """Removing the stack, or renaming a bucket, must not lose data, nor the key that reads it."""
    for kind in ("AWS::S3::Bucket", "AWS::KMS::Key"):
        for name, resource in resources(template, kind).items():
            for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
                if resource.get(policy) != "Retain":
                    yield f"{name}: {policy} is not Retain"


def logs(template: dict) -> Iterator[str]:
    """Each function writes to a log group of the template, which forgets."""
    groups = resources(template, "AWS::Logs::LogGroup")
    for name, group in groups.items():
        if not default(template, group["Properties"].get("RetentionInDays")):
            yield f"{name}: it keeps logs for ever"
    for name, function in resources(template, "AWS::Lambda::Function").items():
        if refers(function["Properties"].get("LoggingConfig", {}).get("LogGroup")) not in groups:
            yield f"{name}: its log group is not in this template"


def alarms(template: dict) -> Iterator[str]:
    """What stops, fails, waits or falls silent is told."""
    told: dict[str, list[dict]] = {}
    for name, alarm in resources(template, "AWS::CloudWatch::Alarm").items():
        properties = alarm["Properties"]
        told.setdefault(properties.get("MetricName"), []).append(properties)
        if not properties.get("AlarmActions"):
            yield f"{name}: nobody is told"
        falls = properties.get("ComparisonOperator", "").startswith("LessThan")
        if falls != (properties.get("TreatMissingData") == "breaching"):
            yield f"{name}: missing data must ring for silence, and for nothing else"

    def watched(metric: str) -> set[str]:
        return {text for alarm in told.get(metric, []) for text in mentions(alarm.get("Dimensions", []))}

    for metric in ("Errors", "Throttles"):
        for name in resources(template, "AWS::Lambda::Function"):
            if name not in watched(metric):
                yield f"{name}: no alarm for {metric}"
    dead = {text for kind in ("AWS::SQS::Queue", "AWS::SNS::Subscription", "AWS::Scheduler::Schedule",
                              "AWS::Lambda::EventInvokeConfig", "AWS::Events::Rule")
            for resource in resources(template, kind).values() for text in letters(resource["Properties"])}
    for name in sorted(dead):
        if name not in watched("ApproximateNumberOfMessagesVisible"):
            yield f"{name}: no alarm for dead letters"
    for mapping in resources(template, "AWS::Lambda::EventSourceMapping").values():
        if refers(mapping["Properties"]["EventSourceArn"]) not in watched("ApproximateAgeOfOldestMessage"):
            yield "no alarm for the age of the oldest message"
    if "LagSeconds" not in told:
        yield "no alarm for lag"
    if not any(alarm["TreatMissingData"] == "breaching" for alarm in told.get("Records", [])):
        yield "no alarm for silence of the trail"


def letters(value) -> Iterator[str]:
    """The queues that something names as its place for dead letters."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key in ("deadLetterTargetArn", "DeadLetterConfig", "OnFailure"):
                yield from (text for text in mentions(item) if not text.startswith("arn"))
            else:
                yield from letters(item)
    elif isinstance(value, list):
        for item in value:
            yield from letters(item)


def parameters(template: dict) -> Iterator[str]:
    """Every parameter is described and has its place in the form; tests are off; secrets are not shown."""
    groups = template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    shown = [name for group in groups for name in group["Parameters"]]
    for name, parameter in template["Parameters"].items():
        if not parameter.get("Description", "").endswith("."):
            yield f"{name}: it is not described in a sentence"
        if shown.count(name) != 1:
            yield f"{name}: it is not once in the form"
        if name.endswith("EndpointUrl") and parameter.get("Default") != "":
            yield f"{name}: it is for tests, and must be empty"
    if template["Parameters"].get("WebhookUrl", {}).get("NoEcho") is not True:
        yield "WebhookUrl: it may hold a secret, and is shown"
    if template["Parameters"].get("Architecture", {}).get("Default") != "arm64":
        yield "Architecture: it is not arm64 by default"


def trails(template: dict) -> Iterator[str]:
    """A trail that misses regions, global services or digests misses credentials."""
    for name, trail in resources(template, "AWS::CloudTrail::Trail").items():
        for flag in ("IsMultiRegionTrail", "IncludeGlobalServiceEvents", "EnableLogFileValidation", "IsLogging"):
            if trail["Properties"].get(flag) is not True:
                yield f"{name}: {flag} is not set"


def transport(template: dict) -> Iterator[str]:
    """Findings leave over TLS."""
    for name, subscription in resources(template, "AWS::SNS::Subscription").items():
        if subscription["Properties"]["Protocol"] == "http":
            yield f"{name}: it is delivered in the open"
        if any(text.startswith("http://") for text in mentions(either(subscription["Properties"].get("Endpoint")))):
            yield f"{name}: its endpoint is not https"


RULES = [rates, signatures, visibility, partial_batches, concurrency, dead_letters, encryption, buckets, retained,
         logs, alarms, parameters, trails, transport]
