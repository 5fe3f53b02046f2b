"""Plants one mistake after the other into the template, and sees that the gate catches each.

A mistake is a function of the template's text. Its decorator names who must catch it: `transform`, a rule of
cfn-lint by number, or one of our rules by name.
"""

import sys
from collections.abc import Callable

from template import broken_rules, linted
from transform import TEMPLATE, Refused, transformed

MISTAKES: list[tuple[str, Callable[[str], str]]] = []


def caught_by(who: str):
    def note(mistake: Callable[[str], str]):
        MISTAKES.append((who, mistake))
        return mistake

    return note


def swap(text: str, old: str, new: str, all_of_them: bool = False) -> str:
    """The text with one thing in place of another, which must be there."""
    if old not in text:
        raise SystemExit(f"planted.py: the template does not say `{old}` any more")
    return text.replace(old, new) if all_of_them else text.replace(old, new, 1)


def within(text: str, resource: str, old: str, new: str) -> str:
    """The same, after the line where a resource begins."""
    head, begin, tail = text.partition(f"\n  {resource}:\n")
    return head + begin + swap(tail, old, new)


@caught_by("transform")
def misspelt_property(text):
    return swap(text, "      MemorySize: 256", "      MemorySise: 256")


@caught_by("E6101")
def reference_to_nothing(text):
    return swap(text, "Value: !GetAtt TrailQueue.Arn", "Value: !GetAtt TrialQueue.Arn")


@caught_by("E3004")
def circle(text):
    return swap(text, 'sourceQueueArns: [!Sub "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${Name}-trail"]',
                "sourceQueueArns: [!GetAtt TrailQueue.Arn]")


@caught_by("E3505")
def queue_hides_shorter_than_a_run(text):
    return swap(text, "VisibilityTimeout: 1800", "VisibilityTimeout: 200")


@caught_by("E3717")
def run_of_twenty_minutes(text):
    return swap(text, "Timeout: 900", "Timeout: 1200")


@caught_by("W3037")
def action_that_is_none(text):
    return within(text, "DetectRole", "Action: sns:Publish", "Action: sns:Publishh")


@caught_by("E3030")
def runtime_that_is_none(text):
    return swap(text, "Runtime: provided.al2023", "Runtime: provided.al2099")


@caught_by("E3030")
def failures_deleted_by_a_typo(text):
    return swap(text, "[ReportBatchItemFailures]", "[ReportBatchItemFailure]")


@caught_by("partial_batches")
def failures_deleted(text):
    return swap(text, "            FunctionResponseTypes: [ReportBatchItemFailures]\n", "")


@caught_by("visibility")
def queue_hides_for_less_than_six_runs(text):
    return swap(text, "VisibilityTimeout: 1800", "VisibilityTimeout: 1500")


@caught_by("rates")
def rate_in_the_singular(text):
    return swap(text, "Default: rate(15 minutes)", "Default: rate(15 minute)")


@caught_by("rates")
def cron_with_five_fields(text):
    return swap(text, "cron(15 3 * * ? *)", "cron(15 3 * * ?)")


@caught_by("signatures")
def signature_of_a_version_that_is_none(text):
    return swap(text, 'SignatureVersion: "2"', 'SignatureVersion: "3"')


@caught_by("signatures")
def signature_with_sha1(text):
    return swap(text, '      SignatureVersion: "2"\n', "")


@caught_by("everybody")
def queue_for_everybody(text):
    return within(text, "TrailQueuePolicy", "Principal: {Service: s3.amazonaws.com}", 'Principal: "*"')


@caught_by("everybody")
def topic_for_every_account(text):
    return swap(text, "Principal: {AWS: !GetAtt DetectRole.Arn}", 'Principal: {AWS: "*"}')


@caught_by("whole_words")
def wildcard_action(text):
    return within(text, "UpkeepRole", "[s3:GetObject, s3:PutObject, s3:DeleteObject]", "s3:*")


@caught_by("whole_words")
def everything_but(text):
    return within(text, "NotifyRole", "Action: sqs:SendMessage", "NotAction: sqs:DeleteQueue")


@caught_by("scoped")
def every_queue(text):
    return within(text, "NotifyRole", "Resource: !GetAtt UndeliveredFindings.Arn", 'Resource: "*"')


@caught_by("scoped")
def every_bucket(text):
    return within(text, "IngestRole", 'Resource: !Sub "${LakeBucket.Arn}/config/*"',
                  'Resource: !Sub "arn:${AWS::Partition}:s3:::*"')


@caught_by("deputies")
def topic_of_anybody_sends(text):
    return within(text, "TrailQueuePolicy", "              Condition: {ArnEquals: {aws:SourceArn: !Ref TrailTopicArn}}\n", "")


@caught_by("dead_letters")
def queue_that_never_gives_up(text):
    return within(text, "TrailQueue", "maxReceiveCount: 5", "maxReceiveCount: 1000")


@caught_by("dead_letters")
def failed_runs_forgotten(text):
    return within(text, "Detect", "        DestinationConfig: {OnFailure: {Type: SQS, Destination: !GetAtt FailedRuns.Arn}}\n", "")


@caught_by("dead_letters")
def undelivered_findings_forgotten(text):
    return within(text, "WebhookSubscription", "      RedrivePolicy: {deadLetterTargetArn: !GetAtt UndeliveredFindings.Arn}\n", "")


@caught_by("dead_letters")
def failed_starts_forgotten(text):
    return within(text, "DetectSchedule", "        DeadLetterConfig: {Arn: !GetAtt FailedRuns.Arn}\n", "")


@caught_by("encryption")
def topic_with_the_key_of_aws(text):
    return within(text, "AlarmsTopic", "KmsMasterKeyId: !Ref Key", "KmsMasterKeyId: alias/aws/sns")


@caught_by("encryption")
def queue_in_the_open(text):
    return within(text, "TrailQueue", "SqsManagedSseEnabled: true", "SqsManagedSseEnabled: false")


@caught_by("buckets")
def bucket_without_versions(text):
    return within(text, "LakeBucket", "VersioningConfiguration: {Status: Enabled}",
                  "VersioningConfiguration: {Status: Suspended}")


@caught_by("buckets")
def public_policy_taken(text):
    return within(text, "LakeBucket", "BlockPublicPolicy: true", "BlockPublicPolicy: false")


@caught_by("buckets")
def uploads_never_aborted(text):
    return within(text, "LakeBucket", "AbortIncompleteMultipartUpload: {DaysAfterInitiation: 2}", "ExpirationInDays: 9000")


@caught_by("retained")
def lake_deleted_with_the_stack(text):
    return within(text, "LakeBucket", "DeletionPolicy: Retain", "DeletionPolicy: Delete")


@caught_by("logs")
def logs_kept_for_ever(text):
    return swap(text, "      RetentionInDays: !Ref LogDays\n", "")


@caught_by("concurrency")
def reserved_concurrency(text):
    return swap(text, "      Timeout: 300", "      ReservedConcurrentExecutions: 1\n      Timeout: 300")


@caught_by("concurrency")
def a_hundred_ingests_at_a_time(text):
    return swap(text, "MaximumConcurrency: 2", "MaximumConcurrency: 100")


@caught_by("tls")
def bucket_without_tls(text):
    return within(text, "LakeBucketPolicy", 'aws:SecureTransport: "false"', 'aws:SecureTransport: "true"')


@caught_by("tls")
def dead_letters_without_tls(text):
    return within(text, "DeadLettersPolicy", "Resource: [!GetAtt FailedRuns.Arn, !GetAtt UndeliveredFindings.Arn]",
                  "Resource: [!GetAtt FailedRuns.Arn]")


@caught_by("key_grants")
def alarms_cannot_encrypt(text):
    return within(text, "Key", "Principal: {Service: cloudwatch.amazonaws.com}", "Principal: {Service: events.amazonaws.com}")


@caught_by("key_grants")
def alarms_cannot_publish(text):
    return within(text, "AlarmsTopicPolicy", "Principal: {Service: cloudwatch.amazonaws.com}",
                  "Principal: {Service: events.amazonaws.com}")


@caught_by("key_grants")
def rule_speaks_to_a_topic_it_cannot_encrypt_for(text):
    return within(text, "TrailRule", "          Arn: !GetAtt TrailQueue.Arn", "          Arn: !Ref FindingsTopic")


@caught_by("key_grants")
def detect_cannot_encrypt(text):
    return within(text, "DetectRole", 'kms:ViaService: !Sub "sns.', 'kms:ViaService: !Sub "sqs.')


@caught_by("key_grants")
def key_used_straight(text):
    return within(text, "IngestRole", '                    kms:ViaService: !Sub "s3.${AWS::Region}.${AWS::URLSuffix}"\n', "")


@caught_by("one_policy_each")
def two_functions_one_role(text):
    return within(text, "Poll", "Role: !GetAtt PollRole.Arn", "Role: !GetAtt IngestRole.Arn")


@caught_by("one_policy_each")
def permission_without_a_reason(text):
    return within(text, "DetectRole", "        PublishFindings: tells findings\n", "")


@caught_by("alarms")
def silence_that_rings_not(text):
    return within(text, "TrailIsSilent", "TreatMissingData: breaching", "TreatMissingData: notBreaching")


@caught_by("alarms")
def dead_letters_without_an_alarm(text):
    return within(text, "RunsFailed", "MetricName: ApproximateNumberOfMessagesVisible", "MetricName: NumberOfMessagesSent")


@caught_by("alarms")
def alarm_that_tells_nobody(text):
    return within(text, "TrailIsLate", "      AlarmActions: [!Ref AlarmsTopic]\n", "")


@caught_by("watched")
def lag_of_a_misspelt_function(text):
    return within(text, "RecordsAreOld", "Value: ingest}", "Value: ingets}")


@caught_by("watched")
def lag_of_a_function_that_knows_none(text):
    return within(text, "RecordsAreOld", "Value: ingest}", "Value: poll}")


@caught_by("watched")
def silence_of_a_misspelt_metric(text):
    return within(text, "TrailIsSilent", "MetricName: Records", "MetricName: Record")


@caught_by("watched")
def silence_of_one_who_reads_no_trail(text):
    return within(text, "TrailIsSilent", "!If [ReadsTrail, ingest, poll]", "!If [ReadsTrail, ingest, detect]")


@caught_by("watched")
def dimension_of_another_service(text):
    return within(text, "IngestFails", "{Name: FunctionName, Value: !Ref Ingest}", "{Name: Function, Value: !Ref Ingest}")


@caught_by("watched")
def queue_named_by_its_arn(text):
    return within(text, "RunsFailed", "!GetAtt FailedRuns.QueueName", "!GetAtt FailedRuns.Arn")


@caught_by("watched")
def namespace_of_another_service(text):
    return within(text, "FindingsAreUndelivered", "Namespace: AWS/SQS", "Namespace: AWS/SNS")


@caught_by("watched")
def metrics_sought_where_nobody_writes_them(text):
    return within(text, "TrailIsSilent", "Namespace: !Ref MetricsNamespace", "Namespace: Rolecall/Functions")


@caught_by("dashboards")
def dashboard_that_is_no_json(text):
    return within(text, "Dashboard", '"title": "Duration", ', '"title": "Duration" ')


@caught_by("dashboards")
def dashboard_of_a_misspelt_metric(text):
    return within(text, "Dashboard", '"Rejected", "Function", "ingest"', '"Reject", "Function", "ingest"')


@caught_by("dashboards")
def dashboard_of_a_misspelt_dimension(text):
    return within(text, "Dashboard", '"Findings", "Function", "detect"', '"Findings", "FunctionName", "detect"')


@caught_by("dashboards")
def dashboard_of_a_misspelt_function(text):
    return within(text, "Dashboard", '"CommitsRetried", "Function", "upkeep"', '"CommitsRetried", "Function", "upkeeep"')


@caught_by("dashboards")
def dashboard_without_an_alarm(text):
    return within(text, "Dashboard", '"${DetectIsSilent.Arn}"', '"${RecordsAreOld.Arn}"')


@caught_by("variables")
def misspelt_variable(text):
    return within(text, "Detect", "ROLECALL_TOPIC_ARN:", "ROLECALL_TOPIC:")


@caught_by("variables")
def variable_for_one_who_does_not_read_it(text):
    return within(text, "Notify", "          ROLECALL_CHANNELS_SECRET:",
                  "          ROLECALL_TOPIC_ARN: !Ref FindingsTopic\n          ROLECALL_CHANNELS_SECRET:")


@caught_by("variables")
def variable_for_nobody(text):
    return within(text, "Upkeep", "          ROLECALL_RETENTION_DAYS:", "          ROLECALL_KEEP_DAYS: 3\n          ROLECALL_RETENTION_DAYS:")


@caught_by("parameters")
def emulator_by_default(text):
    return within(text, "EndpointUrl", 'Default: ""', 'Default: "http://127.0.0.1:4566"')


@caught_by("parameters")
def secret_address_shown(text):
    return within(text, "WebhookUrl", "    NoEcho: true\n", "")


@caught_by("trails")
def trail_of_one_region(text):
    return swap(text, "IsMultiRegionTrail: true", "IsMultiRegionTrail: false")


@caught_by("transport")
def webhook_in_the_open(text):
    return within(text, "WebhookSubscription", "Protocol: https", "Protocol: http")


def caught(text: str, who: str) -> bool:
    """Whether the one who must catch a mistake does."""
    try:
        template = transformed(text)
    except Refused:
        return who == "transform"
    found = linted(template) if who[1:].isdigit() else broken_rules(template)
    return who in {by for by, _ in found}


def main() -> int:
    text, missed = TEMPLATE.read_text(), []
    for who, mistake in MISTAKES:
        planted = mistake(text)
        if planted == text or not caught(planted, who):
            missed.append(f"{mistake.__name__} ({who})")
    print(f"{len(MISTAKES)} planted mistakes, {len(MISTAKES) - len(missed)} caught")
    for miss in missed:
        print(f"  not caught: {miss}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
