"""The trail comes in, with a message among its own that nobody understands."""

import gzip
import re
from pathlib import Path

from cloud import Cloud, wait_for
from stack import messages, waiting

NONSENSE = "this is no notification"
DEMO = Path(__file__).resolve().parent.parent.parent / "demo" / "trail"


class Trail:
    """A bucket that tells the queue of its objects."""

    def __init__(self, cloud: Cloud, files: Path, outputs: dict[str, str]) -> None:
        self.cloud, self.folder = cloud, files
        self.is_demo = files.resolve() == DEMO
        self.files = sorted(files.rglob("*.json.gz"))
        self.dead = outputs["TrailDeadLettersUrl"]
        self.queue_arn = outputs["TrailQueueArn"]
        self.queue = cloud.client("sqs").get_queue_url(QueueName=self.queue_arn.rsplit(":", 1)[-1])["QueueUrl"]

    def tokens(self) -> set[str]:
        """The session tokens that the trail holds, which no log may."""
        texts = (gzip.decompress(path.read_bytes()).decode() for path in self.files)
        return {token for text in texts for token in re.findall(r'"sessionToken":\s*"([^"]+)"', text)}

    def put(self, path: Path) -> None:
        key = str(path.relative_to(self.folder))
        self.cloud.client("s3").put_object(Bucket="trail", Key=key, Body=path.read_bytes())

    def send_nonsense(self) -> None:
        self.cloud.client("sqs").send_message(QueueUrl=self.queue, MessageBody=NONSENSE)

    def bring(self) -> None:
        """Puts the trail into its bucket, and waits until ingest took all of it but the nonsense in its midst."""
        self.cloud.client("s3").put_bucket_notification_configuration(
            Bucket="trail", NotificationConfiguration={"QueueConfigurations": [
                {"QueueArn": self.queue_arn, "Events": ["s3:ObjectCreated:*"]}]})
        self.send_nonsense()
        for path in self.files:
            self.put(path)
        wait_for("ingest to take every message", 600, lambda: waiting(self.cloud, self.queue) == (0, 1))

    def give_up_nonsense(self) -> None:
        """Sends nonsense that comes back at once, not after half an hour: after five tries it is a dead letter, and the
        object that was told of after it has been read."""
        self.cloud.client("sqs").set_queue_attributes(QueueUrl=self.queue, Attributes={"VisibilityTimeout": "1"})
        self.send_nonsense()
        self.put(self.files[0])
        wait_for("a dead letter", 120, lambda: waiting(self.cloud, self.dead) == (1, 0))
        wait_for("the message after it", 120, lambda: waiting(self.cloud, self.queue) == (0, 1))
        letters = messages(self.cloud, self.dead)
        if list(letters.values()) != [NONSENSE]:
            raise SystemExit("another message than the nonsense is a dead letter of the trail")
        self.given_up, = letters
