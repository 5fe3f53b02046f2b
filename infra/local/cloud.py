"""MiniStack and its clients, and how to wait for it."""

import os
import signal
import socket
import subprocess
import sys
import time
from http.server import ThreadingHTTPServer
from pathlib import Path

import botocore.session
from botocore.config import Config

REGION = "us-east-1"


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class Server(ThreadingHTTPServer):
    """A server of ours on loopback. MiniStack posts a message once, for five seconds, and forgets it: when busy,
    five connections, as many as Python lets wait, are too few for all findings at once."""

    request_queue_size = 128


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Cloud:
    """MiniStack, which runs in a process group of its own, and ends with it: functions outlive it else."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.log = (folder / "ministack.log").open("w+")
        places = {"BIND_HOST": "127.0.0.1", "MINISTACK_HOST": "127.0.0.1", "GATEWAY_PORT": str(self.port)}
        program = Path(sys.executable).with_name("ministack")
        self.process = subprocess.Popen([program], env=os.environ | places, stdin=subprocess.DEVNULL, stdout=self.log,
                                        stderr=self.log, start_new_session=True)
        self.session = botocore.session.get_session()

    def client(self, service: str):
        # An answer may take as long as the longest function; a call that was given up would be made a second time.
        patience = Config(read_timeout=900, retries={"total_max_attempts": 1})
        return self.session.create_client(service, region_name=REGION, endpoint_url=self.endpoint, config=patience,
                                          aws_access_key_id="test", aws_secret_access_key="test")

    def wait(self) -> None:
        wait_for("MiniStack", 60, lambda: self.client("s3").list_buckets() is not None)

    def end(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def wait_for(what: str, seconds: float, is_there):
    """Asks until something is there; a refusal is an answer like any other until the time is up."""
    end, why = time.monotonic() + seconds, "nothing yet"
    while time.monotonic() < end:
        try:
            found = is_there()
            if found:
                return found
        except Exception as error:  # noqa: BLE001 - whatever it is, it is said at the end
            why = error
        time.sleep(0.5)
    raise SystemExit(f"waited {seconds:.0f} seconds for {what}: {why}")
