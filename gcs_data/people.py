"""The table of raters' names: which pseudonym stands for whom. The only place that holds a name.

It is one SQLite file for staff, outside the versioned data, readable by its owner only. Releases
hold pseudonyms, so forgetting a person is deleting one row here: no release changes.

Every person has a random key of their own, kept in that row, and the pseudonym is an HMAC of the
name under it. With one key for everybody, whoever held it could work out the pseudonym of any name
again, also of one that was forgotten; so deleting the row would not forget the person. With a key
of their own it does: the key is gone, and nothing leads from the name to the pseudonym or back. So
somebody who was forgotten and rates again is a new person, with a new pseudonym.
"""

import os
import secrets
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from gcs_data.pseudonym import pseudonym

FILE = "people.sqlite"
KEY_BYTES = 32
PATIENCE = 30  # Seconds that a writer waits for another one.
TABLE = """
    CREATE TABLE IF NOT EXISTS people (
        plain TEXT PRIMARY KEY, name TEXT NOT NULL, key BLOB NOT NULL, pseudonym TEXT NOT NULL
    ) WITHOUT ROWID
"""


@dataclass(frozen=True)
class People:
    """The table in a folder. Nothing is created before the first name is remembered."""

    folder: Path
    # Of names that are only looked at, so that one preview is like the next.
    _passing: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def remember(self, names: Iterable[str]) -> dict[str, str]:
        """The pseudonym of each name, in its spelling; a name that is new gets one, for good."""
        wanted = {name: plain(name) for name in names}
        if not wanted:
            return {}
        with self._opened() as table:
            known = _pseudonyms(table)
            fresh = {}
            for name, key in wanted.items():
                if key not in known:
                    salt = secrets.token_bytes(KEY_BYTES)
                    known[key] = pseudonym(name, salt)
                    fresh[key] = (key, " ".join(name.split()), salt, known[key])
            table.executemany("INSERT INTO people VALUES (?, ?, ?, ?)", fresh.values())
        return {name: known[key] for name, key in wanted.items()}

    def preview(self, names: Iterable[str]) -> dict[str, str]:
        """As `remember`, but a new name gets a passing pseudonym, and nothing is written."""
        known = dict(self._known())
        shown = {}
        for name in names:
            key = plain(name)
            if key not in known:
                passing = self._passing.get(key) or pseudonym(name, secrets.token_bytes(KEY_BYTES))
                known[key] = self._passing[key] = passing
            shown[name] = known[key]
        return shown

    def forget(self, name: str) -> bool:
        """Delete a person's row; says whether there was one. Case and spaces do not count."""
        self._passing.pop(plain(name), None)
        if not self._path.exists():
            return False
        with self._opened() as table:
            gone = table.execute("DELETE FROM people WHERE plain = ?", (plain(name),)).rowcount
        if gone:
            # What is deleted is overwritten (see `_opened`); this also frees the room it had.
            with closing(self._connected()) as table:
                table.execute("VACUUM")
        return bool(gone)

    def names(self) -> list[str]:
        """Everybody in the table, in the order of the alphabet."""
        if not self._path.exists():
            return []
        with self._opened() as table:
            return [name for (name,) in table.execute("SELECT name FROM people ORDER BY plain")]

    @property
    def _path(self) -> Path:
        return self.folder / FILE

    def _known(self) -> Mapping[str, str]:
        if not self._path.exists():
            return {}
        with self._opened() as table:
            return _pseudonyms(table)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """The table, for one of several processes at a time; all is written or nothing."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Created with its mode: SQLite's own would follow the umask, and its journal follows it.
        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        os.chmod(self._path, 0o600)  # A copy that was put back may be open to others.
        with closing(self._connected()) as table:
            table.execute("BEGIN IMMEDIATE")
            try:
                table.execute(TABLE)
                yield table
            except BaseException:
                table.execute("ROLLBACK")
                raise
            table.execute("COMMIT")

    def _connected(self) -> sqlite3.Connection:
        table = sqlite3.connect(self._path, timeout=PATIENCE, isolation_level=None)
        table.execute("PRAGMA secure_delete = ON")
        table.execute("PRAGMA synchronous = FULL")
        return table


def plain(name: str) -> str:
    """A name as it is compared: case, width, accent composition and spaces make no difference."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def passing(names: Iterable[str]) -> dict[str, str]:
    """Pseudonyms that nothing keeps, for a check that publishes nothing."""
    keys: dict[str, str] = {}
    for name in names:
        if plain(name) not in keys:
            keys[plain(name)] = pseudonym(name, secrets.token_bytes(KEY_BYTES))
    return {name: keys[plain(name)] for name in names}


def _pseudonyms(table: sqlite3.Connection) -> dict[str, str]:
    return dict(table.execute("SELECT plain, pseudonym FROM people"))
