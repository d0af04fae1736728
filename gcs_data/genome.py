"""All stories by all genes: one row per story, from its first series of ratings."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from gcs_data.query import SCORES
from gcs_data.schema import PROVENANCES
from gcs_data.statistics import METHOD, clipped, mean_interval

TITLE = "title"


def first_series(counts: pd.DataFrame) -> pd.DataFrame:
    """Which ratings stand for each story: real ones before made-up ones, then by occasion.

    Returns:
        Index story_id; columns provenance, occasion_id and raters (the most that rated any one
        gene). The same choice as the first of `query.rating_series`, for all stories at once.
    """
    keys = ["story_id", "provenance", "occasion_id"]
    per_gene = counts.groupby([*keys, "gene_id"])["n"].sum()
    series = per_gene.groupby(level=keys).max().rename("raters").reset_index()
    order = {name: -place for place, name in enumerate(PROVENANCES)}
    ordered = series.assign(order=series["provenance"].map(order)).sort_values(
        ["story_id", "order", "occasion_id"]
    )
    return ordered.groupby("story_id").first()[["provenance", "occasion_id", "raters"]]


def genome(counts: pd.DataFrame, story_ids: Sequence[str], gene_ids: Sequence[str]) -> pd.DataFrame:
    """The mean rating of every gene of every story, each from the story's first series.

    Args:
        counts: The dataset `rating_counts`.
        story_ids, gene_ids: Those wanted, in the order wanted.

    Returns:
        One row per story and gene: story_id, gene_id, n, mean, low, high (95 %, from five ratings
        on), method, provenance, occasion_id. Unrated is n = 0 and NaN, never 0; provenance and
        occasion are missing for a story that nobody rated.
    """
    first = first_series(counts)
    keys = ["story_id", "provenance", "occasion_id"]
    mine = counts.merge(first.reset_index()[keys], on=keys)
    table = mine.pivot_table(
        index=["story_id", "gene_id"], columns="score", values="n", aggfunc="sum", fill_value=0
    )
    wanted = pd.MultiIndex.from_product(
        [list(story_ids), list(gene_ids)], names=["story_id", "gene_id"]
    )
    given = table.reindex(index=wanted, columns=SCORES, fill_value=0).to_numpy(dtype="float64")
    scores = np.array(SCORES, dtype="float64")
    n = given.sum(axis=1)
    mean, _, low, high = mean_interval(n, given @ scores, given @ scores**2)
    rows = wanted.to_frame(index=False).astype("str")
    rows = rows.assign(n=n.astype("int64"), mean=mean, low=clipped(low), high=clipped(high))
    return rows.assign(method=METHOD).join(first[["provenance", "occasion_id"]], on="story_id")


def in_order(
    cells: pd.DataFrame, titles: Sequence[str], *, by: str = TITLE, descending: bool = True
) -> list[str]:
    """Stories in the order of a gene's mean, or in the order they are given in.

    Args:
        cells: As `genome` returns them.
        titles: The stories in the order of their titles; ties keep it.
        by: A gene, or `TITLE`.
        descending: Whether the highest mean comes first.

    Returns:
        Story ids. Real ratings come before made-up ones, which are not compared with them, and
        stories whose gene nobody rated come last, whichever way it is sorted.
    """
    if by == TITLE:
        return list(titles)
    of_gene = cells[cells["gene_id"] == by].set_index("story_id").reindex(list(titles))
    sign = -1 if descending else 1
    keys = pd.DataFrame(
        {
            "unrated": of_gene["mean"].isna(),
            "made_up": of_gene["mean"].notna() & (of_gene["provenance"] == "illustrative"),
            "mean": sign * of_gene["mean"],
        }
    )
    ordered = keys.sort_values(["unrated", "made_up", "mean"], kind="stable")
    return [str(story) for story in ordered.index]
