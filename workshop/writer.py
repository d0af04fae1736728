"""One thread that writes, in groups: what waits while one transaction is made durable is the next.

A ballot waits for one disk sync and shares it with every other that waits. Changes that are no
ballots (a command, a paper ballot) have a transaction each, in the order in which they came.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, suppress
from itertools import groupby
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import Connection

LOG = logging.getLogger("gcs")
T = TypeVar("T")
Item = TypeVar("Item")
Result = TypeVar("Result")
MOST_AT_ONCE = 500
GATHERING = 0.008  # Seconds in which others may come along: a sync costs as much as many ballots.
PATIENCE = 30.0  # Seconds that somebody waits for a change.

Change = Callable[[Connection], Any]


class Writer(Generic[Item, Result]):
    """The thread, started by the first write.

    Args:
        begin: Begins a transaction that commits at the end of its block.
        count: Writes a group of items in one transaction; a result for each.
    """

    def __init__(
        self,
        begin: Callable[[], AbstractContextManager[Connection]],
        count: Callable[[Connection, Sequence[Item]], Sequence[Result]],
    ) -> None:
        self._begin = begin
        self._count = count
        # An item with who waits for it in an event loop, or a change with who waits in a thread.
        self._queue: SimpleQueue[
            tuple[Item, asyncio.Future[Result]] | tuple[Change, Future[Any]] | None
        ] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self.wrote: Callable[[int], object] = lambda n: (
            None
        )  # Told how many became durable at once.

    @property
    def waiting(self) -> int:
        """How much waits to be written."""
        return self._queue.qsize()

    async def cast(self, item: Item) -> Result:
        """Write an item with whatever else waits; it is durable once this returns."""
        waiting: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._put((item, waiting))
        return await waiting

    def call(self, change: Callable[[Connection], T]) -> T:
        """Make a change in a transaction of its own; it is durable once this returns.

        Raises:
            TimeoutError: If nothing was written for half a minute; the change was not made.
            Exception: What the change raises; then nothing of it was written.
        """
        waiting: Future[T] = Future()
        self._put((change, waiting))
        try:
            return waiting.result(PATIENCE)
        except TimeoutError:
            if waiting.cancel():
                raise
            return waiting.result()  # It is being written at this very moment.

    def soon(self, change: Change) -> None:
        """Make a change when there is time. If it fails, the log says so."""

        def failed(done: Future[Any]) -> None:
            if problem := done.exception():
                LOG.warning("Not written: %s", type(problem).__name__)

        waiting: Future[Any] = Future()
        waiting.add_done_callback(failed)
        self._put((change, waiting))

    def close(self) -> None:
        """Write what is waiting, and end the thread."""
        with self._starting:
            thread, self._thread = self._thread, None
        if thread:
            self._queue.put(None)
            thread.join(PATIENCE)

    def _put(self, entry: tuple[Item, asyncio.Future[Result]] | tuple[Change, Future[Any]]) -> None:
        if self._thread is None:
            with self._starting:
                if self._thread is None:
                    self._thread = threading.Thread(
                        target=self._run, name="write-ballots", daemon=True
                    )
                    self._thread.start()
        self._queue.put(entry)

    def _run(self) -> None:
        ended = False
        while not ended:
            waiting = [self._queue.get()]
            time.sleep(GATHERING)
            with suppress(Empty):
                while len(waiting) < MOST_AT_ONCE:
                    waiting.append(self._queue.get_nowait())
            ended = None in waiting
            entries = [entry for entry in waiting if entry is not None]
            for is_change, group in groupby(entries, lambda e: isinstance(e[1], Future)):
                if is_change:
                    for change, future in cast("list[tuple[Change, Future[Any]]]", list(group)):
                        self._make(change, future)
                else:
                    self._write(cast("list[tuple[Item, asyncio.Future[Result]]]", list(group)))

    def _make(self, change: Change, future: Future[Any]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            with self._begin() as connection:
                result = change(connection)
        except BaseException as problem:  # Whoever waits must hear of it.
            future.set_exception(problem)
        else:
            future.set_result(result)

    def _write(self, group: Sequence[tuple[Item, asyncio.Future[Result]]]) -> None:
        results: Sequence[Result | BaseException]
        try:
            with self._begin() as connection:
                results = self._count(connection, [item for item, _ in group])
        except BaseException as problem:  # The same.
            LOG.error("%d ballots were not written: %s", len(group), problem)
            results = [problem] * len(group)
        else:
            self.wrote(len(group))
        futures = [future for _, future in group]
        for loop in {future.get_loop() for future in futures}:
            answers = zip(futures, results, strict=True)
            mine = [(future, result) for future, result in answers if future.get_loop() is loop]
            with suppress(RuntimeError):  # The loop is closed: nobody waits any more.
                loop.call_soon_threadsafe(_answer, mine)


def _answer(answered: Sequence[tuple[asyncio.Future[Any], Any]]) -> None:
    for future, result in answered:
        if future.done():  # The phone has gone away meanwhile.
            continue
        if isinstance(result, BaseException):
            future.set_exception(result)
        else:
            future.set_result(result)
