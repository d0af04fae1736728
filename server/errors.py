"""Plain pages for what goes wrong outside a Streamlit page, and incident numbers.

A traceback goes to the log under an incident number; the visitor gets a sentence with the number.
"""

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from html import escape

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from words import DEFAULT_LANGUAGE, LANGUAGES, Words, words

LOG = logging.getLogger("gcs")
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # None that sound or look alike over the telephone.
STYLE = (
    "body{font:1.125rem/1.5 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1rem;"
    "color-scheme:light dark}"
)


def incident(error: BaseException) -> str:
    """Log an error with its traceback and return the number it is found under.

    An error that passes two handlers keeps its first number and is logged once.
    """
    for note in getattr(error, "__notes__", []):
        if str(note).startswith("Incident "):
            return str(note).removeprefix("Incident ")
    drawn = "".join(secrets.choice(LETTERS) for _ in range(8))
    number = f"{drawn[:4]}-{drawn[4:]}"
    error.add_note(f"Incident {number}")
    LOG.error("Incident %s", number, exc_info=error)
    return number


def sentences(status: int, t: Words, number: str = "") -> tuple[str, str]:
    """What happened, and what to do next."""
    if status == 404:
        return t("There is nothing at this address."), t(
            "Check the address, or start from the first page."
        )
    if status == 405:
        return t("This address does not take that kind of request."), t(
            "Start from the first page."
        )
    if status >= 500:
        return t("Something went wrong on our side."), t(
            "Try again in a moment. If it happens again, tell whoever runs this site the incident "
            "number {number}.",
            number=number,
        )
    return t("This request cannot be answered."), t("Start from the first page.")


def page(request: Request, status: int, number: str = "") -> Response:
    """The error as a small page for a browser, as plain text for anything else."""
    language = request.query_params.get("lang", DEFAULT_LANGUAGE)
    t = words(language if language in LANGUAGES else DEFAULT_LANGUAGE)
    what, next_step = sentences(status, t, number)
    if "text/html" not in request.headers.get("accept", ""):
        return PlainTextResponse(f"{what} {next_step}\n", status_code=status)
    return HTMLResponse(
        f'<!DOCTYPE html><html lang="{t.language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(what)}</title><style>{STYLE}</style>"
        f"<h1>{escape(what)}</h1><p>{escape(next_step)}</p>"
        '<p><a href="/">' + escape(t("First page")) + "</a></p></html>",
        status_code=status,
    )


async def refused(request: Request, error: Exception) -> Response:
    """Answer an HTTP error that was raised on purpose, such as 404."""
    assert isinstance(error, HTTPException)
    if error.status_code in {204, 304}:
        return Response(status_code=error.status_code, headers=error.headers)
    number = incident(error) if error.status_code >= 500 else ""
    response = page(request, error.status_code, number)
    response.headers.update(error.headers or {})
    return response


async def crashed(request: Request, error: Exception) -> Response:
    """Answer an error that nobody expected."""
    return page(request, 500, incident(error))


HANDLERS: Mapping[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
    HTTPException: refused,
    Exception: crashed,
}


class ErrorPages:
    """ASGI middleware that turns what nobody caught into a plain page.

    Starlette's own handler for this stands outside every middleware, so its page would go out
    without the security headers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watched_send(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, watched_send)
        except Exception as error:
            if started:  # Too late for a page; it must still be in the log.
                incident(error)
            else:
                response = await crashed(Request(scope, receive), error)
                await response(scope, receive, send)
