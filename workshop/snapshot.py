"""What the projector is told of a room, as JSON. Before the reveal: counts, and no results."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from workshop.room import Room
from workshop.tally import Results, Turnout, read, turnout


@dataclass(frozen=True)
class Snapshot:
    """A room at one moment.

    Attributes:
        room: The room.
        connected: Phones that were heard from within fifteen seconds.
        turnout: Of the round that ballots belong to now; the test, while there is one.
        results: Of this round; None unless they may be shown.
    """

    room: Room
    connected: int
    turnout: Turnout
    results: Results | None

    @property
    def name(self) -> str:
        """Tells this moment from any other; of the same room, the same name is the same content."""
        room = self.room
        return f"{results_name(room)}-{room.joined}-{self.connected}-{room.turned}"

    def as_json(self) -> str:
        """The snapshot as one line.

        Keys code, run, round, rounds, state, phase, turned (pages, by the desk), opened_at,
        stopped_at, joined, connected, voted, late, paper, figures and results. Results are null or
        have keys profile, groups, earlier, movement (lists of records, as `workshop.tally.Results`
        describes the frames; missing is null) and discuss. Figures is null as well until then; then
        it changes whenever `/screen/CODE/figures` has something new.
        """
        room = self.room
        return json.dumps(
            {
                "code": room.code,
                "run": room.run,
                "round": room.round,
                "rounds": room.rounds,
                "state": room.state,
                "phase": room.phase,
                "turned": room.turned,
                "opened_at": room.opened_at,
                "stopped_at": room.stopped_at,
                "joined": room.joined,
                "connected": self.connected,
                "voted": self.turnout.voted,
                "late": self.turnout.late,
                "paper": self.turnout.paper,
                "figures": None if self.results is None else results_name(room),
                "results": None if self.results is None else _results(self.results),
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )


def results_name(room: Room) -> str:
    """Tells what a room's results are now from what they were; phones that come and go do not."""
    return f"{room.run_id}-{room.version}-{room.counted}"


def taken(connection: Connection, room: Room, connected: int) -> Snapshot:
    """The snapshot of a room that was read in this transaction."""
    if not room.shows_results:
        return Snapshot(room, connected, turnout(connection, room, room.ballot_round), None)
    results = read(connection, room, room.round)
    return Snapshot(room, connected, results.turnout, results)


def _results(results: Results) -> dict[str, Any]:
    return {
        "profile": records(results.profile),
        "groups": records(results.groups),
        "earlier": records(results.earlier),
        "movement": records(results.movement),
        "discuss": results.discuss,
    }


def records(frame: pd.DataFrame) -> Sequence[dict[str, Any]]:
    """The rows of a frame as JSON has them; missing is None."""
    names = [str(name) for name in frame.columns]
    columns = [[_cell(value) for value in frame[name].astype(object)] for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _cell(value: Any) -> Any:
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    return value
