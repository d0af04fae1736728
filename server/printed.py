"""A story as a page to print, `/print?story=ID`: plain HTML, no script, nothing from elsewhere.

It is printed from the browser's own print. The address may say what that of the story's page may:
`release`, `lang`, `genes` and `ratings`.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

import gcs_data
from exports import cite
from gcs_data import query
from gcs_data.errors import TEMPLATES, GcsDataError, UnknownReleaseError, near_misses
from server import api_data, printed_page
from server.headers import HOST
from server.printed_story import Sheet
from words import DEFAULT_LANGUAGE, LANGUAGES, Words, words

ADDRESS = "/print"
GENE_SETS = ("default", "all")
CARRIED = ("story", "release", "lang", "genes", "ratings")
LONGEST_SHOWN = 80
THREADS = 2  # Drawing takes a third of a second, and the pages come first.
_limiter: RunVar[CapacityLimiter] = RunVar("print pages")


class RefusedError(Exception):
    """An address that has no print page.

    Attributes:
        status: Of the answer.
        sentence: What is wrong.
        near: What may have been meant instead: names, each with the parameter that asks for it.
    """

    def __init__(
        self, status: int, sentence: str, near: Mapping[str, Mapping[str, str]] | None = None
    ) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.near = status, sentence, near or {}


def route() -> Route:
    """The print page's address."""
    small = Middleware(GZipMiddleware, minimum_size=1024)
    return Route(ADDRESS, printed, methods=["GET"], middleware=[small])


async def printed(request: Request) -> Response:
    """The page, made in a thread of its own."""
    limiter = _limiter.get(None)
    if limiter is None:
        limiter = CapacityLimiter(THREADS)
        _limiter.set(limiter)
    return await to_thread.run_sync(answer, request, limiter=limiter)


def answer(request: Request) -> Response:
    """The page, or what is wrong with its address and the way back."""
    t = words(_language(request))
    status, near = 200, {}
    try:
        page = _page(request, t)
    except RefusedError as refused:
        status = refused.status
        near = {name: _link("print", request, **asked) for name, asked in refused.near.items()}
        page = printed_page.refused(refused.sentence, near, t)
    except UnknownReleaseError as error:
        status, near = 404, {t("Go to today"): _link("print", request, release="")}
        page = printed_page.refused(t(TEMPLATES[error.code], **error.values), near, t)
    except GcsDataError as error:
        status = 503
        page = printed_page.refused(t(TEMPLATES[error.code], **error.values), near, t)
    return HTMLResponse(page, status, {"Cache-Control": "no-store"})  # It names the day.


def _page(request: Request, t: Words) -> str:
    if (asked := _asked(request, "lang")) and asked not in LANGUAGES:
        raise _unknown(400, "lang", asked, LANGUAGES, t)
    sheet = _sheet(request, t)
    view = cite.View(
        kind="story",
        ids=(sheet.story_id,),
        title=sheet.facts()["title"],
        address=_origin(request) + _link("story", request).removeprefix("."),
        release=sheet.release,
        accessed=datetime.now(UTC).date(),
        published=_published(sheet.release),
        sources=(sheet.facts()["source_url"],),
    )
    return printed_page.story(
        sheet,
        view,
        back=_link("story", request),
        here=_origin(request) + _link("print", request).removeprefix("."),
        t=t,
    )


def _sheet(request: Request, t: Words) -> Sheet:
    """What the address asks for.

    Raises:
        RefusedError: If it names something that there is not.
        GcsDataError: If there is no such release, or it cannot be opened.
    """
    release = _release(_asked(request, "release"))
    stories = api_data.frame("stories", release)
    titles = dict(zip(stories["story_id"], stories["title"], strict=True))
    story_id = _asked(request, "story")
    if not story_id:
        raise RefusedError(400, t("This address names no story."))
    if story_id not in titles:
        raise _unknown(404, "story", story_id, titles, t)
    genes = _asked(request, "genes") or GENE_SETS[0]
    if genes not in GENE_SETS:
        raise _unknown(400, "genes", genes, dict(zip(GENE_SETS, GENE_SETS, strict=True)), t)
    counts = api_data.frame("rating_counts", release)
    series = query.series_by_name(query.rating_series(counts, story_id))
    name = _asked(request, "ratings") or next(iter(series), "")
    if name and name not in series:
        raise _unknown(400, "ratings", name, dict(zip(series, series, strict=True)), t)
    provenance, occasion_id = series.get(name, ("", ""))
    return Sheet(release, story_id, provenance, occasion_id, genes == "default", t.language)


def _unknown(
    status: int, name: str, value: str, known: Mapping[str, str], t: Words
) -> RefusedError:
    """What there is not, with what looks like it by its id or by what people call it."""
    value = value[:LONGEST_SHOWN]
    by_label = {label.casefold(): each for each, label in known.items()}
    near = near_misses(value, known) or [
        by_label[label] for label in near_misses(value.casefold(), by_label)
    ]
    return RefusedError(
        status,
        t("There is no {name} called “{value}”.", name=name, value=value),
        {f"{known[each]} ({each})": {name: each} for each in near},
    )


def _release(asked: str) -> int:
    newest = gcs_data.current(api_data.store())
    if not asked:
        return newest
    if not (asked.isascii() and asked.isdigit() and len(asked) < 9 and int(asked) <= newest):
        raise UnknownReleaseError(f"“{asked[:40]}”", newest)
    return int(asked)


def _asked(request: Request, name: str) -> str:
    return next(iter(request.query_params.getlist(name)), "")


def _language(request: Request) -> str:
    """The language of the address, else of the browser, else English."""
    asked = _asked(request, "lang")
    if not asked:
        asked = request.headers.get("accept-language", "").partition(",")[0].partition("-")[0]
    return asked.lower() if asked.lower() in LANGUAGES else DEFAULT_LANGUAGE


def _link(page: str, request: Request, **changed: str) -> str:
    """A page of ours that shows what this address asks for; relative, for any proxy."""
    kept = {name: _asked(request, name) for name in CARRIED} | changed
    query_string = urlencode({name: value for name, value in kept.items() if value})
    return f"./{page}" + (f"?{query_string}" if query_string else "")


def _origin(request: Request) -> str:
    host = request.headers.get("host", "")
    return f"{request.url.scheme}://{host if HOST.fullmatch(host) else 'localhost'}"


def _published(number: int) -> date | None:
    when = next((each.when for each in api_data.history() if each.number == number), "")
    return date.fromisoformat(when[:10]) if when else None
