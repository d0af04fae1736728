"""Two to four stories side by side: their genes, their facts, and where they spread."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from gcs_data.query import gene_profile
from gcs_data.schema import KINDS, RATING_MAX, RATING_MIN
from gcs_data.statistics import FEWEST_FOR_INTERVAL, LEVEL, Floats

FEWEST_STORIES, MOST_STORIES = 2, 4
METHOD = "difference of means; 95 % Welch t interval, cut off at -4 and 4"
ANY_KIND = "any"

# Facts that are compared, in the order a reader wants them.
FACTS = (
    "lead_organisation",
    "lead_type",
    "lead_country_iso3",
    "year_started",
    "year_ended",
    "reach",
    "theme",
    "focus",
    "target_groups",
    "topics",
    "edition",
    "official",
    "replication_guidance",
    "lessons",
    "website",
    "source_url",
)


@dataclass(frozen=True)
class Ratings:
    """One series of ratings of a story. Each provenance and occasion stands by itself."""

    story_id: str
    provenance: str
    occasion_id: str


def gene_differences(
    counts: pd.DataFrame, a: Ratings, b: Ratings, gene_ids: Sequence[str]
) -> pd.DataFrame:
    """How two stories differ in each gene, as rated by two independent groups.

    Args:
        counts: The dataset `rating_counts`.
        a, b: The ratings compared; the difference is a minus b.
        gene_ids: The genes, in the order they should appear.

    Returns:
        One row per gene, with columns gene_id, story_a, story_b, n_a, n_b, mean_a, mean_b,
        difference, low, high (95 % interval of the difference), verdict and method. `verdict` is

        * "apart": the interval leaves out 0. Only such a difference may be named.
        * "together": the interval holds 0.
        * "too_few": fewer than five ratings on one side; low and high are NaN.
        * "illustrative": one of the two is made up; difference, low and high are NaN.
        * "unlike": experts and a workshop are never compared; the same are NaN.

        Nobody rated: n is 0 and the mean NaN, never 0. Each interval is right 95 times in 100 by
        itself; of many genes compared, one in twenty is named by chance.
    """
    first, second = (
        gene_profile(
            counts,
            ratings.story_id,
            gene_ids,
            provenance=ratings.provenance,
            occasion_id=ratings.occasion_id,
        )
        for ratings in (a, b)
    )
    difference, low, high = welch_interval(first, second)
    verdict = np.where((low > 0) | (high < 0), "apart", "together")
    verdict = np.where(np.isnan(low), "too_few", verdict)
    if reason := _never_compared(a, b):
        verdict = np.full(len(gene_ids), reason)
        difference, low, high = (np.full(len(gene_ids), np.nan) for _ in range(3))
    return pd.DataFrame(
        {
            "gene_id": list(gene_ids),
            "story_a": a.story_id,
            "story_b": b.story_id,
            "n_a": first["n"],
            "n_b": second["n"],
            "mean_a": first["mean"],
            "mean_b": second["mean"],
            "difference": difference,
            "low": low,
            "high": high,
            "verdict": verdict,
            "method": METHOD,
        }
    )


def _never_compared(a: Ratings, b: Ratings) -> str:
    """Why no difference between two series of ratings may be named; empty if it may."""
    if "illustrative" in (a.provenance, b.provenance):
        return "illustrative"
    return "" if a.provenance == b.provenance else "unlike"


def welch_interval(first: pd.DataFrame, second: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    """The difference of means of two independent groups and its 95 % interval.

    Args:
        first, second: Columns n, mean and sd (with n - 1), one row per item.

    Returns:
        difference, low, high. The interval is NaN where a group has fewer than five values, and
        the difference itself where all values of each group are the same.

        Welch's t: with v = sd² / n, difference ± t(0.975, df) · √(v₁ + v₂), where
        df = (v₁ + v₂)² / (v₁² / (n₁ - 1) + v₂² / (n₂ - 1)). B. L. Welch, “The generalization of
        ‘Student's’ problem when several different population variances are involved”,
        Biometrika 34 (1947), 28-35.
    """
    n_1, mean_1, sd_1 = (first[name].to_numpy("float64") for name in ("n", "mean", "sd"))
    n_2, mean_2, sd_2 = (second[name].to_numpy("float64") for name in ("n", "mean", "sd"))
    difference = mean_1 - mean_2
    with np.errstate(divide="ignore", invalid="ignore"):
        v_1, v_2 = sd_1**2 / n_1, sd_2**2 / n_2
        freedom = (v_1 + v_2) ** 2 / (v_1**2 / (n_1 - 1) + v_2**2 / (n_2 - 1))
        half = stdtrit(freedom, (1 + LEVEL) / 2) * np.sqrt(v_1 + v_2)
    half = np.where(v_1 + v_2 == 0, 0.0, half)  # Nobody differs: there are no degrees of freedom.
    half = np.where(np.minimum(n_1, n_2) >= FEWEST_FOR_INTERVAL, half, np.nan)
    most = RATING_MAX - RATING_MIN
    low, high = (np.clip(end, -most, most) for end in (difference - half, difference + half))
    return difference, low, high


def pairs_of_stories(
    counts: pd.DataFrame, ratings: Sequence[Ratings], gene_ids: Sequence[str]
) -> pd.DataFrame:
    """`gene_differences` of every two of some stories, in their order."""
    tables = [gene_differences(counts, a, b, gene_ids) for a, b in combinations(ratings, 2)]
    return pd.concat(tables, ignore_index=True)


def facts_side_by_side(stories: pd.DataFrame, story_ids: Sequence[str]) -> pd.DataFrame:
    """The facts of some stories next to each other.

    Args:
        stories: The dataset `stories`.
        story_ids: The stories, in the order they should appear.

    Returns:
        One row per fact (the index, from `FACTS`), one column per story, values as in the
        dataset and None where nothing is on record. A fact that none of them has is left out.

    Raises:
        KeyError: If a story is not there.
    """
    columns = list(FACTS)
    chosen = stories.set_index("story_id").loc[list(story_ids), columns]
    table = chosen.astype(object).where(chosen.notna(), None).T
    table.index.name, table.columns.name = "fact", None
    return table[table.notna().any(axis="columns")]


def reach_side_by_side(replications: pd.DataFrame, story_ids: Sequence[str]) -> pd.DataFrame:
    """Where some stories are on record, country by country.

    Returns:
        One row per country that any of them reached (the index, country_iso3), one column per
        story with its kinds there as `a;b`, weakest first, and NaN for "no record", which proves
        nothing. Countries that most of them share come first, then in the order of codes.
    """
    mine = replications[replications["story_id"].isin(list(story_ids))]
    order = {kind: place for place, kind in enumerate(KINDS)}
    ordered = mine.assign(order=mine["kind"].map(order)).sort_values("order", kind="stable")
    kinds = ordered.groupby(["country_iso3", "story_id"])["kind"].agg(";".join)
    table = kinds.unstack("story_id").reindex(columns=list(story_ids)).astype("str")
    table.columns.name = None
    shared = table.notna().sum(axis="columns")
    return table.loc[shared.sort_values(ascending=False, kind="stable").index]


def shared_reach(replications: pd.DataFrame, story_ids: Sequence[str]) -> pd.DataFrame:
    """How many countries each of some stories reached, alone and with the others, by kind.

    Returns:
        Columns kind (`ANY_KIND`, then each of `KINDS` that is on record), story_id, countries,
        only (countries where none of the others is on record with that kind) and every (where all
        of them are). Kinds are counted one by one and never added up.
    """
    mine = replications[replications["story_id"].isin(list(story_ids))]
    rows = []
    for kind in (ANY_KIND, *KINDS):
        of_kind = mine if kind == ANY_KIND else mine[mine["kind"] == kind]
        if len(of_kind) or kind == ANY_KIND:
            reached = [_countries(of_kind, story_id) for story_id in story_ids]
            every = set.intersection(*reached)
            for place, story_id in enumerate(story_ids):
                others = set().union(*reached[:place], *reached[place + 1 :])
                only = reached[place] - others
                rows.append((kind, story_id, len(reached[place]), len(only), len(every)))
    return pd.DataFrame(rows, columns=["kind", "story_id", "countries", "only", "every"])


def _countries(replications: pd.DataFrame, story_id: str) -> set[str]:
    return set(replications.loc[replications["story_id"] == story_id, "country_iso3"])
