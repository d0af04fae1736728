"""The projector's addresses: its page, what it hears, its charts, and what its keys do.

`GET /screen/CODE` is the page. Whoever has the code may look: it tells no more than the screen
shows, and no result before the reveal.

`GET /screen/CODE/events` are server-sent events; see `Live.events` and `Snapshot.as_json`.

`GET /screen/CODE/figures` is JSON, {"name": …, "slides": […]}, as `workshop.screen_results` makes
them; its ETag changes with the results. Before the reveal, 409.

`POST /screen/CODE/command` with the form field `do` (a name in `workshop.rooms.COMMANDS`) and the
header `X-Screen-Key` (see `workshop.voters`) does what the desk could do. It is answered with
{"state": …, "round": …}, or {"code": …, "say": …} and 403 without the right key, 409 where it is
not possible now. The key comes with the page's address; its script takes it out of the address
bar, which a room can read.
"""

import json as plain_json
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from gzip import compress, decompress
from urllib.parse import parse_qsl

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from server.negotiation import best_encoding, same_tag
from words import words
from workshop import codes, pages, rooms, screen_page, screen_plotly, tally
from workshop.asking import known_room, read_body, visitor_words
from workshop.errors import RefusedError, WorkshopError, sentence
from workshop.replies import NOTHING_RUNS, html, json, status_of
from workshop.room import Room
from workshop.screen_join import joining
from workshop.screen_results import slides
from workshop.screen_story import known
from workshop.site import Site
from workshop.snapshot import results_name

MOST_SCREENS = 2_000
# The room's own screens, and the first others, hear of each change. A crowd that watches from its
# laptops hears of it three times a second: telling all of them costs what a room's ballots cost.
FEW_SCREENS, CROWD_WAITS = 20, 0.33
MOST_REMEMBERED = 16
CHECKED = {"Cache-Control": "private, no-cache"}  # Kept, but asked for again each time.
KEY_HEADER = "x-screen-key"


def routes(site: Callable[[], Site]) -> list[BaseRoute]:
    """The routes. The site is asked for when a request comes, and not before."""
    screen = Screen(site)
    return [
        Route(f"/screen/{screen_plotly.NAME}", screen_plotly.script, methods=["GET"]),
        Route("/screen/{code}", screen.page, methods=["GET"]),
        Route("/screen/{code}/figures", screen.figures, methods=["GET"]),
        Route("/screen/{code}/events", screen.events, methods=["GET"]),
        Route("/screen/{code}/command", screen.command, methods=["POST"]),
    ]


class Screen:
    """What screens ask for."""

    def __init__(self, site: Callable[[], Site]) -> None:
        self._site = site
        self._listening = 0
        self._drawn: OrderedDict[str, bytes] = OrderedDict()
        self._drawing = threading.Lock()

    async def page(self, request: Request) -> Response:
        """The page itself, in the room's language."""
        try:
            room = await known_room(self._site(), request, request.path_params["code"])
        except WorkshopError as error:
            t = visitor_words(request)
            return html(request, pages.refusal(t, sentence(error, t)), status_of(error))
        body = await to_thread.run_sync(_page, request, room)
        headers = CHECKED | {
            "Content-Security-Policy": screen_page.policy(),
            "Referrer-Policy": "no-referrer",  # The key is in the address for a moment.
        }
        return _packed(request, body, headers, "text/html")

    async def figures(self, request: Request) -> Response:
        """The charts of the round that was revealed."""
        site = self._site()
        try:
            room = await known_room(site, request, request.path_params["code"])
            if not room.shows_results:
                raise RefusedError("not_now", state=room.state)
            tag = f'"{results_name(room)}"'
            headers = {
                "Cache-Control": "private, no-cache",
                "Content-Security-Policy": NOTHING_RUNS,
            }
            if same_tag(tag, request.headers.get("if-none-match", "")):
                return Response(status_code=304, headers=headers | {"ETag": tag})
            body = await to_thread.run_sync(self._slides, site, room)
        except WorkshopError as error:
            return _refused(request, error)
        return _packed(request, body, headers | {"ETag": tag}, "application/json")

    def _slides(self, site: Site, room: Room) -> bytes:
        """In a thread: the slides of a room. A hundred screens that ask at once cost one drawing.

        Raises:
            VotesError: If the database cannot be read.
        """
        name = results_name(room)
        with self._drawing:
            if name not in self._drawn:
                t = words(room.language)
                made = slides(room, tally.results(site.votes, room), known(room, t), t)
                content = plain_json.dumps({"name": name, "slides": made}, separators=(",", ":"))
                self._drawn[name] = compress(content.encode(), 6, mtime=0)
                while len(self._drawn) > MOST_REMEMBERED:
                    self._drawn.popitem(last=False)
            return self._drawn[name]

    async def events(self, request: Request) -> Response:
        """Tell a screen what happens."""
        site = self._site()
        try:
            room = await known_room(site, request, request.path_params["code"])
            if self._listening >= MOST_SCREENS:
                raise RefusedError("too_fast")
        except WorkshopError as error:
            return _refused(request, error)
        own = site.voters.opens(room, request.headers.get(KEY_HEADER, ""))
        waits = 0 if own or self._listening < FEW_SCREENS else CROWD_WAITS
        stream = self._counted(site, room, request.headers.get("last-event-id", ""), waits)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(stream, 200, headers, "text/event-stream")

    async def command(self, request: Request) -> Response:
        """Do what a key of the projector stands for."""
        site = self._site()
        try:
            room = await known_room(site, request, request.path_params["code"])
            if not site.voters.opens(room, request.headers.get(KEY_HEADER, "")):
                raise RefusedError("not_yours")
            asked = dict(parse_qsl((await read_body(request)).decode("latin-1"))).get("do", "")
            if asked not in rooms.COMMANDS:
                raise RefusedError("unknown_command")
            now = await to_thread.run_sync(rooms.COMMANDS[asked], site.votes, codes.tidy(room.code))
        except WorkshopError as error:
            return _refused(request, error)
        return json({"state": now.state, "round": now.round})

    async def _counted(
        self, site: Site, room: Room, last: str, waits: float
    ) -> AsyncIterator[bytes]:
        self._listening += 1
        try:
            async for event in site.live.events(room.code, last, waits):
                yield event
        finally:
            self._listening -= 1


def _page(request: Request, room: Room) -> bytes:
    """In a thread: the page of a room, compressed."""
    t = words(room.language)
    text = screen_page.page(room, known(room, t), joining(request, room.code), t)
    return compress(text.encode(), 6, mtime=0)


def _packed(request: Request, body: bytes, headers: dict[str, str], kind: str) -> Response:
    """A compressed answer, for a browser that can expand it or not."""
    headers = headers | {"Vary": "Accept-Encoding"}
    if best_encoding(request.headers.get("accept-encoding", ""), ["gzip"]):
        return Response(body, headers=headers | {"Content-Encoding": "gzip"}, media_type=kind)
    return Response(decompress(body), headers=headers, media_type=kind)


def _refused(request: Request, error: WorkshopError) -> Response:
    say = sentence(error, visitor_words(request))
    return json({"code": error.code, "say": say}, status_of(error))
