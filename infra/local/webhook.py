"""A receiver of findings on loopback, which has its moods before it takes them."""

import base64
import hashlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler

from cloud import Server

# What the first requests get, in this order. All must be tried again; what is slow answers after notify gave up.
MOODS = ["slow", "busy", "broken", "moved", "gone away"]
SECRET_PATH = "/planted-path-of-the-webhook"
SIGNING_SECRET = "planted-signing-secret-of-the-webhook"
ROUTING_KEY = "planted0routing0key0of0the0pager"
PAGER_PATH = "/v2/enqueue"


class Webhook:
    """Answers at `url` after its moods; at `closed`, never takes anything; and follows nobody who was sent to `/trap`.
    At `pager` it takes what PagerDuty would.

    It is down until `open`: its port is taken, and refuses connections.
    """

    def __init__(self) -> None:
        self.bodies: list[str] = []
        self.pages: list[dict] = []
        self.unsigned = 0
        self.moods = iter(MOODS)
        self.had: list[str] = []
        self.trapped = False
        webhook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(handler) -> None:
                body = handler.rfile.read(int(handler.headers["Content-Length"])).decode()
                webhook.answer(handler, body)

            def log_message(self, *_) -> None:
                pass

        self.server = Server(("127.0.0.1", 0), Handler, bind_and_activate=False)
        self.server.server_bind()
        self.url, self.closed = self.at(SECRET_PATH), self.at("/closed" + SECRET_PATH)
        self.pager = self.at(PAGER_PATH)
        # What nobody may learn from a log or a dead letter.
        self.secrets = [self.url, SECRET_PATH.strip("/"), SIGNING_SECRET, ROUTING_KEY]

    def at(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}{path}"

    def open(self) -> None:
        self.server.server_activate()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, handler: BaseHTTPRequestHandler, body: str) -> None:
        if handler.path == "/trap":
            self.trapped = True
        if handler.path == PAGER_PATH:
            self.pages.append(json.loads(body))
            handler.send_response(202)
            return handler.end_headers()
        if handler.path != SECRET_PATH:
            handler.send_response(410)
            return handler.end_headers()
        self.unsigned += not is_signed(handler.headers, body)
        mood = next(self.moods, None)
        self.had += [mood] if mood else []
        match mood:
            case None:
                self.bodies.append(body)
                handler.send_response(200)
            case "slow":
                time.sleep(12)
                handler.send_response(500)
            case "busy":
                handler.send_response(429)
                handler.send_header("Retry-After", "2")
            case "broken":
                handler.send_response(500)
            case "moved":
                handler.send_response(302)
                handler.send_header("Location", self.at("/trap"))
            case "gone away":
                handler.close_connection = True
                return handler.connection.close()
        return handler.end_headers()

    def findings(self) -> dict[str, dict]:
        """What came, by fingerprint: a repeat is the same."""
        return {finding["fingerprint"]: finding for finding in map(json.loads, self.bodies)}


def is_signed(headers, body: str) -> bool:
    """Whether a request bears the signature of Standard Webhooks, made with our secret."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}"
    made = hmac.new(SIGNING_SECRET.encode(), signed.encode(), hashlib.sha256).digest()
    return headers["webhook-signature"] == f"v1,{base64.b64encode(made).decode()}"
