"""The questions the dashboard asks. Each is a pure function of the datasets it is given."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from gcs_data.schema import KINDS, PROVENANCES, RATING_MAX, RATING_MIN
from gcs_data.statistics import METHOD, agreement, clipped, mean_interval, median

SCORES = list(range(RATING_MIN, RATING_MAX + 1))


def items(text: object) -> list[str]:
    """The parts of a list cell, `a;b`; a missing cell has none."""
    return [part.strip() for part in str(text).split(";") if part.strip()] if _is_text(text) else []


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def genes_in_order(genes: pd.DataFrame, *, default_only: bool) -> list[str]:
    """Gene ids in the order of the axes; a gene without a name cannot be rated: left out."""
    wanted = genes[genes["name"].notna() & (genes["in_default_dna"] | (not default_only))]
    return wanted.sort_values("position")["gene_id"].tolist()


def rating_series(counts: pd.DataFrame, story_id: str) -> pd.DataFrame:
    """Which ratings of a story there are: each provenance and occasion stands by itself.

    Returns:
        Columns provenance, occasion_id, raters (the most that rated any one gene). Real ratings
        first, then by occasion. Empty if nobody rated the story.
    """
    mine = counts[counts["story_id"] == story_id]
    per_gene = mine.groupby(["provenance", "occasion_id", "gene_id"])["n"].sum()
    series = per_gene.groupby(level=["provenance", "occasion_id"]).max().rename("raters")
    order = {name: -place for place, name in enumerate(PROVENANCES)}
    table = series.reset_index()
    table["order"] = table["provenance"].map(order)
    ordered = table.sort_values(["order", "occasion_id"], ignore_index=True)
    return ordered[["provenance", "occasion_id", "raters"]]


def series_by_name(series: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """The series that `rating_series` found, by the names they have in addresses."""
    return {
        f"{row.provenance}-{row.occasion_id}": (row.provenance, row.occasion_id)
        for row in rows(series)
    }


def gene_profile(
    counts: pd.DataFrame,
    story_id: str,
    gene_ids: Sequence[str],
    *,
    provenance: str,
    occasion_id: str,
) -> pd.DataFrame:
    """The statistics of each gene of a story in one series of ratings.

    Returns:
        One row per gene, in the order asked for, with columns gene_id, n, mean, median, sd, low,
        high (95 % interval of the mean, from five ratings on), n_1 to n_5 (how often each score
        was given), agreement (see `statistics.agreement`), method, provenance, occasion_id. A gene
        that nobody rated has n = 0 and NaN for the rest: unrated is not zero.
    """
    mine = counts[
        (counts["story_id"] == story_id)
        & (counts["provenance"] == provenance)
        & (counts["occasion_id"] == occasion_id)
    ]
    table = (
        mine.pivot_table(index="gene_id", columns="score", values="n", aggfunc="sum", fill_value=0)
        .reindex(index=list(gene_ids), columns=SCORES, fill_value=0)
        .astype("int64")
    )
    per_score = table.to_numpy()
    scores = np.array(SCORES, dtype="float64")
    n = per_score.sum(axis=1).astype("float64")
    mean, sd, low, high = mean_interval(n, per_score @ scores, per_score @ scores**2)
    return pd.DataFrame(
        {
            "gene_id": list(gene_ids),
            "n": n.astype("int64"),
            "mean": mean,
            "median": [median(row) for row in per_score.tolist()],
            "sd": sd,
            "low": clipped(low),
            "high": clipped(high),
            **{f"n_{score}": per_score[:, place] for place, score in enumerate(SCORES)},
            "agreement": [agreement(row) for row in per_score.tolist()],
            "method": METHOD,
            "provenance": provenance,
            "occasion_id": occasion_id,
        }
    )


def dna_code(profile: pd.DataFrame, pairs: pd.DataFrame, story_id: str) -> list[list[str]]:
    """Genes from strongest to weakest, those that cannot be told apart together.

    Args:
        profile: As `gene_profile` returns it.
        pairs: The dataset `rating_pairs`.

    Returns:
        Bands of gene ids. Two neighbours in the order of means are apart only if the 95 %
        interval of their paired difference leaves out 0; without five people who rated both they
        cannot be told apart. Genes rated fewer than five times are left out.
    """
    rated = profile[profile["low"].notna()].sort_values("mean", ascending=False, kind="stable")
    if rated.empty:
        return []
    mine = pairs[
        (pairs["story_id"] == story_id)
        & (pairs["provenance"] == rated["provenance"].iloc[0])
        & (pairs["occasion_id"] == rated["occasion_id"].iloc[0])
    ]
    _, _, low, high = mean_interval(
        mine["n"].to_numpy("float64"),
        mine["sum_of_differences"].to_numpy("float64"),
        mine["sum_of_squares"].to_numpy("float64"),
    )
    apart = {
        frozenset(genes)
        for genes, clear in zip(
            zip(mine["gene_a"], mine["gene_b"], strict=True), (low > 0) | (high < 0), strict=True
        )
        if clear
    }
    first, *rest = rated["gene_id"]
    bands = [[first]]
    for gene in rest:
        if frozenset((bands[-1][-1], gene)) in apart:
            bands.append([gene])
        else:
            bands[-1].append(gene)
    return bands


def published_dna(published: pd.DataFrame, genes: pd.DataFrame, story_id: str) -> pd.DataFrame:
    """The DNA that was published for a story: an order, not a score.

    Returns:
        Columns gene_id, name, letter, position, dominant, source_url, in order of position;
        genes published without a position come last, in the order of the axes. Empty if
        nothing was published.
    """
    mine = published[published["story_id"] == story_id].merge(
        genes[["gene_id", "name", "letter", "position"]].rename(columns={"position": "axis"}),
        on="gene_id",
    )
    ordered = mine.sort_values(["position", "axis"], na_position="last", ignore_index=True)
    return ordered[["gene_id", "name", "letter", "position", "dominant", "source_url"]]


@dataclass(frozen=True)
class Selection:
    """Which replications are asked for; an empty collection asks for all.

    `year` with `cumulative` means up to and including that year.
    """

    kinds: Collection[str] = ()
    topics: Collection[str] = ()
    story_ids: Collection[str] = ()
    year: int | None = None
    cumulative: bool = True


def select_replications(
    replications: pd.DataFrame, stories: pd.DataFrame, selection: Selection
) -> tuple[pd.DataFrame, int]:
    """The replications that a selection asks for.

    Returns:
        The rows kept, and how many others fit but for having no year on record (0 unless a
        year is asked for): they are counted, never silently dropped.
    """
    kept = replications
    if selection.kinds:
        kept = kept[kept["kind"].isin(list(selection.kinds))]
    if selection.story_ids:
        kept = kept[kept["story_id"].isin(list(selection.story_ids))]
    if selection.topics:
        wanted = set(selection.topics)
        on_topic = stories.loc[
            [bool(wanted & set(items(t))) for t in stories["topics"]], "story_id"
        ]
        kept = kept[kept["story_id"].isin(on_topic)]
    if selection.year is None:
        return kept.reset_index(drop=True), 0
    undated = int(kept["year"].isna().sum())
    years = kept["year"]
    in_time = years <= selection.year if selection.cumulative else years == selection.year
    return kept[in_time.fillna(False)].reset_index(drop=True), undated


def marks(replications: pd.DataFrame) -> pd.DataFrame:
    """How many records each country has of each kind.

    Returns:
        Columns country_iso3, kind, n; sorted by country, then from the weakest kind to the
        strongest. A country and kind without a record has no row.
    """
    counted = replications.groupby(["country_iso3", "kind"]).size().rename("n").reset_index()
    order = counted["kind"].map({kind: place for place, kind in enumerate(KINDS)})
    return (
        counted.assign(order=order)
        .sort_values(["country_iso3", "order"], ignore_index=True)
        .drop(columns="order")
    )


def dated_list(replications: pd.DataFrame) -> pd.DataFrame:
    """Replications by year, those without a year last, the strongest kind first within a year."""
    order = replications["kind"].map({kind: -place for place, kind in enumerate(KINDS)})
    return (
        replications.assign(order=order)
        .sort_values(["year", "order", "country_iso3"], na_position="last", ignore_index=True)
        .drop(columns="order")
    )


def rows(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows as named tuples; a cell is whatever its column holds."""
    yield from frame.itertuples(index=False, name="Row")


def values_of(column: pd.Series) -> list[str]:
    """Every value of a list column, sorted, once each."""
    return sorted({value for text in column for value in items(text)})


def known_topics(stories: pd.DataFrame) -> list[str]:
    """Every topic that a story has."""
    return values_of(stories["topics"])


def without_illustrative(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows that are not made up; a frame that does not say is returned as it is."""
    if "provenance" in frame:
        return frame[frame["provenance"] != "illustrative"].reset_index(drop=True)
    if "occasion_id" in frame:  # The dataset `occasions`.
        return frame[frame["occasion_id"] != "illustrative"].reset_index(drop=True)
    return frame


def gaps(frame: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """How many rows of a dataset leave each column empty.

    Returns:
        Columns column, missing, rows; columns that are never empty are left out.
    """
    missing = {name: int(frame[name].isna().sum()) for name in columns}
    return pd.DataFrame(
        [(name, n, len(frame)) for name, n in missing.items() if n],
        columns=["column", "missing", "rows"],
    )
