"""The shapes of CloudTrail records: users, roles, sessions, and the trail that they leave."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from ids import REGION, TOKEN, expiry, iso, uid, unique_id


@dataclass(frozen=True)
class User:
    account: str
    name: str

    @property
    def arn(self):
        return f"arn:aws:iam::{self.account}:user/{self.name}"

    @property
    def id(self):
        return unique_id("AIDA", self.account, self.name)

    @property
    def key(self):
        return unique_id("AKIA", self.account, self.name)

    principal_id = id

    def identity(self):
        return {
            "type": "IAMUser",
            "principalId": self.id,
            "arn": self.arn,
            "accountId": self.account,
            "accessKeyId": self.key,
            "userName": self.name,
        }


@dataclass(frozen=True)
class Role:
    account: str
    name: str
    path: str = "/"

    @property
    def arn(self):
        return f"arn:aws:iam::{self.account}:role{self.path}{self.name}"

    @property
    def id(self):
        return unique_id("AROA", self.account, self.name)


@dataclass(frozen=True)
class Session:
    """A temporary credential: of a role, or of a user when `role` is a User."""

    role: Role | User
    name: str
    key: str
    created: datetime
    mfa: str = "false"
    context: dict = field(default_factory=dict)
    beside: dict = field(default_factory=dict)

    @property
    def account(self):
        return self.role.account

    @property
    def principal_id(self):
        return self.role.id if isinstance(self.role, User) else f"{self.role.id}:{self.name}"

    @property
    def arn(self):
        return f"arn:aws:sts::{self.account}:assumed-role/{self.role.name}/{self.name}"

    def shown_as(self, **beside):
        """The same session under another key: no STS response ever showed this one."""
        key = unique_id("ASIA", self.account, self.key, "derived", *sorted(beside))
        return replace(self, key=key, beside={**self.beside, **beside})

    def identity(self):
        attributes = {"creationDate": iso(self.created), "mfaAuthenticated": self.mfa}
        if isinstance(self.role, User):
            return {
                **self.role.identity(),
                "accessKeyId": self.key,
                "sessionContext": {"attributes": attributes, **self.context},
                **self.beside,
            }
        issuer = {
            "type": "Role",
            "principalId": self.role.id,
            "arn": self.role.arn,
            "accountId": self.account,
            "userName": self.role.name,
        }
        return {
            "type": "AssumedRole",
            "principalId": self.principal_id,
            "arn": self.arn,
            "accountId": self.account,
            "accessKeyId": self.key,
            "sessionContext": {"sessionIssuer": issuer, "attributes": attributes, **self.context},
            **self.beside,
        }


class Trail:
    """The records of the organisation, in the order in which they were told."""

    def __init__(self):
        self.records = []  # (account, region, time, late, record)
        self.told = {}  # story -> [(time, account, what, event id)]
        self.seen = Counter()

    def record(
        self,
        account,
        time,
        source,
        name,
        identity,
        ip,
        agent,
        *,
        region=REGION,
        late=0,
        request=None,
        response=None,
        error=None,
        read=True,
        shared=None,
        version=4,
        story=None,
        **more,
    ):
        label = (account, iso(time), source, name)
        self.seen[label] += 1
        event_id = uid(*label, self.seen[label], version=version)
        row = {
            "eventVersion": {"ec2": "1.10", "signin": "1.08"}.get(source, "1.11"),
            "userIdentity": identity,
            "eventTime": iso(time),
            "eventSource": f"{source}.amazonaws.com",
            "eventName": name,
            "awsRegion": region,
            "sourceIPAddress": ip,
            "userAgent": agent,
        }
        if error:
            row["errorCode"], row["errorMessage"] = error
        row |= {
            "requestParameters": request,
            "responseElements": response,
            "requestID": more.pop("request_id", None) or uid("request", *label, self.seen[label]),
            "eventID": event_id,
            "readOnly": read,
        } | more
        if source == "signin":
            del row["requestID"]
        row |= {
            "eventType": more.get("eventType", "AwsApiCall"),
            "managementEvent": True,
            "recipientAccountId": account,
        }
        if shared:
            row["sharedEventID"] = shared
        row["eventCategory"] = "Management"
        called_by_service = ip.endswith("amazonaws.com") or ip == "AWS Internal"
        if not called_by_service and source != "signin":
            row["tlsDetails"] = {
                "tlsVersion": "TLSv1.3",
                "cipherSuite": "TLS_AES_128_GCM_SHA256",
                "clientProvidedHostHeader": f"{source}.{region}.amazonaws.com",
            }
        self.records.append((account, region, time, late, row))
        if story:
            self.told.setdefault(story[0], []).append((time, account, story[1], event_id))
        return row

    def call(self, time, who, api, ip, agent, **more):
        source, name = api.split(".")
        return self.record(who.account, time, source, name, who.identity(), ip, agent, **more)

    def denied(self, time, who, api, ip, agent, target=None, **more):
        """A call that policy refuses; most services then leave the request out."""
        source, name = api.rstrip("0123456789").split(".")
        if source == "ec2":
            error = ("Client.UnauthorizedOperation", "You are not authorized to perform this operation.")
        else:
            error = (
                "AccessDenied",
                f"User: {who.arn} is not authorized to perform: {source}:{name} "
                f"on resource: {target or '*'} because no identity-based policy allows the "
                f"{source}:{name} action",
            )
        return self.call(time, who, api, ip, agent, error=error, **more)

    def issue(self, time, role, name, seconds, *label, comma=True, **session):
        """A new session and the response that hands it out."""
        key = unique_id("ASIA", role.account, iso(time), role.name, name, *label)
        given = Session(role, name, key, time, **session)
        response = {
            "credentials": {
                "accessKeyId": key,
                "sessionToken": TOKEN,
                "expiration": expiry(time + timedelta(seconds=seconds), comma),
            },
            "assumedRoleUser": {"assumedRoleId": given.principal_id, "arn": given.arn},
        }
        return given, response

    def assume(self, time, who, role, name, ip, agent, seconds=None, late=0, story=None, **options):
        """AssumeRole; into another account it leaves a copy there too, which does not say who called."""
        given, response = self.issue(time, role, name, seconds or 3600, who.key)
        request = {"roleArn": role.arn, "roleSessionName": name}
        if seconds:
            request["durationSeconds"] = seconds
        shown = who.identity()
        common = dict(
            request=request,
            response=response,
            resources=[resource(role)],
            request_id=uid("assume", given.key),
            **options,
        )
        crosses = role.account != who.account
        shared = uid("shared", given.key) if crosses else None
        common |= {"shared": shared, "additionalEventData": endpoint(options.get("region", REGION))}
        self.record(
            who.account, time, "sts", "AssumeRole", shown, ip, agent, late=late, story=story, **common
        )
        if crosses:
            foreign = {"type": "AWSAccount", "principalId": who.principal_id, "accountId": who.account}
            told = story and (story[0], f"{story[1]} (the role owner's copy)")
            self.record(
                role.account,
                time,
                "sts",
                "AssumeRole",
                foreign,
                ip,
                agent,
                version=3,
                late=late,
                story=told,
                **common,
            )
        return given

    def hand_out(self, time, service, role, name, seconds, *, asked=None, user=True, label="", **more):
        """AssumeRole by an AWS service: named event id, and a shared id although there is one copy."""
        given, response = self.issue(time, role, name, seconds, label, comma=service != "ec2")
        if not user:
            del response["assumedRoleUser"]
        request = {"roleArn": role.arn, "roleSessionName": name} | more.pop("request", {})
        if asked:
            request["durationSeconds"] = asked
        host = f"{service}.amazonaws.com"
        self.record(
            role.account,
            time,
            "sts",
            "AssumeRole",
            {"type": "AWSService", "invokedBy": host},
            host,
            host,
            request=request,
            response=response,
            resources=[resource(role)],
            shared=uid("shared", given.key),
            version=3,
            **more,
        )
        return given


def resource(role):
    return {"accountId": role.account, "type": "AWS::IAM::Role", "ARN": role.arn}


def endpoint(region):
    return {"RequestDetails": {"endpointType": "regional", "awsServingRegion": region}}
