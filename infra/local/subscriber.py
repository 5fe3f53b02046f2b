"""An address that is subscribed to the topic itself, and believes nothing before `rolecall webhook-verify` does."""

import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from cloud import Cloud, Server


class Subscriber:
    """Confirms its subscription, keeps the findings that were verified, and says what it must not have believed."""

    def __init__(self, cloud: Cloud, rolecall: Path, certificate: Path, topic: str) -> None:
        self.findings: list[dict] = []
        self.wrong: list[str] = []
        self.forgeries = 0
        self.command = [rolecall, "webhook-verify", "--certificate", certificate, "--topic", topic]
        self.sns, subscriber = cloud.client("sns"), self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(handler) -> None:
                body = handler.rfile.read(int(handler.headers["Content-Length"]))
                handler.send_response(200)
                handler.end_headers()
                subscriber.take(json.loads(body), body)

            def log_message(self, *_) -> None:
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"

    def verified(self, body: bytes) -> tuple[int, str]:
        """The exit code and the answer of `webhook-verify`."""
        ran = subprocess.run(self.command, input=body, capture_output=True)
        return ran.returncode, ran.stdout.decode() + ran.stderr.decode()

    def take(self, message: dict, body: bytes) -> None:
        code, told = self.verified(body)
        if code != 0:
            self.wrong.append(f"a message of the topic was not taken: {told}")
        elif message["Type"] == "SubscriptionConfirmation":
            self.sns.confirm_subscription(TopicArn=message["TopicArn"], Token=message["Token"])
        else:
            self.findings.append(json.loads(message["Message"]))
        self.forge(message)

    def forge(self, message: dict) -> None:
        """Tries a message whose text somebody changed on the way."""
        changed = message | {"Message": message["Message"].replace("a", "e", 1) + " "}
        code, told = self.verified(json.dumps(changed).encode())
        self.forgeries += 1
        if (code, "its signature is wrong" in told) != (1, True):
            self.wrong.append(f"a changed message was answered with {code}: {told}")
