"""The ways in which new objects of a trail become known: what each needs before its stack, and how objects come.

Where MiniStack does less than AWS, this puts in what AWS would bring:

- Its trails write nothing. What CloudTrail would put into the bucket is put here, and what it would say of that to its
  topic is published here. Notifications and subscriptions, from there on, are MiniStack's own.
- Its CloudFormation knows no trails. For `Trail=new`, that one resource is taken out of the template, and made by the
  API of CloudTrail with the properties that the template gives it.
- Without notifications, ingest lists the trail by the clock. It is given the event of its schedule at once.
"""

import json

from cloud import REGION, Cloud
from resolve import Stack
from stack import invoke

OWN = "000000000000"  # the account in which MiniStack deploys
LOGS = {"Events": ["s3:ObjectCreated:*"], "Filter": {"Key": {"FilterRules": [{"Name": "suffix", "Value": ".json.gz"}]}}}


class Way:
    """One value of the parameter `Trail`. The stack bears its name."""

    trail, prefix = "", ""
    sender: str | None = None  # the service that sends messages to the queue

    def __init__(self, cloud: Cloud) -> None:
        self.cloud, self.s3 = cloud, cloud.client("s3")
        self.name, self.bucket = f"by-{self.trail}", f"trail-of-{self.trail}"

    def given(self) -> dict[str, str]:
        """The parameters of the stack that are this way's own."""
        return {"TrailBucket": self.bucket, "TrailPrefix": self.prefix}

    def template(self, whole: dict) -> str | None:
        """The template that is deployed, if it is not that of the repository."""
        return None

    def connect(self, stack: Stack) -> None:
        """What is to be done once the stack is there."""

    def source(self) -> str:
        """The ARN in whose name messages are sent."""
        return f"arn:aws:s3:::{self.bucket}"

    def bring(self, objects: dict[str, bytes]) -> None:
        """Puts objects into the bucket as CloudTrail would."""
        for key, body in objects.items():
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=body)

    def notify(self, **told) -> None:
        self.s3.put_bucket_notification_configuration(Bucket=self.bucket, NotificationConfiguration=told)


class OfBucket(Way):
    """The bucket notifies the queue itself."""

    trail, sender = "bucket", "s3.amazonaws.com"

    def connect(self, stack: Stack) -> None:
        self.notify(QueueConfigurations=[{"QueueArn": stack.arn("TrailQueue"), **LOGS}])


class OfTopic(Way):
    """A topic to which the bucket speaks, or CloudTrail itself: here it is both, one after the other."""

    trail, prefix, sender = "topic", "audit/", "sns.amazonaws.com"

    def given(self) -> dict[str, str]:
        self.sns = self.cloud.client("sns")
        self.topic = self.sns.create_topic(Name="trail")["TopicArn"]
        return super().given() | {"TrailTopicArn": self.topic}

    def source(self) -> str:
        return self.topic

    def bring(self, objects: dict[str, bytes]) -> None:
        first, *others = objects
        self.notify(TopicConfigurations=[{"TopicArn": self.topic, **LOGS}])
        super().bring({first: objects[first]})
        self.notify()
        super().bring({key: objects[key] for key in others})
        told = json.dumps({"s3Bucket": self.bucket, "s3ObjectKey": others})
        for message in ["CloudTrail validation message.", told]:
            self.sns.publish(TopicArn=self.topic, Message=message)


class OfEventBridge(Way):
    """The bucket sends its events to EventBridge, where the rule of the stack takes those of the trail."""

    trail, prefix, sender = "eventbridge", "audit/", "events.amazonaws.com"

    def connect(self, stack: Stack) -> None:
        self.notify(EventBridgeConfiguration={})

    def source(self) -> str:
        return self.cloud.client("events").describe_rule(Name=f"{self.name}-trail")["Arn"]


class OfNewTrail(Way):
    """The stack makes the trail, and its bucket, which notifies the queue itself."""

    trail, sender = "new", "s3.amazonaws.com"

    def given(self) -> dict[str, str]:
        return {}

    def template(self, whole: dict) -> str:
        kept = {name: resource for name, resource in whole["Resources"].items() if name != "OwnTrail"}
        return json.dumps(whole | {"Resources": kept})

    def connect(self, stack: Stack) -> None:
        trails = self.cloud.client("cloudtrail")
        wanted = stack.value(stack.template["Resources"]["OwnTrail"]["Properties"])
        # In the API, the name is called otherwise, and logging is started by a call of its own.
        name, logs = wanted.pop("TrailName"), wanted.pop("IsLogging")
        self.arn = trails.create_trail(Name=name, **wanted)["TrailARN"]
        if logs:
            trails.start_logging(Name=name)
        self.bucket = trails.describe_trails(trailNameList=[self.arn])["trailList"][0]["S3BucketName"]


class ByListing(Way):
    """Nothing tells of new objects, and only the catch-up finds them."""

    trail = "none"

    def bring(self, objects: dict[str, bytes]) -> None:
        super().bring(objects)
        schedule = self.cloud.client("scheduler").get_schedule(Name=f"{self.name}-catch-up", GroupName=self.name)
        invoke(self.cloud, "ingest", json.loads(schedule["Target"]["Input"]), self.name)


WAYS = {way.trail: way for way in (OfBucket, OfTopic, OfEventBridge, OfNewTrail, ByListing)}
