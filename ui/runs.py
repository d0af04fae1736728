"""How long each run of a page took and how it ended, for whoever watches this server.

A run of a fragment alone does not pass the frame and is not noted; the requests of its visitor are.
"""

import sys
import threading
from time import perf_counter

from server import watching
from ui import datasets, once

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
