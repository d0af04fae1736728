"""What a room is drawn over: what real people said of the story's genes before it."""

from collections.abc import Callable, Mapping

import pandas as pd

import labels
from exports.room import Record
from gcs_data import query
from words import Words
from workshop.names import gene_names, named, unlike
from workshop.room import Room

EXPERT = "expert"
Load = Callable[[str], pd.DataFrame]


def record(room: Room, load: Load, t: Words) -> Record | None:
    """Ratings by experts, else the published order, else None.

    Never made-up ratings: they would stand before the eyes of people who are about to rate.

    Args:
        room: Whose story.
        load: A dataset of the room's release, by name.
        t: The words of whoever reads it.

    Raises:
        GcsDataError: If a dataset cannot be read.
    """
    return _experts(room, load, t) or _published(room, load, t)


def _experts(room: Room, load: Load, t: Words) -> Record | None:
    """The ratings of the most experts; occasions are never merged."""
    counts, story_id, names = load("rating_counts"), room.subject.story_id, gene_names(room, t)
    series = query.rating_series(counts, story_id)
    series = series[series["provenance"] == EXPERT].sort_values("raters", kind="stable")
    for occasion_id in reversed(series["occasion_id"].tolist()):
        profile = query.gene_profile(
            counts, story_id, list(names), provenance=EXPERT, occasion_id=occasion_id
        )
        if profile["n"].sum():
            title = str(_titles(load).get(occasion_id, occasion_id))
            name = t("{name}: {value}", name=labels.provenances(t)[EXPERT], value=title)
            return Record(name, "expert", named(profile, names))
    return None


def _published(room: Room, load: Load, t: Words) -> Record | None:
    """All of it, whatever the room rates: it is an order, and half an order is another one."""
    genes = load("genes")
    order = query.published_dna(load("published_dna"), genes, room.subject.story_id)
    if order.empty:
        return None
    names = unlike(labels.genes(genes, t))
    return Record(t("Published DNA"), "published", named(order, names))


def _titles(load: Load) -> Mapping[str, str]:
    occasions = load("occasions")
    return dict(zip(occasions["occasion_id"], occasions["title"], strict=True))
