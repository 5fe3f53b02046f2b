"""A CloudTrail that answers LookupEvents over the records of a trail, and the STS through which accounts are entered.

What hurts in production is here: newest first, pages of 50, one attribute a request, tokens that only fit the request
they came from, and a `ThrottlingException` on every fortieth request.
"""

import gzip
import json
import re
import threading
import time
import uuid
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import parse_qs

OWN = "111111111111"
OTHERS = ["222222222222", "333333333333"]
STS = "sts.amazonaws.com"
DAY = 86_400
THROTTLED = 40


def seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def moved(trail: Path) -> list[dict]:
    """The records of these accounts in a trail, moved in time so that the newest of STS is a minute old, as other events
    with ids of their own. Only what is younger than six days: `poll` looks back a week."""
    objects = [json.loads(gzip.decompress(file.read_bytes())) for file in sorted(trail.rglob("*.json.gz"))]
    records = [record for found in objects for record in found.get("Records", [])
               if "eventSource" in record and record["recipientAccountId"] in (OWN, *OTHERS)]
    now = time.time()
    times = [seconds(record["eventTime"]) for record in records if record["eventSource"] == STS]
    later = now - 60 - max(times, default=now)
    found = {}
    for record in records:
        at = int(seconds(record["eventTime"]) + later)
        own = str(uuid.uuid5(uuid.NAMESPACE_URL, record["recipientAccountId"] + record["eventID"]))
        stamp = datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        if now - 6 * DAY < at < now:
            found[own] = record | {"eventID": own, "eventTime": stamp}
    return sorted(found.values(), key=lambda record: record["eventTime"], reverse=True)


class History:
    """The event history of some accounts. It is empty until `fill`."""

    def __init__(self, trail: Path) -> None:
        self.trail, self.records = trail, []
        self.lock = threading.Lock()
        self.answers: list[str] = []

    def fill(self) -> None:
        self.records = moved(self.trail)

    def ids(self, source: str) -> list[str]:
        return sorted(record["eventID"] for record in self.records if record["eventSource"] == source)

    def look_up(self, headers: dict[str, str], body: bytes) -> tuple[int, list, bytes]:
        key, region = re.search(r"Credential=([^/]+)/\d+/([^/]+)/", headers["authorization"]).groups()
        account, asked = key.removeprefix("ASIAROLE") if key.startswith("ASIAROLE") else OWN, json.loads(body)
        with self.lock:
            why, found = self.page(account, region, asked, len(self.answers) + 1)
            self.answers.append(why)
        status = 200 if why == "ok" else 400
        answer = found if why == "ok" else {"__type": why, "message": f"{why}, says the history"}
        return status, [("Content-Type", "application/x-amz-json-1.1")], json.dumps(answer).encode()

    def page(self, account: str, region: str, asked: dict, number: int) -> tuple[str, dict]:
        """How a request is answered: `ok` or the error, and the events."""
        attributes, most = asked.get("LookupAttributes", []), asked.get("MaxResults", 50)
        if number % THROTTLED == 0:
            return "ThrottlingException", {}
        if [attribute["AttributeKey"] for attribute in attributes] != ["EventSource"]:
            return "InvalidLookupAttributesException", {}
        if not 1 <= most <= 50:
            return "InvalidMaxResultsException", {}
        fits = json.dumps([account, region, attributes, asked["StartTime"], asked["EndTime"], most])
        offset, _, of = (asked.get("NextToken") or f"0 {fits}").partition(" ")
        if of != fits:
            return "InvalidNextTokenException", {}
        found = [record for record in self.records
                 if (record["recipientAccountId"], record["awsRegion"]) == (account, region)
                 and record["eventSource"] == attributes[0]["AttributeValue"]
                 and asked["StartTime"] <= seconds(record["eventTime"]) <= asked["EndTime"]]
        end = int(offset) + most
        more = {"NextToken": f"{end} {fits}"} if end < len(found) else {}
        return "ok", {"Events": [event(record) for record in found[int(offset):end]], **more}


def event(record: dict) -> dict:
    """A record in the shape of LookupEvents: some fields in front, and the record as text."""
    return {"EventId": record["eventID"], "EventName": record["eventName"], "EventSource": record["eventSource"],
            "EventTime": seconds(record["eventTime"]), "ReadOnly": str(record.get("readOnly", True)).lower(),
            "Resources": [], "CloudTrailEvent": json.dumps(record)}


def sts(headers: dict[str, str], body: bytes) -> tuple[int, list, bytes]:
    """`AssumeRole` gives a key that names the account of the role; `GetCallerIdentity` tells whose key it is."""
    asked = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    if asked["Action"] == "AssumeRole":
        account, role = re.fullmatch(r"arn:aws:iam::(\d{12}):role/(.+)", asked["RoleArn"]).groups()
        told = (f"<Credentials><AccessKeyId>ASIAROLE{account}</AccessKeyId><SecretAccessKey>test</SecretAccessKey>"
                "<SessionToken>test</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
                f"<AssumedRoleUser><AssumedRoleId>AROAEXAMPLE:poll</AssumedRoleId>"
                f"<Arn>arn:aws:sts::{account}:assumed-role/{role}/poll</Arn></AssumedRoleUser>")
    else:
        key = re.search(r"Credential=([^/]+)/", headers["authorization"])[1]
        account = key.removeprefix("ASIAROLE") if key.startswith("ASIAROLE") else OWN
        told = (f"<Arn>arn:aws:sts::{account}:assumed-role/r/s</Arn><UserId>AROAEXAMPLE:s</UserId>"
                f"<Account>{account}</Account>")
    action = asked["Action"]
    text = f"<{action}Response><{action}Result>{told}</{action}Result></{action}Response>"
    return 200, [("Content-Type", "text/xml")], text.encode()
