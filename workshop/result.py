"""A run of a room as the value that its slides and its handout are made from."""

from datetime import date
from functools import partial

import pandas as pd

import gcs_data
from exports.room import PROFILE, RoomResult, contested_genes
from words import Words
from workshop import pages, tally
from workshop.keep import Occasion
from workshop.names import gene_names, named
from workshop.record import record
from workshop.room import Room
from workshop.tally import Results
from workshop.votes import Votes


def room_result(
    votes: Votes, room: Room, store: gcs_data.Store, occasion: Occasion, *, place: str, t: Words
) -> RoomResult:
    """What a run found, in one language. The caller asks whether that may be shown yet.

    Args:
        votes: Where its counts are.
        room: The run; a second round that nobody has voted in is left out.
        store: Where the record and the story's source are.
        occasion: What the workshop was.
        place: Where it was, in words; empty if nobody said.
        t: The words of the files' language.

    Raises:
        VotesError: If the counts cannot be read.
        GcsDataError: If the record cannot be read.
    """
    names = gene_names(room, t)
    every = [tally.results(votes, room, number) for number in range(1, room.round + 1)]
    if len(every) > 1 and not every[-1].turnout.voted and not every[-1].profile["n"].sum():
        every.pop()
    last = every[-1]
    profile = named(last.profile, names)
    return RoomResult(
        story=room.subject.title,
        occasion=occasion.title,
        held_on=date.fromisoformat(occasion.held_on),
        place=place,
        language=t.language,
        release=room.subject.release,
        code=room.code,
        rounds=tuple(named(each.profile, names)[PROFILE] for each in every),
        joined=room.joined,
        # Where hands were counted there are more people than ballots.
        voted=max(last.turnout.voted, int(profile["n"].max())),
        record=record(room, partial(gcs_data.load, store, release=room.subject.release), t),
        groups=_groups(room, last, names, t),
        contested=contested_genes(profile),
        movement=moved(last, names),
        sources=_sources(room, store),
        notes=tuple(how_given(last, t)),
    )


def moved(results: Results, names: dict[str, str]) -> pd.DataFrame | None:
    """What moved, as `figures.movement_svg` takes it; None without a gene that may be shown."""
    rows = named(results.movement, names).rename(columns={"before": "mean_1", "after": "mean_2"})
    shown = rows[rows["difference"].notna() & rows["low"].notna()]
    columns = ["gene", "mean_1", "mean_2", "difference", "low", "high", "n"]
    return None if shown.empty else shown[columns].reset_index(drop=True)


def how_given(results: Results, t: Words) -> list[str]:
    """What a reader should know of how the answers were given."""
    cast, hands = results.turnout, results.profile[results.profile["hands"] > 0]
    said = []
    if cast.paper:
        said.append(
            t.plural(
                "{n} ballot was on paper and typed in.",
                "{n} ballots were on paper and typed in.",
                cast.paper,
            )
        )
    if cast.late:
        said.append(
            t.plural(
                "{n} ballot came in the seconds after the round was closed, and counts.",
                "{n} ballots came in the seconds after the round was closed, and count.",
                cast.late,
            )
        )
    if len(hands):
        said.append(
            t.plural(
                "For {n} gene, hands were counted.",
                "For {n} genes, hands were counted.",
                len(hands),
            )
        )
    return said


def _groups(room: Room, last: Results, names: dict[str, str], t: Words) -> dict[str, pd.DataFrame]:
    called = pages.group_names(room, t)
    return {
        called[str(group)]: named(rows, names)[PROFILE].reset_index(drop=True)
        for group, rows in last.groups.groupby("stakeholder_group", sort=False)
    }


def _sources(room: Room, store: gcs_data.Store) -> tuple[str, ...]:
    stories = gcs_data.load(store, "stories", room.subject.release)
    mine = stories.loc[stories["story_id"] == room.subject.story_id, "source_url"]
    return tuple(str(source) for source in mine.dropna())
