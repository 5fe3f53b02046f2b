"""Every way of wiring a trail, on this machine: a stack for each, and what comes into its bucket must be in its lake.

    infra/local/wirings.py [--functions FOLDER] [--wiring bucket|topic|eventbridge|new|none ...]

`./dev wirings` builds what this needs, and calls it with the Python of MiniStack. It fails if an object is not in the
lake, or is there twice; if ingest calls what its policy does not allow; if a message is left over; or if the policy of
the queue keeps out who sends, or lets another in: MiniStack itself looks at none.
"""

import argparse
import gzip
import json
import signal
import tempfile
from datetime import datetime, timezone
from pathlib import Path

import beside
from checks import hold
from cloud import REGION, Cloud, say, wait_for
from least_privilege import allowed, compare, policies
from proxy import Proxy
from resolve import Stack
from stack import QUIET, TEMPLATE, ask, deploy, lead_through, upload_functions, waiting
from trail import DEMO
from transform import transformed
from ways import OWN, WAYS, Way

SENDERS = {way.sender for way in WAYS.values()} - {None}


def objects(prefix: str) -> dict[str, bytes]:
    """Three objects of the demo trail as a trail of this account delivers them now, by their keys."""
    place, now = f"CloudTrail/{REGION}", datetime.now(timezone.utc)
    folder = f"{prefix}AWSLogs/{OWN}/{place}/{now:%Y/%m/%d}"
    stamp = f"{OWN}_{place.replace('/', '_')}_{now:%Y%m%dT%H%MZ}"
    files = sorted(DEMO.rglob("222222222222_*.json.gz"))[:3]
    return {f"{folder}/{stamp}_{file.name.rsplit('_', 1)[-1]}": file.read_bytes() for file in files}


def lets(policy: dict, service: str, source: str, action: str, resource: str) -> bool:
    """Whether a policy of a queue or a bucket lets a service do something in the name of a source."""
    written = [one for one in policy["Statement"]
               if one["Principal"] == "*" or one["Principal"].get("Service") == service]
    return allowed(written, action, resource, {"aws:SecureTransport": "true", "aws:SourceAccount": OWN,
                                               "aws:SourceArn": source, "s3:x-amz-acl": "bucket-owner-full-control"})


def senders(policy: dict, source: str, queue: str) -> set[tuple[str, str]]:
    """Who may send to a queue: which services, in the name of this source or of another."""
    return {(service, name) for service in SENDERS for name in (source, f"{source}-of-another")
            if lets(policy, service, name, "sqs:SendMessage", queue)}


class Wired:
    """A stack whose trail is wired in one way."""

    def __init__(self, cloud: Cloud, way: Way, whole: dict) -> None:
        self.cloud, self.way, self.objects = cloud, way, objects(way.prefix)
        given = {"CodeBucket": "code", "Architecture": "x86_64", "EndpointUrl": cloud.endpoint, **QUIET,
                 "BatchWindowSeconds": "1", "Name": way.name, "Trail": way.trail, **way.given()}
        self.stack = Stack(whole, given)
        self.outputs = deploy(cloud, given, way.template(whole))
        self.proxy = Proxy(cloud.port, ["ingest"], {})
        lead_through(cloud, self.proxy.urls, way.name)
        way.connect(self.stack)

    def rows(self, rolecall: Path, statement: str) -> list[dict]:
        return ask(self.cloud, rolecall, self.outputs["Lake"], statement)

    def read(self, rolecall: Path) -> None:
        """All objects are in the lake, whole and once, and nothing is left over."""
        ledger = "select key, outcome, records, rejected from object order by key"
        what = f"{len(self.objects)} objects of Trail={self.way.trail} in the lake"
        wait_for(what, 120, lambda: len(self.rows(rolecall, ledger)) >= len(self.objects))
        records = {key: json.loads(gzip.decompress(body))["Records"] for key, body in self.objects.items()}
        wanted = [{"key": f"s3://{self.way.bucket}/{key}", "outcome": "read", "records": len(found), "rejected": 0}
                  for key, found in sorted(records.items())]
        found = self.rows(rolecall, ledger)
        hold(found == wanted, f"the lake of Trail={self.way.trail} holds {found}, and not {wanted}")
        ids = sorted(record["eventID"] for found in records.values() for record in found
                     if record["eventSource"] == "sts.amazonaws.com")
        events = self.rows(rolecall, "select event_id from event where event_source = 'sts.amazonaws.com' order by 1")
        events = [row["event_id"] for row in events]
        hold(events == ids, f"the lake of Trail={self.way.trail} holds {events}, and not {ids}")
        for queue in ("TrailQueue", "TrailDeadLetters", "FailedRuns"):
            url = self.url(queue)
            wait_for(f"{self.stack.name(queue)} to be empty", 60, lambda: waiting(self.cloud, url) == (0, 0))
        say(f"Trail={self.way.trail}: {len(wanted)} objects and {len(ids)} events of STS are in the lake")

    def url(self, queue: str) -> str:
        return self.cloud.client("sqs").get_queue_url(QueueName=self.stack.name(queue))["QueueUrl"]

    def permits(self) -> None:
        """ingest does only what it may; and only the sender of this way, in its own name, may send to the queue."""
        hold(not self.proxy.broken, f"requests that are not understood: {self.proxy.broken[:5]}")
        refused, _ = compare(policies(self.stack), self.proxy.seen)
        hold(self.proxy.seen and not refused, f"with Trail={self.way.trail}, ingest may not do what it does: {refused}")
        told = self.cloud.client("sqs").get_queue_attributes(QueueUrl=self.url("TrailQueue"), AttributeNames=["Policy"])
        source = self.way.source()
        may = senders(json.loads(told["Attributes"]["Policy"]), source, self.stack.arn("TrailQueue"))
        wanted = {(self.way.sender, source)} if self.way.sender else set()
        hold(may == wanted, f"with Trail={self.way.trail}, these may send to the queue: {may}, and not {wanted}")
        if self.way.trail == "new":
            policy = json.loads(self.way.s3.get_bucket_policy(Bucket=self.way.bucket)["Policy"])
            for key in self.objects:
                writes = lets(policy, "cloudtrail.amazonaws.com", self.way.arn, "s3:PutObject", f"{source}/{key}")
                hold(writes, f"{self.way.arn} may not write {key}")


def main() -> None:
    known = argparse.ArgumentParser(prog="infra/local/wirings.py", description=__doc__,
                                    formatter_class=argparse.RawDescriptionHelpFormatter)
    known.add_argument("--functions", type=Path, default=beside.INFRA.parent / "target/release")
    known.add_argument("--wiring", action="append", choices=WAYS)
    asked = known.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # else MiniStack and its functions stay behind
    with tempfile.TemporaryDirectory() as folder:
        cloud = Cloud(Path(folder))
        try:
            cloud.wait()
            upload_functions(cloud, asked.functions, Path(folder))
            whole = transformed(TEMPLATE.read_text())
            wired = [Wired(cloud, WAYS[way](cloud), whole) for way in asked.wiring or WAYS]
            for one in wired:
                one.way.bring(one.objects)
            for one in wired:
                one.read(asked.functions / "rolecall")
                one.permits()
        finally:
            cloud.end()


if __name__ == "__main__":
    main()
