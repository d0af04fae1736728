"""The first picture of a page, before the scripts: title, sentence and chart in Streamlit's page.

It is also what a search engine, a link preview and a visitor without JavaScript read. It can only
help: where it cannot be made, or not in time, Streamlit's page goes out as it is.
"""

import gzip
import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import brotli
from anyio import CapacityLimiter, fail_after, to_thread
from anyio.lowlevel import RunVar
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

import gcs_data
import settings
from gcs_data.errors import GcsDataError
from server import (
    api_data,
    preview_asked,
    preview_compare,
    preview_country,
    preview_overview,
    preview_page,
    preview_story,
    preview_world,
)
from server.negotiation import best_encoding, same_tag
from server.preview_view import Shown, View
from words import Words, words

LOG = logging.getLogger("gcs")
ADDRESSES = frozenset(f"/{page}" for page in preview_page.names(words()))
KEPT = 256  # Pages in memory: bounded, because anybody can write an address.
THREADS = 2
SECONDS = 3.0  # A visitor gets the page as it is rather than wait behind a crawler.
_limiter: RunVar[CapacityLimiter] = RunVar("first pictures")

PICTURES: Mapping[str, Callable[[View, Words], Shown]] = {
    "": preview_overview.overview,
    "story": preview_story.story,
    "compare": preview_compare.compare,
    "country": preview_country.country,
    "map": preview_world.world,
}
COMPRESSED: Mapping[str, Callable[[bytes], bytes]] = {
    "br": lambda page: brotli.compress(page, quality=6),
    "gzip": lambda page: gzip.compress(page, 6, mtime=0),
}


@dataclass(frozen=True)
class Site:
    """What a page depends on beside its address."""

    store: gcs_data.Store
    illustrative: bool
    public: str


@dataclass(frozen=True)
class Packed:
    """A page as it is sent."""

    body: bytes
    tag: str


class FirstPictures:
    """ASGI middleware that answers for the pages; everything else, and every failure, passes.

    Args:
        app: Whoever answers otherwise.
        index: Streamlit's page.
    """

    def __init__(self, app: ASGIApp, index: Path) -> None:
        self.app = app
        self.index = index.read_text(encoding="utf-8")
        for place in preview_page.missing(self.index):
            LOG.error("Streamlit's page has nothing like %s: no first picture there.", place)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}
        if not asked or scope["path"] not in ADDRESSES:
            await self.app(scope, receive, send)
            return
        limiter = _limiter.get(None)
        if limiter is None:
            limiter = CapacityLimiter(THREADS)
            _limiter.set(limiter)
        try:
            with fail_after(SECONDS):
                response: ASGIApp = await to_thread.run_sync(
                    self.answer, Request(scope), abandon_on_cancel=True, limiter=limiter
                )
        except TimeoutError:
            LOG.warning("A first picture was not ready in time.")
            response = self.app
        except Exception:  # Whatever it is, the page itself must come.
            LOG.exception("A first picture failed.")
            response = self.app
        await response(scope, receive, send)

    def answer(self, request: Request) -> Response:
        """The page for a request, or that the browser has it already."""
        page = request.url.path.removeprefix("/")
        encoding = best_encoding(request.headers.get("accept-encoding", ""), list(COMPRESSED)) or ""
        embedded = request.query_params.get("embed", "").lower() == "true"
        site = Site(api_data.store(), settings.illustrative(), settings.public_url())
        try:
            view, notices = preview_asked.view(request, page)
            make = packed.__wrapped__ if notices else packed  # What anybody can write is not kept.
            made = make(site, self.index, view, notices, not embedded, encoding)
        except GcsDataError as error:  # The page says the same, in its own words.
            LOG.warning("No first picture: %s", error)
            bare = View(page, preview_asked.language(request), 0, 0)
            made = packed(site, self.index, bare, (), False, encoding)
        headers = {
            "ETag": made.tag,
            "Cache-Control": "no-cache",
            "Vary": "Accept-Encoding, Accept-Language",
        }
        if same_tag(made.tag, request.headers.get("if-none-match", "")):
            return Response(status_code=304, headers=headers)
        if encoding:
            headers["Content-Encoding"] = encoding
        return Response(made.body, headers=headers, media_type="text/html")


@lru_cache(maxsize=KEPT)
def packed(
    site: Site, index: str, view: View, notices: tuple[str, ...], drawn: bool, encoding: str
) -> Packed:
    """The page of a view, compressed; with its first picture if it is to be drawn and has one.

    Raises:
        GcsDataError: If the release cannot be opened.
    """
    t = words(view.language)
    if drawn and view.page in PICTURES:
        shown = PICTURES[view.page](view, t)
    else:
        shown = Shown(preview_page.names(t)[view.page], _about(t))
    page = preview_page.whole(index, view, shown, notices, site.public, t).encode()
    digest = hashlib.sha256(page).hexdigest()[:32]
    tag = f'"{digest}-{encoding}"' if encoding else f'"{digest}"'
    return Packed(COMPRESSED[encoding](page) if encoding else page, tag)


def _about(t: Words) -> str:
    return t(
        "Cyber projects that do good, what makes them work, and where they spread: an "
        "initiative of "
        "nine governments and the European Union. Find one that works somewhere like home, and "
        "replicate it."
    )
