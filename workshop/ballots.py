"""Ballots: what counts, and the counts. Everything here happens inside one transaction.

A ballot is an upsert on run, round and device. A device numbers its ballots, so that a repeat or
one that was overtaken on its way changes nothing. The counts move by the difference between the
ballot that was there and the one that is there now, so they are exact.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ClauseElement, Connection, Table, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from workshop.prepared import SIZES, is_one_of, listed, run, run_many, size_for
from workshop.tables import BALLOTS, DEVICES, MOVES, RUNS, TALLIES, TURNOUT

GRACE = 5.0  # Seconds after a round stops in which ballots that were on their way count.
TEST_ROUND = 0
SKIPPED, UNANSWERED = "0", "-"
SCORES = "12345"
PHONE, PAPER, HANDS = "phone", "paper", "hands"
OVER = ("saved", "discarded")


class Run(NamedTuple):
    """Of a run, what decides whether a ballot is taken."""

    run_id: int
    state: str
    round: int
    testing: bool
    stopped_at: float | None


@dataclass(frozen=True, slots=True)
class Ballot:
    """What a phone sent.

    Attributes:
        run_id: The run it was filled in for, and the round; 0 is the test.
        round: See `run_id`.
        device: What stands for the phone in this run.
        number: The phone's own; None for a form without a script, which is always the newest.
        choices: One character per gene: 1 to 5, 0 for "don't know", - for no answer.
        group: Stakeholder group or table; empty if not given.
    """

    run_id: int
    round: int
    device: str
    number: int | None
    choices: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a ballot.

    Attributes:
        refused: Why it is not taken: "ended", "moved_on", "not_open", "paused", "closed"; empty
            if it is.
        saved: Whether what is kept for this device now is what it sent.
        number: The number of what is kept.
        late: Whether it came after the round stopped, within the grace.
    """

    refused: str = ""
    saved: bool = False
    number: int = 0
    late: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """A ballot as it stands in the database."""

    number: int
    choices: str
    group: str = ""
    source: str = PHONE
    late: bool = False


def count(connection: Connection, ballots: Sequence[Ballot], now: float) -> list[Outcome]:
    """Take ballots in the order in which they came; an outcome for each."""
    runs = locked(connection, {ballot.run_id for ballot in ballots})
    outcomes: dict[int, Outcome] = {}
    admitted: dict[tuple[int, int], list[tuple[int, bool]]] = {}
    for place, ballot in enumerate(ballots):
        refused, late = _verdict(runs.get(ballot.run_id), ballot, now)
        if refused:
            outcomes[place] = Outcome(refused)
        else:
            admitted.setdefault((ballot.run_id, ballot.round), []).append((place, late))
    for (run_id, round_), places in admitted.items():
        before = kept(connection, run_id, round_, {ballots[place].device for place, _ in places})
        after = dict(before)
        for place, late in places:
            ballot = ballots[place]
            after[ballot.device], outcomes[place] = _taken(
                after.get(ballot.device), ballot, late=late
            )
        replace(connection, run_id, round_, before, after)
        join(connection, run_id, after)
    return [outcomes[place] for place in range(len(ballots))]


def locked(connection: Connection, run_ids: Iterable[int]) -> dict[int, Run]:
    """The runs with these numbers. Until the transaction ends nobody else writes to them."""
    # In one order, so that two processes that want the same rooms never wait for each other.
    found = [run(connection, _LOCKED, {"run_id": run_id}) for run_id in sorted(run_ids)]
    return {row[0]: Run(*row) for rows in found for row in rows}


def kept(
    connection: Connection, run_id: int, round_: int, devices: Collection[str]
) -> dict[str, Kept]:
    """The ballots that these devices have in a round."""
    found: dict[str, Kept] = {}
    for some in _portions(devices):
        asked = {"run_id": run_id, "round": round_} | listed(some)
        for row in run(connection, _kept_of(size_for(some)), asked):
            found[row[0]] = Kept(row[1], row[2], row[3], row[4], bool(row[5]))
    return found


def replace(
    connection: Connection,
    run_id: int,
    round_: int,
    before: Mapping[str, Kept],
    after: Mapping[str, Kept],
) -> None:
    """Write what changed in the ballots of a locked run, and move the counts with it.

    Args:
        connection: In a transaction.
        run_id: The run, which this transaction has locked.
        round_: 0 for test ballots, which move no counts but the turnout's.
        before: By device, the ballots as they are.
        after: As they shall be; a device that is missing here has none any more.
    """
    devices = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if not devices:
        return
    changes = [(before.get(name), after.get(name)) for name in devices]
    written = [(name, after[name]) for name in devices if name in after]
    gone = [name for name in devices if name not in after]
    if written:
        rows = [_row(run_id, round_, name, ballot) for name, ballot in written]
        run_many(connection, _upsert(connection.dialect.name, BALLOTS), rows)
    if gone:
        rows = [{"of_run": run_id, "of_round": round_, "of_device": name} for name in gone]
        run_many(connection, _GONE, rows)
    _move_turnout(connection, run_id, round_, changes)
    if round_ != TEST_ROUND:
        _move_tallies(connection, run_id, round_, changes)
    if round_ > 1:
        _move_moves(connection, run_id, devices, changes)
    run(connection, _COUNTED, {"of_run": run_id, "more": 1})


def join(connection: Connection, run_id: int, devices: Iterable[str]) -> None:
    """Count devices that take part in a locked run, each once."""
    new = set(devices)
    for some in _portions(new):
        asked = {"run_id": run_id} | listed(some)
        new.difference_update(row[0] for row in run(connection, _joined_of(size_for(some)), asked))
    if new:
        rows = [{"run_id": run_id, "device": device} for device in sorted(new)]
        run_many(connection, _JOIN, rows)
        run(connection, _JOINS, {"of_run": run_id, "new": len(new)})


def add(connection: Connection, table: Table, changes: Mapping[tuple[Any, ...], int]) -> None:
    """Add to counts, by the key of their row; a count without a row is 0."""
    keys = [column.name for column in table.primary_key]
    rows = [dict(zip(keys, key, strict=True), n=n) for key, n in sorted(changes.items()) if n]
    if rows:
        run_many(connection, _adding(connection.dialect.name, table), rows)


def _verdict(run: Run | None, ballot: Ballot, now: float) -> tuple[str, bool]:
    """Why a ballot is not taken, if it is not; and whether it is late."""
    if run is None or run.state in OVER:
        return "ended", False
    round_now = TEST_ROUND if run.state == "lobby" and run.testing else run.round
    if ballot.round != round_now:
        return "moved_on", False
    if run.state == "open" or round_now == TEST_ROUND:
        return "", False
    if run.state == "lobby":
        return "not_open", False
    if run.stopped_at is not None and now <= run.stopped_at + GRACE:
        return "", True
    return ("paused" if run.state == "paused" else "closed"), False


def _taken(known: Kept | None, ballot: Ballot, *, late: bool) -> tuple[Kept, Outcome]:
    """What is kept for a device after this ballot, and what it is told."""
    last = known.number if known else 0
    number = last + 1 if ballot.number is None else ballot.number
    if known and number <= last:
        same = (known.choices, known.group) == (ballot.choices, ballot.group)
        return known, Outcome(saved=same, number=last, late=known.late)
    new = Kept(number, ballot.choices, ballot.group, PHONE, late)
    return new, Outcome(saved=True, number=number, late=late)


def _row(run_id: int, round_: int, device: str, ballot: Kept) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "round": round_,
        "device": device,
        "number": ballot.number,
        "choices": ballot.choices,
        "stakeholder_group": ballot.group,
        "source": ballot.source,
        "late": ballot.late,
    }


Change = tuple[Kept | None, Kept | None]


def _move_turnout(
    connection: Connection, run_id: int, round_: int, changes: Iterable[Change]
) -> None:
    voted = late = paper = 0
    for change in changes:
        for ballot, by in zip(change, (-1, 1), strict=True):
            if ballot:
                voted += by
                late += by * ballot.late
                paper += by * (ballot.source == PAPER)
    row = {"run_id": run_id, "round": round_, "voted": voted, "late": late, "paper": paper}
    run_many(connection, _adding(connection.dialect.name, TURNOUT), [row])


def _move_tallies(
    connection: Connection, run_id: int, round_: int, changes: Iterable[Change]
) -> None:
    moved: Counter[tuple[Any, ...]] = Counter()
    for change in changes:
        for ballot, by in zip(change, (-1, 1), strict=True):
            for gene, choice in enumerate(ballot.choices if ballot else ""):
                if ballot and choice != UNANSWERED:
                    moved[run_id, round_, ballot.source, ballot.group, gene, int(choice)] += by
    add(connection, TALLIES, moved)


def _move_moves(
    connection: Connection, run_id: int, devices: Sequence[str], changes: Sequence[Change]
) -> None:
    earlier = kept(connection, run_id, 1, devices)
    moved: Counter[tuple[Any, ...]] = Counter()
    for device, change in zip(devices, changes, strict=True):
        first = earlier.get(device)
        for ballot, by in zip(change, (-1, 1), strict=True):
            if first and ballot:
                for gene, (old, new) in enumerate(zip(first.choices, ballot.choices, strict=True)):
                    if old in SCORES and new in SCORES:
                        moved[run_id, gene, int(old), int(new)] += by
    add(connection, MOVES, moved)


def _portions(names: Collection[str]) -> list[list[str]]:
    ordered, most = sorted(names), SIZES[-1]
    return [ordered[first : first + most] for first in range(0, len(ordered), most)]


_LOCKED = (
    select(*(RUNS.c[name] for name in Run._fields))
    .where(RUNS.c.run_id == bindparam("run_id"))
    .with_for_update()
)
_GONE = delete(BALLOTS).where(
    BALLOTS.c.run_id == bindparam("of_run"),
    BALLOTS.c.round == bindparam("of_round"),
    BALLOTS.c.device == bindparam("of_device"),
)
_JOIN = insert(DEVICES)
_COUNTED = (
    update(RUNS)
    .where(RUNS.c.run_id == bindparam("of_run"))
    .values(counted=RUNS.c.counted + bindparam("more"))
)
_JOINS = (
    update(RUNS)
    .where(RUNS.c.run_id == bindparam("of_run"))
    .values(joined=RUNS.c.joined + bindparam("new"))
)


@cache
def _kept_of(size: int) -> ClauseElement:
    names = ("device", "number", "choices", "stakeholder_group", "source", "late")
    return select(*(BALLOTS.c[name] for name in names)).where(
        BALLOTS.c.run_id == bindparam("run_id"),
        BALLOTS.c.round == bindparam("round"),
        is_one_of(BALLOTS.c.device, size),
    )


@cache
def _joined_of(size: int) -> ClauseElement:
    mine = DEVICES.c.run_id == bindparam("run_id")
    return select(DEVICES.c.device).where(mine, is_one_of(DEVICES.c.device, size))


@cache
def _upsert(dialect: str, table: Table) -> Any:
    new, keys, others = _insert(dialect, table)
    return new.on_conflict_do_update(
        index_elements=keys, set_={name: new.excluded[name] for name in others}
    )


@cache
def _adding(dialect: str, table: Table) -> Any:
    new, keys, others = _insert(dialect, table)
    return new.on_conflict_do_update(
        index_elements=keys,
        set_={name: table.c[name] + new.excluded[name] for name in others},
    )


def _insert(dialect: str, table: Table) -> tuple[Any, list[str], list[str]]:
    new = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    keys = [column.name for column in table.primary_key]
    return new, keys, [column.name for column in table.c if column.name not in keys]
