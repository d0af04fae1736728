"""What one server process needs to run rooms: the ballots, who votes, who asks too often."""

import logging
import re
import secrets
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address

from starlette.requests import Request

from workshop import voters, votes
from workshop.buckets import Buckets
from workshop.live import Live
from workshop.voters import COOKIE, Voters
from workshop.votes import Votes

LOG = logging.getLogger("gcs")
MOST_WAITING = 5_000  # Ballots that may wait to be written; a second or two of them.
MOST_ADDRESSES = 10_000
COOKIE_VALUE = re.compile(rf"(^|; ?){COOKIE}=([0-9a-f.\w-]+)", re.ASCII)


@dataclass
class Site:
    """One per process.

    Attributes:
        votes: Where ballots are kept.
        live: The rooms as this process knows them.
        voters: Who signs the cookies.
        by_voter: One request a second from each browser, and ten at once after a pause.
        by_address: A flood only: a whole room shares one address, and a whole town may share a
            proxy's.
        misses: Wrong codes from one address. Whoever has the right one never meets it.
        reached: Addresses of other machines that have asked for a phone's page, for the desk.
    """

    votes: Votes
    voters: Voters
    live: Live = field(init=False)
    by_voter: Buckets = field(default_factory=lambda: Buckets(1, 10))
    by_address: Buckets = field(default_factory=lambda: Buckets(2_000, 4_000, most=5_000))
    misses: Buckets = field(default_factory=lambda: Buckets(2, 100, most=5_000))
    reached: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.live = Live(self.votes)

    def voter(self, request: Request) -> str:
        """The number in a phone's cookie; empty without one that we signed."""
        for _, found in COOKIE_VALUE.findall(request.headers.get("cookie", "")):
            if number := self.voters.voter(found):
                return number
        return ""

    def note_reached(self, request: Request) -> None:
        """Remember that a phone has reached this server, if it is another machine."""
        address = request.client.host if request.client else ""
        if address in self.reached or len(self.reached) >= MOST_ADDRESSES:
            return
        try:
            if not ip_address(address).is_loopback:
                self.reached.add(address)
        except ValueError:  # A test's client, or a socket without an address.
            return


@lru_cache(maxsize=1)
def here() -> Site:
    """The site that the settings describe.

    Raises:
        SettingError: If they cannot be used.
    """
    try:
        signer = voters.here()
    except OSError as problem:
        LOG.warning("Phones that vote are strangers after a restart: %s", problem)
        signer = Voters(secrets.token_hex(32))
    return Site(votes.here(), signer)


def check() -> None:
    """Find a wrong setting before anything starts.

    Raises:
        SettingError: See `here`.
    """
    here()


def phones_that_reached() -> int:
    """How many other machines have asked this process for a phone's page since it started."""
    return len(here().reached)
