"""The whole stack on this machine, without an AWS account: MiniStack takes the template, runs the functions, and a
trail goes in as its bucket would bring it, until findings reach a webhook.

    local.py [--trail FOLDER] [--config rolecall.toml] [--functions FOLDER] [--found FILE] [--keep]

`./dev local` builds what this needs, and calls it with the Python of MiniStack. FOLDER of the functions holds their
binaries (a release build). What the webhook received is written to FILE, a `finding.v1` a line. With --keep, everything
stays until you press Ctrl-C, and the program says how to look at it.
"""

import argparse
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import botocore.session

HERE = Path(__file__).resolve().parent
FUNCTIONS = ["ingest", "poll", "detect", "upkeep", "notify"]
REGION = "us-east-1"
STACK = "rolecall"


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Webhook:
    """A receiver on loopback, which keeps what it is sent."""

    def __init__(self) -> None:
        self.bodies: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(handler) -> None:
                body = handler.rfile.read(int(handler.headers["Content-Length"]))
                self.bodies.append(body.decode())
                handler.send_response(200)
                handler.end_headers()

            def log_message(self, *_) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def is_quiet(self) -> bool:
        """Whether something came, and nothing more for five seconds."""
        before = len(self.bodies)
        time.sleep(5)
        return len(self.bodies) == before > 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/planted-path-of-the-webhook"


class Cloud:
    """MiniStack and its clients. It runs in a process group of its own, which ends with it: functions outlive it else."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.endpoint = f"http://127.0.0.1:{port}"
        self.log = (folder / "ministack.log").open("w+")
        places = {"BIND_HOST": "127.0.0.1", "MINISTACK_HOST": "127.0.0.1", "GATEWAY_PORT": str(port)}
        program = Path(sys.executable).with_name("ministack")
        self.process = subprocess.Popen([program], env=os.environ | places, stdin=subprocess.DEVNULL, stdout=self.log,
                                        stderr=self.log, start_new_session=True)
        self.session = botocore.session.get_session()

    def client(self, service: str):
        return self.session.create_client(service, region_name=REGION, endpoint_url=self.endpoint,
                                          aws_access_key_id="test", aws_secret_access_key="test")

    def wait(self) -> None:
        wait_for("MiniStack", 60, lambda: self.client("s3").list_buckets() is not None)

    def end(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def wait_for(what: str, seconds: float, is_there):
    """Asks until something is there; a refusal is an answer like any other until the time is up."""
    end, why = time.monotonic() + seconds, "nothing yet"
    while time.monotonic() < end:
        try:
            found = is_there()
            if found:
                return found
        except Exception as error:  # noqa: BLE001 - whatever it is, it is said at the end
            why = error
        time.sleep(0.5)
    raise SystemExit(f"waited {seconds:.0f} seconds for {what}: {why}")


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


def deploy(cloud: Cloud, webhook: Webhook, has_config: bool) -> dict[str, str]:
    """Creates the stack, and says its outputs."""
    secret = cloud.client("secretsmanager").create_secret(Name="channels", SecretString=json.dumps(
        [{"kind": "webhook", "name": "local", "url": webhook.url, "allow_private": True}]))
    parameters = {
        "CodeBucket": "code", "Architecture": "x86_64", "Trail": "bucket", "TrailBucket": "trail",
        "EndpointUrl": cloud.endpoint, "ChannelsSecretArn": secret["ARN"], "BatchWindowSeconds": "1",
        "MinimumSeverity": "low",
        # Detect is asked below, once all of the trail is in: half a past makes other findings than a whole one.
        "DetectEvery": "cron(0 0 1 1 ? *)", "UpkeepAt": "cron(0 0 1 1 ? *)",
    }
    if has_config:
        parameters["Config"] = f"s3://{STACK}-lake-000000000000-{REGION}/config/rolecall.toml"
    s3, stacks = cloud.client("s3"), cloud.client("cloudformation")
    s3.create_bucket(Bucket="trail")
    s3.put_object(Bucket="code", Key="template.yaml", Body=(HERE / "template.yaml").read_bytes())
    stacks.create_stack(
        StackName=STACK, TemplateURL=f"{cloud.endpoint}/code/template.yaml",
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()])

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


def bring_trail(cloud: Cloud, trail: Path, outputs: dict[str, str]) -> int:
    """Puts the trail into its bucket, which tells the queue; says how many objects it has."""
    s3 = cloud.client("s3")
    s3.put_bucket_notification_configuration(Bucket="trail", NotificationConfiguration={"QueueConfigurations": [
        {"QueueArn": outputs["TrailQueueArn"], "Events": ["s3:ObjectCreated:*"]}]})
    files = sorted(path for path in trail.rglob("*.json.gz"))
    for path in files:
        s3.put_object(Bucket="trail", Key=str(path.relative_to(trail)), Body=path.read_bytes())
    return len(files)


def is_drained(cloud: Cloud) -> bool:
    """Whether every message was taken off the queue and answered for."""
    sqs = cloud.client("sqs")
    url = sqs.get_queue_url(QueueName=f"{STACK}-trail")["QueueUrl"]
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"]
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return all(told.get(name, "0") == "0" for name in names)


def invoke(cloud: Cloud, function: str) -> dict:
    answer = cloud.client("lambda").invoke(FunctionName=f"{STACK}-{function}", Payload=b"{}")
    told = json.loads(answer["Payload"].read() or b"{}")
    if "FunctionError" in answer:
        raise SystemExit(f"{function} failed: {told}")
    return told


def logs_of(cloud: Cloud) -> str:
    """Every line that the functions wrote, and MiniStack's own."""
    logs = cloud.client("logs")
    lines = []
    for group in logs.describe_log_groups()["logGroups"]:
        for event in logs.filter_log_events(logGroupName=group["logGroupName"]).get("events", []):
            lines.append(event["message"])
    cloud.log.flush()
    return "\n".join(lines) + Path(cloud.log.name).read_text(errors="replace")


def look_for_secrets(cloud: Cloud, webhook: Webhook) -> None:
    told = logs_of(cloud)
    for secret in [re.sub(r".*/", "", webhook.url), "FwoGZXIvYXdz", "IQoJb3JpZ2lu"]:
        if secret in told:
            raise SystemExit(f"a log holds what it must not: {secret}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--trail", type=Path, default=HERE.parent / "demo/trail")
    arguments.add_argument("--config", type=Path, default=HERE.parent / "demo/rolecall.toml")
    arguments.add_argument("--functions", type=Path, default=HERE.parent / "target/release")
    arguments.add_argument("--found", type=Path)
    arguments.add_argument("--keep", action="store_true")
    asked = arguments.parse_args()

    webhook = Webhook()
    with tempfile.TemporaryDirectory() as folder:
        cloud = Cloud(Path(folder))
        try:
            cloud.wait()
            upload_functions(cloud, asked.functions, Path(folder))
            outputs = deploy(cloud, webhook, asked.config.is_file())
            say(f"deployed: the lake is {outputs['Lake']}")
            s3 = cloud.client("s3")
            for path in asked.config.parent.glob("*.csv") if asked.config.is_file() else []:
                s3.put_object(Bucket=outputs["LakeBucket"], Key=f"config/{path.name}", Body=path.read_bytes())
            if asked.config.is_file():
                s3.put_object(Bucket=outputs["LakeBucket"], Key="config/rolecall.toml", Body=asked.config.read_bytes())
            objects = bring_trail(cloud, asked.trail, outputs)
            say(f"put {objects} objects into the bucket of the trail")
            wait_for("ingest to take every message", 180, lambda: is_drained(cloud))
            detected = invoke(cloud, "detect")
            say(f"detect: {json.dumps(detected)}")
            wait_for("findings at the webhook", 60, webhook.is_quiet)
            say(f"upkeep: {json.dumps(invoke(cloud, 'upkeep'))}")
            look_for_secrets(cloud, webhook)
            if asked.found:
                asked.found.write_text("".join(f"{body}\n" for body in webhook.bodies))
            for body in webhook.bodies:
                finding = json.loads(body)
                print(f"{finding['severity']:9} {finding['detection']:34} {finding['subject']}")
            if asked.keep:
                say(f"\nAWS_ENDPOINT_URL={cloud.endpoint} AWS_REGION={REGION} AWS_ACCESS_KEY_ID=test "
                    f"AWS_SECRET_ACCESS_KEY=test rolecall --lake {outputs['Lake']} sessions\n\nCtrl-C ends it.")
                signal.pause()
        except KeyboardInterrupt:
            pass
        finally:
            cloud.end()


if __name__ == "__main__":
    main()
