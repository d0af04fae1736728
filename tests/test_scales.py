"""One rule brings scores to 1 to 5; the scale is declared and never inferred."""

import math
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import pytest

from gcs_data import scales


def converted(given, scale):
    result = scales.converted(pd.Series([float(given)]), pd.Series([scale], dtype="str"))
    return None if result.isna().all() else int(result.iloc[0])


@pytest.mark.parametrize(
    ("given", "scale", "score"),
    [
        *((n, "1-5", n) for n in range(1, 6)),
        (0, "0-10", 1),
        (1, "0-10", 1),
        (1.25, "0-10", 2),
        (2, "0-10", 2),
        (3.75, "0-10", 3),
        (5, "0-10", 3),
        (6.25, "0-10", 4),
        (7, "0-10", 4),
        (8.74, "0-10", 4),
        (8.75, "0-10", 5),
        (10, "0-10", 5),
        (0, "0-100", 1),
        (12.4, "0-100", 1),
        (12.5, "0-100", 2),
        (37.5, "0-100", 3),
        (62.5, "0-100", 4),
        (87.4, "0-100", 4),
        (87.5, "0-100", 5),
        (100, "0-100", 5),
    ],
)
def test_scores_convert_linearly_and_halves_go_up(given, scale, score):
    assert converted(given, scale) == score


@pytest.mark.parametrize(
    ("given", "scale"),
    [(0, "1-5"), (6, "1-5"), (3.5, "1-5"), (-1, "0-10"), (11, "0-10"), (100.5, "0-100")],
)
def test_a_score_that_cannot_have_been_given_on_its_scale_is_missing_not_cut_off(given, scale):
    assert converted(given, scale) is None


def test_a_missing_score_or_scale_stays_missing():
    given = pd.Series([math.nan, 3.0])
    scale = pd.Series(["0-10", None], dtype="str")

    assert scales.converted(given, scale).isna().tolist() == [True, True]
    assert scales.on_scale(given, scale).tolist() == [False, False]


@pytest.mark.parametrize(("scale", "width"), [("0-10", 10), ("0-100", 100)])
def test_the_rule_is_the_one_that_is_written(scale, width):
    for hundredths in range(0, 100 * width + 1, 5):
        given = Decimal(hundredths) / 100
        exact = 1 + 4 * given / width
        wanted = int(exact.quantize(Decimal(1), ROUND_HALF_UP))

        assert converted(given, scale) == wanted, given


def test_the_scales_are_those_of_the_schema():
    assert scales.SCALES == {"1-5": (1, 5), "0-10": (0, 10), "0-100": (0, 100)}
    assert scales.OURS == "1-5"
