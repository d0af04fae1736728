"""Two real servers behind the real HAProxy, and those who visit them without a screen."""

import http.client
import json
import os
import socket
import subprocess
import threading
import time
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

from buckets import free_port
from serving import ROOT, Server, start


@dataclass
class Proxy:
    """A running HAProxy with `deploy/haproxy.cfg`; for a browser, it is the server."""

    process: subprocess.Popen
    log: Path
    socket: Path
    address: str

    def said(self):
        return self.log.read_text(encoding="utf-8", errors="replace")

    def tell(self, command):
        """Ask it something through its socket."""
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self.socket))
            line.sendall(f"{command}\n".encode())
            return b"".join(iter(lambda: line.recv(65536), b"")).decode()

    def up(self):
        """The servers that it sends visitors to."""
        rows = [row.split(",") for row in self.tell("show stat").splitlines()]
        return {row[1] for row in rows if row[0] == "gcs" and row[17] == "UP"} - {"BACKEND"}


@dataclass
class Replicas:
    """The servers by their name in the proxy's file, and what they share."""

    folder: Path
    env: dict
    ports: dict
    servers: dict[str, Server] = field(default_factory=dict)
    proxy: Proxy | None = None

    def start(self, name):
        own = self.folder / name
        own.mkdir(exist_ok=True)
        server = start(own, port=self.ports[name], **self.env)
        self.servers[name] = server
        return server

    def all_up(self):
        """Wait until the proxy sends visitors to every server."""
        until = time.monotonic() + 120
        while self.proxy.up() != set(self.ports):
            assert time.monotonic() < until, self.proxy.tell("show stat")
            time.sleep(0.1)

    def of(self, page):
        """The name of the server that a page is on."""
        return next(c["value"] for c in page.context.cookies() if c["name"] == "gcs_server")

    def other(self, name):
        return next(each for each in self.ports if each != name)

    def restarted(self, name):
        self.servers[name].process.wait()
        self.start(name).wait_until_ready()
        self.all_up()


def proxy_before(made):
    port, log, asked = free_port(), made.folder / "proxy.log", made.folder / "admin.sock"
    env = {"PROXY_BIND": f"127.0.0.1:{port}", "PROXY_SOCKET": str(asked)}
    env |= {f"PROXY_{name.upper()}": f"127.0.0.1:{each}" for name, each in made.ports.items()}
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["haproxy", "-W", "-f", ROOT / "deploy" / "haproxy.cfg"],
            env=os.environ | env,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    until = time.monotonic() + 60
    while not asked.exists():
        if process.poll() is not None or time.monotonic() > until:
            process.kill()
            raise AssertionError(f"The proxy did not start:\n{log.read_text()}")
        time.sleep(0.05)
    return Proxy(process, log, asked, f"http://localhost:{port}")


def status(address):
    try:
        with urlopen(address, timeout=60) as answer:
            return answer.status
    except HTTPError as error:
        return error.code


class Phone:
    """A phone of somebody in the room, without a screen; it may ask either server."""

    def __init__(self):
        self._open = build_opener(HTTPCookieProcessor(CookieJar())).open
        self.number = 0

    def votes(self, address, code, genes, score):
        """Look at the ballot at this address and send it; what it was told."""
        self._open(f"{address}/vote/{code}", timeout=60).read()
        self.number += 1
        fields = {"_run": 1, "_round": 1, "_number": self.number} | dict.fromkeys(genes, score)
        asked = Request(
            f"{address}/vote/{code}",
            urlencode(fields).encode(),
            {"Accept": "application/json"},
        )
        return json.load(self._open(asked, timeout=60))


class Visitors(threading.Thread):
    """People who ask all the time, each on a connection of their own; what they were answered."""

    def __init__(self, address, paths):
        super().__init__(daemon=True)
        self.host = urlsplit(address).netloc
        self.paths, self.answered, self.ended = paths, [], threading.Event()

    def run(self):
        while not self.ended.is_set():
            for path in self.paths:
                line = http.client.HTTPConnection(self.host, timeout=60)
                try:
                    line.request("GET", path)
                    self.answered.append((path, line.getresponse().status))
                except (OSError, http.client.HTTPException) as problem:
                    self.answered.append((path, repr(problem)))
                finally:
                    line.close()
            self.ended.wait(0.02)

    def end(self):
        self.ended.set()
        self.join(30)
