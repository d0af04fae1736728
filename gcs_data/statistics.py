"""The statistics of ratings, from counts. Scores are whole, 1 to 5; missing is NaN, never 0."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from gcs_data.schema import RATING_MAX, RATING_MIN

LEVEL = 0.95
FEWEST_FOR_INTERVAL = 5
METHOD = "mean; 95 % t interval, cut off at 1 and 5"

Floats = npt.NDArray[np.float64]


def mean_interval(
    n: Floats, total: Floats, squares: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Mean, standard deviation and 95 % interval of the mean.

    Args:
        n, total, squares: Number of values, their sum and the sum of their squares, per item.

    Returns:
        mean, sd (with n - 1), low, high. The mean is NaN for n = 0, sd for n < 2, and the
        interval for n < 5: below that it says more about the method than about the ratings.
        Student's t: mean ± t(0.975, n - 1) · sd / √n (e.g. Montgomery and Runger, Applied
        Statistics and Probability for Engineers, section 8-2).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(n > 0, total / n, np.nan)
        variance = np.where(n > 1, (squares - n * mean**2) / (n - 1), np.nan)
        sd = np.sqrt(np.maximum(variance, 0))  # Rounding can leave -1e-16 where all agree.
        half = stdtrit(n - 1, (1 + LEVEL) / 2) * sd / np.sqrt(n)
    half = np.where(n >= FEWEST_FOR_INTERVAL, half, np.nan)
    return mean, sd, mean - half, mean + half


def median(counts: Sequence[int]) -> float:
    """The median score, from how often each score from 1 upwards was given; NaN for none."""
    n, up_to = sum(counts), np.cumsum(counts)
    if not n:
        return float("nan")
    # The middle rating, or the two in the middle, without writing out ten million of them.
    middle = np.searchsorted(up_to, [(n - 1) // 2, n // 2], side="right")
    return float(RATING_MIN + middle.mean())


def agreement(counts: Sequence[int]) -> str:
    """How far raters agree on one gene: "too_few", "two_camps", "agreed" or "spread".

    Args:
        counts: How often each of the scores 1 to 5 was given.

    The rule, the same everywhere. Too few: fewer than five ratings. Two camps: at least a quarter
    rate it 1 or 2, at least a quarter 4 or 5, and the middle holds fewer than either end. Agreed:
    at least three quarters lie on two neighbouring scores. Spread: everything else.
    """
    n = sum(counts)
    if n < FEWEST_FOR_INTERVAL:
        return "too_few"
    low, middle, high = counts[0] + counts[1], counts[2], counts[3] + counts[4]
    if min(low, high) >= n / 4 and middle < min(low, high):
        return "two_camps"
    if max(counts[place] + counts[place + 1] for place in range(len(counts) - 1)) >= 0.75 * n:
        return "agreed"
    return "spread"


def clipped(values: Floats) -> Floats:
    """Cut off at the ends of the scale: no mean of ratings can lie outside."""
    return np.clip(values, RATING_MIN, RATING_MAX)
