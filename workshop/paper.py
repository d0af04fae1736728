"""Ballots on paper and counts of hands, typed in by the facilitator and marked as such.

They belong to the round that the room is in, from its opening until the run is saved. A paper
ballot is one person's, so it counts in groups; hands are counts per gene and nobody's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from workshop.answers import answered, choices
from workshop.ballots import HANDS, PAPER, Kept, add, kept, locked, replace
from workshop.changing import one
from workshop.errors import RefusedError
from workshop.room import Room
from workshop.tables import BALLOTS, RUNS, TALLIES
from workshop.votes import Votes

ROUND_STATES = ("open", "paused", "closed", "revealed")
MOST_HANDS = 100_000


@dataclass(frozen=True)
class PaperBallot:
    """A ballot that was typed in.

    Attributes:
        number: For taking it back.
        answers: By gene id: 1 to 5, 0 for "don't know"; a gene without an answer is missing.
        group: Stakeholder group or table; empty if not given.
    """

    number: int
    answers: Mapping[str, int]
    group: str


def add_ballot(votes: Votes, room: Room, answers: Mapping[str, int], group: str = "") -> int:
    """Count a paper ballot; returns its number.

    Raises:
        RefusedError: If the room is in no round, or the ballot could not have come from a phone.
    """
    ballot = choices(room, {gene: str(score) for gene, score in answers.items()}, group)

    def change(connection: Connection) -> int:
        now = _in_round(connection, room)
        mine = (BALLOTS.c.run_id == now.run_id, BALLOTS.c.round == now.round)
        asked = select(func.max(BALLOTS.c.number)).where(*mine, BALLOTS.c.source == PAPER)
        number = (connection.scalar(asked) or 0) + 1
        new = {_device(now, number): Kept(number, ballot, group, PAPER)}
        replace(connection, now.run_id, now.round, {}, new)
        return number

    return votes.write(change)


def remove_ballot(votes: Votes, room: Room, number: int) -> None:
    """Take a paper ballot back.

    Raises:
        RefusedError: If there is none of this number.
    """

    def change(connection: Connection) -> None:
        now = _in_round(connection, room)
        before = kept(connection, now.run_id, now.round, [_device(now, number)])
        if not before:
            raise RefusedError("unknown_ballot")
        replace(connection, now.run_id, now.round, before, {})

    votes.write(change)


def ballots(votes: Votes, room: Room) -> list[PaperBallot]:
    """The paper ballots of the round that the room is in, as they were typed."""
    asked = (
        select(BALLOTS.c.number, BALLOTS.c.choices, BALLOTS.c.stakeholder_group)
        .where(BALLOTS.c.run_id == room.run_id, BALLOTS.c.round == room.round)
        .where(BALLOTS.c.source == PAPER)
        .order_by(BALLOTS.c.number)
    )

    def typed(connection: Connection) -> list[PaperBallot]:
        rows = connection.execute(asked)
        return [PaperBallot(row[0], answered(room, row[1]), row[2]) for row in rows]

    return votes.read(typed, [])


def set_hands(votes: Votes, room: Room, gene_id: str, counts: Sequence[int]) -> None:
    """Say how many hands went up for each score of a gene, 1 first; five zeros take it back.

    Raises:
        RefusedError: If the room is in no round or does not ask for the gene, or for other counts.
    """
    places = {gene.gene_id: place for place, gene in enumerate(room.genes)}
    if gene_id not in places:
        raise RefusedError("gene", gene=gene_id[:80])
    if len(counts) != 5 or not all(0 <= n <= MOST_HANDS for n in counts):
        raise RefusedError("hands")

    def change(connection: Connection) -> None:
        now = _in_round(connection, room)
        before = _hands(connection, now).get(gene_id, [0] * 5)
        key = (now.run_id, now.round, HANDS, "", places[gene_id])
        moves = {(*key, score): counts[score - 1] - before[score - 1] for score in range(1, 6)}
        add(connection, TALLIES, moves)
        more = update(RUNS).where(RUNS.c.run_id == now.run_id)
        connection.execute(more.values(counted=RUNS.c.counted + 1))

    votes.write(change)


def hands(votes: Votes, room: Room) -> dict[str, list[int]]:
    """How many hands went up for each score, by gene; genes without a count are missing."""
    empty: dict[str, list[int]] = {}
    return votes.read(lambda connection: _hands(connection, room), empty)


def _hands(connection: Connection, room: Room) -> dict[str, list[int]]:
    asked = select(TALLIES.c.gene, TALLIES.c.score, TALLIES.c.n).where(
        TALLIES.c.run_id == room.run_id,
        TALLIES.c.round == room.round,
        TALLIES.c.source == HANDS,
        TALLIES.c.n > 0,
    )
    found: dict[str, list[int]] = {}
    for gene, score, n in connection.execute(asked):
        found.setdefault(room.genes[gene].gene_id, [0] * 5)[score - 1] = n
    return found


def _in_round(connection: Connection, room: Room) -> Room:
    """The locked run as it is now; it must be in a round."""
    locked(connection, {room.run_id})
    now = one(connection, room.run_id)
    if now.state not in ROUND_STATES:
        raise RefusedError("not_now", state=now.state)
    return now


def _device(room: Room, number: int) -> str:
    # With the round: the first paper of two rounds need not be the same person's.
    return f"paper-{room.round}-{number}"
