"""What stays the same all through one run of a page, though it is asked for a hundred times.

Language, release and what every link carries come out of the visitor's address, and Streamlit's
proxy of that takes its time: without this, one seventh of the Story page.
"""

import threading
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

T = TypeVar("T")
_run = threading.local()  # A run is one thread's, from its beginning to its end.


def begin() -> None:
    """A run begins: nothing is known of it yet."""
    _run.known = {}


def end() -> None:
    """The run is over. What runs outside of the frame, a callback or a fragment, asks anew."""
    _run.__dict__.clear()


def once_in_a_run(work: Callable[[], T]) -> Callable[[], T]:
    """Work something out when a run first asks for it, and not again in that run."""

    @wraps(work)
    def known_or_worked_out() -> T:
        known: dict[Callable[[], Any], Any] | None = getattr(_run, "known", None)
        if known is None:
            return work()
        if work not in known:
            known[work] = work()
        found: T = known[work]
        return found

    return known_or_worked_out
