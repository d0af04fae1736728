"""What a room's answers come to, in the shapes that figures take. Never reads a ballot.

The numbers are those of `gcs_data.query.gene_profile`, so they are the same as on every page; which
groups may be seen is decided by `gcs_data.derive`, as at a publish. Whether results may be shown
yet is the caller's to ask: `Room.shows_results`.
"""

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, select

from gcs_data import derive, query
from workshop.ballots import HANDS, PAPER
from workshop.movement import movement
from workshop.room import Room
from workshop.tables import MOVES, RUNS, TALLIES, TURNOUT
from workshop.votes import Votes

PROVENANCE = "workshop"
MOST_REMEMBERED = 16
# The most contested first.
AGREEMENT_ORDER = {"two_camps": 0, "spread": 1, "agreed": 2, "too_few": 3}


@dataclass(frozen=True)
class Turnout:
    """How many ballots a round has; those that came within the grace, and those on paper."""

    voted: int = 0
    late: int = 0
    paper: int = 0


@dataclass(frozen=True)
class Results:
    """A round's results. The frames are shared: never change them.

    Attributes:
        profile: One row per gene, in the order of the axes: the columns of
            `gcs_data.query.gene_profile`, and skipped ("don't know"), paper and hands (how many
            of n were typed in).
        groups: The same columns but for the last three, once for each group that may be seen, its
            id in column stakeholder_group ("other" for those together that are too small). Empty
            where none may be.
        earlier: The profile of the first round, in the second; else empty.
        movement: What became of it, in the second round; see `workshop.movement`. Else empty.
        discuss: Gene ids, the most contested first.
        turnout: See `Turnout`.
    """

    profile: pd.DataFrame
    groups: pd.DataFrame
    earlier: pd.DataFrame
    movement: pd.DataFrame
    discuss: list[str]
    turnout: Turnout


def results(votes: Votes, room: Room, round_: int | None = None) -> Results:
    """What a round came to so far; by default the round that the room is in.

    Raises:
        VotesError: If the database cannot be read.
    """
    number = room.round if round_ is None else round_
    nothing = _results(room, number, _tallies([]), [], Turnout())
    return votes.read(lambda connection: read(connection, room, number), nothing)


def read(connection: Connection, room: Room, round_: int) -> Results:
    """As `results`, inside a transaction. Remembered until something else is counted."""
    counted = connection.scalar(select(RUNS.c.counted).where(RUNS.c.run_id == room.run_id))
    key = (str(connection.engine.url), room.run_id, round_, counted)
    known = _remembered.get(key)
    if known is None:
        known = _remembered[key] = _computed(connection, room, round_)
        while len(_remembered) > MOST_REMEMBERED:
            _remembered.pop(next(iter(_remembered)), None)
    return known


# A desk, a projector and their reloads ask for the same again and again.
_remembered: dict[tuple[object, ...], Results] = {}


def _computed(connection: Connection, room: Room, round_: int) -> Results:
    mine = (TALLIES.c.run_id == room.run_id, TALLIES.c.round.in_([1, round_]), TALLIES.c.n > 0)
    columns = [TALLIES.c[name] for name in _TALLY]
    rows = [tuple(row) for row in connection.execute(select(*columns).where(*mine))]
    moves: list[tuple[int, int, int, int]] = []
    if round_ > 1:
        asked = select(MOVES.c.gene, MOVES.c.before, MOVES.c.after, MOVES.c.n)
        found = connection.execute(asked.where(MOVES.c.run_id == room.run_id))
        moves = [(row[0], row[1], row[2], row[3]) for row in found]
    return _results(room, round_, _tallies(rows), moves, turnout(connection, room, round_))


def turnout(connection: Connection, room: Room, round_: int) -> Turnout:
    """How many ballots a round has; round 0 is the test."""
    asked = select(TURNOUT.c.voted, TURNOUT.c.late, TURNOUT.c.paper).where(
        TURNOUT.c.run_id == room.run_id, TURNOUT.c.round == round_
    )
    row = connection.execute(asked).first()
    return Turnout(*row) if row else Turnout()


def occasion_id(room: Room, round_: int) -> str:
    """What a round is called among the occasions, once it is saved."""
    run = f"-run-{room.run}" if room.run > 1 else ""
    return f"room-{room.room_id}-{room.code.lower()}{run}-round-{round_}"


def discussion_order(profile: pd.DataFrame) -> list[str]:
    """Gene ids, the most contested first: two camps, then spread; the wider spread first."""
    ordered = profile.assign(order=profile["agreement"].map(AGREEMENT_ORDER)).sort_values(
        ["order", "sd"], ascending=[True, False], kind="stable", na_position="last"
    )
    return [str(gene) for gene in ordered["gene_id"]]


_TALLY = ["round", "source", "stakeholder_group", "gene", "score", "n"]


def _tallies(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    kinds = ["int64", "str", "str", "int64", "int64", "int64"]
    return pd.DataFrame(rows, columns=_TALLY).astype(dict(zip(_TALLY, kinds, strict=True)))


def _results(
    room: Room,
    round_: int,
    tallies: pd.DataFrame,
    moves: list[tuple[int, int, int, int]],
    cast: Turnout,
) -> Results:
    tallies = tallies.assign(gene_id=[room.genes[gene].gene_id for gene in tallies["gene"]])
    mine = tallies[tallies["round"] == round_]
    profile = _whole(room, round_, mine)
    earlier = _whole(room, 1, tallies[tallies["round"] == 1]) if round_ > 1 else profile
    pairs: list[dict[tuple[int, int], int]] = [{} for _ in room.genes]
    for gene, before, after, n in moves:
        pairs[gene][before, after] = n
    changed = movement(earlier, profile, pairs)
    second = round_ > 1
    return Results(
        profile,
        _groups(room, round_, mine[mine["score"] > 0]),
        earlier if second else earlier.iloc[:0],
        changed if second else changed.iloc[:0],
        discussion_order(profile),
        cast,
    )


def _whole(room: Room, round_: int, tallies: pd.DataFrame) -> pd.DataFrame:
    """The profile of everybody, and what else was counted of each gene."""
    scored = tallies[tallies["score"] > 0]
    profile = _profile(room, round_, scored)
    for column, which in (
        ("skipped", tallies[tallies["score"] == 0]),
        ("paper", scored[scored["source"] == PAPER]),
        ("hands", scored[scored["source"] == HANDS]),
    ):
        per_gene = which.groupby("gene_id")["n"].sum()
        profile[column] = [int(per_gene.get(gene, 0)) for gene in profile["gene_id"]]
    return profile


def _profile(room: Room, round_: int, counts: pd.DataFrame) -> pd.DataFrame:
    occasion = occasion_id(room, round_)
    named = counts.assign(
        story_id=room.subject.story_id, provenance=PROVENANCE, occasion_id=occasion
    )
    return query.gene_profile(
        named,
        room.subject.story_id,
        [gene.gene_id for gene in room.genes],
        provenance=PROVENANCE,
        occasion_id=occasion,
    )


def _groups(room: Room, round_: int, scored: pd.DataFrame) -> pd.DataFrame:
    """The profile of each group that may be seen; "all" is no group."""
    ratings = scored.loc[scored.index.repeat(scored["n"])]
    ratings = pd.DataFrame(
        {
            "story_id": room.subject.story_id,
            "provenance": PROVENANCE,
            "occasion_id": occasion_id(room, round_),
            "gene_id": ratings["gene_id"].astype("str"),
            "stakeholder_group": ratings["stakeholder_group"].replace("", "other").astype("str"),
            "score": ratings["score"].astype("Int64"),
        }
    )
    safe = derive.rating_counts(ratings)
    order = [*room.groups, "other"]
    seen = [group for group in order if group in set(safe["stakeholder_group"])]
    # "Other" alone is the whole room under another name.
    seen = [] if seen == ["other"] else seen
    profiles = [
        _profile(room, round_, safe[safe["stakeholder_group"] == group]).assign(
            stakeholder_group=group
        )
        for group in seen
    ]
    empty = _profile(room, round_, safe.iloc[:0]).iloc[:0].assign(stakeholder_group="")
    return pd.concat(profiles, ignore_index=True) if profiles else empty
