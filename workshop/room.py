"""A room as it stands, and how rooms are found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from gcs_data.schema import STAKEHOLDER_GROUPS
from workshop import codes
from workshop.ballots import OVER, TEST_ROUND
from workshop.errors import UnknownRoomError
from workshop.subject import Gene, Subject, from_json
from workshop.tables import ROOMS, RUNS, TURNS
from workshop.votes import Votes

HOUR = 3600.0
LIVES = 48 * HOUR
KEPT = 28 * 24 * HOUR


@dataclass(frozen=True)
class Room:
    """A room and one run of it, as they stood when they were read.

    Attributes:
        room_id: Its number, never given again.
        code: Six characters that lead a phone to it.
        subject: The story and its genes.
        language: Of phones that speak none of ours, and of the projector.
        ask_group: Whether phones are asked for the stakeholder group, or the table if `tables`.
        tables: How many tables there are; 0 where stakeholder groups are asked for.
        rounds: 1 or 2.
        owner: Who made it.
        notes: The facilitator's own.
        created_at: Seconds since 1970, like every time here.
        used_at: The last command.
        run_id: The run's number, never given again.
        run: 1 for the first run of this room.
        state: lobby, open, paused, closed, revealed, saved or discarded.
        round: 1 or 2.
        testing: Whether phones send test ballots; in the lobby only.
        opened_at: When this round opened first.
        stopped_at: When it was paused or closed; None while it is open.
        revealed_at: When this round's results were shown first.
        version: Grows with each command,
        counted: and this with each ballot that is written.
        joined: Browsers that came back with our cookie.
        is_now: Whether this is the room's present run.
        turned: How many pages the desk has turned on the room's own screens, less those back.
    """

    room_id: int
    code: str
    subject: Subject
    language: str
    ask_group: bool
    tables: int
    rounds: int
    owner: str
    notes: str
    created_at: float
    used_at: float
    run_id: int
    run: int
    state: str
    round: int
    testing: bool
    opened_at: float | None
    stopped_at: float | None
    revealed_at: float | None
    version: int
    counted: int
    joined: int
    is_now: bool
    turned: int

    @property
    def genes(self) -> tuple[Gene, ...]:
        """The genes to rate, in the order of the axes."""
        return self.subject.genes

    @property
    def phase(self) -> str:
        """The state as phones know it: "test" while test ballots are taken, "ended" at the end."""
        if self.state in OVER:
            return "ended"
        return "test" if self.state == "lobby" and self.testing else self.state

    @property
    def ballot_round(self) -> int:
        """The round that a ballot sent now belongs to; 0 is the test."""
        return TEST_ROUND if self.phase == "test" else self.round

    @property
    def is_voting(self) -> bool:
        """Whether ballots are expected now."""
        return self.phase in ("test", "open")

    @property
    def groups(self) -> tuple[str, ...]:
        """What a phone may answer when it is asked for the group."""
        if not self.ask_group:
            return ()
        if self.tables:
            return tuple(f"table-{number}" for number in range(1, self.tables + 1))
        return STAKEHOLDER_GROUPS

    @property
    def shows_results(self) -> bool:
        """Whether this round's results may be seen by the room."""
        return self.state in ("revealed", "saved")


def room(votes: Votes, code: str, run: int | None = None) -> Room:
    """The room with this code, in its present run or in an older one.

    Raises:
        UnknownRoomError: If there is none, also if its time is over.
        VotesError: If the database cannot be read.
    """
    wanted = codes.tidy(code)
    rows: list[Room] = votes.read(
        lambda c: found(c, ROOMS.c.code == wanted, ROOMS.c.used_at >= votes.clock() - LIVES), []
    )
    for each in rows:
        if each.is_now if run is None else each.run == run:
            return each
    raise UnknownRoomError("unknown_room")


def alive(votes: Votes) -> list[Room]:
    """Every room whose code works, the newest first, in its present run."""
    since = votes.clock() - LIVES
    return votes.read(lambda c: found(c, *_NOW, ROOMS.c.used_at >= since), [])


def listed(votes: Votes) -> list[Room]:
    """Every room that is kept, for the desk: also those whose code no longer works."""
    return votes.read(lambda c: found(c, *_NOW), [])


def runs(votes: Votes, room_id: int) -> list[Room]:
    """All runs of a room, the newest first, also when its code no longer works."""
    return votes.read(lambda c: found(c, ROOMS.c.room_id == room_id), [])


def found(connection: Connection, *which: ColumnElement[bool]) -> list[Room]:
    """The rooms, one for each run, that fit."""
    return [_room(row) for row in connection.execute(_EVERY.where(*which))]


_NOW = (RUNS.c.run_id == ROOMS.c.run_id,)
_EVERY = (
    select(
        *(column for column in ROOMS.c if column is not ROOMS.c.run_id),
        *(column for column in RUNS.c if column is not RUNS.c.room_id),
        _NOW[0].label("is_now"),
        func.coalesce(TURNS.c.pages, 0).label("turned"),
    )
    .join_from(ROOMS, RUNS, ROOMS.c.room_id == RUNS.c.room_id)
    .outerjoin(TURNS, TURNS.c.room_id == ROOMS.c.room_id)
    .order_by(ROOMS.c.room_id.desc(), RUNS.c.run_id.desc())
)
_COPIED: Sequence[str] = [name for name in Room.__dataclass_fields__ if name != "subject"]


def _room(row: Row[*tuple[Any, ...]]) -> Room:
    values = row._mapping
    return Room(subject=from_json(values["subject"]), **{name: values[name] for name in _COPIED})
