from itertools import product

import pandas as pd
import pytest
from tiny_data import frame, ratings

from gcs_data.derive import rating_counts, rating_pairs
from gcs_data.schema import DATASETS

GROUPS = ("government", "academia", "civil_society")


def room(sizes, genes=("trust",), occasion="room-1", scores=(3,), skips=()):
    """`sizes` people per group, who rate every gene; `skips` are (person, gene) left out."""
    people = [group for group, n in zip(GROUPS, sizes, strict=False) for _ in range(n)]
    rows = [
        {
            "rating_id": f"{occasion}-{gene}-{person}",
            "story_id": "kenya-cash",
            "gene_id": gene,
            "score": scores[person % len(scores)],
            "rater_id": f"r-{person:020d}",
            "stakeholder_group": group,
            "occasion_id": occasion,
            "provenance": "workshop",
        }
        for (person, group), gene in product(enumerate(people), genes)
        if (person, gene) not in skips
    ]
    return frame("gene_ratings", *rows)


def per_group(rated, gene="trust"):
    counts = rating_counts(rated)
    mine = counts[counts["gene_id"] == gene]
    return mine.groupby("stakeholder_group")["n"].sum().to_dict()


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ((5, 6, 7), {"government": 5, "academia": 6, "civil_society": 7}),
        ((9, 3, 2), {"government": 9, "other": 5}),
        ((9, 6, 4), {"all": 19}),
        ((4, 4, 4), {"other": 12}),
        ((2, 1, 0), {"all": 3}),
        ((5, 0, 0), {"government": 5}),
    ],
)
def test_groups_under_five_go_to_other_and_an_other_under_five_leaves_no_groups(sizes, shown):
    assert per_group(room(sizes)) == shown


def test_a_group_of_five_that_skipped_one_gene_is_hidden_for_every_gene():
    rated = room((9, 5, 6), genes=("trust", "funding"), skips={(9, "funding")})

    assert per_group(rated, "trust") == per_group(rated, "funding") | {"all": 20} == {"all": 20}
    assert per_group(rated, "funding") == {"all": 19}


def test_raters_without_a_group_are_other():
    assert per_group(ratings("room-1", 5, 4, 3, 2, 1)) == {"other": 5}


def test_counts_are_how_often_each_score_was_given_and_no_row_says_zero():
    counts = rating_counts(ratings("room-1", 5, 5, 5, 4, 1))

    assert counts[["score", "n"]].values.tolist() == [[1, 1], [4, 1], [5, 3]]
    assert dict(counts.dtypes.astype("str")) == DATASETS["rating_counts"].dtypes


def test_pairs_are_sums_over_the_people_who_rated_both():
    rated = room((6,), genes=("trust", "funding"), skips={(5, "funding")})
    rated.loc[rated["gene_id"] == "trust", "score"] = [5, 4, 3, 5, 5, 1]
    rated.loc[rated["gene_id"] == "funding", "score"] = [1, 4, 4, 5, 3]

    (pair,) = rating_pairs(rated).to_dict("records")

    assert (pair["gene_a"], pair["gene_b"], pair["n"]) == ("funding", "trust", 5)
    assert pair["sum_of_differences"] == (1 - 5) + (4 - 4) + (4 - 3) + (5 - 5) + (3 - 5)
    assert pair["sum_of_squares"] == 16 + 0 + 1 + 0 + 4


def test_pairs_of_fewer_than_five_people_are_left_out():
    assert len(rating_pairs(room((4,), genes=("trust", "funding")))) == 0


def test_nothing_rated_is_no_counts_and_no_pairs_with_the_right_types():
    for name, derived in (("rating_counts", rating_counts), ("rating_pairs", rating_pairs)):
        made = derived(frame("gene_ratings"))

        assert len(made) == 0
        assert dict(made.dtypes.astype("str")) == DATASETS[name].dtypes


@pytest.mark.parametrize("derived", [rating_counts, rating_pairs])
def test_an_occasion_is_computed_by_itself(derived):
    first = room((5, 2), genes=("trust", "funding"), scores=(1, 4, 5))
    second = room((7, 6), genes=("trust", "funding"), occasion="room-2", scores=(2, 3))
    key = list(DATASETS[derived.__name__].key)

    together = derived(pd.concat([second, first], ignore_index=True))

    apart = pd.concat([derived(first), derived(second)]).sort_values(key, ignore_index=True)
    pd.testing.assert_frame_equal(together, apart)


@pytest.mark.parametrize("derived", [rating_counts, rating_pairs])
def test_the_order_and_labels_of_rows_do_not_matter_and_ratings_are_not_changed(derived):
    rated = room((5, 6, 3), genes=("trust", "funding"), scores=(1, 4, 5))
    before = rated.copy()
    shuffled = rated.sample(frac=1, random_state=1)

    pd.testing.assert_frame_equal(derived(shuffled), derived(rated))
    assert rated.equals(before)
