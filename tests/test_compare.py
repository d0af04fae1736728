import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from tiny_data import PAGE, frame, story

from gcs_data.compare import (
    Ratings,
    facts_side_by_side,
    gene_differences,
    pairs_of_stories,
    reach_side_by_side,
    shared_reach,
    welch_interval,
)

KENYA = Ratings("kenya-cash", "workshop", "room-1")
PERU = Ratings("peru-water", "workshop", "room-2")


def counts(*rated):
    """The dataset of some series: `(ratings, gene, scores)` each."""
    rows = [
        {
            "story_id": of.story_id,
            "gene_id": gene,
            "stakeholder_group": "all",
            "provenance": of.provenance,
            "occasion_id": of.occasion_id,
            "score": score,
            "n": scores.count(score),
        }
        for of, gene, scores in rated
        for score in sorted(set(scores))
    ]
    return frame("rating_counts", *rows)


def difference(first, second, a=KENYA, b=PERU):
    table = gene_differences(counts((a, "trust", first), (b, "trust", second)), a, b, ["trust"])
    return table.iloc[0]


def test_a_difference_whose_interval_leaves_out_zero_is_apart():
    row = difference([5, 5, 5, 4, 4], [1, 2, 1, 2, 2])

    assert row["verdict"] == "apart"
    assert (row["mean_a"], row["mean_b"], row["difference"]) == pytest.approx((4.6, 1.6, 3.0))
    # Both variances are 0.3, so 8 degrees of freedom: 3 ± 2.306004 · √(0.3/5 + 0.3/5).
    assert (row["low"], row["high"]) == pytest.approx((2.201177, 3.798823), abs=1e-6)


def test_a_difference_whose_interval_holds_zero_is_not_apart():
    row = difference([5, 4, 3, 4, 5], [4, 4, 3, 4, 4])

    assert row["verdict"] == "together"
    assert row["low"] < 0 < row["high"]


def test_the_order_of_the_stories_turns_the_sign():
    there, back = difference([5] * 4 + [4], [2] * 4 + [3]), difference([2] * 4 + [3], [5] * 4 + [4])

    assert (there["low"], there["high"]) == pytest.approx((-back["high"], -back["low"]))


@pytest.mark.parametrize(("a", "b"), [([5] * 4, [1] * 5), ([5] * 5, [1] * 4), ([], [1] * 9)])
def test_fewer_than_five_ratings_on_one_side_are_too_few(a, b):
    row = difference(a, b)

    assert row["verdict"] == "too_few"
    assert math.isnan(row["low"]) and math.isnan(row["high"])


def test_a_gene_nobody_rated_is_missing_not_zero():
    row = difference([], [4] * 5)

    assert (row["n_a"], row["n_b"], row["mean_b"]) == (0, 5, 4)
    assert math.isnan(row["mean_a"]) and math.isnan(row["difference"])


def test_where_each_group_agrees_the_interval_is_the_difference():
    apart, same = difference([5] * 5, [3] * 6), difference([4] * 5, [4] * 5)

    assert (apart["low"], apart["high"], apart["verdict"]) == (2, 2, "apart")
    assert (same["low"], same["high"], same["verdict"]) == (0, 0, "together")


@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [
        ("illustrative", "illustrative", "illustrative"),
        ("illustrative", "workshop", "illustrative"),
        ("expert", "illustrative", "illustrative"),
        ("expert", "workshop", "unlike"),
    ],
)
def test_ratings_that_are_made_up_or_unlike_never_give_a_difference(a, b, reason):
    row = difference(
        [5] * 9, [1] * 9, Ratings("kenya-cash", a, "room-1"), Ratings("peru-water", b, "room-2")
    )

    assert row["verdict"] == reason
    assert all(math.isnan(row[name]) for name in ("difference", "low", "high"))
    assert (row["n_a"], row["mean_a"], row["mean_b"]) == (9, 5, 1)


def test_other_occasions_are_not_mixed_in():
    other = Ratings("kenya-cash", "workshop", "room-9")
    rated = counts((KENYA, "trust", [5] * 5), (other, "trust", [1] * 50), (PERU, "trust", [5] * 5))

    assert gene_differences(rated, KENYA, PERU, ["trust"])["difference"].tolist() == [0]


def test_genes_and_pairs_come_in_the_order_asked_for():
    third = Ratings("chad", "workshop", "room-3")
    rated = counts(*((of, "trust", [4] * 5) for of in (KENYA, PERU, third)))

    table = pairs_of_stories(rated, [KENYA, PERU, third], ["funding", "trust"])

    assert table["gene_id"].tolist() == ["funding", "trust"] * 3
    assert list(zip(table["story_a"], table["story_b"], strict=True))[::2] == [
        ("kenya-cash", "peru-water"),
        ("kenya-cash", "chad"),
        ("peru-water", "chad"),
    ]


SCORES = st.lists(st.integers(1, 5), min_size=5, max_size=40)


# SciPy warns where all of one group agree, and is right all the same.
@pytest.mark.filterwarnings("ignore:Precision loss:RuntimeWarning")
@given(SCORES, SCORES)
def test_the_interval_is_scipys_welch_interval(a, b):
    groups = [
        pd.DataFrame({"n": [len(x)], "mean": [np.mean(x)], "sd": [np.std(x, ddof=1)]})
        for x in (a, b)
    ]
    ((centre,), (low,), (high,)) = welch_interval(*groups)

    assert centre == pytest.approx(np.mean(a) - np.mean(b))
    if len(set(a)) > 1 or len(set(b)) > 1:
        expected = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
        assert (low, high) == pytest.approx(np.clip(expected, -4, 4), abs=1e-6)
    else:
        assert (low, high) == (centre, centre)


STORIES = frame(
    "stories",
    story("kenya-cash") | {"year_started": 2007, "topics": "inclusion", "lead_country_iso3": "KEN"},
    story("peru-water") | {"official": False},
    story("chad"),
)


def test_facts_stand_side_by_side_in_the_order_asked_for_and_missing_is_not_text():
    table = facts_side_by_side(STORIES, ["peru-water", "kenya-cash"])

    assert list(table.columns) == ["peru-water", "kenya-cash"]
    assert table.loc["year_started"].tolist() == [None, 2007]
    assert table.loc["official"].tolist() == [False, True]
    assert table.loc["topics"].tolist() == [None, "inclusion"]
    assert "lessons" not in table.index  # None of them has any.


def test_a_story_that_there_is_not_is_refused():
    with pytest.raises(KeyError, match="atlantis"):
        facts_side_by_side(STORIES, ["kenya-cash", "atlantis"])


def reached(story_id, iso3, kind="adopted"):
    return {"story_id": story_id, "country_iso3": iso3, "kind": kind, "source_url": PAGE}


SPREAD = frame(
    "replications",
    reached("kenya-cash", "TZA", "replicated"),
    reached("kenya-cash", "TZA"),
    reached("kenya-cash", "PER"),
    reached("kenya-cash", "AGO"),
    reached("peru-water", "PER", "replicated"),
    reached("peru-water", "BOL"),
    reached("elsewhere", "FRA"),
)


def test_countries_that_the_stories_share_come_first_and_no_record_is_missing():
    table = reach_side_by_side(SPREAD, ["peru-water", "kenya-cash"])

    assert table.index.tolist() == ["PER", "AGO", "BOL", "TZA"]
    assert table.fillna("-").to_dict("list") == {
        "peru-water": ["replicated", "-", "adopted", "-"],
        "kenya-cash": ["adopted", "adopted", "-", "adopted;replicated"],
    }


def test_reach_is_counted_by_kind_alone_and_together():
    table = shared_reach(SPREAD, ["kenya-cash", "peru-water"])

    assert [tuple(row) for row in table.itertuples(index=False)] == [
        ("any", "kenya-cash", 3, 2, 1),
        ("any", "peru-water", 2, 1, 1),
        ("adopted", "kenya-cash", 3, 3, 0),
        ("adopted", "peru-water", 1, 1, 0),
        ("replicated", "kenya-cash", 1, 1, 0),
        ("replicated", "peru-water", 1, 1, 0),
    ]


def test_stories_without_any_record_have_no_countries_and_do_not_fail():
    assert reach_side_by_side(SPREAD, ["chad", "mali"]).shape == (0, 2)
    assert shared_reach(SPREAD, ["chad", "mali"])["countries"].tolist() == [0, 0]
