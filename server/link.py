"""The one-time sign-in link, for whoever runs the dashboard on their own machine.

It is printed where the server was started, works once, from this machine only, and no longer once
there is an account.
"""

import hmac
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from ipaddress import ip_address

from starlette.requests import Request

MINUTES = 60
PAUSE = 5.0  # Seconds between two links.
HERE = ("localhost", "127.0.0.1", "::1")
OWN_HOST = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?", re.ASCII | re.IGNORECASE)
# What a proxy adds. Behind one, every visitor seems to come from this machine.
BY_PROXY = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


@dataclass
class Link:
    """The link that is good now, if one is. `say` prints it."""

    say: Callable[[str], object] = partial(print, flush=True)
    clock: Callable[[], float] = time.monotonic
    _token: str = field(default="", repr=False)
    _made: float = 0.0

    def sentence(self, origin: str) -> str:
        """A new link, with what it is for; the one before no longer works."""
        self._token, self._made = secrets.token_urlsafe(32), self.clock()
        return (
            f"To manage data on this machine, open this link once, within {MINUTES} minutes:\n"
            f"  {origin}/signin/link/{self._token}\n"
        )

    def print_again(self, origin: str) -> None:
        """Print a new link, unless one was printed just now."""
        if not self._token or self.clock() - self._made > PAUSE:
            self.say(f"\n  {self.sentence(origin)}")

    def use(self, token: str) -> bool:
        """Whether this is the link; then it is used up."""
        fresh = bool(self._token) and self.clock() - self._made < MINUTES * 60
        if not (fresh and hmac.compare_digest(token.encode(), self._token.encode())):
            return False
        self._token = ""
        return True


def from_here(request: Request) -> bool:
    """Whether a request comes from this machine, under its own name and through no proxy."""
    try:
        near = request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        near = False
    host = request.headers.get("host", "")
    return (
        near
        and OWN_HOST.fullmatch(host) is not None
        and not any(name in request.headers for name in BY_PROXY)
    )
