"""`/healthz`: is this process alive? `/readyz`: should it be sent visitors?

A proxy, a container or a test asks. `/healthz` says yes as long as anything is answered at all.
`/readyz` says yes while the newest release is known, the votes' database answers, and nobody has
told the server to stop; otherwise 503 and why. Both are looked at every five seconds by
one thread, whoever asks and however often.
"""

import asyncio
import logging
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from types import FrameType

from anyio import to_thread
from sqlalchemy import Connection, func, select
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

import gcs_data
from gcs_data.errors import GcsDataError
from server import api_data
from workshop import votes
from workshop.errors import VotesError
from workshop.room import LIVES
from workshop.tables import ROOMS

LOG = logging.getLogger("gcs")
EVERY = 5.0  # Seconds between two looks.
STALE = 20.0  # Seconds after which a look that does not end counts as no answer.
NOT_KEPT = {"Cache-Control": "no-store"}

NOT_LOOKED = "The server has not looked at its store and its votes database yet."
NO_ANSWER = "The store or the votes database has not answered for a while."
STOPPING = "The server was told to stop and takes no new visitors."
NO_STORE = "The store of releases cannot be read ({code})."
NO_VOTES = "The votes database cannot be read ({code})."


@dataclass
class Health:
    """What was found at the last look.

    Attributes:
        release: The newest release; None until the store was read.
        rooms: How many rooms are alive; None until the votes' database answered.
        draining: Whether the server was told to stop.
    """

    release: int | None = None
    rooms: int | None = None
    draining: bool = False
    clock: Callable[[], float] = time.monotonic
    _found: str = NOT_LOOKED
    _looked_at: float = float("-inf")

    def look(self) -> None:
        """Ask the store and the database. In a thread: they may be far away."""
        found = ""
        try:
            self.release = gcs_data.current(api_data.store())
        except GcsDataError as error:
            found = NO_STORE.format(code=error.code)
        try:
            self.rooms = _rooms_alive()
        except VotesError as error:
            self.rooms = None
            found = found or NO_VOTES.format(code=error.code)
        if found and found != self._found:
            LOG.warning("Not ready: %s", found)
        self._found, self._looked_at = found, self.clock()

    def problem(self) -> str:
        """Why no visitor should be sent here, as a sentence; empty where all is well."""
        if self.draining:
            return STOPPING
        late = self.clock() - self._looked_at > STALE
        return self._found or (NO_ANSWER if late else "")

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Look now, and again and again until the block ends."""
        await to_thread.run_sync(self.look)
        looking = asyncio.create_task(self._look_again(), name="look-at-health")
        try:
            yield
        finally:
            looking.cancel()

    async def _look_again(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            await to_thread.run_sync(self.look, abandon_on_cancel=True)

    @contextmanager
    def told_to_stop(self, seconds: float) -> Iterator[None]:
        """Say no to proxies when SIGTERM comes, and stop only so many seconds later.

        A second SIGTERM, and Ctrl+C, stop at once.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        loop, before = asyncio.get_running_loop(), signal.getsignal(signal.SIGTERM)

        def stop(number: int, frame: FrameType | None) -> None:
            wait = 0.0 if self.draining else seconds
            self.draining = True
            if not callable(before):
                return
            if wait:
                loop.call_soon_threadsafe(loop.call_later, wait, before, number, None)
            else:
                before(number, frame)

        signal.signal(signal.SIGTERM, stop)
        try:
            yield
        finally:
            signal.signal(signal.SIGTERM, before)


def routes(assets_ready: Callable[[], bool], health: Health) -> list[BaseRoute]:
    """Both addresses. They answer only after the warm start: nothing is served before that."""

    async def healthz(_request: Request) -> Response:
        assets = "ready" if assets_ready() else "compressing"
        return JSONResponse({"status": "ok", "assets": assets}, headers=NOT_KEPT)

    async def readyz(_request: Request) -> Response:
        if say := health.problem():
            return JSONResponse({"status": "not ready", "say": say}, 503, NOT_KEPT)
        return JSONResponse({"status": "ready", "release": health.release}, headers=NOT_KEPT)

    return [
        Route("/healthz", healthz, methods=["GET"]),
        Route("/readyz", readyz, methods=["GET"]),
    ]


def _rooms_alive() -> int:
    place = votes.here()
    since = place.clock() - LIVES
    asked = select(func.count()).select_from(ROOMS).where(ROOMS.c.used_at >= since)

    def count(connection: Connection) -> int:
        return connection.scalar(asked) or 0

    return place.read(count, 0)
