"""The gap map: topics by regions, and what an empty cell does and does not say."""

from collections.abc import Collection, Sequence
from pathlib import Path

import pandas as pd

from gcs_data.facts_file import SOURCE_URL, Column, read
from gcs_data.query import items
from gcs_data.schema import DATE

ON_RECORD, NONE_YET = "on_record", "none_yet"
# Said only where a row of the facts file says so.
FINDINGS = ("searched_not_found", "not_applicable")
STATES = (ON_RECORD, NONE_YET, *FINDINGS)
FILE = "gap_findings.csv"
COLUMNS = ["topic", "place", "finding", "searched_on", "note", "source_url"]
NO_FINDINGS = pd.DataFrame(columns=COLUMNS, dtype="str")


def findings(path: Path, topics: Collection[str], places: Collection[str]) -> pd.DataFrame:
    """What people found who looked for stories of a topic in a region.

    Args:
        path: The file of facts; it may be missing.
        topics, places: The topics, and the regions and sub-regions, that there are.

    Returns:
        Columns topic, place, finding, searched_on, note, source_url.

    Raises:
        FactsFileError: If a cell is not allowed.
    """
    columns = [
        Column("topic", known=topics),
        Column("place", known=places),
        Column("finding", known=FINDINGS),
        Column("searched_on", pattern=DATE, required=False),
        Column("note", required=False),
        SOURCE_URL,
    ]
    return pd.DataFrame(read(path, columns), columns=COLUMNS)


def gap_map(
    known: pd.DataFrame,
    stories: pd.DataFrame,
    found: pd.DataFrame,
    *,
    topics: Sequence[str],
    places: Sequence[str],
    by: str = "region",
) -> pd.DataFrame:
    """How many different stories of each topic are on record in each region.

    Args:
        known: As `country_record.claims` returns it; only the claims that shall count.
        stories: The dataset of that name.
        found: As `findings` returns it.
        topics, places: What is asked for, in its order.
        by: What the places are: `region` or `sub_region`.

    Returns:
        One row per topic and place: topic, place, n, state (one of `STATES`), note and source_url
        (of a finding). A story on record is stronger than a finding that there is none.
    """
    topical = topics_of(stories)
    placed = known[["story_id", by]].drop_duplicates().merge(topical, on="story_id")
    counted = placed.groupby(["topic", by])["story_id"].nunique().to_dict()
    said = {(row["topic"], row["place"]): row for row in found.to_dict("records")}
    rows = []
    for topic in topics:
        for place in places:
            n = counted.get((topic, place), 0)
            finding = {} if n else said.get((topic, place), {})
            rows.append(
                {
                    "topic": topic,
                    "place": place,
                    "n": n,
                    "state": ON_RECORD if n else finding.get("finding", NONE_YET),
                    "note": finding.get("note") or None,
                    "source_url": finding.get("source_url"),
                }
            )
    columns = ["topic", "place", "n", "state", "note", "source_url"]
    return pd.DataFrame(rows, columns=columns)


def stories_in(
    known: pd.DataFrame, stories: pd.DataFrame, *, topic: str, place: str = "", by: str = "region"
) -> list[str]:
    """The stories of a topic, on record in a region if one is named; the official ones first."""
    topical = topics_of(stories)
    wanted = set(topical.loc[topical["topic"] == topic, "story_id"])
    if place:
        wanted &= set(known.loc[known[by] == place, "story_id"])
    chosen = stories[stories["story_id"].isin(wanted)]
    order = pd.DataFrame({"other": ~chosen["official"], "title": chosen["title"].str.casefold()})
    return [
        str(each) for each in chosen.loc[order.sort_values(["other", "title"]).index, "story_id"]
    ]


def topics_of(stories: pd.DataFrame) -> pd.DataFrame:
    """Columns story_id and topic, one row for each topic of each story."""
    pairs = [
        (story_id, topic)
        for story_id, text in zip(stories["story_id"], stories["topics"], strict=True)
        for topic in dict.fromkeys(items(text))
    ]
    return pd.DataFrame(pairs, columns=["story_id", "topic"])
