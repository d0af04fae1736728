"""What pages work out once and show many times: sentences, tables and lists from the data."""

from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

import settings
from ui import datasets, parts
from ui.address import carried

P = ParamSpec("P")
T = TypeVar("T")
MOST = 256  # Of each function, in memory: every story in every language, and no crawler's whims.


def kept(work: Callable[P, T]) -> Callable[P, T]:
    """Keep what a function returns, by its arguments and by what its visitor looks at.

    For work that depends on its arguments, the data, and what every link carries, and on nothing
    else of a visitor. Arguments are ids, numbers, `Words` or frozen records, never frames; a record
    that holds frames is compared by identity, and is itself kept. What comes back is shared: never
    change it.
    """

    def looks_at(*_args: Any, **_named: Any) -> Hashable:
        # A link that reports a mistake holds the address of the very view.
        view = parts.full_address() if settings.report_url() else ""
        return (datasets.edition(), *carried().items(), view)

    return _kept(work, looks_at)


def kept_of_release(work: Callable[P, T]) -> Callable[P, T]:
    """The same for work without links whose first argument names its release, as `release`.

    It needs no visitor, so a file that is made when somebody presses a button can use it.
    """

    def looks_at(of: Any, *_args: Any, **_named: Any) -> Hashable:
        return datasets.edition(of.release)

    return _kept(work, looks_at)


def _kept(work: Callable[P, T], looks_at: Callable[..., Hashable]) -> Callable[P, T]:
    @lru_cache(maxsize=MOST)
    def at(_looks_at: Hashable, *args: Any, **named: Any) -> Any:
        return work(*args, **named)

    again: Callable[..., Any] = at

    @wraps(work)
    def keeping(*args: P.args, **named: P.kwargs) -> T:
        found: T = again(looks_at(*args, **named), *args, **named)
        return found

    return keeping
