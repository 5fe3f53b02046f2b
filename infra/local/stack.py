"""The stack: brings its functions, creates it of the template, starts functions, and reads queues and logs."""

import json
import zipfile
from pathlib import Path

from cloud import REGION, Cloud, wait_for
from history import OTHERS
from webhook import ROUTING_KEY, SIGNING_SECRET, Webhook

TEMPLATE = Path(__file__).resolve().parent.parent / "template.yaml"
FUNCTIONS = ["ingest", "poll", "detect", "upkeep", "notify"]
STACK = "rolecall"


def upload_functions(cloud: Cloud, functions: Path, folder: Path) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="code")
    for name in FUNCTIONS:
        if not (functions / name).is_file():
            raise SystemExit(f"{functions / name} is missing: build it with `cargo build --release --workspace`")
        bundle = folder / f"{name}.zip"
        with zipfile.ZipFile(bundle, "w", zipfile.ZIP_STORED) as zipped:
            entry = zipfile.ZipInfo("bootstrap")
            entry.external_attr = 0o755 << 16
            zipped.writestr(entry, (functions / name).read_bytes())
        with bundle.open("rb") as body:
            s3.put_object(Bucket="code", Key=f"rolecall/x86_64/{name}.zip", Body=body)
        bundle.unlink()


def parameters(cloud: Cloud, webhook: Webhook, config: Path) -> dict[str, str]:
    """The parameters of the stack, and what they name: the secret of the channels, and the topic of the chat."""
    chat = cloud.client("sns").create_topic(Name="chat")["TopicArn"]
    channels = [{"kind": "webhook", "name": "local", "url": webhook.url, "allow_private": True,
                 "secret": SIGNING_SECRET},
                {"kind": "pagerduty", "name": "pager", "url": webhook.pager, "allow_private": True,
                 "routing_key": ROUTING_KEY, "minimum": "critical"},
                {"kind": "webhook", "name": "closed", "url": webhook.closed, "allow_private": True,
                 "minimum": "critical"},
                {"kind": "amazon-q", "topic": chat}]
    secret = cloud.client("secretsmanager").create_secret(Name="channels", SecretString=json.dumps(channels))
    given = {
        "CodeBucket": "code", "Architecture": "x86_64", "Trail": "bucket", "TrailBucket": "trail",
        "EndpointUrl": cloud.endpoint, "BatchWindowSeconds": "1", "MinimumSeverity": "low",
        "ChannelsSecretArn": secret["ARN"], "ChatTopicArn": chat, "WebhookUrl": "https://receiver.example/findings",
        "PollRoles": ",".join(f"arn:aws:iam::{account}:role/rolecall-poll" for account in OTHERS),
        "PollRegions": "eu-west-1",
        # Detect is asked once all of the trail is in: half a past makes other findings than a whole one.
        "DetectEvery": "cron(0 0 1 1 ? *)", "UpkeepAt": "cron(0 0 1 1 ? *)", "CatchUpEvery": "cron(0 0 1 1 ? *)",
    }
    if config.is_file():
        given["Config"] = f"s3://{STACK}-lake-000000000000-{REGION}/config/{config.name}"
    return given


def deploy(cloud: Cloud, given: dict[str, str]) -> dict[str, str]:
    """Creates the stack, and says its outputs."""
    s3, stacks = cloud.client("s3"), cloud.client("cloudformation")
    s3.create_bucket(Bucket="trail")
    s3.put_object(Bucket="code", Key="template.yaml", Body=TEMPLATE.read_bytes())
    stacks.create_stack(
        StackName=STACK, TemplateURL=f"{cloud.endpoint}/code/template.yaml",
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()])

    def created():
        stack = stacks.describe_stacks(StackName=STACK)["Stacks"][0]
        if stack["StackStatus"] == "CREATE_COMPLETE":
            return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        if not stack["StackStatus"].endswith("IN_PROGRESS"):
            events = stacks.describe_stack_events(StackName=STACK)["StackEvents"]
            why = [f"{e['LogicalResourceId']}: {e.get('ResourceStatusReason')}" for e in events
                   if "FAILED" in e["ResourceStatus"]]
            raise SystemExit(f"the stack is {stack['StackStatus']}: {why}")
        return None

    return wait_for("the stack", 120, created)


def lead_through(cloud: Cloud, urls: dict[str, str]) -> None:
    """Gives each function an endpoint of its own in place of AWS."""
    functions = cloud.client("lambda")
    for function, url in urls.items():
        name = f"{STACK}-{function}"
        held = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        functions.update_function_configuration(
            FunctionName=name, Environment={"Variables": held | {"AWS_ENDPOINT_URL": url}})


def bring_config(cloud: Cloud, config: Path, bucket: str) -> None:
    if config.is_file():
        for path in [config, *config.parent.glob("*.csv"), *config.parent.glob("*.json")]:
            cloud.client("s3").put_object(Bucket=bucket, Key=f"config/{path.name}", Body=path.read_bytes())


def invoke(cloud: Cloud, function: str, event: dict | None = None) -> dict:
    payload = json.dumps(event or {}).encode()
    answer = cloud.client("lambda").invoke(FunctionName=f"{STACK}-{function}", Payload=payload)
    told = json.loads(answer["Payload"].read() or b"{}")
    if "FunctionError" in answer:
        raise SystemExit(f"{function} failed: {told}")
    return told


def waiting(cloud: Cloud, url: str) -> tuple[int, int]:
    """How many messages of a queue can be received, and how many were received and not answered for."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    told = cloud.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return tuple(int(told.get(name, 0)) for name in names)


def messages(cloud: Cloud, url: str) -> dict[str, str]:
    """The messages of a queue by their ids, taken off it."""
    sqs, found = cloud.client("sqs"), {}
    while received := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in received:
            found[message["MessageId"]] = message["Body"]
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def logs_of(cloud: Cloud) -> dict[str, list[str]]:
    """The lines that each function wrote, from the log group that the template gives it; no platform's lines."""
    logs, found = cloud.client("logs"), {}
    for function in FUNCTIONS:
        events = logs.filter_log_events(logGroupName=f"/aws/lambda/{STACK}-{function}").get("events", [])
        lines = [event["message"] for event in events]
        found[function] = [line for line in lines if line and line.split()[0] not in ("START", "END", "REPORT")]
    return found


def own_log(cloud: Cloud) -> str:
    """What MiniStack says itself, which may repeat what functions wrote."""
    cloud.log.flush()
    return Path(cloud.log.name).read_text(errors="replace")
