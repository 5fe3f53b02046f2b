"""Writes the demo trail and the tables in README.md; with --check, says whether they are as committed.

Everything is derived from labels, no clock and no chance, so the same script writes the same records.
--check compares what the files hold, not their compressed bytes, which differ between versions of zlib.
"""

import gzip
import hashlib
import json
import re
import sys
from datetime import datetime, timedelta
from pathlib import Path

import cast
import everyday
import stories
from ids import REGION, account_of, iso, letters, seed, uid
from shapes import Trail

HERE = Path(__file__).parent
FIRST, DAYS = datetime(2026, 3, 1), 16
FIVE, TEN = timedelta(minutes=5), timedelta(minutes=10)
EPOCH = datetime(1970, 1, 1)
VECTORS = {
    "ASIAQNZGKIQY56JQ7WML": "029608264753",
    "ASIAY34FZKBNKMUTVV7A": "609629065306",
    "AROAU7JNXC7KTG25ETGRN": "342082656213",
    "ASIA6RVFFB77QAAAAAAA": "999999999999",
    "AKIAIOSFODNN7EXAMPLE": None,
    "AKIAI44QH8DHBEXAMPLE": None,
}


def main():
    trail = Trail()
    for number in range(DAYS):
        everyday.day(trail, FIRST + timedelta(days=number))
    stories.tell(trail)
    # The trail ends on 16 March at 18:00: the last evening has not happened yet.
    trail.records = [row for row in trail.records if row[2] < FIRST + timedelta(days=DAYS - 1, hours=18)]
    files = objects(trail)
    files |= others(files)
    readme = (HERE / "README.md").read_text()
    told = tables(readme, trail)
    if "--check" in sys.argv:
        return check(files, readme, told)
    (HERE / "README.md").write_text(told)
    for old in HERE.glob("trail/**/*.json.gz"):
        old.unlink()
    for key, text in files.items():
        path = HERE / "trail" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(text, 9, mtime=0))
    return 0


def objects(trail):
    """The files CloudTrail would deliver: ten minutes of one account and region each, stamped a
    multiple of five minutes after the newest record, some of them unsorted."""
    groups = {}
    for account, region, time, late, row in trail.records:
        start = EPOCH + (time - EPOCH) // TEN * TEN
        groups.setdefault((account, region, start, late), []).append((time, row))
    # One event comes twice: the first record of story 2's role entry lies in a second file too.
    twice = next(
        row
        for _, _, time, _, row in trail.records
        if row["recipientAccountId"] == cast.DATA
        and row["requestParameters"]
        and row["requestParameters"].get("roleArn") == cast.WAREHOUSE.arn
    )
    groups[cast.DATA, REGION, datetime(2026, 3, 15, 2, 40), 0] = [(datetime(2026, 3, 15, 2, 36, 40), twice)]
    files = {}
    for (account, region, start, late), found in groups.items():
        newest = max(time for time, _ in found)
        stamp = EPOCH + ((max(newest, start) - EPOCH) // FIVE + 1) * FIVE + timedelta(minutes=late)
        found.sort(key=lambda pair: pair[0])
        if seed("sorted", account, region, iso(start))[0] < 69:
            found.sort(key=lambda pair: seed("order", pair[1]["eventID"]))
        name = letters("file", account, region, iso(start), late)
        key = cast.key(account, region, "CloudTrail", stamp, f"{stamp:%Y%m%dT%H%MZ}_{name}")
        files[key] = compact({"Records": [row for _, row in found]})
    return files


def others(files):
    """What else lies below AWSLogs/ and holds no calls: a digest, and an Insight file."""
    hour, account = datetime(2026, 3, 16, 10), cast.BUILD
    digest = cast.key(account, REGION, "CloudTrail-Digest", hour, f"org-trail_{REGION}_{hour:%Y%m%dT%H%M%SZ}")
    covered = [key for key in sorted(files) if re.search(rf"{account}_CloudTrail_{REGION}_20260316T09", key)]
    times = [record["eventTime"] for key in covered for record in json.loads(files[key])["Records"]]
    text = {
        "awsAccountId": account,
        "digestStartTime": iso(hour - timedelta(hours=1)),
        "digestEndTime": iso(hour),
        "digestS3Bucket": "example-org-trail",
        "digestS3Object": digest,
        "digestPublicKeyFingerprint": seed("fingerprint").hex()[:32],
        "digestSignatureAlgorithm": "SHA256withRSA",
        "newestEventTime": max(times),
        "oldestEventTime": min(times),
        "previousDigestS3Bucket": None,
        "previousDigestS3Object": None,
        "previousDigestHashValue": None,
        "previousDigestHashAlgorithm": None,
        "previousDigestSignature": None,
        "logFiles": [
            {
                "s3Bucket": "example-org-trail",
                "s3Object": key,
                "hashValue": hashlib.sha256(files[key]).hexdigest(),
                "hashAlgorithm": "SHA-256",
            }
            for key in covered
        ],
    }
    insight = cast.key(
        account, REGION, "CloudTrail-Insight", hour, f"{hour:%Y%m%dT%H%MZ}_{letters('insight')}"
    )
    event = {
        "eventVersion": "1.09",
        "eventTime": "2026-03-16T09:36:00Z",
        "awsRegion": REGION,
        "eventID": uid("insight"),
        "eventType": "AwsCloudTrailInsight",
        "recipientAccountId": account,
        "sharedEventID": uid("insight", "shared"),
        "eventCategory": "Insight",
        "insightDetails": {
            "state": "Start",
            "eventSource": "kms.amazonaws.com",
            "eventName": "ListKeys",
            "insightType": "ApiErrorRateInsight",
            "errorCode": "AccessDenied",
            "insightContext": {"statistics": {"baseline": {"average": 0}, "insight": {"average": 1}}},
        },
    }
    return {digest: compact(text), insight: compact({"Records": [event]})}


def tables(readme, trail):
    """README.md with the events of every story between its markers."""
    for number, found in sorted(trail.told.items()):
        lines = ["| time (UTC) | account | what | event id |", "| --- | --- | --- | --- |"]
        lines += [
            f"| {time:%d %b %H:%M:%S} | {account} | {what} | `{event}` |"
            for time, account, what, event in sorted(found)
        ]
        block = "\n".join([f"<!-- story {number} -->", *lines, f"<!-- end of story {number} -->"])
        before, marker, rest = readme.partition(f"<!-- story {number} -->")
        _, end, behind = rest.partition(f"<!-- end of story {number} -->")
        assert marker and end, f"README.md must hold the markers of story {number}"
        readme = before + block + behind
    return readme


def check(files, readme, told):
    flaws = [
        f"{key} decodes to {account_of(key)}, not {account}"
        for key, account in VECTORS.items()
        if account_of(key) != account
    ]
    if readme != told:
        flaws.append("README.md tells other events")
    found = {str(path.relative_to(HERE / "trail")): path for path in HERE.glob("trail/**/*.json.gz")}
    flaws += [f"{key} is missing" for key in files.keys() - found.keys()]
    flaws += [f"{key} is not ours" for key in found.keys() - files.keys()]
    flaws += [
        f"{key} differs"
        for key in files.keys() & found.keys()
        if gzip.decompress(found[key].read_bytes()) != files[key]
    ]
    print("\n".join(sorted(flaws)) or f"{len(files)} files as committed")
    return 1 if flaws else 0


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


if __name__ == "__main__":
    sys.exit(main())
