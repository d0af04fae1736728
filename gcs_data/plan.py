"""“Could it work here?”: what stories rest on, against what somebody says of their own context.

The rule, shown on the page: a story's demand on a gene is the mean of its ratings. Where it lies
above what was said, the story falls short by the difference; where it lies below, by nothing. The
order of stories is by the weighted mean of these shortfalls over the genes that were said, have
weight and were rated. A story must have been rated on two thirds of that weight (of the genes that
any story was rated on): one that was hardly rated would seem to ask for little. The mean is never
shown: it orders a list, and it is no score of anybody.
"""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from gcs_data.query import items
from gcs_data.statistics import clipped, mean_interval

TOP, DRAWS, SEED = 5, 500, 20261122
LEVELS = (1, 2, 3, 4, 5)
VERDICTS = ("short", "about", "more", "too_few", "not_said")
RATED = 2 / 3  # Of the weight, for a story to be compared at all.
_EQUAL = 1e-9


def demands(counts: pd.DataFrame, provenance: str) -> pd.DataFrame:
    """What each story rests on, gene by gene, in one kind of ratings.

    Args:
        counts: The dataset `rating_counts`.
        provenance: Whose ratings; kinds are never mixed. A story that was rated on several
            occasions counts with the first in the order of ids, as on the page Compare.

    Returns:
        Columns story_id, gene_id, n, mean, low, high (95 % interval, from five ratings on),
        occasion_id; a gene that nobody rated has no row.
    """
    mine = counts[counts["provenance"] == provenance]
    first = mine.groupby("story_id")["occasion_id"].min()
    mine = mine[mine["occasion_id"] == mine["story_id"].map(first)]
    n = mine["n"].astype("float64")
    score = mine["score"].astype("float64")
    sums = (
        pd.DataFrame(
            {
                "story_id": mine["story_id"],
                "gene_id": mine["gene_id"],
                "n": n,
                "total": n * score,
                "squares": n * score**2,
            }
        )
        .groupby(["story_id", "gene_id"], as_index=False)
        .sum()
    )
    mean, _, low, high = mean_interval(
        sums["n"].to_numpy(), sums["total"].to_numpy(), sums["squares"].to_numpy()
    )
    return pd.DataFrame(
        {
            "story_id": sums["story_id"],
            "gene_id": sums["gene_id"],
            "n": sums["n"].astype("int64"),
            "mean": mean,
            "low": clipped(low),
            "high": clipped(high),
            "occasion_id": sums["story_id"].map(first),
        }
    )


def gaps(needed: pd.DataFrame, levels: Mapping[str, float]) -> pd.DataFrame:
    """How each demand compares with what was said.

    Args:
        needed: As `demands` returns it.
        levels: What was said of the context, 1 to 5, by gene; a gene left out was not said.

    Returns:
        The rows with level (NaN if not said), gap (mean minus level) and verdict: `short` if the
        whole interval of the demand lies above the level, `more` if it lies below, `about` if it
        holds the level, `too_few` under five ratings, `not_said`.
    """
    level = needed["gene_id"].map(dict(levels)).astype("float64")
    verdict = np.select(
        [level.isna(), needed["low"].isna(), needed["low"] > level, needed["high"] < level],
        ["not_said", "too_few", "short", "more"],
        "about",
    )
    gap = needed["mean"] - level
    return needed.assign(level=level, gap=gap, verdict=pd.Series(verdict, needed.index, "str"))


def ordered(
    needed: pd.DataFrame, levels: Mapping[str, float], weights: Mapping[str, float]
) -> pd.DataFrame:
    """Stories by how little their demands ask for beyond what was said.

    Args:
        needed, levels: As for `gaps`.
        weights: How much each gene counts, by gene; one left out counts once.

    Returns:
        Columns story_id, shortfall (weighted mean, in points of the scale) and genes (how many
        were compared), the least first, then by id. A story that was rated on less than `RATED` of
        the weight is left out.

    Raises:
        ValueError: If no gene that was said has any weight.
    """
    stories, short, known, own = _matrix(needed, levels, weights)
    values = _means(short, known, own[np.newaxis, :])[0]
    table = pd.DataFrame(
        {"story_id": stories, "shortfall": values, "genes": (known & (own > 0)).sum(axis=1)}
    )
    return table.sort_values(["shortfall", "story_id"], ignore_index=True)


def stability(
    needed: pd.DataFrame,
    levels: Mapping[str, float],
    weights: Mapping[str, float],
    *,
    top: int = TOP,
    draws: int = DRAWS,
    seed: int = SEED,
) -> dict[str, float]:
    """In what share of other weightings each story is among the first.

    Weightings are drawn evenly from all there are (Dirichlet, every parameter 1) over the genes
    that have weight; a gene that was left out stays out. A story is among the first if fewer than
    `top` others ask for less, so that equals share a place. The seed makes the answer the same
    for everybody.

    Raises:
        ValueError: As `ordered`.
    """
    stories, short, known, own = _matrix(needed, levels, weights)
    if not stories:
        return {}
    drawn = np.random.default_rng(seed).dirichlet(np.ones(int((own > 0).sum())), size=draws)
    weightings = np.zeros((draws, len(own)))
    weightings[:, own > 0] = drawn
    values = np.where(np.isnan(means := _means(short, known, weightings)), np.inf, means)
    place = min(top, len(stories)) - 1
    limit = np.partition(values, place, axis=1)[:, [place]]
    shares = ((values <= limit + _EQUAL) & np.isfinite(values)).mean(axis=0)
    return dict(zip(stories, shares.tolist(), strict=True))


_Matrix = tuple[list[str], np.ndarray, np.ndarray, np.ndarray]


def _matrix(
    needed: pd.DataFrame, levels: Mapping[str, float], weights: Mapping[str, float]
) -> _Matrix:
    """The stories rated enough, their shortfall by gene, what is known, and the weights.

    A shortfall that is not known is 0 here, and never counted.
    """
    said = [gene for gene in levels if gene in set(needed["gene_id"])]
    own = np.array([float(weights.get(gene, 1)) for gene in said])
    if not (own > 0).any():
        raise ValueError("No gene that was said has any weight.")
    wide = needed.pivot(index="story_id", columns="gene_id", values="mean").reindex(columns=said)
    means = wide.to_numpy("float64")
    enough = ~np.isnan(means) @ own >= RATED * own.sum() - _EQUAL
    means, stories = means[enough], wide.index.astype(str)[enough].tolist()
    above = np.clip(means - np.array([float(levels[gene]) for gene in said]), 0, None)
    return stories, np.nan_to_num(above), ~np.isnan(means), own


def _means(short: np.ndarray, known: np.ndarray, weightings: np.ndarray) -> np.ndarray:
    """The weighted mean shortfall by weighting and story; NaN where nothing was compared."""
    weight = weightings @ known.T.astype("float64")
    with np.errstate(invalid="ignore"):
        means: np.ndarray = np.where(weight > 0, (weightings @ short.T) / weight, np.nan)
    return means


def on_topics(stories: pd.DataFrame, topics: Collection[str]) -> list[str]:
    """The stories that work on any of some topics; all of them for none."""
    wanted = set(topics)
    return [
        str(story)
        for story, text in zip(stories["story_id"], stories["topics"], strict=True)
        if not wanted or wanted & set(items(text))
    ]


def near(
    known: pd.DataFrame, countries: pd.DataFrame, story_ids: Collection[str], code: str
) -> pd.DataFrame:
    """Who did some stories before, in a country or near it.

    Args:
        known: As `country_record.claims` returns it.
        countries: The dataset of that name.
        story_ids: The stories.
        code: The country.

    Returns:
        The claims of these stories there, in its UN sub-region and in its region, the nearest
        first, with a column nearness: `here`, `sub_region` or `region`.
    """
    place = countries[countries["country_iso3"] == code].iloc[0]
    rows = known[known["story_id"].isin(list(story_ids))]
    nearness = np.select(
        [
            rows["country_iso3"] == code,
            (rows["sub_region"] == place["sub_region"]).fillna(False),
            (rows["region"] == place["region"]).fillna(False),
        ],
        ["here", "sub_region", "region"],
        "far",
    )
    order = {name: at for at, name in enumerate(("here", "sub_region", "region"))}
    found = rows.assign(nearness=nearness, order=pd.Series(nearness, rows.index).map(order))
    found = found[found["order"].notna()]
    kept = found.sort_values(["story_id", "order", "country_iso3", "claim"], ignore_index=True)
    return kept.drop(columns="order")


def by_facts(
    known: pd.DataFrame,
    countries: pd.DataFrame,
    stories: pd.DataFrame,
    topics: Collection[str],
    code: str | None,
) -> pd.DataFrame:
    """Stories by facts alone: on the topics, those with most countries near a country first.

    Returns:
        Columns story_id, near (countries of its sub-region on record) and all (on record at all);
        `near` is 0 for every story where no country is given.
    """
    ids = on_topics(stories, topics)
    reached = known[known["story_id"].isin(ids)]
    every = reached.groupby("story_id")["country_iso3"].nunique()
    close = every.iloc[:0]
    if code:
        around = near(known, countries, ids, code)
        around = around[around["nearness"] != "region"]
        close = around.groupby("story_id")["country_iso3"].nunique()
    table = pd.DataFrame({"story_id": ids})
    for name, counts in (("near", close), ("all", every)):
        table[name] = table["story_id"].map(counts).fillna(0).astype("int64")
    return table.sort_values(
        ["near", "all", "story_id"], ascending=[False, False, True], ignore_index=True
    )
