"""An object-store server on loopback that honours conditional writes, and how obstore finds it."""

import http.client
import socket
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

HERE = Path(__file__).resolve().parent
START_SECONDS = 180
# Whoever signs may overwrite; whether the signature is right is not asked.
SIGNED = "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request, Signature=0"
_buckets = count(1)


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


class ObjectServer:
    """A running object store; everything in it is gone when it stops."""

    def __init__(self, log):
        self.port = free_port()
        self.log = log
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, HERE / "bucket_server.py", str(self.port)],
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            assert self.process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.05)

    def _answers(self):
        try:
            return self.asked("GET", "/")[0] == 200
        except OSError:
            return False

    def asked(self, method, path, body=b"", **headers):
        """One plain request, without obstore: its status and body."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            line.request(method, path, body, named | {"Authorization": SIGNED})
            answer = line.getresponse()
            return answer.status, answer.read()
        finally:
            line.close()

    def bucket(self):
        """The name of a new bucket."""
        name = f"gcs-{next(_buckets)}"
        assert self.asked("PUT", f"/{name}")[0] == 200
        return name

    @property
    def env(self):
        """How obstore finds it."""
        return environment(f"http://127.0.0.1:{self.port}")

    def stop(self):
        self.process.terminate()
        self.process.wait(15)


def environment(endpoint):
    """What an operator sets for an object store that speaks like S3."""
    return {
        "AWS_ENDPOINT": endpoint,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
        "AWS_REGION": "eu-west-1",
    }
