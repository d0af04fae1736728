"""What every request passes first, so that none is missed, and what watches besides."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

import settings
from server import metrics, patterns, watching
from server.watching import Watch
from workshop import votes

LAG_EVERY = 0.5  # Seconds.
SWITCHED = 101  # HTTP's own status of a WebSocket that was opened.
REFUSED = 403


class Watched:
    """ASGI middleware, the outermost: notes every answer, and adds six microseconds to it."""

    def __init__(self, app: ASGIApp, watch: Watch) -> None:
        self.app = app
        self._watch = watch
        self._pattern: Callable[[str], str] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._request(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _route(self, scope: Scope) -> str:
        """The pattern of an address, asked for before others write into the scope."""
        if self._pattern is None:
            self._pattern = patterns.pattern_of(scope["app"].routes)
        return self._pattern(scope["path"])

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, began = 0, perf_counter()
        answered, route = began, self._route(scope)

        async def watched_send(message: Message) -> None:
            nonlocal status, answered
            if message["type"] == "http.response.start":
                status, answered = message["status"], perf_counter()
            await send(message)

        try:
            await self.app(scope, receive, watched_send)
        finally:
            self._watch.answered(
                scope["method"],
                route,
                status,
                answered - began,
                perf_counter() - began,
            )

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, began, route = REFUSED, perf_counter(), self._route(scope)

        async def watched_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "websocket.accept":
                status = SWITCHED
                self._watch.sockets += 1
            await send(message)

        try:
            await self.app(scope, receive, watched_send)
        finally:
            if status == SWITCHED:
                self._watch.sockets -= 1
            self._watch.hung_up(route, status, perf_counter() - began)


@asynccontextmanager
async def running() -> AsyncIterator[None]:
    """Watch until the block ends: health, the event loop, the log, and who asks for figures."""
    watch = watching.here()
    votes.here().tell(watch.groups.add)
    with (
        listening(settings.metrics(), lambda: metrics.text(watch.metrics())),
        watch.health.told_to_stop(settings.drain_seconds()),
    ):
        late = asyncio.create_task(_lateness(watch), name="look-at-the-loop")
        try:
            async with watch.health.watched():
                if watch.lines is None:
                    yield
                else:
                    with watch.lines.written():
                        yield
        finally:
            late.cancel()


async def _lateness(watch: Watch) -> None:
    while True:
        began = perf_counter()
        await asyncio.sleep(LAG_EVERY)
        watch.lag.add(max(0.0, perf_counter() - began - LAG_EVERY))


@contextmanager
def listening(address: tuple[str, int] | None, text: Callable[[], str]) -> Iterator[int | None]:
    """Answer `GET /metrics` on an address of its own until the block ends; gives its port.

    In threads: figures are wanted most when the event loop hangs.

    Raises:
        SettingError: If nobody can listen there.
    """
    if address is None:
        yield None
        return

    class Answering(BaseHTTPRequestHandler):
        timeout = 5  # Seconds that a client may take to ask.

        def do_GET(self) -> None:
            """Answer."""
            known = self.path == "/metrics"
            body = text().encode() if known else b"The figures are at /metrics.\n"
            self.send_response(200 if known else 404)
            self.send_header("Content-Type", metrics.TYPE if known else "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing: Prometheus asks every few seconds."""

    try:
        server = ThreadingHTTPServer(address, Answering)
    except OSError as problem:
        allowed = f"an address that is free here ({problem.strerror})"
        raise settings.SettingError("GCS_METRICS", f"{address[0]}:{address[1]}", allowed) from None
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, name="answer-metrics", daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
