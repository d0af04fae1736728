"""Who votes: a random number in a signed cookie. And who may steer the screen: a signed key.

The cookie holds no more than the number, and the database not even that: a device is a keyed
hash of the number and the run, so that nobody can tell that a phone was in two rooms.

The screen's key stands in the address that the desk opens the projector with, `/screen/CODE?key=…`.
It is good for one room, for as long as the room is. Without it the screen can be watched and not
steered. It does not lean on the desk's own sign-in, so it works with every kind of it.
"""

import hashlib
import os
import re
import secrets
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from itsdangerous import BadSignature, Signer

import settings
from server import secret_files
from workshop.room import Room

COOKIE = "gcs_voter"
KEPT_SECONDS = 7 * 24 * 3600
NUMBER = re.compile(rb"[0-9a-f]{32}")
KEY = re.compile(r"[0-9a-f]{64}")
LONGEST = 120


class Voters:
    """What one key signs."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()
        self._cookies = self._signer("gcs voter 1")
        # A phone sends the same cookie every few seconds.
        self.voter = lru_cache(maxsize=20_000)(self._voter)
        self._screens = self._signer("gcs screen 1")

    def new_cookie(self) -> str:
        """A cookie's value for a browser that has none."""
        return self._cookies.sign(secrets.token_hex(16)).decode()

    def _voter(self, cookie: str) -> str:
        """The number in a cookie; empty if it is none that we signed."""
        number = _unsigned(self._cookies, cookie)
        return number.decode() if NUMBER.fullmatch(number) else ""

    def device(self, run_id: int, voter: str) -> str:
        """What stands for a voter in a run."""
        message = f"{run_id}:{voter}".encode()
        return hashlib.blake2b(
            message, key=self._key[:64], digest_size=16, person=b"gcs device 1"
        ).hexdigest()

    def screen_key(self, room: Room) -> str:
        """What opens a room's screen to its facilitator."""
        return self._screens.sign(str(room.room_id)).decode().partition(".")[2]

    def opens(self, room: Room, key: str) -> bool:
        """Whether a key is that of this room's screen."""
        return _unsigned(self._screens, f"{room.room_id}.{key}") == str(room.room_id).encode()

    def _signer(self, purpose: str) -> Signer:
        return Signer(self._key, salt=purpose, digest_method=hashlib.sha256, key_derivation="hmac")


def here() -> Voters:
    """The signer of this server; its key is made at the first call, in the secrets folder.

    Raises:
        OSError: If the folder cannot be used.
        SettingError: If it holds a key that was not drawn by chance.
    """
    return _of(settings.secrets_folder() / "voters.key")


@lru_cache(maxsize=4)
def _of(path: Path) -> Voters:
    key = _kept(path)
    if not KEY.fullmatch(key) or len(set(key)) < 8:
        raise settings.SettingError(
            "GCS_SECRETS",
            str(path.parent),
            "a folder whose voters.key is as this server wrote it. Delete that file: a new one is "
            "made, and phones that have voted count as new ones",
        )
    return Voters(key)


def _kept(path: Path) -> str:
    """The key, made now if there is none. Of two servers at once, one makes it."""
    if not path.exists():
        aside = path.with_name(f".voters.{secrets.token_hex(8)}")
        secret_files.replace(aside, secrets.token_hex(32))
        try:
            os.link(aside, path)
        except FileExistsError:
            pass
        except OSError:  # A disk that knows no links.
            os.replace(aside, path)
        with suppress(FileNotFoundError):
            aside.unlink()
    return path.read_text("ascii")


def _unsigned(signer: Signer, text: str) -> bytes:
    try:
        return signer.unsign(text) if len(text) <= LONGEST and text.isascii() else b""
    except BadSignature:
        return b""
