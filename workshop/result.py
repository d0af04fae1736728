"""A run of a room as the value that its slides and its handout are made from."""

from collections import Counter
from datetime import date

import pandas as pd

import gcs_data
import labels
from exports.room import ORDER, PROFILE, Record, RoomResult, contested_genes
from gcs_data import query
from words import Words
from workshop import pages, tally
from workshop.keep import Occasion
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
        record=_record(room, store, names, t),
        groups=_groups(room, last, names, t),
        contested=contested_genes(profile),
        movement=moved(last, names),
        sources=_sources(room, store),
        notes=tuple(how_given(last, t)),
    )


def gene_names(room: Room, t: Words) -> dict[str, str]:
    """What each gene is called; of two that would be called the same, each with its id."""
    return unlike(
        {
            gene.gene_id: t(gene.name) or labels.nameless(gene.letter or None, t)
            for gene in room.genes
        }
    )


def unlike(names: dict[str, str]) -> dict[str, str]:
    """Names by id; those that several have, with their id."""
    often = Counter(names.values())
    return {gene: f"{name} ({gene})" if often[name] > 1 else name for gene, name in names.items()}


def named(profile: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """A profile with the names of its genes in column `gene`."""
    return profile.assign(gene=profile["gene_id"].map(names))


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


def _record(room: Room, store: gcs_data.Store, names: dict[str, str], t: Words) -> Record | None:
    """Expert ratings, else the published order; made-up ratings are never the record."""
    release, story = room.subject.release, room.subject.story_id
    counts = gcs_data.load(store, "rating_counts", release)
    series = query.rating_series(counts, story)
    for each in query.rows(series[series["provenance"] == "expert"]):
        profile = query.gene_profile(
            counts, story, list(names), provenance="expert", occasion_id=each.occasion_id
        )
        if profile["n"].sum():
            title = _occasions(store, release).get(each.occasion_id, each.occasion_id)
            return Record(str(title), "expert", named(profile, names)[PROFILE])
    genes = gcs_data.load(store, "genes", release)
    published = query.published_dna(gcs_data.load(store, "published_dna", release), genes, story)
    if published.empty:
        return None
    # All of it, whatever the room rated: it is an order, and half an order is another one.
    return Record(
        t("Published DNA"), "published", named(published, unlike(labels.genes(genes, t)))[ORDER]
    )


def _occasions(store: gcs_data.Store, release: int) -> dict[str, str]:
    occasions = gcs_data.load(store, "occasions", release)
    return dict(zip(occasions["occasion_id"], occasions["title"], strict=True))


def _sources(room: Room, store: gcs_data.Store) -> tuple[str, ...]:
    stories = gcs_data.load(store, "stories", room.subject.release)
    mine = stories.loc[stories["story_id"] == room.subject.story_id, "source_url"]
    return tuple(str(source) for source in mine.dropna())
