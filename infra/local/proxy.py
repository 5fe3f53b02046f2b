"""Stands between the functions and MiniStack, and writes down who calls what.

Each function has a port of its own, so that it is known whose a request is, whatever credentials it bears. Requests
and answers pass as they are; signatures cover the address of the proxy.
"""

import http.client
import re
import threading
from http.server import BaseHTTPRequestHandler

from calls import calls
from cloud import Server

# What belongs to one connection, and not to the answer.
OF_CONNECTIONS = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}


class Proxy:
    """A way to MiniStack for each function. `routes` answer in its place, by the name of the service. Listings of
    S3 say that the objects with the keys in `old` were put long ago."""

    def __init__(self, port: int, functions: list[str], routes: dict, old: tuple[str, ...] = ()) -> None:
        self.old = old
        self.seen: list[dict] = []
        self.broken: list[str] = []
        self.urls = {function: self.listen(function, port, routes) for function in functions}

    def listen(self, function: str, port: int, routes: dict) -> str:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Headers and body go out apart: together with delayed acknowledgements, each answer would wait 40 ms.
            disable_nagle_algorithm = True

            def passed(handler) -> None:
                body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in handler.headers.items()}
                found = proxy.enter(function, handler.command, handler.path, headers, body)
                route = routes.get(found[0]["service"]) if found else None
                status, sent, answer = route(headers, body) if route else forwarded(handler, port, body)
                if [call["operation"] for call in found] == ["ListObjectsV2"]:
                    answer = aged(answer, proxy.old)
                handler.send_response_only(status)
                for name, value in sent:
                    if name.lower() not in OF_CONNECTIONS:
                        handler.send_header(name, value)
                told = {name.lower(): value for name, value in sent}.get("content-length", "0")
                handler.send_header("Content-Length", told if handler.command == "HEAD" else str(len(answer)))
                try:
                    handler.end_headers()
                    handler.wfile.write(answer)
                except ConnectionError:  # the function waits no longer; what it asked for was asked for
                    handler.close_connection = True

            do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = passed

            def log_message(self, *_) -> None:
                pass

        server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}"

    def enter(self, function: str, method: str, target: str, headers: dict[str, str], body: bytes) -> list[dict]:
        """Writes a request down. One that is not understood must not look like one that was not made."""
        try:
            found = calls(function, method, target, headers, body)
        except (ValueError, KeyError) as why:
            self.broken.append(f"{function}: {method} {target}: {why}")
            return []
        self.seen += found
        return found


def aged(listing: bytes, old: tuple[str, ...]) -> bytes:
    """A listing in which these objects are old."""
    for key in old:
        since = rb"(<Key>" + re.escape(key.encode()) + rb"</Key>\s*<LastModified>)[^<]+"
        listing = re.sub(since, rb"\g<1>2020-01-01T00:00:00.000Z", listing)
    return listing


def forwarded(handler: BaseHTTPRequestHandler, port: int, body: bytes) -> tuple[int, list, bytes]:
    """What MiniStack answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    try:
        connection.putrequest(handler.command, handler.path, skip_host=True, skip_accept_encoding=True)
        for name, value in handler.headers.items():
            if name.lower() not in ("connection", "expect"):
                connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()
    finally:
        connection.close()
