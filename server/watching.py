"""Who watches this server: a line for each answer and each run of a page, and figures.

A line is JSON on standard output:

    {"time": …, "kind": "request", "method": "POST", "route": "/vote/{code}", "status": 200, …}
    {"time": …, "kind": "socket", "route": "/_stcore/stream", "status": 101, …}
    {"time": …, "kind": "run", "page": "story", "status": "failed", "incident": "K7QX-2MPD", …}
    {"time": …, "kind": "publish", "status": "published", …}

with "ms" and "release": the newest one or, for a run, the one that the visitor looked at. "ms" is
the whole answer, to its last byte. No line and no figure holds a visitor's address, a name, a
cookie, a query or a room's code: an address is told by its route's pattern (`server.patterns`).
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache

import settings
from gcs_data.errors import GcsDataError
from server.health import Health
from server.log_lines import Lines, said
from server.memory import resident_bytes
from server.metrics import SECONDS, Counter, Histogram, Metric, Reading

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
ASKED_ALL_THE_TIME = {"/healthz", "/readyz"}  # By a proxy: a line only when the answer is no.
BALLOT, SAVED = ("POST", "/vote/{code}"), {200, 303}
GROUPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)


class Watch:
    """The figures of this process, and its lines. For any thread."""

    def __init__(self, lines: Lines | None, health: Health) -> None:
        self.lines = lines
        self.health = health
        self.sockets = 0
        self.requests = Counter(
            "gcs_requests_total", "Answers by route and status.", ("method", "route", "status")
        )
        self.request_seconds = Histogram(
            "gcs_request_seconds", "Until an answer began.", SECONDS, ("route",)
        )
        self.runs = Counter(
            "gcs_script_runs_total", "Runs of a page, and how they ended.", ("page", "status")
        )
        self.run_seconds = Histogram(
            "gcs_script_run_seconds", "How long a page ran.", SECONDS, ("page",)
        )
        self.publishes = Counter(
            "gcs_publishes_total", "Publishes and undos, and how they ended.", ("status",)
        )
        self.groups = Histogram(
            "gcs_ballots_per_commit", "Ballots made durable by one transaction.", GROUPS
        )
        self.lag = Histogram("gcs_loop_lag_seconds", "How late the event loop was.", SECONDS)

    def answered(
        self, method: str, route: str, status: int, began_after: float, lasted: float
    ) -> None:
        """Note an answer. Status 0: none was given.

        Args:
            method, route, status: Of the request; the route as its pattern.
            began_after: Seconds until the answer began.
            lasted: Seconds until it was whole.
        """
        method = method if method in METHODS else "other"
        self.requests.add(method, route, status)
        self.request_seconds.add(began_after, route)
        if self.lines is not None and not (status == 200 and route in ASKED_ALL_THE_TIME):
            self.lines.add(_request(method, route, status), lasted, self.health.release)

    def hung_up(self, route: str, status: int, lasted: float) -> None:
        """Note the end of a WebSocket; status 101 if it was ever open."""
        self.requests.add("GET", route, status)
        self._say(lasted, self.health.release, kind="socket", route=route, status=status)

    def ran(
        self,
        page: str,
        status: str,
        seconds: float | None,
        release: int | None,
        incident: str | None = None,
    ) -> None:
        """Note a run of a page: `ok`, `interrupted` by the visitor's next click, or `failed`."""
        self.runs.add(page, status)
        if seconds is not None:
            self.run_seconds.add(seconds, page)
        self._say(seconds, release, kind="run", page=page, status=status, incident=incident)

    def published(self, status: str, seconds: float) -> None:
        """Note a publish: `published`, or the code of what was in its way."""
        self.publishes.add(status)
        self._say(seconds, self.health.release, kind="publish", status=status)

    @contextmanager
    def publishing(self) -> Iterator[None]:
        """Note how the publish or undo inside this block ends."""
        began, status = time.perf_counter(), "failed"
        try:
            yield
            status = "published"
        except GcsDataError as error:
            status = error.code
            raise
        finally:
            self.published(status, time.perf_counter() - began)

    def metrics(self) -> Iterable[Metric]:
        """Every figure."""
        health = self.health
        return (
            self.requests,
            self.request_seconds,
            self.runs,
            self.run_seconds,
            self.publishes,
            Reading("gcs_ballots_total", "Ballots acknowledged.", self._ballots, "counter"),
            self.groups,
            self.lag,
            Reading("gcs_sessions_open", "Open WebSockets of pages.", lambda: self.sockets),
            Reading("gcs_rooms_live", "Rooms that are not over.", lambda: health.rooms),
            Reading("gcs_release", "The newest release.", lambda: health.release),
            Reading("gcs_ready", "1 if /readyz says yes.", lambda: float(not health.problem())),
            Reading("gcs_resident_bytes", "Memory of this process.", resident_bytes),
        )

    def _ballots(self) -> int:
        return self.requests.total(
            lambda method, route, status: (method, route) == BALLOT and status in SAVED
        )

    def _say(self, seconds: float | None, release: int | None, **values: str | int | None) -> None:
        if self.lines is not None:
            self.lines.add(said(**values), seconds, release)


@lru_cache(maxsize=1024)  # There are far fewer; a ballot is not the time to write JSON.
def _request(method: str, route: str, status: int) -> str:
    return said(kind="request", method=method, route=route, status=status)


@lru_cache(maxsize=1)
def here() -> Watch:
    """Who watches this process."""
    return Watch(Lines() if settings.request_log() else None, Health())
