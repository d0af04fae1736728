"""A room's ratings as rows of the datasets `occasions` and `gene_ratings`.

Each round is an occasion. A rater's pseudonym is drawn when the room is saved, from nothing that
the phone or the database knows, and is the same in both rounds; once the room is saved its ballots
are deleted, so nobody can tell whose it was. Nothing is merged with other ratings: the occasions
are the room's own, and their provenance is `workshop`.
"""

import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection, select

import gcs_data
from gcs_data.errors import PublishConflictError
from gcs_data.pseudonym import pseudonym
from gcs_data.schema import DATASETS, RATING_MAX, RATING_MIN, STAKEHOLDER_GROUPS
from server import watching
from workshop import rooms
from workshop.answers import answered
from workshop.ballots import HANDS, OVER, PAPER, TEST_ROUND
from workshop.errors import RefusedError
from workshop.room import Room
from workshop.tables import BALLOTS, TALLIES
from workshop.tally import PROVENANCE, occasion_id
from workshop.votes import Votes

TRIES = 3  # Somebody else may publish meanwhile; a room's rows touch nobody else's.
SCALE = f"{RATING_MIN}-{RATING_MAX}"
UNFINISHED = ("lobby", "open", "paused")


@dataclass(frozen=True)
class Occasion:
    """What the facilitator says of the workshop. `held_on` is the day, as 2026-05-14."""

    title: str
    held_on: str
    city: str = ""
    country_iso3: str = ""


def save(
    votes: Votes,
    room: Room,
    store: gcs_data.Store,
    occasion: Occasion,
    *,
    who: str,
    why: str,
) -> gcs_data.Release:
    """Publish a run as a release, then delete its ballots.

    If it stops in between, saving again replaces the same occasions.

    Raises:
        RefusedError: If the run is under way, has ended, or nobody rated anything.
        VotesError: If its ballots cannot be read, or not be deleted after the publish.
        GcsDataError: If it cannot be published; then the room stays as it is.
    """
    for left in reversed(range(TRIES)):
        base = gcs_data.current(store)
        new = frames(votes, room, occasion, gcs_data.load(store, "occasions", base))
        try:
            with watching.here().publishing():
                release = gcs_data.publish(store, new, base=base, who=who, why=why)
        except PublishConflictError:
            if not left:
                raise
        else:
            rooms.saved(votes, room)
            return release
    raise AssertionError("Unreachable.")


def frames(
    votes: Votes, room: Room, occasion: Occasion, occasions: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """What `gcs_data.publish` is handed.

    Args:
        votes: Where the ballots are.
        room: The run to save. It must be over.
        occasion: What it was.
        occasions: The dataset of the release that this one is made from.

    Returns:
        The dataset `occasions` with one row for each round of this run that somebody voted in,
        after all others, and `gene_ratings` with the ratings given in those.

    Raises:
        RefusedError, VotesError: As `save`.
    """
    if room.state in (*OVER, *UNFINISHED):
        raise RefusedError("not_now", state=room.state)
    nothing: tuple[list[dict[str, Any]], list[dict[str, Any]]] = ([], [])
    held, ratings = votes.read(lambda connection: _rows(connection, room, occasion), nothing)
    if not ratings:
        raise RefusedError("no_ratings")
    mine = [row["occasion_id"] for row in held]
    others = occasions[~occasions["occasion_id"].isin(mine)]
    return {
        "occasions": pd.concat([others, _frame("occasions", held)], ignore_index=True),
        "gene_ratings": _frame("gene_ratings", ratings),
    }


def _rows(
    connection: Connection, room: Room, occasion: Occasion
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of occasions, and of ratings."""
    mine = (BALLOTS.c.run_id == room.run_id, BALLOTS.c.round != TEST_ROUND)
    ballots = list(connection.execute(select(BALLOTS).where(*mine)))
    hands = list(
        connection.execute(
            select(TALLIES).where(
                TALLIES.c.run_id == room.run_id, TALLIES.c.source == HANDS, TALLIES.c.n > 0
            )
        )
    )
    # Neither the order in which they came nor that of the devices.
    secrets.SystemRandom().shuffle(ballots)
    raters = {row.device: _stranger() for row in ballots}
    held: list[dict[str, Any]] = []
    ratings: list[dict[str, Any]] = []
    for round_ in sorted({row.round for row in [*ballots, *hands]}):
        cast = [row for row in ballots if row.round == round_]
        shown = [row for row in hands if row.round == round_]
        given = [
            (gene, score, raters[row.device], row.stakeholder_group)
            for row in cast
            for gene, score in answered(room, row.choices).items()
        ]
        given += [
            (room.genes[row.gene].gene_id, row.score, _stranger(), "")
            for row in shown
            for _ in range(row.n)
        ]
        scored = [each for each in given if each[1]]
        if scored:
            held.append(_occasion(room, round_, occasion, _note(room, cast, shown, given)))
            ratings += _ratings(room, round_, occasion, scored)
    return held, ratings


def _ratings(
    room: Room, round_: int, occasion: Occasion, given: list[tuple[str, int, str, str]]
) -> list[dict[str, Any]]:
    name = occasion_id(room, round_)
    return [
        {
            "rating_id": f"{name}-{place}",
            "story_id": room.subject.story_id,
            "gene_id": gene,
            "score": score,
            "score_as_given": score,
            "scale": SCALE,
            "rater_id": rater,
            "stakeholder_group": group if group in STAKEHOLDER_GROUPS else None,
            "occasion_id": name,
            "rated_on": occasion.held_on,
            "provenance": PROVENANCE,
        }
        for place, (gene, score, rater, group) in enumerate(given, 1)
    ]


def _occasion(room: Room, round_: int, occasion: Occasion, note: str) -> dict[str, Any]:
    several = room.rounds > 1
    return {
        "occasion_id": occasion_id(room, round_),
        "title": f"{occasion.title}, round {round_}" if several else occasion.title,
        "held_on": occasion.held_on,
        "city": occasion.city or None,
        "country_iso3": occasion.country_iso3 or None,
        "round": round_,
        "note": note,
    }


def _note(
    room: Room, cast: list[Any], shown: list[Any], given: list[tuple[str, int, str, str]]
) -> str:
    """How the ratings were given, in the language of the datasets."""
    sources = Counter(row.source for row in cast)
    late = sum(row.late for row in cast)
    parts = [f"{len(cast)} ballots in a workshop"]
    if sources[PAPER]:
        parts.append(f"{sources[PAPER]} of them on paper, typed in")
    if late:
        parts.append(f"{late} of them in the seconds after the round was closed")
    if skipped := sum(1 for each in given if not each[1]):
        parts.append(f"“don’t know” was answered {skipped} times")
    if shown:
        genes = sorted({room.genes[row.gene].name or room.genes[row.gene].gene_id for row in shown})
        parts.append(f"hands were counted for {', '.join(genes)}")
    return "; ".join(parts) + "."


def _stranger() -> str:
    """A pseudonym that stands for nobody we could name."""
    return pseudonym(secrets.token_hex(32), secrets.token_bytes(32))


def _frame(name: str, rows: list[Mapping[str, Any]] | list[dict[str, Any]]) -> pd.DataFrame:
    dtypes = DATASETS[name].dtypes
    return pd.DataFrame(rows, columns=list(dtypes), dtype=object).astype(dtypes)
