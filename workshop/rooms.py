"""Rooms, and what a facilitator does with them.

    lobby -> open <-> paused -> closed <-> revealed -> saved, or discarded
      ^                                       |
      +------------ second round -------------+

A reset begins a new run in the lobby and keeps the old one, which can still be saved. A command
that changes nothing (closing what is closed) is no mistake: two people may press the same key.
Each is durable once it returns; a server that restarts goes on where the room was.

A code works for two days after the last command. For four more weeks the room can be saved; then
it is deleted with its ballots, and its code may be drawn again.
"""

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, update

from words import DEFAULT_LANGUAGE, LANGUAGES
from workshop.ballots import locked
from workshop.changing import (
    COUNTED,
    FRESH,
    PERSONAL,
    begun,
    free_code,
    locked_now,
    one,
    set_run,
    sweep,
    use,
)
from workshop.errors import RefusedError
from workshop.room import Room, alive, listed, room, runs
from workshop.subject import Subject
from workshop.tables import ROOMS, TURNS
from workshop.votes import Votes

__all__ = [
    "COMMANDS",
    "Room",
    "add_note",
    "alive",
    "close",
    "create",
    "discard",
    "hide",
    "listed",
    "note",
    "open_round",
    "pause",
    "rehearse",
    "reset",
    "reveal",
    "room",
    "runs",
    "saved",
    "second_round",
    "turn",
]

MOST_TABLES, MOST_ROUNDS, MOST_NOTES = 40, 2, 10_000


def create(
    votes: Votes,
    subject: Subject,
    *,
    owner: str,
    language: str = DEFAULT_LANGUAGE,
    ask_group: bool = False,
    tables: int = 0,
    rounds: int = 1,
) -> Room:
    """Open a room in its lobby.

    Args:
        votes: Where its ballots are kept.
        subject: What it rates; see `workshop.subject.subject`.
        owner: Who makes it.
        language: See `Room`, as for the rest.
        ask_group: Whether to ask for the group.
        tables: How many tables, where the group is the table.
        rounds: 1 or 2.

    Raises:
        RefusedError: If a number is out of range or the language is none of ours.
        VotesError: If it cannot be written.
    """
    possible = language in LANGUAGES and 1 <= rounds <= MOST_ROUNDS and 0 <= tables <= MOST_TABLES
    if not possible:
        raise RefusedError("impossible_room")
    now = votes.clock()

    def change(connection: Connection) -> Room:
        sweep(connection, now)
        row = {
            "code": free_code(connection),
            "story_id": subject.story_id,
            "release": subject.release,
            "subject": subject.as_json(),
            "language": language,
            "ask_group": ask_group,
            "tables": tables,
            "rounds": rounds,
            "owner": owner,
            "notes": "",
            "created_at": now,
            "used_at": now,
            "run_id": 0,
        }
        (room_id,) = connection.execute(insert(ROOMS).values(row)).inserted_primary_key or (0,)
        return begun(connection, room_id, 1, now)

    return votes.write(change)


def rehearse(votes: Votes, code: str, on: bool = True) -> Room:
    """Let phones send test ballots, which are never counted, or stop it. In the first lobby."""

    def testing(now: Room) -> dict[str, Any]:
        if now.round > 1:
            raise RefusedError("not_now", state=now.state)
        return {} if now.testing is on else {"testing": on}

    return _command(votes, code, {"lobby"}, testing)


def open_round(votes: Votes, code: str) -> Room:
    """Take ballots. A closed round opens again only if nobody has seen its results."""

    def opened(now: Room) -> dict[str, Any]:
        if now.revealed_at is not None:
            raise RefusedError("seen_already")
        began = votes.clock() if now.opened_at is None else now.opened_at
        return {"state": "open", "testing": False, "opened_at": began, "stopped_at": None}

    return _command(votes, code, {"lobby", "paused", "closed"}, opened, already="open")


def pause(votes: Votes, code: str) -> Room:
    """Take no ballots for a while."""
    return _command(votes, code, {"open"}, _stopped(votes, "paused"), already="paused")


def close(votes: Votes, code: str) -> Room:
    """End the round. Ballots on their way count for a few seconds, and are flagged."""
    return _command(votes, code, {"open", "paused"}, _stopped(votes, "closed"), already="closed")


def reveal(votes: Votes, code: str) -> Room:
    """Show the results of a closed round."""

    def revealed(now: Room) -> dict[str, Any]:
        first = votes.clock() if now.revealed_at is None else now.revealed_at
        return {"state": "revealed", "revealed_at": first}

    return _command(votes, code, {"closed"}, revealed, already="revealed")


def hide(votes: Votes, code: str) -> Room:
    """Show the results no longer."""
    return _command(votes, code, {"revealed"}, lambda _: {"state": "closed"}, already="closed")


def second_round(votes: Votes, code: str) -> Room:
    """Go to the lobby of the second round."""

    def on(now: Room) -> dict[str, Any]:
        if now.round == 2 and now.state == "lobby":
            return {}
        if now.round >= now.rounds or now.state == "lobby":
            raise RefusedError("not_now", state=now.state)
        return FRESH | {"round": now.round + 1}

    return _command(votes, code, {"closed", "revealed", "lobby"}, on)


def turn(votes: Votes, code: str, by: int) -> Room:
    """Turn the pages of the room's own screens, forward or back. It opens and closes nothing."""

    def change(connection: Connection) -> Room:
        now = locked_now(connection, code, votes.clock())
        mine = TURNS.c.room_id == now.room_id
        turned = connection.execute(
            update(TURNS).where(mine).values(pages=TURNS.c.pages + by)
        ).rowcount
        if not turned:
            connection.execute(insert(TURNS).values(room_id=now.room_id, pages=by))
        use(connection, now.room_id, votes.clock())
        return one(connection, now.run_id)

    return votes.write(change)


def reset(votes: Votes, code: str) -> Room:
    """Begin a new run in the lobby. The old one is kept and can be saved; if open, it is closed."""

    def change(connection: Connection) -> Room:
        old = locked_now(connection, code, votes.clock())
        if old.state in ("open", "paused"):
            set_run(connection, old, _stopped(votes, "closed")(old))
        return begun(connection, old.room_id, old.run + 1, votes.clock())

    return votes.write(change)


def saved(votes: Votes, room: Room) -> Room:
    """Note that a run is in the datasets. Its ballots go; the counts stay for the screen."""
    return _end(votes, room, "saved", {"closed", "revealed"}, PERSONAL)


def discard(votes: Votes, room: Room) -> Room:
    """Delete a run's ballots and everything counted from them."""
    anything = {"lobby", "open", "paused", "closed", "revealed"}
    return _end(votes, room, "discarded", anything, (*PERSONAL, *COUNTED))


def note(votes: Votes, room: Room, text: str) -> Room:
    """Keep the facilitator's notes."""

    def change(connection: Connection) -> Room:
        use(connection, room.room_id, votes.clock(), notes=text[:MOST_NOTES])
        return one(connection, room.run_id)

    return votes.write(change)


def add_note(votes: Votes, room: Room, line: str) -> Room:
    """Add a line to the facilitator's notes; of two at once none is lost.

    Raises:
        RefusedError: If there is no room for it.
    """

    def change(connection: Connection) -> Room:
        locked(connection, {room.run_id})
        before = one(connection, room.run_id).notes
        text = f"{before}\n{line}" if before else line
        if len(text) > MOST_NOTES:
            raise RefusedError("notes_full", n=MOST_NOTES)
        use(connection, room.room_id, votes.clock(), notes=text)
        return one(connection, room.run_id)

    return votes.write(change)


# What the projector's keys may do, by the name that its page sends.
COMMANDS: dict[str, Callable[[Votes, str], Room]] = {
    "open": open_round,
    "pause": pause,
    "close": close,
    "reveal": reveal,
    "hide": hide,
    "second_round": second_round,
}


def _command(
    votes: Votes,
    code: str,
    allowed: Collection[str],
    changes: Callable[[Room], dict[str, Any]],
    already: str = "",
) -> Room:
    """Change the present run of a room.

    Args:
        votes: Where.
        code: The room's.
        allowed: The states from which this is possible.
        changes: What becomes of the run; nothing if it is so already.
        already: The state in which there is nothing to do.
    """

    def change(connection: Connection) -> Room:
        now = locked_now(connection, code, votes.clock())
        if now.state == already:
            return now
        if now.state not in allowed:
            raise RefusedError("not_now", state=now.state)
        if new := changes(now):
            set_run(connection, now, new)
            use(connection, now.room_id, votes.clock())
        return one(connection, now.run_id)

    return votes.write(change)


def _stopped(votes: Votes, state: str) -> Callable[[Room], dict[str, Any]]:
    # A round that is closed while it is paused stopped when it was paused.
    return lambda now: {"state": state, "stopped_at": now.stopped_at or votes.clock()}


def _end(
    votes: Votes, room: Room, state: str, allowed: Collection[str], emptied: Collection[Table]
) -> Room:
    def change(connection: Connection) -> Room:
        locked(connection, {room.run_id})
        now = one(connection, room.run_id)
        if now.state == state:
            return now
        if now.state not in allowed:
            raise RefusedError("not_now", state=now.state)
        for table in emptied:
            connection.execute(delete(table).where(table.c.run_id == room.run_id))
        set_run(connection, now, {"state": state, "testing": False, "counted": now.counted + 1})
        use(connection, now.room_id, votes.clock())
        return one(connection, room.run_id)

    return votes.write(change)
