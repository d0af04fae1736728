"""How long each run of a page took and how it ended, for whoever watches this server.

A run of a fragment alone does not pass the frame: `part_of` notes it as a run of its page.
"""

import sys
import threading
from collections.abc import Callable
from functools import wraps
from time import perf_counter
from typing import ParamSpec, TypeVar

from server import watching
from ui import datasets, once

P = ParamSpec("P")
T = TypeVar("T")
FRAME = "frame"  # Until it is known which page it is.
_run = threading.local()  # A run is one thread's, from its beginning to its end.


def begin() -> None:
    """The frame begins to draw."""
    _run.began, _run.page = perf_counter(), FRAME
    once.begin()


def draws(page: str) -> None:
    """It is this page that is drawn."""
    _run.page = page


def end() -> None:
    """The run ends, well or because the visitor has clicked again. For a `finally`."""
    once.end()
    ending = sys.exception()
    if isinstance(ending, Exception):
        return  # `failed` will hear of it.
    _note("ok" if ending is None else "interrupted")


def part_of(page: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """For a fragment of this page: where it runs without the frame, it is a run by itself."""

    def noting(draw: Callable[P, T]) -> Callable[P, T]:
        @wraps(draw)
        def drawn(*args: P.args, **named: P.kwargs) -> T:
            if hasattr(_run, "began"):
                return draw(*args, **named)
            begin()
            draws(page)
            try:
                return draw(*args, **named)
            finally:
                end()

        return drawn

    return noting


def failed(incident: str) -> None:
    """The run ended with an error, logged under this number."""
    _note("failed", incident)


def _note(status: str, incident: str | None = None) -> None:
    began, page = getattr(_run, "began", None), getattr(_run, "page", FRAME)
    _run.__dict__.clear()
    seconds = None if began is None else perf_counter() - began
    watching.here().ran(page, status, seconds, _release(), incident)


def _release() -> int | None:
    try:
        return datasets.release()
    except Exception:  # Whoever watches must not break what is watched.
        return None
