import math

import pandas as pd
import pytest

import labels
from figures.dots import dna_dots
from gcs_data.query import gene_profile
from words import words

T = words()
NAN = math.nan


def profile(**genes):
    """Each gene by how often the scores 1 to 5 were given."""
    rows = [
        {
            "story_id": "kenya",
            "gene_id": gene,
            "score": score,
            "n": n,
            "provenance": "workshop",
            "occasion_id": "room",
        }
        for gene, counts in genes.items()
        for score, n in enumerate(counts, 1)
        if n
    ]
    made = gene_profile(
        pd.DataFrame(rows), "kenya", list(genes), provenance="workshop", occasion_id="room"
    )
    return made.assign(gene=made["gene_id"])


RATED = profile(
    weak=(5, 5, 0, 0, 0), unrated=(0, 0, 0, 0, 0), strong=(0, 0, 0, 2, 6), few=(0, 0, 3, 0, 0)
)


def dots(rated=RATED, **asked):
    return dna_dots(rated, **({"title": "DNA", "t": T, "labels": labels.agreement(T)} | asked))


def part(fig, name):
    return next((trace for trace in fig.data if trace.meta == {name: True}), None)


def test_the_strongest_gene_is_at_the_top_and_what_nobody_rated_at_the_bottom():
    fig = dots()

    assert list(fig.layout.yaxis.ticktext) == ["unrated", "weak", "few", "strong"]
    assert list(part(fig, "means").y) == [0, 1, 2, 3]
    assert list(part(fig, "means").x)[1:] == [1.5, 3.0, 4.75]
    low, high = fig.layout.yaxis.range
    assert low < 0 < 3 < high  # Nothing cut, and not upside down.


def test_an_unrated_gene_has_no_dot_and_says_so():
    fig = dots()

    assert math.isnan(part(fig, "means").x[0])
    assert (list(part(fig, "unrated").y), list(part(fig, "unrated").text)) == ([0], ["not rated"])
    assert part(dots(RATED[RATED["n"] > 0]), "unrated") is None


def test_bars_are_the_intervals_and_below_five_ratings_there_is_none():
    fig = dots()

    drawn, ordered = part(fig, "means").error_x, RATED.set_index("gene").loc[["weak", "strong"]]
    assert list(drawn.array)[:1] + list(drawn.array)[2:3] == [0, 0]
    assert [drawn.array[1], drawn.array[3]] == pytest.approx(
        (ordered["high"] - ordered["mean"]).tolist()
    )
    assert [drawn.arrayminus[1], drawn.arrayminus[3]] == pytest.approx(
        (ordered["mean"] - ordered["low"]).tolist()
    )
    assert not drawn.symmetric


def test_a_bubbles_area_is_the_share_of_raters_who_gave_the_score():
    spread = part(dots(), "spread")

    drawn = {(x, y): s for x, y, s in zip(spread.x, spread.y, spread.marker.size, strict=True)}
    assert drawn == {(1, 1): 0.5, (2, 1): 0.5, (3, 2): 1.0, (4, 3): 0.25, (5, 3): 0.75}
    assert spread.marker.sizemode == "area"
    # A share of 1 is 38 pixels across, inside a row of 46.
    assert math.sqrt(1 / spread.marker.sizeref * 2) == pytest.approx(38)


def test_the_scale_is_1_to_5_whatever_the_ratings():
    axis = dots(profile(a=(9, 0, 0, 0, 0))).layout.xaxis

    assert list(axis.range) == [0.6, 5.4]
    assert list(axis.ticktext) == ["1 absent", "2", "3", "4", "5 defining"]


def test_hover_says_mean_median_interval_number_and_agreement():
    strong = part(dots(), "means").hovertext[3]

    assert strong == (
        "<b>strong</b><br>mean 4.8, median 5.0<br>95 % interval 4.4 to 5.0"
        "<br>8 ratings, raters agree"
    )
    assert part(dots(), "means").hovertext[2].endswith("3 ratings, too few ratings to say")
    assert part(dots(), "means").hovertext[0] == ""


def test_long_labels_are_whole():
    name = "Participation des parties prenantes multiples"
    label = dots(RATED.assign(gene=name)).layout.yaxis.ticktext[0]

    assert label.replace("<br>", " ") == name
    assert label.count("<br>") <= 2


def test_the_watermark_is_drawn_only_when_given():
    marked = {note.name for note in dots(watermark="Illustrative ratings").layout.annotations}

    assert "watermark" in marked
    assert "watermark" not in {note.name for note in dots().layout.annotations}


def test_hostile_text_is_inert():
    evil = "<a href='javascript:x'>x</a> %{y}"
    drawn = dots(RATED.assign(gene=evil), title=evil, notes=[evil], watermark=evil).to_json()

    assert "<a" not in drawn
    assert "%{" not in drawn


def test_traces_are_svg_and_the_profile_is_not_changed():
    before = RATED.copy()

    assert {trace.type for trace in dots().data} == {"scatter"}
    assert RATED.equals(before)
