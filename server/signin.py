"""Signing in and out without Streamlit: named accounts, or the one-time link on one's own machine.

`/signin?next=/manage` leads back to a page of ours. Forms need no token of their own: another
site's POST is refused by its Origin (server/origins.py), and the cookie is SameSite.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from math import ceil
from urllib.parse import parse_qsl

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server import accounts, backoff, link, passwords, plain, session, way_back
from server.accounts import Account, AccountsError
from server.backoff import Backoff
from server.link import Link
from words import Words

LOG = logging.getLogger("gcs")
MOST_BYTES, LONGEST_FIELD = 8192, passwords.LONGEST
WAITING = 8  # Sign-ins that may wait for their turn; scrypt takes a third of a second of a core.
_turn: RunVar[CapacityLimiter] = RunVar("turn to check a password")


@dataclass
class Door:
    """How people come in on this server.

    Args:
        address: What the server listens on; None is every address there is.
        by_provider: Whether people sign in through a provider. Then nothing here lets anybody in.
        can: Whether the secrets folder can be used.
    """

    address: str | None
    by_provider: bool = False
    can: bool = True
    link: Link = field(default_factory=Link)
    slow: Backoff = field(default_factory=Backoff)

    @property
    def here(self) -> bool:
        """Whether the server listens on this machine only."""
        return self.address in link.HERE

    def way(self, request: Request) -> str:
        """How this visitor may sign in: by `provider`, `account` or `link`, or `none`."""
        if self.by_provider:
            return "provider"
        if not self.can:
            return "none"
        try:
            if accounts.load():
                return "account"
        except AccountsError as problem:
            LOG.error("Nobody can sign in: %s", problem)
            return "none"
        return "link" if self.here and link.from_here(request) else "none"

    def greeting(self, origin: str) -> str:
        """What is printed at the start: the link, where it is the way in."""
        try:
            by_link = self.here and self.can and not self.by_provider and not accounts.load()
        except AccountsError as problem:
            LOG.error("Nobody can sign in: %s", problem)
            by_link = False
        return self.link.sentence(origin) if by_link else ""

    def routes(self) -> Sequence[BaseRoute]:
        """The addresses."""
        return [
            Route("/signin", self.show, methods=["GET"]),
            Route("/signin", self.sign_in, methods=["POST"]),
            Route("/signin/link/{token}", self.by_link, methods=["GET"]),
            Route("/signout", self.sign_out, methods=["POST"]),
            Route("/signout", self.show, methods=["GET"]),
        ]

    async def show(self, request: Request) -> Response:
        """The page to sign in on, or who is signed in and the way out."""
        way = self.way(request)
        if way == "provider":  # Its button stands on the page itself.
            return way_back.to(request, way_back.STAFF_PAGE)
        t = plain.visitor_words(request)
        person = session.person(request.cookies.get(session.COOKIE, ""), here=self.here)
        if person:
            return _signed_in(request, person, t)
        if way == "account":
            return _form(request, t)
        response = _no_form(request, way, t)
        if way == "link" and "next" in request.query_params:
            way_back.keep(response, request.query_params["next"])
        return response

    async def sign_in(self, request: Request) -> Response:
        """Check a name and a password, or print a new link."""
        t, way = plain.visitor_words(request), self.way(request)
        if way == "link":
            self.link.print_again(f"{request.url.scheme}://{request.headers['host']}")
            return _no_form(request, way, t, t("A new link has been printed."))
        if way != "account":
            return await self.show(request)
        form = await _posted(request)
        name, password = form.get("name", ""), form.get("password", "")
        host = request.client.host if request.client else ""
        keys = f"name {accounts.key(name)}", f"address {backoff.network(host)}"
        if seconds := self.slow.wait(*keys):
            return _slowed(request, name, ceil(seconds), t)
        self.slow.count(*keys)
        account = await _checked(name, password)
        if account is None:
            return _form(request, t, name, t("The name or the password is wrong."), 403)
        self.slow.right(*keys)
        return _let_in(request, account, request.query_params.get("next", ""))

    async def by_link(self, request: Request) -> Response:
        """Sign in by the one-time link. A browser that only looks ahead does not use it up."""
        way, t = self.way(request), plain.visitor_words(request)
        looking = request.method == "HEAD" or "prefetch" in request.headers.get("sec-purpose", "")
        if looking or way != "link" or not self.link.use(request.path_params["token"]):
            sentence = t("This sign-in link does not work, or no longer: each works once.")
            again = f'<p><a href="../../signin">{escape(t("Sign in"))}</a></p>'
            return plain.page(request, t("Sign in"), plain.paragraph(sentence) + again, t, 403)
        return _let_in(request, None, way_back.kept(request, way_back.STAFF_PAGE))

    async def sign_out(self, request: Request) -> Response:
        """End the sign-in, in every tab."""
        session.end(request.cookies.get(session.COOKIE, ""))
        response = way_back.to(request, request.query_params.get("next", ""))
        response.delete_cookie(session.COOKIE, httponly=True, samesite="lax")
        return response


async def _posted(request: Request) -> dict[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise HTTPException(413)
    try:
        fields = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=8)
    except ValueError:
        raise HTTPException(400) from None
    return {name: value[:LONGEST_FIELD] for name, value in fields}


async def _checked(name: str, password: str) -> Account | None:
    """The account, if the password is right. It takes as long where there is no such account."""
    account = accounts.load().get(accounts.key(name))
    turn = _turn.get(None)
    if turn is None:
        turn = CapacityLimiter(1)  # One at a time: the pages come first.
        _turn.set(turn)
    if turn.statistics().tasks_waiting >= WAITING:
        raise HTTPException(503, headers={"Retry-After": "5"})
    stored = account.password if account else passwords.NOBODY
    is_right = await to_thread.run_sync(passwords.is_right, password, stored, limiter=turn)
    return account if is_right else None


def _let_in(request: Request, account: Account | None, address: str) -> Response:
    response = way_back.to(request, address)
    forwarded = request.headers.get("x-forwarded-proto", "")
    response.set_cookie(
        session.COOKIE,
        session.begin(account),
        max_age=session.LONGEST,
        httponly=True,
        samesite="lax",
        secure="https" in (request.url.scheme, forwarded.partition(",")[0].strip()),
    )
    response.delete_cookie(way_back.COOKIE, httponly=True, samesite="lax")
    return response


def _form(
    request: Request, t: Words, name: str = "", wrong: str = "", status: int = 200
) -> Response:
    # Where a try went wrong, the name is there already and the password is typed again.
    at_name, at_password = ("", " autofocus") if name else (" autofocus", "")
    about = t("For staff who manage the data, and for facilitators. Reading needs no sign-in.")
    body = plain.paragraph(about) + (plain.paragraph(wrong, "alert") if wrong else "")
    body += (
        f'<form method="post"><label for="name">{escape(t("Name"))}</label>'
        f'<input id="name" name="name" value="{escape(name)}" autocomplete="username" '
        f'autocapitalize="none" spellcheck="false" maxlength="200" required{at_name}>'
        f'<label for="password">{escape(t("Password"))}</label>'
        '<input id="password" name="password" type="password" autocomplete="current-password" '
        f'maxlength="{LONGEST_FIELD}" required{at_password}>'
        f"<button>{escape(t('Sign in'))}</button></form>"
    )
    return plain.page(request, t("Sign in"), body, t, status)


def _slowed(request: Request, name: str, seconds: int, t: Words) -> Response:
    if seconds < 100:
        wait = t.plural("{n} second", "{n} seconds", seconds)
    else:
        wait = t.plural("{n} minute", "{n} minutes", ceil(seconds / 60))
    sentence = t("Too many wrong tries. Try again in {time}.", time=wait)
    response = _form(request, t, name, sentence, 429)
    response.headers["Retry-After"] = str(seconds)
    return response


def _no_form(request: Request, way: str, t: Words, said: str = "") -> Response:
    command = "<code>python -m server.accounts add NAME --role staff</code>"
    if way == "link":
        sentence = t(
            "This server has no accounts yet. Open the sign-in link that was printed where you "
            "started it: it works once, in a browser on this machine."
        )
        body = plain.paragraph(said, "said") if said else ""
        body += plain.paragraph(sentence)
        body += f'<form method="post"><button>{escape(t("Print a new link"))}</button></form>'
        body += plain.paragraph(t("To let others sign in, add an account:"), "soft") + command
    else:
        body = plain.paragraph(t("Nobody can sign in on this server yet."))
        body += plain.paragraph(t("Whoever runs it adds accounts by this command:"), "soft")
        body += command
    return plain.page(request, t("Sign in"), body, t)


def _signed_in(request: Request, person: session.Person, t: Words) -> Response:
    where = request.url.query
    body = plain.paragraph(t("You are signed in as {name}.", name=person.name))
    body += (
        f'<form method="post" action="signout{escape(f"?{where}" if where else "")}">'
        f"<button>{escape(t('Sign out'))}</button></form>"
    )
    return plain.page(request, t("Signed in"), body, t)
