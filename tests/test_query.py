import math

import numpy as np
import pandas as pd
import pytest
from tiny_data import frame, gene, ratings, story

from gcs_data import query
from gcs_data.derive import rating_counts
from gcs_data.query import Selection

SERIES = {"provenance": "workshop", "occasion_id": "room-1"}


def counts(gene_id="trust", occasion="room-1", group="all", provenance="workshop", **n):
    """Rows of rating_counts; `s5=3` means that three gave a 5."""
    return [
        {
            "story_id": "kenya-cash",
            "gene_id": gene_id,
            "stakeholder_group": group,
            "provenance": provenance,
            "occasion_id": occasion,
            "score": int(score[1:]),
            "n": times,
        }
        for score, times in n.items()
    ]


def profile(rows, genes=("trust",), **series):
    return query.gene_profile(
        frame("rating_counts", *rows), "kenya-cash", genes, **(SERIES | series)
    )


def replication(iso3, kind="adopted", year=None, story_id="kenya-cash"):
    return {"story_id": story_id, "country_iso3": iso3, "kind": kind, "year": year}


@pytest.mark.parametrize(
    ("cell", "parts"),
    [("a;b", ["a", "b"]), (" a ; ;b;", ["a", "b"]), ("a", ["a"]), ("", []), (math.nan, [])],
)
def test_a_list_cell_has_its_parts_and_a_missing_one_has_none(cell, parts):
    assert query.items(cell) == parts


def test_genes_come_in_the_order_of_the_axes_and_a_nameless_one_is_left_out():
    genes = frame(
        "genes",
        gene("b", 2) | {"name": "B"},
        gene("a", 3) | {"name": "A"},
        gene("nameless", 1),
        gene("extra", 4) | {"name": "Extra", "in_default_dna": False},
    )

    assert query.genes_in_order(genes, default_only=True) == ["b", "a"]
    assert query.genes_in_order(genes, default_only=False) == ["b", "a", "extra"]


def test_a_profile_has_the_statistics_of_each_gene_exactly():
    rated = rating_counts(ratings("room-1", 5, 5, 4, 4, 2))

    made = query.gene_profile(rated, "kenya-cash", ["trust"], **SERIES).iloc[0]

    assert made[["n", "mean", "median"]].tolist() == [5, 4.0, 4.0]
    assert [made[f"n_{score}"] for score in range(1, 6)] == [0, 1, 0, 2, 2]
    # Deviations 1, 1, 0, 0, -2: variance 6 / 4; t(0.975, 4) = 2.776.
    assert made["sd"] == pytest.approx(math.sqrt(1.5))
    assert made["low"] == pytest.approx(4 - 2.7764451 * math.sqrt(1.5 / 5))
    assert made["high"] == 5  # 5.52, cut off at the end of the scale.
    assert made[["agreement", "provenance", "occasion_id"]].tolist() == [
        "agreed", "workshop", "room-1",
    ]  # fmt: skip


def test_groups_of_one_series_are_added_and_other_series_are_not():
    rows = [
        *counts(group="government", s5=5),
        *counts(group="other", s4=5),
        *counts(occasion="room-2", s1=9),
        *counts(provenance="expert", s1=9),
    ]

    assert profile(rows)[["n", "mean"]].values.tolist() == [[10, 4.5]]


def test_an_unrated_gene_is_missing_in_every_statistic_not_zero():
    made = profile(counts(s5=6), genes=("funding", "trust")).iloc[0]

    assert (made["gene_id"], made["n"], made["agreement"]) == ("funding", 0, "too_few")
    assert made[["mean", "median", "sd", "low", "high"]].isna().all()


def test_a_story_that_nobody_rated_has_a_row_per_gene_without_statistics():
    made = profile([], genes=("b", "a"))

    assert made["gene_id"].tolist() == ["b", "a"]
    assert made["n"].tolist() == [0, 0]
    assert made["mean"].isna().all()


@pytest.mark.parametrize(("n", "known"), [(4, False), (5, True)])
def test_fewer_than_five_ratings_have_a_mean_but_no_interval(n, known):
    made = profile(counts(s3=n - 1, s4=1)).iloc[0]

    assert made["mean"] == 3 + 1 / n
    assert made[["low", "high"]].notna().tolist() == [known, known]


def test_series_of_ratings_come_real_ones_first_with_the_most_raters_of_any_gene():
    rows = [
        *counts(provenance="illustrative", occasion="illustrative", s3=30),
        *counts(occasion="room-2", s3=7),
        *counts(occasion="room-2", gene_id="funding", s3=6, s4=2),
        *counts(provenance="expert", s3=5),
        *counts(s3=6),
    ]

    series = query.rating_series(frame("rating_counts", *rows), "kenya-cash")

    assert series.values.tolist() == [
        ["workshop", "room-1", 6],
        ["workshop", "room-2", 8],
        ["expert", "room-1", 5],
        ["illustrative", "illustrative", 30],
    ]
    assert query.rating_series(frame("rating_counts", *rows), "peru-water").empty


def code(means, apart=(), n=6):
    """The code of genes with these means; `apart` are pairs that differ by 2 for everybody."""
    made = pd.DataFrame(
        {
            "gene_id": list(means),
            "mean": list(means.values()),
            "low": [math.nan if name.startswith("few") else 1.0 for name in means],
            **SERIES,
        }
    )
    names = sorted(means)
    pairs = [
        {
            "story_id": "kenya-cash",
            "gene_a": a,
            "gene_b": b,
            "n": n,
            "sum_of_differences": 2 * n if a + b in apart else 0,
            "sum_of_squares": 4 * n if a + b in apart else 2 * n,
            **SERIES,
        }
        for place, a in enumerate(names)
        for b in names[place + 1 :]
    ]
    return query.dna_code(made, frame("rating_pairs", *pairs), "kenya-cash")


@pytest.mark.parametrize(
    ("means", "apart", "bands"),
    [
        ({"a": 2.0, "b": 4.0, "c": 3.0}, ("ab", "ac", "bc"), [["b"], ["c"], ["a"]]),
        ({"a": 2.0, "b": 4.0, "c": 3.0}, (), [["b", "c", "a"]]),
        ({"a": 4.0, "b": 3.0, "c": 2.0}, ("bc",), [["a", "b"], ["c"]]),
        # A chain: a and c are apart, but only neighbours are compared.
        ({"a": 4.0, "b": 3.5, "c": 3.0}, ("ac",), [["a", "b", "c"]]),
        # A tie keeps the order of the axes.
        ({"b": 3.0, "a": 3.0}, (), [["b", "a"]]),
        ({"a": 4.0, "few": 5.0}, (), [["a"]]),
        ({"few": 5.0}, (), []),
        ({}, (), []),
    ],
)
def test_neighbours_are_apart_only_if_their_paired_difference_leaves_out_zero(means, apart, bands):
    assert code(means, apart) == bands


def test_a_pair_that_fewer_than_five_rated_cannot_be_told_apart():
    assert code({"a": 5.0, "b": 1.0}, ("ab",), n=5) == [["a"], ["b"]]
    assert code({"a": 5.0, "b": 1.0}, ("ab",), n=4) == [["a", "b"]]


def test_a_pair_without_a_record_cannot_be_told_apart():
    made = pd.DataFrame({"gene_id": ["a", "b"], "mean": [5.0, 1.0], "low": [5.0, 1.0], **SERIES})

    assert query.dna_code(made, frame("rating_pairs"), "kenya-cash") == [["a", "b"]]


def test_published_dna_comes_in_its_order_and_what_has_no_position_comes_last():
    genes = frame(
        "genes",
        gene("a", 3) | {"name": "A", "letter": "A"},
        gene("b", 2) | {"name": "B"},
        gene("c", 1),
    )
    rows = [
        {"story_id": "one", "gene_id": name, "position": place, "dominant": name == "b"}
        for name, place in (("a", None), ("b", 2), ("c", None))
    ]
    other = {"story_id": "two", "gene_id": "a", "position": 1, "dominant": True}

    made = query.published_dna(frame("published_dna", *rows, other), genes, "one")

    assert made["gene_id"].tolist() == ["b", "c", "a"]
    assert made["position"].isna().tolist() == [False, True, True]
    assert made["dominant"].tolist() == [True, False, False]
    assert made["letter"].isna().tolist() == [True, True, False]
    assert query.published_dna(frame("published_dna", other), genes, "one").empty


REPLICATIONS = frame(
    "replications",
    replication("KEN", "adopted", 2019),
    replication("PER", "replicated", 2020),
    replication("EST", "adopted", 2021, "peru-water"),
    replication("FJI", "participated"),
)
STORIES = frame(
    "stories",
    story("kenya-cash") | {"topics": "norms;research"},
    story("peru-water") | {"topics": "inclusion"},
    story("no-topic"),
)


@pytest.mark.parametrize(
    ("selection", "countries", "undated"),
    [
        (Selection(), ["KEN", "PER", "EST", "FJI"], 0),
        (Selection(kinds=["adopted"]), ["KEN", "EST"], 0),
        (Selection(kinds=["adopted", "replicated"]), ["KEN", "PER", "EST"], 0),
        (Selection(story_ids=["peru-water"]), ["EST"], 0),
        (Selection(topics=["norms"]), ["KEN", "PER", "FJI"], 0),
        (Selection(topics=["norms", "inclusion"]), ["KEN", "PER", "EST", "FJI"], 0),
        (Selection(topics=["norm"]), [], 0),
        (Selection(topics=["inclusion"], story_ids=["kenya-cash"]), [], 0),
        (Selection(year=2020), ["KEN", "PER"], 1),
        (Selection(year=2020, cumulative=False), ["PER"], 1),
        (Selection(year=2018), [], 1),
        (Selection(year=2021, kinds=["adopted"]), ["KEN", "EST"], 0),
        (Selection(year=2020, kinds=["participated"]), [], 1),
    ],
)
def test_a_selection_keeps_what_fits_and_counts_what_has_no_year(selection, countries, undated):
    kept, without_year = query.select_replications(REPLICATIONS, STORIES, selection)

    assert (kept["country_iso3"].tolist(), without_year) == (countries, undated)
    assert kept.index.tolist() == list(range(len(kept)))


def test_marks_count_records_by_country_from_the_weakest_kind_to_the_strongest():
    rows = [
        replication("PER", "replicated"),
        replication("PER", "participated"),
        replication("PER", "participated", story_id="peru-water"),
        replication("EST", "scaled_up"),
    ]

    assert query.marks(frame("replications", *rows)).values.tolist() == [
        ["EST", "scaled_up", 1],
        ["PER", "participated", 2],
        ["PER", "replicated", 1],
    ]


def test_no_replications_have_no_marks():
    assert query.marks(frame("replications")).empty


def test_a_dated_list_runs_by_year_with_the_strongest_kind_first_and_the_undated_last():
    rows = [
        replication("A", "replicated"),
        replication("B", "adopted", 2020),
        replication("D", "replicated", 2020),
        replication("C", "replicated", 2020),
        replication("E", "participated", 2001),
    ]

    made = query.dated_list(frame("replications", *rows))

    assert made["country_iso3"].tolist() == ["E", "C", "D", "B", "A"]
    assert list(made.columns) == list(REPLICATIONS.columns)


def test_without_illustrative_leaves_real_rows_and_frames_that_do_not_say():
    rows = [*counts(s3=5), *counts(provenance="illustrative", s4=5)]
    occasions = frame(
        "occasions",
        {"occasion_id": "illustrative", "title": "Made up"},
        {"occasion_id": "room-1", "title": "Nairobi"},
    )

    assert query.without_illustrative(frame("rating_counts", *rows))["score"].tolist() == [3]
    assert query.without_illustrative(occasions)["occasion_id"].tolist() == ["room-1"]
    assert query.without_illustrative(STORIES) is STORIES


def test_known_topics_are_sorted_once_each():
    assert query.known_topics(pd.concat([STORIES, STORIES])) == ["inclusion", "norms", "research"]


def test_gaps_count_empty_cells_and_leave_out_full_columns():
    assert query.gaps(STORIES, ["title", "topics", "website"]).values.tolist() == [
        ["topics", 1, 3],
        ["website", 3, 3],
    ]
    assert query.gaps(STORIES, ["title"]).empty


def test_questions_do_not_change_the_frames_they_are_given():
    before = REPLICATIONS.copy()

    query.marks(REPLICATIONS)
    query.dated_list(REPLICATIONS)
    query.select_replications(REPLICATIONS, STORIES, Selection(year=2020))

    assert REPLICATIONS.equals(before)
    assert np.array_equal(REPLICATIONS.columns, before.columns)
