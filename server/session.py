"""Who is signed in: a signed cookie, and when each sign-in was last used.

The cookie names a sign-in and proves that it comes from this server. Whether the sign-in still
counts stands in the secrets folder, one empty file each whose date says when it was last used: so
a reload and a restart keep it, signing out ends it in every tab, and an idle one ends in a tab that
has been open for hours.
"""

import getpass
import hashlib
import logging
import os
import re
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from itsdangerous import BadData, URLSafeTimedSerializer

import settings
from server import accounts, secret_files
from server.accounts import ROLES, STAFF, Account, AccountsError

LOG = logging.getLogger("gcs")
COOKIE = "gcs_session"
KEY = re.compile(r"[0-9a-f]{64}")
LONGEST = 12 * 3600  # Seconds. Not even a busy sign-in outlives the day it was made on.
FRESH = 10  # Seconds within which a use is not written down again.
AHEAD = 120  # Seconds by which a provider's clock may be ahead of ours.


@dataclass(frozen=True)
class Person:
    """Who is signed in, and what they may do. `name` is what the history of releases shows."""

    name: str
    roles: frozenset[str]

    def may(self, role: str) -> bool:
        """Whether this person has a role."""
        return role in self.roles


def with_role(role: str) -> frozenset[str]:
    """The roles that come with one: staff may facilitate as well."""
    return frozenset(ROLES if role == STAFF else {role})


def prepare() -> bool:
    """Make the cookie's key at the first start; says whether people can sign in on this server.

    Raises:
        SettingError: If there is a key, but none that was drawn by chance.
    """
    try:
        key = _key(make=True)
    except (OSError, UnicodeDecodeError) as problem:
        LOG.warning("Nobody can sign in: %s: %s", settings.secrets_folder(), problem)
        return False
    if not KEY.fullmatch(key) or len(set(key)) < 8:
        raise settings.SettingError(
            "GCS_SECRETS",
            str(settings.secrets_folder()),
            "a folder whose cookie.key is as this server wrote it. Delete that file: a new one is "
            "made, and whoever is signed in signs in again",
        )
    return True


def begin(account: Account | None) -> str:
    """A new sign-in, with an account or by the one-time link; returns the cookie's value.

    Raises:
        OSError: If the secrets folder cannot be written to.
    """
    _sweep()
    number, now = secrets.token_hex(16), time.time()
    secret_files.create(_path(number))
    name, mark = (account.name, account.mark) if account else ("", "")
    text = _serializer(_key(make=True)).dumps([number, now, name, mark])
    return text if isinstance(text, str) else text.decode()


def person(cookie: str, *, here: bool) -> Person | None:
    """Whom a cookie stands for, if its sign-in still counts; it counts as used now.

    Args:
        cookie: As the browser sent it.
        here: Whether the server listens on this machine only. Without that, a sign-in by the
            one-time link counts no longer; nor does it once there is an account.
    """
    if not cookie:
        return None
    try:
        number, began, name, mark = _serializer(_key()).loads(cookie, max_age=LONGEST)
        known = accounts.load()
        account = known.get(accounts.key(name))
        if account.mark != mark if account else (name or known or not here):
            return None
        if not alive(number, began):
            return None
    except (BadData, TypeError, ValueError, FileNotFoundError):
        return None
    except (OSError, AccountsError) as problem:
        LOG.error("Nobody is signed in: %s", problem)
        return None
    if account:
        return Person(account.name, with_role(account.role))
    return Person(_whose_machine(), frozenset(ROLES))


def end(cookie: str) -> None:
    """End the sign-in that a cookie names, in every tab. A forged cookie ends nothing."""
    with suppress(BadData, TypeError, ValueError, FileNotFoundError):
        number, *_ = _serializer(_key()).loads(cookie)
        end_number(number)


def alive(number: str, began: float, *, elsewhere: bool = False) -> bool:
    """Whether a sign-in still counts; if so, it counts as used now.

    Args:
        number: What names it; any text.
        began: When it began, in seconds since 1970.
        elsewhere: Whether it was made by a provider, so that we may not have seen it yet.
    """
    now, idle = time.time(), settings.idle_minutes() * 60
    if not now - LONGEST < began <= now + AHEAD:
        return False
    path = _path(number)
    try:
        state = path.stat()
    except FileNotFoundError:
        if not elsewhere or now - began > idle:
            return False
        secret_files.create(path)
        return True
    if state.st_size or now - state.st_mtime > idle:
        return False
    if now - state.st_mtime > FRESH:
        os.utime(path)
    return True


def end_number(number: str) -> None:
    """End the sign-in of this number. The file stays, so that a provider's does not begin again."""
    with _path(number).open("a") as file:
        file.write("ended\n")


def _path(number: str) -> Path:
    name = hashlib.sha256(number.encode()).hexdigest()[:40]
    return settings.secrets_folder() / "sessions" / name


def _sweep() -> None:
    """Remove what no cookie can name any more."""
    oldest = time.time() - LONGEST - AHEAD
    with suppress(OSError):
        for path in (settings.secrets_folder() / "sessions").iterdir():
            if path.stat().st_mtime < oldest:
                path.unlink()


def _key(*, make: bool = False) -> str:
    """The cookie's key. Read each time, so that a new one counts at once."""
    path = settings.secrets_folder() / "cookie.key"
    if make and not path.exists():
        secret_files.replace(path, secrets.token_hex(32))
    return path.read_text("ascii")


def _serializer(key: str) -> URLSafeTimedSerializer:
    how = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}
    return URLSafeTimedSerializer(key, salt="gcs sign-in 1", signer_kwargs=how)


def _whose_machine() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "local"
