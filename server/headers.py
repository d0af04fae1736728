"""The security headers that go out with every response, errors included.

The Content-Security-Policy lets the browser run our own scripts and talk to our own server, and
nothing else. Streamlit's page has a small inline script; its hash is taken from the installed
file, so that an update of Streamlit needs no change here.
"""

import base64
import hashlib
import re
from functools import lru_cache
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?", re.ASCII)

FIXED = {
    "X-Content-Type-Options": "nosniff",
    # An address holds what a visitor chose; other sites need not know.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
# Browsers ignore this one without HTTPS, and say so in the console of every visitor.
WITH_HTTPS = {"Cross-Origin-Opener-Policy": "same-origin"}


def inline_script_hashes(page: str) -> list[str]:
    """The CSP source of every script that is written inside a page."""
    digests = (hashlib.sha256(code.encode()).digest() for code in INLINE_SCRIPT.findall(page))
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def content_security_policy(host: str, hashes: list[str], frame_ancestors: str) -> str:
    """The policy for a page that was asked for under this host name.

    WebSockets are named with their host: some browsers do not count them as 'self', and a bare
    `wss:` would let a page talk to anybody.
    """
    sockets = [f"ws://{host}", f"wss://{host}"] if HOST.fullmatch(host) else []
    return "; ".join(
        [
            "default-src 'self'",
            " ".join(["script-src 'self' 'wasm-unsafe-eval'", *hashes]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            " ".join(["connect-src 'self'", *sockets]),
            "worker-src 'self' blob:",
            "base-uri 'self'",
            "object-src 'none'",
            "form-action 'self'",
            f"frame-ancestors {frame_ancestors}",
        ]
    )


class SecurityHeaders:
    """ASGI middleware that adds the headers; one that a response already has is left alone."""

    def __init__(self, app: ASGIApp, index: Path, frame_ancestors: str) -> None:
        self.app = app
        hashes = inline_script_hashes(index.read_text(encoding="utf-8"))

        @lru_cache(maxsize=64)  # Bounded, because a client writes the Host header.
        def ready(host: str, private: bool) -> tuple[tuple[bytes, bytes], ...]:
            policy = content_security_policy(host, hashes, frame_ancestors)
            fixed = FIXED | WITH_HTTPS if private else FIXED
            named = {"Content-Security-Policy": policy} | fixed
            return tuple((k.lower().encode(), v.encode("latin-1")) for k, v in named.items())

        self._ready = ready

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        private = scope["scheme"] == "https" or host.partition(":")[0] == "localhost"
        ours = self._ready(host, private)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                there = {name for name, _ in headers}
                headers += [header for header in ours if header[0] not in there]
                message = {**message, "headers": headers}
            await send(message)

        await self.app(scope, receive, send_with_headers)
