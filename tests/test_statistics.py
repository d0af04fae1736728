import math

import numpy as np
import pytest
from scipy import stats

from gcs_data.statistics import agreement, clipped, mean_interval, median

SCORES = np.arange(1, 6)


def of(*values):
    """mean, sd, low, high of some values, as floats."""
    given = np.array(values, dtype="float64")
    n, total, squares = (np.array([x]) for x in (len(given), given.sum(), (given**2).sum()))
    return [float(x[0]) for x in mean_interval(n.astype("float64"), total, squares)]


@pytest.mark.parametrize(
    "values", [(1, 2, 3, 4, 5), (5, 5, 5, 5, 4), (1, 5) * 40, tuple([2] * 7 + [3] * 11 + [5])]
)
def test_the_interval_is_scipys_student_interval(values):
    mean, sd, low, high = of(*values)
    expected = stats.t.interval(0.95, len(values) - 1, np.mean(values), stats.sem(values))

    assert (mean, sd) == pytest.approx((np.mean(values), np.std(values, ddof=1)), abs=1e-9)
    assert (low, high) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("n", "half"), [(5, 1.24), (12, 0.64), (30, 0.37)])
def test_half_the_interval_at_a_standard_deviation_of_one(n, half):
    # n values with mean 3 and standard deviation 1 have this sum and sum of squares.
    _, sd, low, high = mean_interval(*(np.array([x]) for x in (n, 3.0 * n, 9.0 * n + n - 1)))

    assert sd[0] == pytest.approx(1)
    assert round((high - low)[0] / 2, 2) == half


@pytest.mark.parametrize(
    ("values", "known"),
    [
        ((), (False, False, False)),
        ((4,), (True, False, False)),
        ((4, 5), (True, True, False)),
        ((4, 5, 4, 5), (True, True, False)),
        ((4, 5, 4, 5, 3), (True, True, True)),
    ],
)
def test_what_too_few_ratings_cannot_say_is_missing_not_zero(values, known):
    mean, sd, low, high = of(*values)

    assert tuple(not math.isnan(x) for x in (mean, sd, low)) == known
    assert math.isnan(low) == math.isnan(high)


def test_where_all_agree_the_interval_is_the_mean_and_not_a_rounding_error():
    assert of(*[4] * 7) == [4, 0, 4, 4]


def test_the_ends_of_an_interval_are_cut_off_at_the_scale_and_missing_stays_missing():
    cut = clipped(np.array([0.2, 3.0, 5.7, np.nan]))

    assert cut[:3].tolist() == [1, 3, 5]
    assert math.isnan(cut[3])


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((1, 0, 0, 0, 0), 1),
        ((1, 1, 0, 0, 0), 1.5),
        ((1, 0, 0, 0, 1), 3),
        ((2, 0, 1, 0, 2), 3),
        ((0, 0, 0, 3, 4), 5),
        ((0, 2, 0, 2, 0), 3),
    ],
)
def test_median(counts, expected):
    assert median(counts) == expected


def test_the_median_of_none_is_missing():
    assert math.isnan(median((0, 0, 0, 0, 0)))


def test_the_median_of_a_billion_ratings_costs_no_more_than_of_ten():
    assert median((0, 0, 4 * 10**8, 5 * 10**8, 10**8)) == 4


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((0, 0, 0, 0, 0), "too_few"),
        ((0, 0, 0, 0, 4), "too_few"),
        ((0, 0, 0, 0, 5), "agreed"),
        ((0, 0, 1, 2, 2), "agreed"),
        ((0, 0, 2, 3, 3), "agreed"),  # Exactly three quarters on 4 and 5.
        ((0, 1, 2, 2, 3), "spread"),
        ((2, 2, 2, 2, 2), "two_camps"),  # 4 low, 4 high, 2 between.
        ((3, 0, 0, 0, 3), "two_camps"),
        ((2, 0, 0, 0, 6), "two_camps"),  # Exactly a quarter low, though most agree.
        ((1, 0, 0, 0, 4), "agreed"),  # Less than a quarter low.
        ((2, 0, 2, 0, 3), "spread"),  # As many between as low.
        ((1, 1, 1, 1, 1), "two_camps"),
        ((1, 2, 4, 2, 1), "spread"),
    ],
)
def test_agreement_follows_the_written_rule(counts, expected):
    assert agreement(counts) == expected


@pytest.mark.parametrize("n", [5, 12, 30])
def test_the_interval_covers_the_true_mean_in_about_95_of_100_made_up_rooms(n):
    """Rooms drawn from a bell (mean 3.2, SD 1) rounded to whole scores from 1 to 5.

    The truth is the mean of the rounded scores; 4,000 rooms make a chance error of 0.7 points
    at two standard errors.
    """
    edges = stats.norm.cdf([1.5, 2.5, 3.5, 4.5], loc=3.2)
    shares = np.diff([0, *edges, 1])
    rooms = np.random.default_rng(1).choice(SCORES, size=(4000, n), p=shares).astype("float64")

    _, _, low, high = mean_interval(
        np.full(4000, float(n)), rooms.sum(axis=1), (rooms**2).sum(axis=1)
    )

    truth = SCORES @ shares
    assert 0.93 <= ((low <= truth) & (truth <= high)).mean() <= 0.97
