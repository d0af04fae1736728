"""The log of what was answered: JSON, one line each, on standard output.

JSON, because every collector of logs reads it unasked, numbers stay numbers, and no value can
break a line. What people read (warnings, incidents with their traceback) goes to standard error.

Lines are written twice a second by a thread of its own, so that nobody waits for a disk or a pipe;
a server that is killed loses the last half second of them.
"""

import json
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import TextIO

EVERY = 0.5  # Seconds.
MOST_WAITING = 50_000  # Lines, while nobody reads the pipe; then the oldest go.


class Lines:
    """The lines that wait to be written, and the thread that writes them."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out
        self._waiting: deque[tuple[float, str, float | None, int | None]]
        self._waiting = deque(maxlen=MOST_WAITING)
        self._ending = threading.Event()

    def add(self, what: str, seconds: float | None, release: int | None) -> None:
        """Note what happened just now; what is not known (None) is left out. For any thread.

        Args:
            what: What happened, from `said`.
            seconds: How long it took.
            release: The release that was current.
        """
        self._waiting.append((time.time(), what, seconds, release))

    @contextmanager
    def written(self) -> Iterator[None]:
        """Write what is added until the block ends."""
        self._ending.clear()
        thread = threading.Thread(target=self._run, name="write-log", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._ending.set()
            thread.join(EVERY * 4)

    def _run(self) -> None:
        while not self._ending.wait(EVERY):
            self._write()
        self._write()

    def _write(self) -> None:
        lines = []
        with suppress(IndexError):
            while True:
                lines.append(_line(*self._waiting.popleft()))
        if lines:
            out = self._out or sys.stdout
            with suppress(OSError, ValueError):  # The pipe is closed: nobody reads any more.
                out.write("".join(lines))
                out.flush()


def said(**values: str | int | None) -> str:
    """What happened, as the middle of a line of JSON."""
    known = {name: value for name, value in values.items() if value is not None}
    return json.dumps(known)[1:-1]


def _line(when: float, what: str, seconds: float | None, release: int | None) -> str:
    whole = int(when)
    line = f'{{"time": "{_moment(whole)}.{int(1000 * (when - whole)):03}+00:00", {what}'
    if seconds is not None:
        line += f', "ms": {1000 * seconds:.2f}'
    if release is not None:
        line += f', "release": {release}'
    return line + "}\n"


@lru_cache(maxsize=1)
def _moment(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).isoformat().removesuffix("+00:00")
