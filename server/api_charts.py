"""The numbers behind the charts, as the data API gives them."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from exports.csv_file import csv_bytes
from gcs_data import query
from gcs_data.schema import KINDS, SLUG
from gcs_data.statistics import METHOD
from server import api_data
from server.api_asking import RELEASE, ROOT, TEXT_RULE, Asked, Endpoint, Parameter
from server.api_problems import Problem, shown, unknown
from server.api_shapes import (
    CODE,
    GENE_FIGURES,
    SERIES,
    TEXT,
    WHOLE,
    enveloped,
    many,
    obj,
    part_of_row,
)

MOST_STORIES = 4  # As many as the page that compares stories takes.
GENES = Parameter(
    "genes",
    "Which genes: the default DNA, or all that have a name.",
    {"type": "string", "enum": ["default", "all"], "default": "default"},
)
STORY = Parameter(
    "story",
    f"The story by its id; repeated, up to {MOST_STORIES} stories one after the other.",
    dict(TEXT_RULE) | {"pattern": SLUG},
    many=True,
    required=True,
    most=MOST_STORIES,
)
MAP = (
    Parameter(
        "kind", "Only this kind; repeated, any of them.", {"type": "string", "enum": KINDS}, True
    ),
    Parameter("topic", "Only stories on this topic; repeated, any of them.", TEXT_RULE, True),
    Parameter("story", "Only this story; repeated, any of them.", STORY.rule, True),
    Parameter(
        "year",
        "Only records that have a year, up to this one.",
        {"type": "integer", "minimum": 1950, "maximum": 2100},
    ),
    Parameter(
        "when",
        "With “year”: up to and including it, or in that year alone.",
        {"type": "string", "enum": ["upto", "in"], "default": "upto"},
    ),
)


def known_story(story_id: str, number: int) -> dict[str, Any]:
    """The facts of a story.

    Raises:
        Problem: 404, with ids that look alike.
    """
    facts = api_data.one("stories", number, story_id=story_id)
    if facts is None:
        sentence = f"There is no story “{shown(story_id)}” in release {number}."
        ids = api_data.frame("stories", number)["story_id"]
        raise unknown(404, "unknown_story", sentence, story_id, ids)
    return facts


def series_of(story_id: str, number: int) -> list[tuple[str, str, int]]:
    """Provenance, occasion and number of raters of each series of ratings of a story."""
    counts = api_data.frame("rating_counts", number)
    return [
        (row.provenance, row.occasion_id, int(row.raters))
        for row in query.rows(query.rating_series(counts, story_id))
    ]


def profile(
    story_id: str, provenance: str, occasion_id: str, number: int, *, default_only: bool
) -> pd.DataFrame:
    """The statistics of each gene in one series of ratings, with the names of the genes."""
    genes = api_data.frame("genes", number)
    table = query.gene_profile(
        api_data.frame("rating_counts", number),
        story_id,
        query.genes_in_order(genes, default_only=default_only),
        provenance=provenance,
        occasion_id=occasion_id,
    )
    names = genes.set_index("gene_id")["name"]
    table.insert(1, "gene", table["gene_id"].map(names).astype("str"))
    return table


def code(table: pd.DataFrame, story_id: str, number: int) -> list[list[str]]:
    """The DNA code: bands of genes that cannot be told apart, strongest first."""
    return query.dna_code(table, api_data.frame("rating_pairs", number), story_id)


def dna(asked: Asked) -> Mapping[str, Any]:
    """The statistics behind radar and dots, for every series of ratings of some stories."""
    found = _profiles(asked)
    series = [
        {
            "story_id": story_id,
            "provenance": table["provenance"].iloc[0],
            "occasion_id": table["occasion_id"].iloc[0],
            "raters": raters,
            "method": METHOD,
            "dna_code": code(table, story_id, asked.release),
            "genes": api_data.records(table.drop(columns=["provenance", "occasion_id", "method"])),
        }
        for story_id, raters, table in found
    ]
    head = api_data.envelope(asked.release, dna_provenances(asked))
    if not series:
        head = {**head, "note": f"Nobody has rated these genes yet. {head['note']}"}
    return {**head, "series": series}


def dna_file(asked: Asked) -> bytes:
    """The same as one table."""
    tables = []
    for story_id, _, table in _profiles(asked):
        table.insert(0, "story_id", story_id)
        tables.append(table)
    if not tables:
        columns = ["story_id", *profile("", "", "", asked.release, default_only=True)]
        tables = [pd.DataFrame(columns=columns)]
    return csv_bytes(pd.concat(tables, ignore_index=True).assign(release=asked.release))


def dna_provenances(asked: Asked) -> Sequence[str]:
    """Whose ratings they are."""
    return sorted({str(table["provenance"].iloc[0]) for _, _, table in _profiles(asked)})


def _profiles(asked: Asked) -> list[tuple[str, int, pd.DataFrame]]:
    """Story, raters and statistics of every series; a story without ratings has none."""
    stories = asked.values["story"]
    if len(set(stories)) < len(stories):
        twice = "“story” names the same story twice. Name each once."
        raise Problem(400, "wrong_value", twice, parameter="story")
    default_only = asked.values["genes"] == "default"
    found = []
    for story_id in stories:
        known_story(story_id, asked.release)
        for provenance, occasion_id, raters in series_of(story_id, asked.release):
            table = profile(
                story_id, provenance, occasion_id, asked.release, default_only=default_only
            )
            if not table.empty:
                found.append((story_id, raters, table))
    return found


def world(asked: Asked) -> Mapping[str, Any]:
    """How many records each country has of each kind, and what could not be placed in time."""
    marks, records, left_out, undated = _marks(asked)
    stories = asked.values["story"]
    origin = None
    if len(set(stories)) == 1:
        origin = known_story(stories[0], asked.release)["lead_country_iso3"]
    return {
        **api_data.envelope(asked.release),
        "records": records,
        "left_out_without_year": left_out,
        "without_year": undated,
        "origin": origin,
        "marks": api_data.records(marks),
    }


def world_file(asked: Asked) -> bytes:
    """The marks as a table."""
    marks, _, left_out, _ = _marks(asked)
    return csv_bytes(marks.assign(left_out_without_year=left_out, release=asked.release))


def _marks(asked: Asked) -> tuple[pd.DataFrame, int, int, int]:
    values, number = asked.values, asked.release
    stories = api_data.frame("stories", number)
    topics = query.known_topics(stories)
    for topic in values["topic"]:
        if topic not in topics:
            sentence = f"No story of release {number} works on the topic “{shown(topic)}”."
            raise unknown(404, "unknown_topic", sentence, topic, topics)
    known = set(stories["story_id"])
    for story_id in values["story"]:
        if story_id not in known:  # A hundred whole stories would take half a second to look at.
            known_story(story_id, number)
    kept, left_out = query.select_replications(
        api_data.frame("replications", number),
        stories,
        query.Selection(
            kinds=values["kind"],
            topics=values["topic"],
            story_ids=values["story"],
            year=values["year"],
            cumulative=values["when"] == "upto",
        ),
    )
    names = api_data.frame("countries", number).set_index("country_iso3")["name_en"]
    marks = query.marks(kept)
    marks.insert(1, "country", marks["country_iso3"].map(names).astype("str"))
    return marks, len(kept), left_out, int(kept["year"].isna().sum())


_MARK = part_of_row("replications", ["country_iso3"]) | {
    "country": TEXT,
    "kind": {"type": "string", "enum": list(KINDS)},
    "n": WHOLE,
}
ENDPOINTS = (
    Endpoint(
        f"{ROOT}/charts/dna",
        "dna_chart",
        "The numbers behind a story's radar and dots, for each series of ratings by itself.",
        dna,
        enveloped(
            {
                "series": many(
                    obj(
                        {"story_id": TEXT, **SERIES, "dna_code": CODE}
                        | {"genes": many(obj(GENE_FIGURES))}
                    )
                )
            }
        ),
        [STORY, GENES, RELEASE],
        file=dna_file,
        provenances=dna_provenances,
        formats=("json", "csv"),
    ),
    Endpoint(
        f"{ROOT}/charts/map",
        "map_chart",
        "The numbers behind the map, the tiles and the list: records by country and kind.",
        world,
        enveloped(
            {
                "records": WHOLE | {"description": "How many records are counted below."},
                "left_out_without_year": WHOLE
                | {"description": "Others that fit but have no year, where a year is asked for."},
                "without_year": WHOLE | {"description": "Records counted below without a year."},
                "origin": {
                    "type": ["string", "null"],
                    "description": "The country that leads, where one story is asked for.",
                },
                "marks": many(obj(_MARK)),
            }
        ),
        [*MAP, RELEASE],
        file=world_file,
        formats=("json", "csv"),
    ),
)
