import math

import numpy as np
import pytest
from scipy.spatial.distance import pdist, squareform
from test_genome import made_up, row
from tiny_data import PAGE, country, frame, story

from gcs_data.genome import genome
from gcs_data.genome_groups import (
    Groups,
    distances,
    groups,
    silhouette,
    standing,
    story_facts,
    traits,
)

NOTHING = genome(frame("rating_counts"), [], [])


def facts(**given):
    """The facts of some stories; a kind that is not given is on record for none."""
    n = len(next(iter(given.values())))
    empty = [frozenset()] * n
    kinds = ("topic", "lead_type", "region", "kind", "partner_type")
    return {kind: [frozenset(v) for v in given.get(kind, empty)] for kind in kinds}


def test_facts_are_what_is_on_record_and_nothing_else():
    stories = frame(
        "stories",
        story("a")
        | {"topics": "norms;awareness", "lead_type": "academia", "lead_country_iso3": "KEN"},
        story("b"),
    )
    replications = frame(
        "replications",
        *[
            {"story_id": "a", "country_iso3": iso3, "kind": kind, "source_url": PAGE}
            for iso3, kind in (("KEN", "adopted"), ("PER", "adopted"), ("PER", "replicated"))
        ],
    )
    partners = frame(
        "partners",
        {"story_id": "a", "partner": "X", "partner_type": "government", "source_url": PAGE},
        {"story_id": "b", "partner": "Y", "source_url": PAGE},
    )
    countries = frame("countries", country("KEN", "Kenya") | {"region": "africa"})

    found = story_facts(stories, replications, partners, countries)

    assert found == {
        "topic": [{"norms", "awareness"}, set()],
        "lead_type": [{"academia"}, set()],
        "region": [{"africa"}, set()],
        "kind": [{"adopted", "replicated"}, set()],
        "partner_type": [{"government"}, set()],
    }


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"topic": ["ab", "ab"]}, 0),
        ({"topic": ["ab", "bc"]}, 2 / 3),
        ({"topic": ["a", "b"]}, 1),
        ({"topic": ["a", ""]}, 1),  # Nothing of both is on record.
        ({"topic": ["ab", "bc"], "lead_type": ["x", "x"]}, (2 * 2 / 3) / 3),
        ({"topic": ["a", "a"], "region": ["e", "f"], "kind": ["k", ""]}, 0.5 / 2.5),
    ],
)
def test_a_distance_is_the_weighted_share_not_in_common_of_what_both_have(given, expected):
    assert distances(facts(**given), NOTHING, ["a", "b"])[0, 1] == pytest.approx(expected)


def test_distances_of_one_fact_are_scipy_s_jaccard_distances():
    chance = np.random.default_rng(1)
    has = chance.random((12, 6)) < 0.4
    has[:, 0] |= ~has.any(axis=1)
    topics = ["".join(letter for letter, yes in zip("abcdef", r, strict=True) if yes) for r in has]

    ours = distances(facts(topic=topics), NOTHING, [str(n) for n in range(12)])

    np.testing.assert_allclose(ours, squareform(pdist(has, "jaccard")), atol=1e-12)


def test_real_ratings_of_the_same_kind_count_and_made_up_ones_never():
    same = facts(topic=["a"] * 4)
    counts = [row("a", 1, 5), row("b", 5, 5), made_up("c", 1, 9), row("d", 1, 4)]
    cells = genome(frame("rating_counts", *counts), list("abcd"), ["trust"])

    apart = distances(same, cells, list("abcd"))

    assert apart[0, 1] == pytest.approx(2 * 1 / 4)  # Topics 2 · 0, genes 2 · 1.
    assert (apart[0, 2], apart[0, 3]) == (0, 0)  # Made up; four people are too few.


def test_silhouettes_are_those_worked_by_hand():
    apart = squareform([1, 4, 4, 4, 4, 2])  # Two pairs, 1 and 2 apart inside, 4 between.

    found = silhouette(np.asarray(apart, dtype="float64"), np.array([0, 0, 1, 1]))
    alone = silhouette(np.asarray(apart, dtype="float64"), np.array([0, 0, 1, 2]))

    assert found == pytest.approx((0.75 + 0.75 + 0.5 + 0.5) / 4)
    assert alone == pytest.approx((0.75 + 0.75 + 0 + 0) / 4)


CLEAR = facts(topic=["a"] * 6 + ["b"] * 4, lead_type=["x"] * 6 + ["y"] * 4)
TEN = [f"s{n}" for n in range(10)]


def test_clear_groups_are_found_largest_first_and_called_strong():
    found = groups(CLEAR, NOTHING, TEN)

    assert found.of_story == {name: 1 if place < 6 else 2 for place, name in enumerate(TEN)}
    assert (found.number, found.standing) == (2, "strong")
    assert found.silhouettes[2] == pytest.approx(1)
    assert found.shuffled < 1


def test_the_same_facts_give_the_same_groups_every_time():
    chance = np.random.default_rng(5)
    some = facts(topic=["".join(chance.choice(list("abcd"), 2)) for _ in TEN])

    assert groups(some, NOTHING, TEN) == groups(some, NOTHING, TEN)


def test_facts_that_fall_into_no_groups_are_called_uncertain():
    chance = np.random.default_rng(2)
    some = facts(
        topic=["".join(chance.choice(list("abcdefgh"), 3, replace=False)) for _ in range(40)],
        lead_type=chance.choice(list("xyz"), 40).tolist(),
    )

    assert groups(some, NOTHING, [str(n) for n in range(40)]).standing == "uncertain"


@pytest.mark.parametrize("n", [0, 1, 3])
def test_too_few_stories_have_no_groups(n):
    found = groups(facts(topic=["a"] * n), NOTHING, TEN[:n])

    assert (found.of_story, found.standing, found.number) == ({}, "too_few", 0)


def test_stories_that_are_all_alike_have_no_groups():
    assert groups(facts(topic=["a"] * 10), NOTHING, TEN).standing in ("too_few", "uncertain")


@pytest.mark.parametrize(
    ("value", "by_chance", "expected"),
    [
        (0.2499, 0.1, "uncertain"),
        (0.25, 0.1, "weak"),
        (0.5, math.nan, "reasonable"),
        (0.7, 0.1, "strong"),
        (0.9, 0.9, "uncertain"),
    ],
)
def test_how_far_groups_can_be_trusted_is_a_written_rule(value, by_chance, expected):
    assert standing(value, by_chance) == expected


def test_what_holds_a_group_together_is_common_here_and_rarer_elsewhere():
    some = facts(topic=["ab", "a", "ac", "c", "cd", ""], kind=["k", "k", "", "k", "", ""])
    found = Groups(dict(zip(TEN, [1, 1, 1, 2, 2, 2], strict=False)), {}, 0, "weak")

    table = traits(some, TEN[:6], found).set_index(["group", "value"])

    a, c, k = table.loc[(1, "a")], table.loc[(2, "c")], table.loc[(1, "k")]
    assert (a["n"], a["known"], a["share"], a["elsewhere"], bool(a["holds"])) == (3, 3, 1, 0, True)
    assert (c["n"], c["known"], c["share"], round(c["elsewhere"], 3)) == (2, 2, 1, 0.333)
    assert bool(c["holds"])
    assert (k["share"], k["elsewhere"], bool(k["holds"])) == (1, 1, False)
    assert not table.loc[(2, "d"), "holds"]  # One story shares it with nobody.
