"""What tests of signing in share: requests with a body and a client, straight into an ASGI app."""

import asyncio
import os
import re
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from starlette.applications import Starlette

from server import accounts, errors
from server.signin import Door

PASSWORD = "three brown owls"


@dataclass
class Visitor:
    """A browser: it keeps cookies and says where it is."""

    app: object
    client: str = "127.0.0.1"
    host: str = "localhost:8501"
    scheme: str = "http"
    cookies: dict = field(default_factory=dict)

    def get(self, address, **headers):
        return self.ask("GET", address, b"", headers)

    def post(self, address, **fields):
        return self.ask("POST", address, urlencode(fields).encode(), {})

    def sign_in(self, name, password=PASSWORD, address="/signin?next=/manage"):
        return self.post(address, name=name, password=password)

    def ask(self, method, address, body, headers):
        path, _, query = address.partition("?")
        named = {"host": self.host} | {k.replace("_", "-"): v for k, v in headers.items()}
        named["cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": self.scheme,
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(name.encode(), text.encode()) for name, text in named.items()],
            "client": (self.client, 1),
            "server": ("127.0.0.1", 8501),
        }
        sent = []

        async def receive():
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message):
            sent.append(message)

        asyncio.run(self.app(scope, receive, send))
        answer = Reply(sent)
        for name, morsel in answer.set_cookies.items():
            self.cookies.pop(name, None)
            if morsel["max-age"] != "0":
                self.cookies[name] = morsel.value
        return answer


class Reply:
    """What came back."""

    def __init__(self, sent):
        self.status = sent[0]["status"]
        pairs = [(name.decode(), text.decode("latin-1")) for name, text in sent[0]["headers"]]
        self.headers = dict(pairs)
        self.set_cookies = SimpleCookie()
        for name, text in pairs:
            if name == "set-cookie":
                self.set_cookies.load(text)
        self.text = b"".join(message.get("body", b"") for message in sent[1:]).decode()


def served(door):
    """Our own addresses, as the server has them."""
    return Starlette(routes=list(door.routes()), exception_handlers=errors.HANDLERS)


def server(address="localhost", **more):
    """A door and a visitor in front of it."""
    door = Door(address, **more)
    return door, Visitor(served(door))


def add(name="Ana", role="staff", password=PASSWORD):
    accounts.add(name, role, password)


class Clock:
    """Time that passes when the test says so."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def printed(text):
    """The path of the sign-in link in what was printed."""
    return re.search(r"http://localhost:\d+(/signin/link/\S+)", text)[1]


def age(folder, seconds):
    """Let time pass since every sign-in was last used."""
    then = time.time() - seconds
    for path in (folder / "sessions").iterdir():
        os.utime(path, (then, then))
