"""Requests that other web sites make through a visitor's browser."""

import logging

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from server.errors import page

LOG = logging.getLogger("gcs")
READING = {"GET", "HEAD", "OPTIONS"}


class SameOrigin:
    """ASGI middleware that refuses what another site's page sends us.

    Streamlit compares an `Origin` header with this machine's public address, and asks an outside
    server for it. No request leaves this server, so the question is settled before it is asked:
    our own pages pass; another site's may read what anybody may read, and may not open a
    WebSocket or send anything.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        if not any(name == b"origin" for name, _ in scope["headers"]):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        ours = origin is None or origin.partition("://")[2] == headers.get("host")
        if scope["type"] == "websocket":
            if not ours:
                LOG.warning(
                    "Refused a WebSocket from a page of %.120r to host %.120r. If this is your own "
                    "proxy, let it pass on the Host header.",
                    origin,
                    headers.get("host"),
                )
                await WebSocketClose(code=1008)(scope, receive, send)
                return
        elif not ours and scope["method"] not in READING:
            await page(Request(scope, receive), 403)(scope, receive, send)
            return
        else:
            kept = [(name, text) for name, text in scope["headers"] if name != b"origin"]
            scope = {**scope, "headers": kept}
        await self.app(scope, receive, send)
