"""Where ballots are kept: an SQLite file, or PostgreSQL, by `GCS_VOTES_URL`.

    votes = here()
    room = rooms.create(votes, story_id="kenya-cash", …)

One thread of a process writes; it takes whatever is waiting into one transaction. Reading goes
beside it. Nothing is made on disk before the first room.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import IntegrityError, ProgrammingError, SQLAlchemyError

import settings
from workshop.ballots import Ballot, Outcome, count
from workshop.errors import VotesError, WorkshopError
from workshop.tables import METADATA
from workshop.writer import Writer

T = TypeVar("T")
BUSY = 10.0  # Seconds that a write waits for another process.


class Votes:
    """One place for ballots, with the thread that writes to it.

    Args:
        url: An absolute path, or the address of a PostgreSQL database.
        clock: Seconds since 1970.
    """

    def __init__(self, url: str, clock: Callable[[], float] = time.time) -> None:
        self.url = url
        self.clock = clock
        self.shared = "://" in url  # Other processes write there as well.
        self._file = None if "://" in url else Path(url)
        self._engine = _engine(url)
        self._writing = self._engine.execution_options(writes=True)
        self._own: Connection | None = None
        self._writer: Writer[Ballot, Outcome] = Writer(
            self._begin, lambda connection, waiting: count(connection, waiting, clock())
        )
        driver: Any = self._engine.dialect.loaded_dbapi
        # Ballots go past SQLAlchemy to the driver, whose own errors come back.
        self._errors = (SQLAlchemyError, OSError, TimeoutError, driver.Error)
        self._ready = False
        self._preparing = Lock()

    @property
    def waiting(self) -> int:
        """How many ballots wait to be written."""
        return self._writer.waiting

    def read(self, question: Callable[[Connection], T], empty: T) -> T:
        """What a question finds; `empty` before there is anything at all.

        Raises:
            VotesError: If the place cannot be read.
        """
        if self._file is not None and not self._ready and not self._file.exists():
            return empty
        try:
            self._prepare()
            with self._engine.begin() as connection:
                return question(connection)
        except self._errors as problem:
            raise VotesError("votes_unreadable", reason=type(problem).__name__) from problem

    def write(self, change: Callable[[Connection], T]) -> T:
        """Make a change; it is durable once this returns. Not for the event loop's thread.

        Raises:
            VotesError: If it cannot be written, or a `WorkshopError` of the change itself.
        """
        try:
            self._prepare()
            return self._writer.call(change)
        except self._errors as problem:
            raise VotesError("votes_unwritable", reason=type(problem).__name__) from problem

    def write_soon(self, change: Callable[[Connection], object]) -> None:
        """Make a change when there is time; nobody is told whether it succeeded."""
        self._writer.soon(change)

    async def cast(self, ballot: Ballot) -> Outcome:
        """Count a ballot; it is durable once this returns.

        Raises:
            VotesError: If it cannot be written. Then it is not counted.
        """
        try:
            return await self._writer.cast(ballot)
        except self._errors as problem:
            raise VotesError("votes_unwritable", reason=type(problem).__name__) from problem

    def tell(self, wrote: Callable[[int], object]) -> None:
        """Have somebody told how many ballots each transaction makes durable."""
        self._writer.wrote = wrote

    def close(self) -> None:
        """Write what is waiting and let go."""
        self._writer.close()
        if self._own is not None:
            self._own.close()
            self._own = None
        self._engine.dispose()

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        """A transaction of the writing thread, which keeps its connection while all is well."""
        connection = self._own or self._writing.connect()
        self._own = None
        try:
            with connection.begin():
                yield connection
        except WorkshopError:
            connection.close()
            raise
        except BaseException:
            connection.invalidate()  # Perhaps the database is another one by now.
            connection.close()
            raise
        self._own = connection

    def _prepare(self) -> None:
        if self._ready:
            return
        with self._preparing:
            if self._file is not None:
                self._file.parent.mkdir(parents=True, exist_ok=True)
            with suppress(ProgrammingError, IntegrityError):  # Another process is faster.
                METADATA.create_all(self._writing)
            METADATA.create_all(self._writing)
            self._ready = True


@lru_cache(maxsize=4)
def _at(url: str) -> Votes:
    return Votes(url)


def here() -> Votes:
    """The place that the settings name; one per process."""
    return _at(settings.votes_url())


def _engine(url: str) -> Engine:
    if "://" in url:
        return _postgresql(url)
    engine = create_engine(
        URL.create("sqlite", database=url),
        paramstyle="named",  # As in PostgreSQL's driver; see `workshop.prepared`.
        pool_size=20,
        hide_parameters=True,  # No ballot in any log.
        connect_args={"timeout": BUSY, "check_same_thread": False},
    )
    event.listen(engine, "connect", _sqlite_connected)
    event.listen(engine, "begin", _sqlite_begins)
    return engine


def _postgresql(url: str) -> Engine:
    try:
        return create_engine(
            make_url(url).set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            pool_size=20,
            hide_parameters=True,
        )
    except ModuleNotFoundError:
        raise settings.SettingError(
            "GCS_VOTES_URL", "postgresql://…", "a file as long as psycopg is not installed"
        ) from None


def _sqlite_connected(raw: Any, _record: object) -> None:
    raw.isolation_level = None  # Python's own BEGIN comes too late to lock anything.
    for pragma in ("journal_mode = WAL", "synchronous = FULL"):
        raw.execute(f"PRAGMA {pragma}").close()


def _sqlite_begins(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
