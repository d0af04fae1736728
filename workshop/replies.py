"""What phones are answered: pages, a few words for their script, and never more than they need."""

from collections.abc import Mapping
from gzip import compress, decompress

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from server.negotiation import best_encoding
from words import Words
from workshop import pages
from workshop.asking import by_script
from workshop.errors import WorkshopError, sentence
from workshop.site import Site
from workshop.voters import COOKIE, KEPT_SECONDS

STATUS = {
    "unknown_room": 404,
    "ended": 410,
    "moved_on": 409,
    "not_open": 409,
    "paused": 409,
    "closed": 409,
    "no_cookie": 403,
    "not_yours": 403,
    "not_now": 409,
    "seen_already": 409,
    "too_large": 413,
    "too_fast": 429,
    "votes_unwritable": 503,
    "votes_unreadable": 503,
}
UNREADABLE = 422  # Everything else that is wrong with what was sent.
AGAIN = {"Retry-After": "2"}
NOTHING_RUNS = "default-src 'none'; frame-ancestors 'none'"


def refused(request: Request, error: WorkshopError, t: Words) -> Response:
    """What is wrong, for the script or as a page."""
    say, status = sentence(error, t), status_of(error)
    headers = AGAIN if status in (429, 503) else {}
    if by_script(request):
        return json({"code": error.code, "say": say}, status, headers)
    page = pages.enter(t, say, up="../") if status == 404 else pages.refusal(t, say)
    response = html(request, page, status)
    response.headers.update(headers)
    return response


def status_of(error: WorkshopError) -> int:
    """The status of an answer that says what is wrong."""
    return STATUS.get(error.code, UNREADABLE)


class Saved(Response):
    """What a script is told of a ballot, with as little ado as possible."""

    def __init__(self, saved: bool, number: int) -> None:
        self.status_code = 200 if saved else 409
        self.body = b'{"saved":%s,"number":%d}' % (b"true" if saved else b"false", number)
        self.background = None
        self.raw_headers = [(b"content-length", b"%d" % len(self.body)), *_SHORT]


_SHORT = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", NOTHING_RUNS.encode()),
]


def json(
    content: Mapping[str, object], status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A few words for the script."""
    ours = {"Cache-Control": "no-store", "Content-Security-Policy": NOTHING_RUNS}
    return JSONResponse(content, status, {**ours, **(headers or {})})


def html(request: Request, page: str, status: int = 200) -> Response:
    """A page."""
    return packed(request, compress(page.encode(), 6, mtime=0), status)


def packed(request: Request, page: bytes, status: int = 200) -> Response:
    """A compressed page, for a browser that can expand it or not."""
    headers = {
        "Cache-Control": "private, no-cache",
        "Content-Security-Policy": pages.policy(),
        "Vary": "Accept-Encoding",
    }
    if best_encoding(request.headers.get("accept-encoding", ""), ["gzip"]):
        headers["Content-Encoding"] = "gzip"
    else:
        page = decompress(page)
    return Response(page, status, headers, "text/html")


def see(address: str) -> Response:
    """Send the browser elsewhere, by a path that also holds behind a proxy's prefix."""
    return RedirectResponse(address, 303, {"Cache-Control": "no-store"})


def give_cookie(site: Site, request: Request, response: Response) -> None:
    """Let a browser vote."""
    response.set_cookie(
        COOKIE,
        site.voters.new_cookie(),
        max_age=KEPT_SECONDS,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",  # Strict would be missing when a chat's link opens the page again.
    )
