"""The pattern of an address, such as `/vote/{code}`: what may be written down of it."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from starlette.routing import BaseRoute, Mount, Route, compile_path

OTHER = "other"
# Streamlit makes its routes only once it runs. Of a page, its name is no secret, but whoever asks
# can write anything there, and each new text would be a new figure for ever.
STREAMLIT = (
    "/",
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/stream",
    "/_stcore/upload_file/{path:path}",
    "/media/{path:path}",
    "/static/{path:path}",
    "/{page}",
)


def pattern_of(routes: Iterable[BaseRoute]) -> Callable[[str], str]:
    """A function that tells the pattern of an address, or `other` where there is none.

    Args:
        routes: Our own, in their order. A mount at `/` is Streamlit, whose addresses are known.
    """
    known = [compile_path(path)[:2] for path in (*_paths(routes), *STREAMLIT)]

    @lru_cache(maxsize=1024)  # Bounded, because a visitor writes the address.
    def pattern(path: str) -> str:
        return next((shown for regex, shown in known if regex.match(path)), OTHER)

    return pattern


def _paths(routes: Iterable[BaseRoute], before: str = "") -> Iterator[str]:
    for route in routes:
        if isinstance(route, Route):
            yield before + route.path
        elif isinstance(route, Mount) and route.path:
            yield from _paths(route.routes, before + route.path)
            yield before + route.path + "/{path:path}"
