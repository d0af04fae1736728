"""What the datasets know of a room's story, for its projector: facts, record, names of genes.

Everything is read from the release that the room was made with. A store that cannot be read takes
the facts away and nothing else: the room has its own copy of title and genes.
"""

import logging
from dataclasses import dataclass

import pandas as pd

import labels
from exports import story_facts
from exports.room import Record
from gcs_data import query
from gcs_data.errors import GcsDataError
from server import api_data
from words import Words
from workshop.room import Room

LOG = logging.getLogger("gcs")
RECORD = "expert"


@dataclass(frozen=True)
class Known:
    """What is on record of a story. Plain text, in one language; empty where nothing is.

    Attributes:
        summary: What the story is.
        organisation: Who leads it.
        place: Where: the lead's country, and how far it reaches.
        years: When.
        record: What real people said of its genes before this room: ratings by experts, else the
            published order. Never made-up ratings: they would stand before the eyes of people who
            are about to rate.
        definitions: What each gene of the record means, by name.
    """

    summary: str = ""
    organisation: str = ""
    place: str = ""
    years: str = ""
    record: Record | None = None
    definitions: tuple[tuple[str, str], ...] = ()


def gene_names(room: Room, t: Words) -> dict[str, str]:
    """What each gene of a room is called; two of the same name are told apart by their id."""
    plain = {
        gene.gene_id: t(gene.name) or labels.nameless(gene.letter or None, t) for gene in room.genes
    }
    return _apart(plain)


def known(room: Room, t: Words) -> Known:
    """What the datasets say of a room's story. May wait for a store."""
    number = room.subject.release
    try:
        stories = api_data.frame("stories", number)
        mine = stories[stories["story_id"] == room.subject.story_id]
        if mine.empty:
            return Known()
        row = mine.iloc[0]
        genes = api_data.frame("genes", number)
        names = _apart(labels.genes(genes, t))
        defined = genes.dropna(subset="definition")
        meanings = zip(defined["gene_id"], defined["definition"], strict=True)
        return Known(
            summary=_text(row["summary"]),
            organisation=_text(row["lead_organisation"]),
            place=_place(row, number, t),
            years="" if pd.isna(row["year_started"]) else story_facts.years(row, t),
            record=_experts(room, t) or _published(room, names, t),
            definitions=tuple((names[gene], t(text)) for gene, text in meanings),
        )
    except GcsDataError as problem:
        LOG.warning("A projector does without the story's facts: %s", problem)
        return Known()


def _place(row: pd.Series, number: int, t: Words) -> str:
    countries = api_data.frame("countries", number).set_index("country_iso3")
    named = countries[f"name_{t.language}"].to_dict()
    parts = [named.get(row["lead_country_iso3"], ""), _text(row["reach"])]
    return " · ".join(dict.fromkeys(part for part in parts if part))


def _experts(room: Room, t: Words) -> Record | None:
    """The ratings of the most experts; occasions are never merged."""
    number, story_id = room.subject.release, room.subject.story_id
    counts = api_data.frame("rating_counts", number)
    series = query.rating_series(counts, story_id)
    series = series[series["provenance"] == RECORD].sort_values("raters", kind="stable")
    names = gene_names(room, t)
    for occasion_id in reversed(series["occasion_id"].tolist()):
        profile = query.gene_profile(
            counts, story_id, list(names), provenance=RECORD, occasion_id=occasion_id
        )
        if profile["n"].sum():
            profile.insert(1, "gene", profile["gene_id"].map(names))
            titles = api_data.frame("occasions", number).set_index("occasion_id")["title"]
            title = str(titles.get(occasion_id, occasion_id))
            name = t("{name}: {value}", name=labels.provenances(t)[RECORD], value=title)
            return Record(name, "expert", profile)
    return None


def _published(room: Room, names: dict[str, str], t: Words) -> Record | None:
    number = room.subject.release
    order = query.published_dna(
        api_data.frame("published_dna", number),
        api_data.frame("genes", number),
        room.subject.story_id,
    )
    if order.empty:
        return None
    return Record(t("Published DNA"), "published", order.assign(gene=order["gene_id"].map(names)))


def _apart(names: dict[str, str]) -> dict[str, str]:
    said = list(names.values())
    return {
        gene: f"{name} ({gene})" if said.count(name) > 1 else name for gene, name in names.items()
    }


def _text(cell: object) -> str:
    return cell if isinstance(cell, str) else ""
