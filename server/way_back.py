"""Where a visitor goes after signing in or out: back to where they came from, and nowhere else."""

import re
from urllib.parse import quote, unquote, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

HOME, STAFF_PAGE = "/", "/manage"
COOKIE = "gcs_back"
KEPT = 3600  # Seconds.
LONGEST = 2000
# A page of ours and what was chosen on it. No dot, colon, backslash, second slash or percent sign
# can stand in the path, so no other reading of it leads elsewhere.
PAGE = re.compile(r"/[a-z]{0,30}(\?[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*)?", re.ASCII)
NOT_PAGES = {"/signin", "/signout"}


def page(address: str, default: str = HOME) -> str:
    """This address if it is one of our own pages, else `default`."""
    ours = len(address) <= LONGEST and PAGE.fullmatch(address)
    return address if ours and address.partition("?")[0] not in NOT_PAGES else default


def to(request: Request, address: str) -> RedirectResponse:
    """Send the browser to one of our pages, by a path that also holds behind a proxy's prefix."""
    up = request.url.path.count("/") - 1
    return RedirectResponse(
        ("../" * up or "./") + page(address).removeprefix("/"), 303, {"Cache-Control": "no-store"}
    )


def keep(response: Response, address: str) -> None:
    """Remember the way back in the browser, for a way in that leaves our pages meanwhile."""
    response.set_cookie(
        COOKIE, quote(page(address), safe=""), max_age=KEPT, httponly=True, samesite="lax"
    )


def kept(request: Request, default: str = HOME) -> str:
    """The way back that was remembered."""
    return page(unquote(request.cookies.get(COOKIE, "")), default)


def referring(request: Request) -> str:
    """The page of ours that a request comes from, as the browser says."""
    referrer = request.headers.get("referer", "")
    try:
        parts = urlsplit(referrer)
    except ValueError:
        return HOME
    if parts.netloc != request.headers.get("host"):
        return HOME
    name = parts.path.rpartition("/")[2]  # Without a proxy's prefix.
    return page(f"/{name}" + (f"?{parts.query}" if parts.query else ""))
