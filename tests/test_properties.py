"""Promises that hold for any data, tried on many."""

import csv
import io
import math
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
import pytest
from tiny_data import frame, gene, tiny

import labels
from exports.csv_file import DANGEROUS, csv_bytes, guarded, unguarded
from figures.dots import dna_dots
from figures.radar import dna_radar
from figures.sentences import dna_sentence
from figures.svg import radar_thumbnail
from gcs_data.checks import check
from gcs_data.derive import rating_counts, rating_pairs
from gcs_data.query import dna_code, gene_profile, rating_series
from gcs_data.schema import STAKEHOLDER_GROUPS
from gcs_data.statistics import median
from ui.escape import md
from words import words

pytest.importorskip("hypothesis", reason="pip install -r requirements-dev.txt")
from hypothesis import example, given, settings
from hypothesis import strategies as st

FEW = settings(max_examples=12)  # pandera and Plotly take their time.
QUICK = settings(max_examples=30)
MANY = settings(max_examples=100)
T = words()
GENES = ("funding", "law", "trust")
THREE = frame("genes", *(gene(name, place) for place, name in enumerate(GENES, 1)))
PERSON = st.tuples(
    st.sampled_from((*STAKEHOLDER_GROUPS[:3], None)),
    st.tuples(*(st.sampled_from((None, 1, 2, 3, 4, 5, 5)) for _ in GENES)),
)
ROOMS = st.lists(st.lists(PERSON, max_size=30), min_size=1, max_size=2)
TEXT = st.text(max_size=40) | st.text("=+-@'\t\r\n\",;x＝", max_size=12)


def ratings(rooms):
    """The dataset gene_ratings: people with a group and a score, or none, for each gene."""
    rows = [
        {
            "rating_id": f"{room}-{person}-{gene_id}",
            "story_id": "kenya-cash",
            "gene_id": gene_id,
            "score": score,
            "scale": "1-5",
            "rater_id": f"r-{room}{person:019d}",
            "stakeholder_group": group,
            "occasion_id": f"room-{room + 1}",
            "provenance": "workshop",
        }
        for room, people in enumerate(rooms)
        for person, (group, scores) in enumerate(people)
        for gene_id, score in zip(GENES, scores, strict=True)
        if score
    ]
    return frame("gene_ratings", *rows)


@given(ROOMS)
@settings(max_examples=50)
def test_no_group_shown_or_left_over_from_a_total_is_fewer_than_five_people(rooms):
    counts = rating_counts(ratings(rooms))

    for room, mine in counts.groupby("occasion_id"):
        groups = mine.groupby(["stakeholder_group", "gene_id"])["n"].sum().unstack(fill_value=0)
        if "all" in groups.index:
            assert list(groups.index) == ["all"], room
            continue
        assert ((groups == 0) | (groups >= 5)).all(axis=None)
        for shown in subsets(groups.index):
            rest = groups.sum() - groups.loc[shown].sum()
            assert ((rest == 0) | (rest >= 5)).all()


def subsets(names):
    return [
        [n for place, n in enumerate(names) if bits >> place & 1] for bits in range(2 ** len(names))
    ]


@given(ROOMS)
@QUICK
def test_counts_and_pairs_are_those_of_counting_by_hand(rooms):
    rated = ratings(rooms)

    counts, pairs = rating_counts(rated), rating_pairs(rated)

    by_hand, differences = Counter(), {}
    for room, people in enumerate(rooms, 1):
        for _, scores in people:
            known = [(name, s) for name, s in zip(GENES, scores, strict=True) if s]
            by_hand.update((f"room-{room}", name, score) for name, score in known)
            for a, first in known:
                for b, second in known:
                    if a < b:
                        differences.setdefault((f"room-{room}", a, b), []).append(first - second)
    found = counts.groupby(["occasion_id", "gene_id", "score"])["n"].sum().to_dict()
    assert found == dict(by_hand)
    assert {
        (row.occasion_id, row.gene_a, row.gene_b): (
            row.n,
            row.sum_of_differences,
            row.sum_of_squares,
        )
        for row in pairs.itertuples()
    } == {
        key: (len(all_), sum(all_), sum(d * d for d in all_))
        for key, all_ in differences.items()
        if len(all_) >= 5
    }


@given(ROOMS)
@FEW
def test_occasions_are_counted_each_by_itself(rooms):
    rated = ratings(rooms)
    parts = [part for _, part in rated.groupby("occasion_id")] or [rated]

    for derived in (rating_counts, rating_pairs):
        apart = pd.concat([derived(part) for part in parts])
        key = ["gene_id" if "gene_id" in apart else "gene_a", "occasion_id"]
        pd.testing.assert_frame_equal(
            derived(rated).sort_values(key, kind="stable", ignore_index=True),
            apart.sort_values(key, kind="stable", ignore_index=True),
        )


@given(st.lists(st.lists(PERSON, max_size=12), min_size=1, max_size=1))
@FEW
def test_any_ratings_that_pass_the_checks_can_be_drawn(rooms):
    rated = ratings(rooms)
    assert check({"gene_ratings": rated}, tiny() | {"genes": THREE}) == []

    counts, pairs = rating_counts(rated), rating_pairs(rated)
    profile = gene_profile(
        counts, "kenya-cash", GENES, provenance="workshop", occasion_id="room-1"
    ).assign(gene=GENES, name="Cash by phone")
    radar = dna_radar(profile, title="DNA", t=T)
    dots = dna_dots(profile, title="DNA", t=T, labels=labels.agreement(T))
    bands = dna_code(profile, pairs, "kenya-cash")

    known = profile[["mean", "median", "low", "high"]]
    assert not (known.lt(1) | known.gt(5)).any(axis=None)
    assert not (profile["low"].gt(profile["mean"]) | profile["high"].lt(profile["mean"])).any()
    assert profile["mean"].isna().tolist() == profile["n"].eq(0).tolist()
    assert [*map(math.isnan, radar.data[0].r)][:3] == profile["mean"].isna().tolist()
    assert len(dots.layout.yaxis.ticktext) == 3
    assert sorted(sum(bands, [])) == profile.loc[profile["n"] >= 5, "gene_id"].tolist()
    assert radar_thumbnail(profile, alt="DNA").count('r="3"') == (profile["n"] > 0).sum()
    raters = rating_series(counts, "kenya-cash")["raters"].tolist()
    assert raters == ([profile["n"].max()] if len(rated) else [])


@given(st.lists(st.lists(st.integers(0, 40), min_size=5, max_size=5), min_size=1, max_size=5))
@QUICK
def test_the_sentence_names_the_tables_number_strongest_gene_and_value(rows):
    names = [f"Gene {place}" for place in range(len(rows))]
    counts = frame(
        "rating_counts",
        *(
            {"story_id": "s", "gene_id": name, "stakeholder_group": "all", "score": score, "n": n,
             "provenance": "workshop", "occasion_id": "room"}
            for name, given_ in zip(names, rows, strict=True)
            for score, n in enumerate(given_, 1)
            if n
        ),
    )  # fmt: skip
    table = gene_profile(counts, "s", names, provenance="workshop", occasion_id="room")
    table = table.assign(gene=names)

    said = dna_sentence(table, title="A story", illustrative=False, t=T)
    made_up = dna_sentence(table, title="A story", illustrative=True, t=T)

    enough = table[table["n"] >= 5]
    if enough.empty:
        assert "strongest gene of" not in said
        assert said.startswith("Only " if table["n"].any() else "Nobody has rated")
        return
    top = enough.sort_values("mean", ascending=False, kind="stable").iloc[0]
    mean, low, high = (one_decimal(top[name]) for name in ("mean", "low", "high"))
    opening = (
        f"he strongest gene of “A story” is {top['gene']}, at {mean} of 5 "
        f"({low} to {high}; n = {top['n']})"
    )
    assert said.startswith("T" + opening)
    assert made_up.startswith("In made-up example ratings, t" + opening)
    for sentence in (said, made_up):  # One sentence: nothing is stated outside its opening words.
        assert sentence.endswith(".")
        assert ". " not in sentence


def one_decimal(value):
    """As the browser's table writes it: `toFixed(1)`, exact and halves up."""
    return str(Decimal(float(value)).quantize(Decimal("0.1"), ROUND_HALF_UP))


@given(st.lists(st.integers(0, 50), min_size=5, max_size=5).filter(any))
@QUICK
def test_the_median_from_counts_is_the_median_of_the_ratings(counts):
    assert median(counts) == np.median(np.repeat(np.arange(1, 6), counts))


@given(TEXT)
@MANY
def test_text_comes_back_from_a_download_as_it_was(text):
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(DANGEROUS)


@given(st.lists(st.tuples(TEXT, st.integers(-9, 9)), max_size=5), TEXT)
@example([("a\r=cmd()", 1)], "b\r@x")
@QUICK
def test_no_cell_or_heading_of_a_download_is_a_formula_and_numbers_are_numbers(rows, heading):
    table = pd.DataFrame(rows, columns=[heading, f"{heading}n"])

    text = csv_bytes(table).decode("utf-8-sig")
    head, *body = csv.reader(io.StringIO(text, newline=""), strict=True)

    assert [unguarded(cell) for cell in head] == [heading, f"{heading}n"]
    assert [(unguarded(cell), number) for cell, number in body] == [(t, str(n)) for t, n in rows]
    assert not any(cell.startswith(DANGEROUS) for cell in (*head, *(first for first, _ in body)))


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
@MANY
def test_any_text_in_markdown_is_itself_and_nothing_else(text):
    markdown_it = pytest.importorskip("markdown_it", reason="pip install -r requirements-dev.txt")

    blocks = markdown_it.MarkdownIt("gfm-like", {"linkify": False}).parse(md(text))

    parts = [part for block in blocks for part in block.children or ()]
    shown = "".join(part.content for part in parts)
    assert {block.type for block in blocks} <= {"paragraph_open", "inline", "paragraph_close"}
    assert {part.type for part in parts} <= {"text"}
    assert without_spaces(shown) == without_spaces(visible(text))


def visible(text):
    """Marks that turn the direction are shown by their number."""
    turning = [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]
    return text.translate({code: f"[U+{code:04X}]" for code in turning})


def without_spaces(text):
    """Line breaks and spaces round the text may become a space or go; nothing else may."""
    return "".join(text.replace("\u200b", "").split())
