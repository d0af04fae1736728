"""The steps that commands are made of. Each happens inside the transaction of its caller."""

from typing import Any

from sqlalchemy import Connection, case, delete, insert, select, update

from workshop import codes
from workshop.ballots import locked
from workshop.errors import UnknownRoomError
from workshop.room import KEPT, LIVES, Room, found
from workshop.tables import BALLOTS, DEVICES, MOVES, PRESENCE, ROOMS, RUNS, TALLIES, TURNOUT, TURNS

COUNTED = (TALLIES, TURNOUT, MOVES)
PERSONAL = (BALLOTS, DEVICES)
FRESH = {
    "state": "lobby",
    "testing": False,
    "opened_at": None,
    "stopped_at": None,
    "revealed_at": None,
}


def locked_now(connection: Connection, code: str, now: float) -> Room:
    """The present run of a room that is alive; nobody else changes it until this is over."""
    mine = (ROOMS.c.code == codes.tidy(code), ROOMS.c.used_at >= now - LIVES)
    connection.execute(select(ROOMS.c.room_id).where(*mine).with_for_update()).all()
    rows = found(connection, *mine, RUNS.c.run_id == ROOMS.c.run_id)
    if not rows:
        raise UnknownRoomError("unknown_room")
    locked(connection, {rows[0].run_id})
    return one(connection, rows[0].run_id)


def one(connection: Connection, run_id: int) -> Room:
    """The room in this run."""
    rows = found(connection, RUNS.c.run_id == run_id)
    if not rows:
        raise UnknownRoomError("unknown_room")
    return rows[0]


def set_run(connection: Connection, now: Room, changes: dict[str, Any]) -> None:
    """Change a locked run."""
    values = changes | {"version": now.version + 1}
    connection.execute(update(RUNS).where(RUNS.c.run_id == now.run_id).values(values))


def use(connection: Connection, room_id: int, now: float, **changes: Any) -> None:
    """Change a room, and note that it is in use. One whose time is over does not come back."""
    alive = ROOMS.c.used_at >= now - LIVES
    values = changes | {"used_at": case((alive, now), else_=ROOMS.c.used_at)}
    connection.execute(update(ROOMS).where(ROOMS.c.room_id == room_id).values(values))


def begun(connection: Connection, room_id: int, run: int, now: float) -> Room:
    """A new run of a room, which is its present one from now on."""
    row = {"room_id": room_id, "run": run, "round": 1, "version": 1, "counted": 0, "joined": 0}
    (run_id,) = connection.execute(insert(RUNS).values(row | FRESH)).inserted_primary_key or (0,)
    use(connection, room_id, now, run_id=run_id)
    return one(connection, run_id)


def free_code(connection: Connection) -> str:
    """A code that no room has, neither a live one nor one that is kept."""
    while True:
        code = codes.new_code()
        if connection.scalar(select(ROOMS.c.room_id).where(ROOMS.c.code == code)) is None:
            return code


def sweep(connection: Connection, now: float) -> None:
    """Delete rooms whose time is over, with everything in them."""
    old = select(ROOMS.c.room_id).where(ROOMS.c.used_at < now - LIVES - KEPT)
    if room_ids := list(connection.scalars(old)):
        run_ids = list(
            connection.scalars(select(RUNS.c.run_id).where(RUNS.c.room_id.in_(room_ids)))
        )
        for table in (*PERSONAL, *COUNTED, PRESENCE):
            connection.execute(delete(table).where(table.c.run_id.in_(run_ids)))
        for table in (RUNS, TURNS, ROOMS):
            connection.execute(delete(table).where(table.c.room_id.in_(room_ids)))
