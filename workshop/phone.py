"""The phones' addresses: `/vote`, `/vote/CODE`, `/vote/CODE/state` and `/vote/test`.

A ballot is a form. Sent by the page's script it is answered with JSON:

    200 {"saved": true, "number": 3}      durable
    409 {"saved": false, "number": 7}     older than what is kept, which is another ballot
    4xx or 503 {"code": "closed", "say": "This round is closed. …"}

and without a script with the page again, by a redirect once it is saved. The fields are the gene
ids, each 1 to 5 or 0 for "don't know", and `_run`, `_round`, `_number` and `_group`. A form without
`_number` is always the newest.

These addresses do not pass through Streamlit.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from gzip import compress
from urllib.parse import urlencode

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from server.negotiation import same_tag
from words import Words
from workshop import pages
from workshop.answers import Form, form
from workshop.asking import by_script, known_room, read_body, refuse_large, slow_down, visitor_words
from workshop.ballots import Ballot, Kept, Outcome, kept
from workshop.errors import RefusedError, VotesError, WorkshopError, sentence
from workshop.replies import (
    AGAIN,
    NOTHING_RUNS,
    Saved,
    give_cookie,
    html,
    json,
    packed,
    refused,
    see,
    status_of,
)
from workshop.room import Room
from workshop.site import MOST_WAITING, Site

MOST_PAGES = 100
BEGINS = "/vote/"
NO_CODES = ("", "test")


def routes(site: Callable[[], Site]) -> list[BaseRoute]:
    """The routes. The site is asked for when a request comes, and not before."""
    phone = Phone(site)
    return [
        Route("/vote", phone.enter, methods=["GET"]),
        Route("/vote/test", phone.preflight, methods=["GET", "POST"]),
        Route("/vote/{code}", Direct(phone.ballot), methods=["GET", "POST"]),
        Route("/vote/{code}/state", Direct(phone.state), methods=["GET"]),
    ]


class Direct:
    """An endpoint without what Starlette puts around one: a tenth of the cost of a ballot.

    Errors go on to the middleware, which answers them.
    """

    def __init__(self, answer: Callable[[Request], Awaitable[Response]]) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._answer(Request(scope, receive, send))
        await response(scope, receive, send)


class Shortcut:
    """ASGI middleware that leads a ballot, and the question for the state, past all the rest.

    A room of a thousand asks for nothing else, and the middleware and routes behind this one cost
    as much again as the ballot. What a request must pass stands before it.
    """

    def __init__(self, app: ASGIApp, site: Callable[[], Site]) -> None:
        self.app = app
        phone = Phone(site)
        self._answers = {
            ("GET", ""): Direct(phone.ballot),
            ("POST", ""): Direct(phone.ballot),
            ("GET", "/state"): Direct(phone.state),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(BEGINS):
            code, slash, rest = scope["path"].removeprefix(BEGINS).partition("/")
            answer = self._answers.get((scope["method"], slash + rest))
            if answer and code not in NO_CODES:
                scope["path_params"] = {"code": code}
                await answer(scope, receive, send)
                return
        await self.app(scope, receive, send)


class Phone:
    """What phones ask for. Remembers pages that are the same for every phone."""

    def __init__(self, site: Callable[[], Site]) -> None:
        self._site = site
        self._pages: OrderedDict[tuple[int, int, str], bytes] = OrderedDict()

    async def enter(self, request: Request) -> Response:
        """Type the code."""
        site, t = self._site(), visitor_words(request)
        typed = request.query_params.get("code", "")[:40]
        try:
            site.note_reached(request)
            slow_down(site, request)
            if not typed:
                return html(request, pages.enter(t))
            room = await known_room(site, request, typed)
        except WorkshopError as error:
            problem = sentence(error, t)
            return html(request, pages.enter(t, problem, typed), status_of(error))
        asked = urlencode({"lang": t.language}) if "lang" in request.query_params else ""
        return see(f"vote/{room.code}?{asked}".rstrip("?"))

    async def preflight(self, request: Request) -> Response:
        """Whether a phone will work."""
        site, t = self._site(), visitor_words(request)
        site.note_reached(request)
        try:
            works = bool(slow_down(site, request))
        except WorkshopError as error:
            return refused(request, error, t)
        if request.method == "POST" and by_script(request):
            return json({"works": works})
        sent = works if request.method == "POST" else None
        response = html(request, pages.preflight(t, sent))
        if not works:
            give_cookie(site, request, response)
        return response

    async def ballot(self, request: Request) -> Response:
        """The ballot: look at it, or send it."""
        site = self._site()
        try:
            if request.method == "POST":
                return await self._cast(site, request)
            return await self._show(site, request)
        except WorkshopError as error:
            return refused(request, error, visitor_words(request))

    async def state(self, request: Request) -> Response:
        """What the page's script asks for every few seconds."""
        site = self._site()
        try:
            voter = slow_down(site, request)
            room = await known_room(site, request, request.path_params["code"])
        except WorkshopError as error:
            return json({"code": error.code}, status_of(error), AGAIN)
        if voter:
            site.live.heard(room, site.voters.device(room.run_id, voter))
        tag = f'"{room.run_id}-{room.version}"'
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        if same_tag(tag, request.headers.get("if-none-match", "")):
            return Response(
                status_code=304, headers=headers | {"Content-Security-Policy": NOTHING_RUNS}
            )
        content = {"run": room.run, "round": room.ballot_round, "phase": room.phase}
        return json(content, 200, headers)

    async def _show(self, site: Site, request: Request) -> Response:
        site.note_reached(request)
        voter = slow_down(site, request)
        room = await known_room(site, request, request.path_params["code"])
        t = visitor_words(request, room)
        mine = None
        if voter:
            device = site.voters.device(room.run_id, voter)
            site.live.heard(room, device)
            mine = await to_thread.run_sync(_kept, site, room, device)
        if mine:
            return html(request, pages.ballot(room, t, mine))
        response = packed(request, self._page(room, t))
        if not voter:
            give_cookie(site, request, response)
        return response

    def _page(self, room: Room, t: Words) -> bytes:
        """The page of somebody who has not voted, compressed."""
        key = room.run_id, room.version, t.language
        page = self._pages.get(key)
        if page is None:
            page = self._pages[key] = compress(pages.ballot(room, t).encode(), 9, mtime=0)
            if len(self._pages) > MOST_PAGES:
                self._pages.popitem(last=False)
        return page

    async def _cast(self, site: Site, request: Request) -> Response:
        refuse_large(request)
        voter = slow_down(site, request)
        room = await known_room(site, request, request.path_params["code"])
        body = await read_body(request)
        sent: Form | None = None
        try:
            sent = form(room, body)
            if not voter:
                raise RefusedError("no_cookie")
            return _saved(request, await _counted(site, room, voter, sent))
        except WorkshopError as error:
            if by_script(request):
                raise
            t = visitor_words(request, room)
            # What was chosen stays chosen.
            unsaved = Kept(0, sent.choices, sent.group) if sent else None
            page = pages.ballot(room, t, unsaved, sentence(error, t))
            response = html(request, page, status_of(error))
            if not voter:
                give_cookie(site, request, response)
            return response


async def _counted(site: Site, room: Room, voter: str, sent: Form) -> Outcome:
    """Count a ballot.

    Raises:
        RefusedError: If it cannot be taken now.
        VotesError: If it cannot be written.
    """
    device = site.voters.device(room.run_id, voter)
    site.live.heard(room, device)
    if sent.run != room.run:
        raise RefusedError("moved_on")
    if site.votes.waiting > MOST_WAITING:
        raise VotesError("votes_unwritable")
    outcome = await site.votes.cast(
        Ballot(room.run_id, sent.round, device, sent.number, sent.choices, sent.group)
    )
    if outcome.refused:
        raise RefusedError(outcome.refused)
    return outcome


def _saved(request: Request, outcome: Outcome) -> Response:
    if by_script(request):
        return Saved(outcome.saved, outcome.number)
    asked = f"?{request.url.query}" if request.url.query else ""
    return see(f"{request.path_params['code']}{asked}")


def _kept(site: Site, room: Room, device: str) -> Kept | None:
    """What a phone has saved in this round. Without the database, its own script still knows."""
    nothing: dict[str, Kept] = {}
    try:
        found = site.votes.read(
            lambda connection: kept(connection, room.run_id, room.ballot_round, [device]), nothing
        )
    except VotesError:
        return None
    return found.get(device)
