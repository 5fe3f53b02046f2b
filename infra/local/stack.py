"""The stack: brings its functions, creates it of the template, starts functions, and reads queues, logs and the
lake."""

import json
import os
import subprocess
import zipfile
from pathlib import Path

import beside
from bundles import FUNCTIONS, pack
from cloud import REGION, Cloud, wait_for
from history import OTHERS
from webhook import ROUTING_KEY, SIGNING_SECRET, Webhook

TEMPLATE = beside.INFRA / "template.yaml"
STACK = "rolecall"
# Schedules that do not come while somebody looks.
QUIET = {name: "cron(0 0 1 1 ? *)" for name in ("DetectEvery", "UpkeepAt", "CatchUpEvery")}


def upload_functions(cloud: Cloud, functions: Path, folder: Path) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="code")
    for name in FUNCTIONS:
        if not (functions / name).is_file():
            raise SystemExit(f"{functions / name} is missing: build it with `cargo build --release --workspace`")
        bundle = folder / f"{name}.zip"
        pack(functions / name, bundle, zipfile.ZIP_STORED)  # to make it small would take longer than to bring it
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
        **QUIET,
    }
    if config.is_file():
        given["Config"] = f"s3://{STACK}-lake-000000000000-{REGION}/config/{config.name}"
    return given


def deploy(cloud: Cloud, given: dict[str, str], template: str | None = None) -> dict[str, str]:
    """Creates the bucket of the trail, if one is named, and a stack, and says its outputs."""
    s3, stacks, name = cloud.client("s3"), cloud.client("cloudformation"), given.get("Name", STACK)
    if given.get("TrailBucket"):
        s3.create_bucket(Bucket=given["TrailBucket"])
    s3.put_object(Bucket="code", Key=f"{name}.template", Body=(template or TEMPLATE.read_text()).encode())
    stacks.create_stack(
        StackName=name, TemplateURL=f"{cloud.endpoint}/code/{name}.template",
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()])

    def created():
        stack = stacks.describe_stacks(StackName=name)["Stacks"][0]
        if stack["StackStatus"] == "CREATE_COMPLETE":
            return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        if not stack["StackStatus"].endswith("IN_PROGRESS"):
            events = stacks.describe_stack_events(StackName=name)["StackEvents"]
            why = [f"{e['LogicalResourceId']}: {e.get('ResourceStatusReason')}" for e in events
                   if "FAILED" in e["ResourceStatus"]]
            raise SystemExit(f"the stack is {stack['StackStatus']}: {why}")
        return None

    return wait_for(f"the stack {name}", 120, created)


def lead_through(cloud: Cloud, urls: dict[str, str], stack: str = STACK) -> None:
    """Gives each function an endpoint of its own in place of AWS."""
    functions = cloud.client("lambda")
    for function, url in urls.items():
        name = f"{stack}-{function}"
        held = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        functions.update_function_configuration(
            FunctionName=name, Environment={"Variables": held | {"AWS_ENDPOINT_URL": url}})


def bring_config(cloud: Cloud, config: Path, bucket: str) -> None:
    if config.is_file():
        for path in [config, *config.parent.glob("*.csv"), *config.parent.glob("*.json")]:
            cloud.client("s3").put_object(Bucket=bucket, Key=f"config/{path.name}", Body=path.read_bytes())


def invoke(cloud: Cloud, function: str, event: dict | None = None, stack: str = STACK) -> dict:
    payload = json.dumps(event or {}).encode()
    answer = cloud.client("lambda").invoke(FunctionName=f"{stack}-{function}", Payload=payload)
    told = json.loads(answer["Payload"].read() or b"{}")
    if "FunctionError" in answer:
        raise SystemExit(f"{function} failed: {told}")
    return told


def ask(cloud: Cloud, rolecall: Path, lake: str, statement: str) -> list[dict]:
    """The rows with which the program answers a statement over a lake."""
    place = {"AWS_ENDPOINT_URL": cloud.endpoint, "AWS_REGION": REGION, "AWS_ACCESS_KEY_ID": "test",
             "AWS_SECRET_ACCESS_KEY": "test"}
    asked = subprocess.run([rolecall, "--lake", lake, "--format", "json", "sql", statement], capture_output=True,
                           text=True, env=os.environ | place)
    if asked.returncode:
        raise RuntimeError(f"{lake} does not answer: {asked.stderr}")
    return [json.loads(line) for line in asked.stdout.splitlines()]


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
