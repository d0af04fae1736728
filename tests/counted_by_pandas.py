"""Counts and pairs by pandas, written before and apart from the Ibis expressions they check."""

from itertools import combinations

import numpy as np
import pandas as pd

from gcs_data.schema import DATASETS, SMALLEST_GROUP

_OCCASION = ["story_id", "provenance", "occasion_id"]


def rating_counts(ratings: pd.DataFrame) -> pd.DataFrame:
    """Count how often each score was given.

    Args:
        ratings: The dataset `gene_ratings`. A rating without a group counts as "other".

    Returns:
        The dataset `rating_counts`, sorted by its key. Only scores that were given have a row.
        A group stays by itself only if, in this story and occasion, every gene it rated has at
        least five ratings from it; the others are "other". If "other" would hold fewer than five
        for some gene, the story's occasion has no groups and all of it is "all": otherwise the
        total less the groups shown would give those few people away.
    """
    keyed = ratings[[*_OCCASION, "gene_id", "stakeholder_group", "score"]].copy()
    keyed["stakeholder_group"] = keyed["stakeholder_group"].fillna("other")
    keyed["stakeholder_group"] = _safe_groups(keyed)
    counts = keyed.value_counts().rename("n").reset_index()
    return _shaped("rating_counts", counts)


def _safe_groups(keyed: pd.DataFrame) -> pd.Series:
    by_group = [*_OCCASION, "stakeholder_group"]
    large = _smallest_gene(keyed, by_group) >= SMALLEST_GROUP
    groups = keyed["stakeholder_group"].where(large, "other")
    merged = keyed.assign(stakeholder_group=groups)
    small_other = (groups == "other") & (_smallest_gene(merged, by_group) < SMALLEST_GROUP)
    no_groups = small_other.groupby([keyed[name] for name in _OCCASION]).transform("any")
    return groups.where(~no_groups, "all")


def _smallest_gene(keyed: pd.DataFrame, by: list[str]) -> pd.Series:
    """For every row, the fewest ratings any gene got among the rows it is grouped with."""
    per_gene = keyed.groupby([*by, "gene_id"]).size().rename("n").reset_index()
    fewest = per_gene.groupby(by)["n"].min().rename("fewest")
    return keyed[by].merge(fewest, left_on=by, right_index=True, how="left")["fewest"]


def rating_pairs(ratings: pd.DataFrame) -> pd.DataFrame:
    """Sum the differences between two genes over the people who rated both.

    Args:
        ratings: The dataset `gene_ratings`; one person rates a gene of a story once an occasion.

    Returns:
        The dataset `rating_pairs`, sorted by its key. Pairs rated by fewer than five people are
        left out: with one person, the sum is that person's difference.
    """
    rows: list[dict[str, object]] = []
    for occasion, rated in ratings.groupby(_OCCASION):
        scores = rated.pivot_table(index="rater_id", columns="gene_id", values="score")
        genes = sorted(scores.columns)
        values = {gene: scores[gene].to_numpy(dtype="float64") for gene in genes}
        for gene_a, gene_b in combinations(genes, 2):
            difference = values[gene_a] - values[gene_b]
            difference = difference[~np.isnan(difference)]
            if len(difference) >= SMALLEST_GROUP:
                rows.append(
                    dict(zip(_OCCASION, occasion, strict=True))
                    | {
                        "gene_a": gene_a,
                        "gene_b": gene_b,
                        "n": len(difference),
                        "sum_of_differences": round(difference.sum()),
                        "sum_of_squares": round((difference**2).sum()),
                    }
                )
    return _shaped(
        "rating_pairs", pd.DataFrame(rows, columns=list(DATASETS["rating_pairs"].columns))
    )


def _shaped(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Give a frame the columns, dtypes and order of a dataset."""
    dataset = DATASETS[name]
    return (
        frame[list(dataset.columns)]
        .astype(dataset.dtypes)
        .sort_values(list(dataset.key), ignore_index=True)
    )
