"""A receiver of findings on loopback, which has its moods before it takes them."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# What the first requests get, in this order. All must be tried again; what is slow answers after notify gave up.
MOODS = ["slow", "busy", "broken", "moved", "gone away"]
SECRET_PATH = "/planted-path-of-the-webhook"


class Webhook:
    """Answers at `url` after its moods; at `closed`, never takes anything; and follows nobody who was sent to `/trap`.

    It is down until `open`: its port is taken, and refuses connections.
    """

    def __init__(self) -> None:
        self.bodies: list[str] = []
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

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler, bind_and_activate=False)
        self.server.server_bind()
        self.url, self.closed = self.at(SECRET_PATH), self.at("/closed" + SECRET_PATH)

    def at(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}{path}"

    def open(self) -> None:
        self.server.server_activate()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, handler: BaseHTTPRequestHandler, body: str) -> None:
        if handler.path == "/trap":
            self.trapped = True
        if handler.path != SECRET_PATH:
            handler.send_response(410)
            return handler.end_headers()
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
