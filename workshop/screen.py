"""The projector's addresses beside its page: what it hears, and what its keys do.

`GET /screen/CODE/events` are server-sent events; see `Live.events` and `Snapshot.as_json`. Whoever
has the code may listen: it tells no more than the screen shows, and no result before the reveal.

`POST /screen/CODE/command` with the form field `do` (a name in `workshop.rooms.COMMANDS`) and the
header `X-Screen-Key` (see `workshop.voters`) does what the desk could do. It is answered with
{"state": …, "round": …}, or {"code": …, "say": …} and 403 without the right key, 409 where it is
not possible now. The key comes with the page's address; its script should take it out of the
address bar, which a room can read.
"""

from collections.abc import AsyncIterator, Callable
from urllib.parse import parse_qsl

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from workshop import codes, rooms
from workshop.asking import known_room, visitor_words
from workshop.errors import RefusedError, WorkshopError, sentence
from workshop.replies import json, status_of
from workshop.room import Room
from workshop.site import Site

MOST_SCREENS = 2_000
KEY_HEADER = "x-screen-key"


def routes(site: Callable[[], Site]) -> list[BaseRoute]:
    """The routes. The site is asked for when a request comes, and not before."""
    screen = Screen(site)
    return [
        Route("/screen/{code}/events", screen.events, methods=["GET"]),
        Route("/screen/{code}/command", screen.command, methods=["POST"]),
    ]


class Screen:
    """What screens ask for."""

    def __init__(self, site: Callable[[], Site]) -> None:
        self._site = site
        self._listening = 0

    async def events(self, request: Request) -> Response:
        """Tell a screen what happens."""
        site = self._site()
        try:
            room = await known_room(site, request, request.path_params["code"])
            if self._listening >= MOST_SCREENS:
                raise RefusedError("too_fast")
        except WorkshopError as error:
            return _refused(request, error)
        stream = self._counted(site, room, request.headers.get("last-event-id", ""))
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(stream, 200, headers, "text/event-stream")

    async def command(self, request: Request) -> Response:
        """Do what a key of the projector stands for."""
        site = self._site()
        try:
            room = await known_room(site, request, request.path_params["code"])
            if not site.voters.opens(room, request.headers.get(KEY_HEADER, "")):
                raise RefusedError("not_yours")
            asked = dict(parse_qsl((await request.body())[:200].decode("latin-1"))).get("do", "")
            if asked not in rooms.COMMANDS:
                raise RefusedError("unknown_command")
            now = await to_thread.run_sync(rooms.COMMANDS[asked], site.votes, codes.tidy(room.code))
        except WorkshopError as error:
            return _refused(request, error)
        return json({"state": now.state, "round": now.round})

    async def _counted(self, site: Site, room: Room, last: str) -> AsyncIterator[bytes]:
        self._listening += 1
        try:
            async for event in site.live.events(room.code, last):
                yield event
        finally:
            self._listening -= 1


def _refused(request: Request, error: WorkshopError) -> Response:
    say = sentence(error, visitor_words(request))
    return json({"code": error.code, "say": say}, status_of(error))
