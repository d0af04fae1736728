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
from gcs_data.errors import GcsDataError
from server import api_data
from words import Words
from workshop.names import unlike
from workshop.record import record
from workshop.room import Room

LOG = logging.getLogger("gcs")


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
        names = unlike(labels.genes(genes, t))
        defined = genes.dropna(subset="definition")
        meanings = zip(defined["gene_id"], defined["definition"], strict=True)
        return Known(
            summary=_text(row["summary"]),
            organisation=_text(row["lead_organisation"]),
            place=_place(row, number, t),
            years="" if pd.isna(row["year_started"]) else story_facts.years(row, t),
            record=record(room, lambda name: api_data.frame(name, number), t),
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


def _text(cell: object) -> str:
    return cell if isinstance(cell, str) else ""
