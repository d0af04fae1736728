"""How a room changed its mind between two rounds, from counts of pairs.

People who took part in one round only are a group of their own. Where they are fewer than five,
the paired numbers beside both rounds' totals would give their answers away, so those stay hidden;
what is left is whether a gene moved.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from gcs_data.schema import RATING_MAX, RATING_MIN, SMALLEST_GROUP
from gcs_data.statistics import mean_interval

COLUMNS = {
    "gene_id": "str",
    "before": "float64",
    "after": "float64",
    "n": "Int64",
    "moved": "str",
    "difference": "float64",
    "low": "float64",
    "high": "float64",
    "up": "Int64",
    "same": "Int64",
    "down": "Int64",
}
SPAN = RATING_MAX - RATING_MIN
Pairs = Mapping[tuple[int, int], int]


def movement(
    first: pd.DataFrame, second: pd.DataFrame, pairs: Sequence[Mapping[tuple[int, int], int]]
) -> pd.DataFrame:
    """Compare two rounds.

    Args:
        first: The profile of the first round, one row per gene,
        second: and of the second, the same genes.
        pairs: For each gene, how many went from one score to another.

    Returns:
        One row per gene: gene_id, before and after (the means of the two rounds, as everybody
        sees them), n (people who rated it in both), moved ("up" or "down" where the 95 % interval
        of the paired difference leaves out 0, else missing), and of those people difference (mean),
        low, high (its interval, from five people on), up, same, down (how many). The numbers from
        difference on are missing where they would give away fewer than five people.
    """
    rows = [
        {"gene_id": gene, "before": before, "after": after}
        | _paired(n_before, n_after, {pair: n for pair, n in each.items() if n})
        for gene, before, after, n_before, n_after, each in zip(
            first["gene_id"],
            first["mean"],
            second["mean"],
            first["n"],
            second["n"],
            pairs,
            strict=True,
        )
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def _paired(n_before: int, n_after: int, pairs: Pairs) -> dict[str, Any]:
    n = sum(pairs.values())
    row: dict[str, Any] = {"n": n}
    if not n:
        return row
    steps = [(after - before, count) for (before, after), count in pairs.items()]
    total = sum(step * count for step, count in steps)
    squares = sum(step**2 * count for step, count in steps)
    mean, _, low, high = (
        float(values[0])
        for values in mean_interval(
            *(np.array([value], dtype="float64") for value in (n, total, squares))
        )
    )
    row["moved"] = "up" if low > 0 else "down" if high < 0 else None
    alone = (n_before - n) + (n_after - n)
    if alone >= SMALLEST_GROUP <= n or alone == 0:
        row |= {"difference": mean, "low": max(low, -SPAN), "high": min(high, SPAN)}
        row |= {
            "up": sum(count for step, count in steps if step > 0),
            "same": sum(count for step, count in steps if step == 0),
            "down": sum(count for step, count in steps if step < 0),
        }
    return row
