"""What a request from a phone says, and what is refused before anything is read."""

from starlette.requests import Request

from server.plain import preferred
from words import DEFAULT_LANGUAGE, LANGUAGES, Words, words
from workshop import codes
from workshop.answers import MOST_BYTES
from workshop.errors import RefusedError, UnknownRoomError
from workshop.room import Room
from workshop.site import Site


def refuse_large(request: Request) -> None:
    """Refuse a body by its announced length, before any of it is read.

    Raises:
        RefusedError: If it is larger than a ballot can be.
    """
    announced = request.headers.get("content-length", "0")
    if not announced.isdigit() or int(announced) > MOST_BYTES:
        raise RefusedError("too_large")


def slow_down(site: Site, request: Request) -> str:
    """The voter who asks, if it may.

    Raises:
        RefusedError: If this browser or this address asks too often.
    """
    voter = site.voter(request)
    address = request.client.host if request.client else ""
    if not site.by_address.take(address) or (voter and not site.by_voter.take(voter)):
        raise RefusedError("too_fast")
    return voter


async def known_room(site: Site, request: Request, typed: str) -> Room:
    """The room with this code.

    Raises:
        UnknownRoomError: If there is none.
        RefusedError: If there were too many wrong codes from this address.
        VotesError: If nobody can tell.
    """
    code = codes.tidy(typed)
    try:
        if not code:
            raise UnknownRoomError("unknown_room")
        return await site.live.room(code)
    except UnknownRoomError:
        if not site.misses.take(request.client.host if request.client else ""):
            raise RefusedError("too_fast") from None
        raise


async def read_body(request: Request) -> bytes:
    """The body, if it is no larger than a ballot can be.

    Raises:
        RefusedError: If it is, or if it breaks off.
    """
    body, more = b"", True
    while more:
        # Not by `Request.stream`, which costs as much as the rest of this function's callers.
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise RefusedError("damaged")
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MOST_BYTES:
            raise RefusedError("too_large")
    return body


def visitor_words(request: Request, room: Room | None = None) -> Words:
    """The words of the address, else of the phone, else of the room."""
    asked = request.query_params.get("lang", "")
    if asked in LANGUAGES:
        return words(asked)
    accepted = request.headers.get("accept-language", "")
    language = preferred(accepted)
    knows_ours = language != DEFAULT_LANGUAGE or DEFAULT_LANGUAGE in accepted.lower()
    return words(language if knows_ours or room is None else room.language)


def by_script(request: Request) -> bool:
    """Whether the page's script asks, and not the browser by itself."""
    return "application/json" in request.headers.get("accept", "")
