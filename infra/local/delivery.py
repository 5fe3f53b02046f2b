"""What SNS does after a message is published, where MiniStack does less.

MiniStack signs nothing, never confirms the HTTPS subscription of a template, and calls a subscribed function once,
without the tries and the destination that Lambda has for asynchronous events. Here both subscriptions of the topic of
findings are taken over with their filter policies: MiniStack posts what passes them to this place, which starts the
function asynchronously, and signs for the webhook as SNS does (version 2: RSA with SHA-256 over named fields).
https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
"""

import base64
import json
import subprocess
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from cloud import REGION, Cloud, Server, wait_for

# The fields that are signed, in this order, where they are there.
SIGNED = ["Message", "MessageId", "SubscribeURL", "Subject", "Timestamp", "Token", "TopicArn", "Type"]
CERTIFICATE_URL = f"https://sns.{REGION}.amazonaws.com/SimpleNotificationService-{'0' * 32}.pem"


class Signer:
    """A key, and a certificate for it that bears the name of SNS. Made by the `openssl` of the system."""

    def __init__(self, folder: Path) -> None:
        self.key, self.certificate = folder / "sns.key", folder / "sns.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                        "/CN=sns.amazonaws.com", "-keyout", self.key, "-out", self.certificate],
                       check=True, capture_output=True)

    def signed(self, message: dict) -> dict:
        """The message with signature, version and the address of the certificate."""
        text = "".join(f"{name}\n{message[name]}\n" for name in SIGNED if message.get(name) is not None)
        made = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.key], input=text.encode(), check=True,
                              capture_output=True).stdout
        return message | {"SignatureVersion": "2", "Signature": base64.b64encode(made).decode(),
                          "SigningCertURL": CERTIFICATE_URL}


class Delivery:
    """Delivers what is published to a topic, to the function and the webhook that the template subscribed."""

    def __init__(self, cloud: Cloud, topic: str, signer: Signer, webhook: str) -> None:
        self.cloud, self.signer, self.webhook = cloud, signer, webhook
        self.topic, self.sns, delivery = topic, cloud.client("sns"), self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(handler) -> None:
                message = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
                handler.send_response(200)
                handler.end_headers()
                if handler.path == "/https":
                    delivery.post(message)
                elif message["Type"] == "SubscriptionConfirmation":
                    delivery.sns.confirm_subscription(TopicArn=topic, Token=message["Token"])
                else:
                    delivery.start(message)

            def log_message(self, *_) -> None:
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take_over(self) -> None:
        """Puts itself in the place of the topic's subscriptions, and waits until both are confirmed."""
        subscriptions = self.sns.list_subscriptions_by_topic(TopicArn=self.topic)["Subscriptions"]
        protocols = {subscription["Protocol"]: subscription for subscription in subscriptions}
        if sorted(protocols) != ["https", "lambda"]:
            raise SystemExit(f"the template subscribed {sorted(protocols)} to the topic of findings")
        self.function = protocols["lambda"]["Endpoint"]
        for protocol, subscription in protocols.items():
            arn = subscription["SubscriptionArn"]
            told = self.sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
            kept = {name: told[name] for name in ("FilterPolicy", "FilterPolicyScope") if told.get(name)}
            self.sns.unsubscribe(SubscriptionArn=arn)
            place = f"http://127.0.0.1:{self.server.server_address[1]}/{protocol}"
            self.sns.subscribe(TopicArn=self.topic, Protocol="http", Endpoint=place, Attributes=kept)
        wait_for("the subscriptions to be confirmed", 60, self.is_confirmed)

    def is_confirmed(self) -> bool:
        found = self.sns.list_subscriptions_by_topic(TopicArn=self.topic)["Subscriptions"]
        attributes = [self.sns.get_subscription_attributes(SubscriptionArn=one["SubscriptionArn"]) for one in found]
        return [one["Attributes"]["PendingConfirmation"] for one in attributes] == ["false", "false"]

    def start(self, message: dict) -> None:
        """Starts the function as SNS does: whether it succeeds is not waited for."""
        record = {"EventVersion": "1.0", "EventSource": "aws:sns", "EventSubscriptionArn": self.topic, "Sns": message}
        self.cloud.client("lambda").invoke(FunctionName=self.function, InvocationType="Event",
                                           Payload=json.dumps({"Records": [record]}).encode())

    def post(self, message: dict) -> None:
        headers = {"Content-Type": "text/plain; charset=UTF-8", "x-amz-sns-message-type": message["Type"],
                   "x-amz-sns-topic-arn": self.topic}
        body = json.dumps(self.signer.signed(message)).encode()
        urllib.request.urlopen(urllib.request.Request(self.webhook, data=body, headers=headers), timeout=60).close()
