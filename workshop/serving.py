"""What the server runs of this package: its routes, and what goes on between its start and end."""

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import FrameType

from starlette.routing import BaseRoute

from workshop import phone, screen, site
from workshop.live import Live
from workshop.threads import give_way


def routes() -> list[BaseRoute]:
    """Every address of this package."""
    return [*phone.routes(site.here), *screen.routes(site.here)]


@asynccontextmanager
async def running() -> AsyncIterator[None]:
    """Look after the rooms until the block ends; what waits to be written is written then."""
    here = site.here()
    looking = asyncio.create_task(here.live.run(), name="look-at-rooms")
    try:
        with _told_of_the_end(here.live):
            yield
    finally:
        here.live.stop()
        await looking
        give_way(voting=False)
        await asyncio.to_thread(here.votes.close)
        site.here.cache_clear()


@contextmanager
def _told_of_the_end(live: Live) -> Iterator[None]:
    """End the screens' streams when the server is told to stop.

    It waits for every answer that is under way before it ends its lifespan, and these have no end.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}

    def stop(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(live.stop)
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    for each in before:
        signal.signal(each, stop)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
