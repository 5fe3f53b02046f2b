"""The three stories: what goes wrong on 15 and 16 March 2026."""

from datetime import datetime, timedelta

import cast
from cast import ABROAD, BOTO, BUILD, OFFICE, OFFICE_VPN, cli
from ids import TOKEN, after, expiry, iso, unique_id
from machines import nightly_build
from people import administrator, developer
from shapes import Session

SUNDAY, MONDAY = datetime(2026, 3, 15), datetime(2026, 3, 16)
THIEF = BOTO.format("")


def at(date, clock):
    hours, minutes, seconds = map(int, clock.split(":"))
    return date + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def leaked_key(trail):
    """Mara's folder ~/.aws leaked: her long-term key and the session she has cached."""
    cached = developer(trail, at(MONDAY, "09:28:00"), (1, "Mara takes the readers' role, in the office"))
    trail.call(
        at(MONDAY, "09:31:12"),
        cast.MARA,
        "sts.GetCallerIdentity",
        ABROAD,
        cast.SCANNER,
        story=(1, "the key is tried from abroad"),
    )
    for clock, api in (
        ("09:32:40", "iam.ListUsers"),
        ("09:32:58", "iam.ListRoles"),
        ("09:33:21", "iam.GetAccountAuthorizationDetails"),
        ("09:33:47", "organizations.ListAccounts"),
        ("09:34:05", "secretsmanager.ListSecrets"),
        ("09:34:33", "ec2.DescribeInstances"),
        ("09:34:59", "lambda.ListFunctions20150331"),
        ("09:35:20", "kms.ListKeys"),
        ("09:35:44", "ses.GetSendQuota"),
        ("09:36:02", "rds.DescribeDBInstances"),
        ("09:36:31", "dynamodb.ListTables"),
        ("09:36:50", "cloudtrail.DescribeTrails"),
    ):
        where = "us-east-1" if api.startswith(("iam", "organizations")) else "eu-west-1"
        trail.denied(
            at(MONDAY, clock),
            cast.MARA,
            api,
            ABROAD,
            THIEF,
            region=where,
            story=(1, f"denied: {api.split('.')[1]}"),
        )
    trail.call(
        at(MONDAY, "09:37:10"),
        cast.MARA,
        "ecr.DescribeRepositories",
        OFFICE,
        cli("ecr.DescribeRepositories"),
        story=(1, "meanwhile its owner works from the office"),
    )
    trail.call(
        at(MONDAY, "09:40:05"),
        cached,
        "glue.GetDatabases",
        OFFICE,
        cli("glue.GetDatabases"),
        story=(1, "the owner's cached session, in the office"),
    )
    for clock, api in (
        ("09:44:20", "sts.GetCallerIdentity"),
        ("09:45:02", "s3.ListBuckets"),
        ("09:45:40", "glue.GetTables"),
        ("09:46:31", "secretsmanager.ListSecrets"),
    ):
        trail.call(at(MONDAY, clock), cached, api, ABROAD, THIEF, story=(1, "the same session, abroad"))
    trail.denied(
        at(MONDAY, "09:47:15"),
        cast.MARA,
        "sts.AssumeRole",
        ABROAD,
        THIEF,
        target=cast.ADMIN.arn,
        story=(1, "denied: production's break-glass role"),
    )
    time = at(MONDAY, "09:48:03")
    key = unique_id("ASIA", BUILD, "session token", iso(time))
    trail.call(
        time,
        cast.MARA,
        "sts.GetSessionToken",
        ABROAD,
        THIEF,
        request={"durationSeconds": 129600},
        read=False,
        response={
            "credentials": {
                "accessKeyId": key,
                "sessionToken": TOKEN,
                "expiration": expiry(time + timedelta(hours=36)),
            }
        },
        story=(1, "a session for 36 hours, the longest there is"),
    )
    token = Session(cast.MARA, "", key, time)
    for clock, api in (("09:49:00", "codebuild.ListProjects"), ("09:49:38", "ecr.DescribeRepositories")):
        trail.call(at(MONDAY, clock), token, api, ABROAD, THIEF, story=(1, "reads with that session"))
    reader = trail.assume(
        at(MONDAY, "09:52:26"),
        token,
        cast.READERS,
        "botocore-session-1773654746",
        ABROAD,
        THIEF,
        story=(1, "and from it the readers' role of the data account"),
    )
    for clock, api in (
        ("09:53:01", "glue.GetDatabases"),
        ("09:53:29", "glue.GetTables"),
        ("09:54:10", "athena.ListQueryExecutions"),
        ("09:55:00", "dynamodb.ListTables"),
        ("09:56:47", "s3.ListBuckets"),
        ("09:57:30", "kms.ListKeys"),
    ):
        trail.call(at(MONDAY, clock), reader, api, ABROAD, THIEF, story=(1, "reads in the data account"))
    admin = administrator(trail, at(MONDAY, "11:20:00"))
    trail.call(
        at(MONDAY, "11:22:30"),
        admin,
        "iam.UpdateAccessKey",
        OFFICE,
        cli("iam.UpdateAccessKey"),
        region="us-east-1",
        read=False,
        request={"userName": cast.MARA.name, "accessKeyId": cast.MARA.key, "status": "Inactive"},
        story=(1, "Lena switches the long-term key off"),
    )
    trail.call(
        at(MONDAY, "12:05:44"),
        token,
        "codebuild.ListProjects",
        ABROAD,
        THIEF,
        story=(1, "the 36-hour session still works"),
    )


def build_role_walks_on(trail):
    """Sunday's build does not end in production. Its deploy roles' issuances are delivered
    half an hour late, after what grew from them."""
    target, ip = nightly_build(trail, at(SUNDAY, "02:30:00"), late=30, story=2)
    warehouse = trail.assume(
        at(SUNDAY, "02:36:40"),
        target,
        cast.WAREHOUSE,
        "GitHubActions",
        ip,
        cast.ACTIONS,
        seconds=3600,
        story=(2, "and walks on, where it never was"),
    )
    for clock, api in (
        ("02:36:58", "sts.GetCallerIdentity"),
        ("02:37:20", "glue.GetDatabases"),
        ("02:37:51", "redshift.DescribeClusters"),
        ("02:38:16", "kms.ListKeys"),
        ("02:38:49", "secretsmanager.GetSecretValue"),
    ):
        request = {"secretId": "warehouse/loader"} if "Secret" in api else None
        trail.call(
            at(SUNDAY, clock),
            warehouse,
            api,
            ip,
            cast.ACTIONS,
            request=request,
            story=(2, "works in the data account"),
        )


def outlived_ceiling(trail):
    """Jonas's role is asked for twelve hours on Sunday evening, and used until Monday morning."""
    held = trail.assume(
        at(SUNDAY, "20:04:11"),
        cast.JONAS,
        cast.SUPPORT,
        "jonas.brandt",
        OFFICE_VPN,
        cli("sts.AssumeRole"),
        seconds=43200,
        story=(3, "the support role, for 12 hours instead of one"),
    )
    for hour in range(12):
        time = after(held.created + timedelta(hours=hour, minutes=3 if hour else 0), "use")
        api = ("logs.FilterLogEvents", "rds.DescribeDBSnapshots", "ec2.DescribeInstances")[hour % 3]
        trail.call(
            time,
            held,
            api,
            OFFICE_VPN,
            cli(api),
            story=(3, f"in use, {(time - held.created) // timedelta(minutes=1)} minutes old"),
        )


def tell(trail):
    build_role_walks_on(trail)
    outlived_ceiling(trail)
    leaked_key(trail)
