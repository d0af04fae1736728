"""The scales that scores are given on, and the one rule that brings them to 1 to 5.

score = 1 + 4 × (given − low) / (high − low), rounded to the nearest whole number, halves up.

So 7 on the scale 0-10 is 3.8 and becomes 4; 12.5 on 0-100 is 1.5 and becomes 2. A score on 1-5
stays what it is and must be whole. The scale is declared by whoever uploads, never inferred: a
sheet full of threes and fours says nothing about where its scale ends.
"""

import numpy as np
import pandas as pd

from gcs_data.schema import DATASETS, RATING_MAX, RATING_MIN, rules

OURS = f"{RATING_MIN}-{RATING_MAX}"


def _ends(scale: str) -> tuple[int, int]:
    low, high = scale.split("-")
    return int(low), int(high)


# "0-10" -> (0, 10), in the order of the schema.
SCALES = {s: _ends(s) for s in rules(DATASETS["gene_ratings"].columns["scale"])["choices"]}


def converted(given: pd.Series, scale: pd.Series) -> pd.Series:
    """Scores from 1 to 5, by the rule above.

    Args:
        given: Numbers (float64), as they were given.
        scale: For each, a name from `SCALES`.

    Returns:
        Whole numbers (Int64); missing where a number or its scale is, or where the number is not
        on the scale: outside it, or not whole on 1-5.
    """
    low, high = _low_and_high(scale)
    width = high - low
    # The rule without a fraction in between, so that no rounding error moves a half.
    score = (3 * width + 8 * (given - low)) // (2 * width)
    return score.where(on_scale(given, scale)).astype("Int64")


def on_scale(given: pd.Series, scale: pd.Series) -> pd.Series:
    """Whether each number can have been given on its scale."""
    low, high = _low_and_high(scale)
    whole = (scale != OURS) | (given == np.floor(given))
    fits: pd.Series = given.between(low, high) & whole.fillna(False).astype(bool)
    return fits


def _low_and_high(scale: pd.Series) -> tuple[pd.Series, pd.Series]:
    which = pd.Categorical(scale, categories=list(SCALES)).codes  # -1, the last, where missing.
    ends = np.array([*SCALES.values(), (np.nan, np.nan)])[which]
    return pd.Series(ends[:, 0], index=scale.index), pd.Series(ends[:, 1], index=scale.index)
