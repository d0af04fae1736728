"""The lineage of a story: where it began, what came of it, and what it is itself a copy of.

Only what a record says. A copy that is a story of its own (`copy_story_id`) goes on with its own
records; that one story led to another is never inferred from names or dates.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from gcs_data.compare import Ratings, gene_differences
from gcs_data.genome import first_series
from gcs_data.query import genes_in_order
from gcs_data.schema import KINDS

ROOT = -1
COLUMNS = ["row", "parent", "depth", "story_id", "country_iso3", "kind", "year", "copy_story_id"]


def lineage(replications: pd.DataFrame, story_id: str) -> pd.DataFrame:
    """What came of a story, as a tree in the order it is read.

    Returns:
        One row per record: row (0, 1, …), parent (the row it came of, `ROOT` for the story),
        depth (0 for the story's own), story_id (whose record it is), country_iso3, kind, year
        (missing where the source gives none), copy_story_id, note, source_url. Strongest kind
        first, then by year, those without a year last. A copy that is a story of its own is
        followed by what came of that; each story once, so that a circle ends.
    """
    found: list[dict[Any, Any]] = []
    seen = {story_id}

    def follow(story: str, parent: int, depth: int) -> None:
        for record in _ordered(replications[replications["story_id"] == story]).to_dict("records"):
            here = len(found)
            found.append({**record, "row": here, "parent": parent, "depth": depth})
            copy = record["copy_story_id"]
            if isinstance(copy, str) and copy not in seen:
                seen.add(copy)
                follow(copy, here, depth + 1)

    follow(story_id, ROOT, 0)
    columns = [*COLUMNS, "note", "source_url"]
    whole = {"row": "int64", "parent": "int64", "depth": "int64", "year": "Int64"}
    return pd.DataFrame(found, columns=columns).astype(
        {name: whole.get(name, "str") for name in columns}
    )


def _ordered(records: pd.DataFrame) -> pd.DataFrame:
    """Records of a story, the strongest kind first, then by year, those without a year last."""
    order = records["kind"].map({kind: -place for place, kind in enumerate(KINDS)})
    columns = ["order", "year", "country_iso3"]
    ordered = records.assign(order=order).sort_values(columns, na_position="last", kind="stable")
    return ordered.drop(columns="order")


def copied_from(replications: pd.DataFrame, story_id: str) -> pd.DataFrame:
    """The records that name this story as the copy: what it is itself a copy of."""
    return replications[replications["copy_story_id"] == story_id].reset_index(drop=True)


@dataclass(frozen=True)
class Differences:
    """How a copy's genes differ from its origin's.

    Attributes:
        origin, copy: The two stories.
        rated: "unknown" where not both have real ratings of the same kind, else "known".
        apart: Gene ids whose difference leaves out 0, with the difference (copy minus origin).
        only_origin, only_copy, both: Published dominant genes; all empty where not both have
            published ones.
        published: Whether both have published dominant genes.
    """

    origin: str
    copy: str
    rated: str
    apart: dict[str, float]
    only_origin: tuple[str, ...] = ()
    only_copy: tuple[str, ...] = ()
    both: tuple[str, ...] = ()
    published: bool = False


def differences(
    origin: str,
    copy: str,
    counts: pd.DataFrame,
    genes: pd.DataFrame,
    published_dna: pd.DataFrame,
) -> Differences:
    """Which genes differ between a story and its copy; made-up ratings say nothing."""
    first = first_series(counts[counts["story_id"].isin([origin, copy])])
    rated, apart = "unknown", {}
    if {origin, copy} <= set(first.index):
        its_own, the_first = (
            Ratings(story, *first.loc[story, ["provenance", "occasion_id"]])
            for story in (copy, origin)
        )
        wanted = genes_in_order(genes, default_only=False)
        table = gene_differences(counts, its_own, the_first, wanted)
        if np.isin(table["verdict"], ["apart", "together"]).any():
            rated = "known"
            named = table[table["verdict"] == "apart"]
            apart = dict(zip(named["gene_id"], named["difference"], strict=True))
    dominant = published_dna[published_dna["dominant"]]
    theirs, its = (set(dominant.loc[dominant["story_id"] == s, "gene_id"]) for s in (origin, copy))
    if not theirs or not its:
        return Differences(origin, copy, rated, apart)
    return Differences(
        origin,
        copy,
        rated,
        apart,
        tuple(sorted(theirs - its)),
        tuple(sorted(its - theirs)),
        tuple(sorted(theirs & its)),
        published=True,
    )
