import math

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr
from tiny_data import frame

from gcs_data.agreement import (
    BOOTSTRAP,
    CLASSES,
    EVERYBODY,
    JACKKNIFE,
    RESAMPLES,
    alpha_interval,
    alpha_of,
    coincidences,
    gene_agreement,
    rated_groups,
)

# Five raters of four stories, worked by hand. Coincidences, per story (1/4 per ordered pair):
#   1 1 2 2 2: o(1,1) = 2/4, o(1,2) = o(2,1) = 6/4, o(2,2) = 6/4
#   5 5 5 5 5: o(5,5) = 20/4
#   3 3 3 4 4: o(3,3) = 6/4, o(3,4) = o(4,3) = 6/4, o(4,4) = 2/4
#   1 1 1 1 2: o(1,1) = 12/4, o(1,2) = o(2,1) = 4/4
# So n(1..5) = 6, 4, 3, 2, 5 of N = 20, and the middles of the scores are 3, 8, 11.5, 14, 17.5.
# Observed: 2 · 2.5 · 5² + 2 · 1.5 · 2.5² = 143.75, divided by 20: 7.1875.
# Expected: 2 · (6·4·25 + 6·3·72.25 + 6·2·121 + 6·5·210.25 + 4·3·12.25 + 4·2·36 + 4·5·90.25
#   + 3·2·6.25 + 3·5·36 + 2·5·12.25) = 25200, divided by 20 · 19.
FIVE_RATERS = [[2, 3, 0, 0, 0], [0, 0, 0, 0, 5], [0, 0, 3, 2, 0], [4, 1, 0, 0, 0]]


def test_alpha_of_five_raters_worked_by_hand():
    by_hand = 1 - (143.75 / 20) / (25200 / (20 * 19))

    assert by_hand == pytest.approx(0.891617, abs=1e-6)
    assert alpha_of(FIVE_RATERS) == pytest.approx(by_hand, abs=1e-12)


@pytest.mark.parametrize("seed", range(25))
def test_alpha_is_that_of_the_package_to_six_digits(seed):
    reason = "krippendorff is not installed: pip install -r requirements-dev.txt"
    krippendorff = pytest.importorskip("krippendorff", reason=reason)
    chance = np.random.default_rng(seed)
    raters, stories = chance.integers(2, 9), chance.integers(2, 12)
    scores = chance.integers(1, 6, size=(raters, stories)).astype("float64")
    scores[chance.random(scores.shape) < 0.3] = np.nan
    scores[:2, 0] = 1, 5  # At least two values, or nobody knows.

    ours = alpha_of([[np.sum(column == score) for score in range(1, 6)] for column in scores.T])

    theirs = krippendorff.alpha(
        scores, level_of_measurement="ordinal", value_domain=[1, 2, 3, 4, 5]
    )
    assert ours == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([[5, 0, 0, 0, 0], [0, 0, 0, 0, 5]], 1.0),  # All agree within each story.
        ([[1, 0, 0, 0, 1], [1, 0, 0, 0, 1]], -0.5),  # All differ: worse than chance.
        ([[0, 0, 7, 0, 0], [0, 0, 7, 0, 0]], math.nan),  # Nobody gave anything else.
        ([[1, 0, 0, 0, 0], [0, 0, 0, 0, 1]], math.nan),  # Nobody to agree with.
        ([[0, 0, 0, 0, 0]], math.nan),
    ],
)
def test_the_ends_of_the_scale_and_what_nobody_can_know(counts, expected):
    assert alpha_of(counts) == pytest.approx(expected, nan_ok=True)


def test_a_single_rating_changes_nothing():
    assert alpha_of([*FIVE_RATERS, [0, 0, 1, 0, 0]]) == alpha_of(FIVE_RATERS)


def made_up_rooms(chance, stories, raters, apart, noise):
    """How likely each score is in some stories, and how often five or more raters gave it."""
    centre = chance.normal(0, apart, size=(stories, 1))
    below = ndtr((np.array([[-1.2, -0.4, 0.4, 1.2]]) - centre) / noise)
    likely = np.diff(np.pad(below, ((0, 0), (1, 0))), append=1, axis=1)
    return likely, np.stack([chance.multinomial(raters, row) for row in likely])


def true_alpha(apart, noise):
    """Alpha of infinitely many stories with infinitely many raters."""
    likely, _ = made_up_rooms(np.random.default_rng(0), 100_000, 1, apart, noise)
    scores = likely.mean(axis=0)
    middle = np.cumsum(scores) - scores / 2
    distance = (middle[:, None] - middle) ** 2
    together = likely.T @ likely / len(likely)
    return 1 - (together * distance).sum() / (np.outer(scores, scores) * distance).sum()


@pytest.mark.parametrize(
    ("stories", "raters", "apart", "noise", "width"),
    [
        (8, 5, 1.0, 0.8, 1.0),
        (12, 12, 0.4, 1.0, 0.55),
        pytest.param(20, 5, 1.5, 0.4, 0.2, marks=pytest.mark.heavy),
        pytest.param(47, 12, 1.0, 0.8, 0.3, marks=pytest.mark.heavy),
    ],
)
def test_the_interval_holds_the_true_alpha_about_95_times_in_100(
    stories, raters, apart, noise, width
):
    truth, chance, rooms = true_alpha(apart, noise), np.random.default_rng(7), 100

    ends = [
        alpha_interval(coincidences(made_up_rooms(chance, stories, raters, apart, noise)[1]))[:2]
        for _ in range(rooms)
    ]

    held = sum(low <= truth <= high for low, high in ends)
    assert held >= 89  # Of 100: three standard errors below 95. It is no use if it holds anything.
    assert np.median([high - low for low, high in ends]) < width


def test_the_interval_is_the_same_every_time_and_needs_six_stories():
    _, counts = made_up_rooms(np.random.default_rng(3), 6, 10, 1.0, 0.8)

    first, again = (alpha_interval(coincidences(counts)) for _ in range(2))
    fewer = alpha_interval(coincidences(counts[:5]))

    assert first == again
    assert -1 <= first[0] < alpha_of(counts) < first[1] <= 1
    assert math.isnan(fewer[0]) and math.isnan(fewer[1])


def test_many_stories_have_the_jackknife_s_interval_which_is_then_the_same():
    _, counts = made_up_rooms(np.random.default_rng(3), 150, 10, 1.0, 0.8)
    low, high, method = alpha_interval(coincidences(counts))
    many = np.concatenate([counts, counts[:1]])

    jack_low, jack_high, other = alpha_interval(coincidences(many))

    assert (method, other, RESAMPLES) == (BOOTSTRAP, JACKKNIFE, 499)
    assert (jack_low, jack_high) == pytest.approx((low, high), abs=0.02)


def row(story, score, n, *, gene="trust", group="all", provenance="workshop", occasion="room-1"):
    return {
        "story_id": story,
        "gene_id": gene,
        "stakeholder_group": group,
        "provenance": provenance,
        "occasion_id": occasion,
        "score": score,
        "n": n,
    }


def test_each_gene_has_its_alpha_and_in_how_many_stories_raters_agree():
    rows = [
        row(f"story-{place}", score + 1, n)
        for place, story in enumerate(FIVE_RATERS)
        for score, n in enumerate(story)
        if n
    ]
    rows.append(row("story-9", 3, 4))  # Too few to say, but they are compared.
    rows.append(row("story-0", 1, 9, provenance="illustrative", occasion="illustrative"))

    table = gene_agreement(
        frame("rating_counts", *rows), ["trust", "funding"], provenance="workshop"
    )

    trust, funding = table.to_dict("records")
    assert [trust[name] for name in CLASSES] == [4, 0, 0, 1]
    assert (trust["stories"], trust["n"], trust["group"]) == (5, 24, EVERYBODY)
    assert trust["alpha"] == pytest.approx(alpha_of([*FIVE_RATERS, [0, 0, 4, 0, 0]]))
    assert math.isnan(trust["low"])
    assert (funding["n"], funding["stories"]) == (0, 0)
    assert math.isnan(funding["alpha"])


def test_rooms_that_rated_one_story_are_two_units_but_one_story():
    rooms = [row("a", 1, 3, occasion="x"), row("a", 5, 3, occasion="y"), row("b", 3, 3)]
    one_room = [row("a", 1, 3), row("a", 5, 3), row("b", 3, 3)]

    apart = gene_agreement(frame("rating_counts", *rooms), ["trust"], provenance="workshop")
    together = gene_agreement(frame("rating_counts", *one_room), ["trust"], provenance="workshop")

    assert (apart["alpha"].item(), apart["stories"].item()) == (1.0, 2)
    assert together["alpha"].item() == pytest.approx(alpha_of([[3, 0, 0, 0, 3], [0, 0, 3, 0, 0]]))


def test_a_single_story_has_no_alpha():
    counts = frame("rating_counts", row("a", 1, 3), row("a", 5, 3))

    table = gene_agreement(counts, ["trust"], provenance="workshop")

    assert (table["n"].item(), table["stories"].item()) == (6, 1)
    assert math.isnan(table["alpha"].item())


def test_a_group_is_counted_by_itself_and_other_is_no_group():
    rows = [row("a", 5, 5, group="academia"), row("a", 1, 6, group="other"), row("b", 2, 5)]
    counts = frame("rating_counts", *rows)

    only = gene_agreement(counts, ["trust"], provenance="workshop", group="academia").iloc[0]

    assert rated_groups(counts, "workshop") == ["academia"]
    assert rated_groups(counts, "expert") == []
    assert (only["n"], only["stories"]) == (5, 1)


def test_no_ratings_at_all_give_a_row_per_gene_and_no_number():
    table = gene_agreement(frame("rating_counts"), ["trust"], provenance="workshop")

    assert table["n"].tolist() == [0]
    assert pd.isna(table["alpha"]).all()
