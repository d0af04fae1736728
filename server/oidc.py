"""Sign-in through a provider (OIDC): whose roles they are, and the way back.

The exchange with the provider is Streamlit's `st.login`. It sends everybody to the first page
afterwards and lets anybody in who has an account there; both are put right here.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import settings
from server import way_back
from server.accounts import FACILITATOR, STAFF
from server.errors import page
from server.session import with_role

SHORTEST_SECRET = 32
SAMPLES = ("xxx", "changeme", "secret", "example", "your-", "your_", "<", "…", "...")
LOGIN, LOGOUT, CALLBACK = "/auth/login", "/auth/logout", "/oauth2callback"


class AuthSectionError(settings.SettingError):
    """The [auth] section cannot be used. The message is the whole story, without the values."""

    def __init__(self, sentence: str) -> None:
        ValueError.__init__(self, sentence)


def providers(auth: Mapping[str, Any]) -> list[str]:
    """The names of the providers; the one without a name is `default`."""
    named = [name for name, section in auth.items() if isinstance(section, Mapping)]
    with_client = [name for name in named if "client_id" in auth[name]]
    return (["default"] if "client_id" in auth else []) + with_client


def check(auth: Mapping[str, Any]) -> None:
    """Look at the [auth] section before anything starts.

    Raises:
        AuthSectionError: If it lacks something or holds a sample value.
    """
    if not auth:
        return
    secret = str(auth.get("cookie_secret", ""))
    if len(secret) < SHORTEST_SECRET or len(set(secret)) < 8 or _is_sample(secret):
        raise AuthSectionError(
            "[auth] cookie_secret must be 32 characters or more, drawn by chance: "
            'python -c "import secrets; print(secrets.token_hex(32))"'
        )
    if not str(auth.get("redirect_uri", "")).endswith(CALLBACK):
        raise AuthSectionError(
            f"[auth] redirect_uri must be this site's own address and {CALLBACK}, such as "
            f"https://gcs.example.org{CALLBACK}."
        )
    if not providers(auth):
        raise AuthSectionError("[auth] names no provider: client_id is missing.")
    for name in providers(auth):
        section = auth if name == "default" else auth[name]
        for each in ("client_id", "client_secret", "server_metadata_url"):
            value = str(section.get(each, ""))
            if not value or (each != "server_metadata_url" and _is_sample(value)):
                where = "[auth]" if name == "default" else f"[auth.{name}]"
                raise AuthSectionError(f"{where} {each} is missing or a sample.")


def _is_sample(value: str) -> bool:
    plain = value.casefold()
    return plain.startswith(SAMPLES) or plain.endswith(SAMPLES[-2:])


def roles(
    claims: Mapping[str, Any], staff: Iterable[str], facilitators: Iterable[str]
) -> frozenset[str]:
    """The roles of somebody whom a provider vouches for.

    Args:
        claims: What the provider says of them.
        staff: E-mail addresses, @domains and claim=value, as in GCS_STAFF.
        facilitators: The same for GCS_FACILITATORS.

    Returns:
        None for somebody who is on no list. An address counts only if the provider has verified it.
    """
    if any(_fits(claims, entry) for entry in staff):
        return with_role(STAFF)
    if any(_fits(claims, entry) for entry in facilitators):
        return with_role(FACILITATOR)
    return frozenset()


def _fits(claims: Mapping[str, Any], entry: str) -> bool:
    claim, is_claim, wanted = entry.partition("=")
    if is_claim:
        has = claims.get(claim)
        return wanted in has if isinstance(has, list) else isinstance(has, str) and has == wanted
    # Some providers write the flag as text.
    if claims.get("email_verified") not in (True, "true"):
        return False
    address = _plain(str(claims.get("email", "")))
    name, _, domain = address.rpartition("@")
    return bool(name) and _plain(entry) in (address, f"@{domain}")


def _plain(address: str) -> str:
    # Outside ASCII, two different letters can have one lower case.
    return address.lower() if address.isascii() else address


class WayBack:
    """ASGI middleware that brings people back to where they were when they signed in.

    It also refuses to sign somebody out at another site's wish: Streamlit does it by a GET.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"] if scope["type"] == "http" else ""
        if path not in (LOGIN, LOGOUT, CALLBACK):
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        if path == LOGOUT and Headers(scope=scope).get("sec-fetch-site") == "cross-site":
            await page(request, 403)(scope, receive, send)
            return

        async def send_with_way_back(message: Message) -> None:
            if message["type"] == "http.response.start" and path != LOGOUT:
                _add(message, request, path)
            await send(message)

        await self.app(scope, receive, send_with_way_back)


def _add(message: Message, request: Request, path: str) -> None:
    """Remember the way back when somebody leaves for the provider; take it when they return."""
    headers, extra = MutableHeaders(scope=message), Response()
    headers["Cache-Control"] = "no-store"
    if path == LOGIN:
        way_back.keep(extra, way_back.referring(request))
    elif message["status"] == 302:
        headers["Location"] = way_back.to(request, way_back.kept(request)).headers["location"]
        extra.delete_cookie(way_back.COOKIE, httponly=True, samesite="lax")
    for cookie in extra.headers.getlist("set-cookie"):
        headers.append("set-cookie", cookie)
