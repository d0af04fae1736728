"""What the workshop's tests share: a room on a tiny story, and what stands in the store."""

import asyncio
from collections import Counter

from sqlalchemy import select

from workshop import rooms, tables
from workshop.ballots import SCORES, Ballot
from workshop.subject import Gene, Subject

SUBJECT = Subject(
    "kenya-cash",
    0,
    "Cash by phone",
    "en",
    (
        Gene("trust", "Trust", "T", "People rely on it."),
        Gene("funding", "Funding", "F", "There is money."),
    ),
)


def room_in(votes, state="open", **chosen):
    """A room in this state."""
    made = rooms.create(votes, SUBJECT, **{"owner": "Ana"} | chosen)
    steps = {
        "lobby": [],
        "open": [rooms.open_round],
        "paused": [rooms.open_round, rooms.pause],
        "closed": [rooms.open_round, rooms.close],
        "revealed": [rooms.open_round, rooms.close, rooms.reveal],
    }
    for step in steps[state]:
        made = step(votes, made.code)
    return made


def cast(votes, *ballots):
    """Cast ballots at once, and wait for what becomes of each."""

    async def all_of_them():
        return await asyncio.gather(*map(votes.cast, ballots))

    return asyncio.run(all_of_them())


def ballot(room, device, choices, number=1, **rest):
    """A ballot for the round that a room is in."""
    return Ballot(
        room.run_id, rest.pop("round", room.ballot_round), device, number, choices, **rest
    )


def tallies(votes, room):
    """The counts in the store: by round, source, group, gene and score; no zeros."""
    found = votes.read(lambda c: c.execute(_of(tables.TALLIES, room)).all(), [])
    return Counter({tuple(row[1:-1]): row.n for row in found if row.n})


def turnout(votes, room):
    """By round: how many voted, how many of those late, how many on paper."""
    found = votes.read(lambda c: c.execute(_of(tables.TURNOUT, room)).all(), [])
    return {row.round: (row.voted, row.late, row.paper) for row in found}


def stored(votes, room):
    """Every ballot of a run, by round and device."""
    found = votes.read(lambda c: c.execute(_of(tables.BALLOTS, room)).all(), [])
    return {(row.round, row.device): row for row in found}


def recounted(votes, room):
    """The counts again, from the ballots: tallies, turnout and moves."""
    ballots = stored(votes, room)
    counts, votes_cast, moves = Counter(), {}, Counter()
    for (round_, _), row in ballots.items():
        was = votes_cast.get(round_, (0, 0, 0))
        now = (1, row.late, row.source == "paper")
        votes_cast[round_] = tuple(a + b for a, b in zip(was, now, strict=True))
        for gene, choice in enumerate(row.choices):
            if round_ and choice != "-":
                counts[round_, row.source, row.stakeholder_group, gene, int(choice)] += 1
    for (round_, device), row in ballots.items():
        before = ballots.get((1, device))
        if round_ == 2 and before:
            for gene, pair in enumerate(zip(before.choices, row.choices, strict=True)):
                if set(pair) <= set(SCORES):
                    moves[gene, int(pair[0]), int(pair[1])] += 1
    return counts, votes_cast, moves


def moved(votes, room):
    """The counts of moves in the store; no zeros."""
    found = votes.read(lambda c: c.execute(_of(tables.MOVES, room)).all(), [])
    return Counter({tuple(row[1:-1]): row.n for row in found if row.n})


def _of(table, room):
    return select(table).where(table.c.run_id == room.run_id)
