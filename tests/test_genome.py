import math

import pandas as pd
import pytest
from tiny_data import frame

from figures.genome import MOST_CELLS, heat_table, shade
from figures.genome_agreement import agreement_drawing, agreement_sentence
from figures.genome_sentences import genome_sentence, groups_sentence
from figures.genome_svg import heat_svg
from gcs_data.genome import TITLE, first_series, genome, in_order
from words import words

T = words()
GENES = ["trust", "funding"]


def row(story, score, n, *, gene="trust", provenance="workshop", occasion="room-1"):
    return {
        "story_id": story,
        "gene_id": gene,
        "stakeholder_group": "all",
        "provenance": provenance,
        "occasion_id": occasion,
        "score": score,
        "n": n,
    }


def made_up(story, score, n):
    return row(story, score, n, provenance="illustrative", occasion="illustrative")


COUNTS = frame(
    "rating_counts",
    row("kenya", 5, 3),
    row("kenya", 4, 2),
    made_up("kenya", 1, 30),
    made_up("peru", 5, 6),
    row("mali", 2, 4),
)
CELLS = genome(COUNTS, ["kenya", "mali", "peru", "togo"], GENES)


def test_real_ratings_stand_for_a_story_before_made_up_ones():
    first = first_series(COUNTS)

    assert first["provenance"].to_dict() == {
        "kenya": "workshop",
        "mali": "workshop",
        "peru": "illustrative",
    }
    assert first["raters"].to_dict() == {"kenya": 5, "mali": 4, "peru": 6}


def test_every_story_has_a_row_per_gene_and_what_nobody_rated_is_no_number():
    assert CELLS["story_id"].tolist() == [
        s for s in ("kenya", "mali", "peru", "togo") for _ in GENES
    ]
    assert CELLS["n"].tolist() == [5, 0, 4, 0, 6, 0, 0, 0]
    kenya, _, mali, *_ = CELLS.to_dict("records")
    assert (kenya["mean"], mali["mean"]) == (4.6, 2.0)
    assert (round(kenya["low"], 6), kenya["high"]) == (3.919913, 5.0)  # 4.6 ± 2.776445 · 0.244949.
    assert math.isnan(mali["low"])
    assert CELLS.loc[CELLS["n"] == 0, "mean"].isna().all()


def test_a_gene_sorts_real_ratings_first_and_the_unrated_last_both_ways():
    titles = ["togo", "peru", "mali", "kenya"]

    assert in_order(CELLS, titles, by=TITLE) == titles
    assert in_order(CELLS, titles, by="trust") == ["kenya", "mali", "peru", "togo"]
    assert in_order(CELLS, titles, by="trust", descending=False) == [
        "mali", "kenya", "peru", "togo",
    ]  # fmt: skip
    assert in_order(CELLS, titles, by="funding") == titles


TITLES = {"kenya": "Cash", "mali": "Wells", "peru": "Water", "togo": "Roads"}


def sentence(gene_id="", descending=True, cells=CELLS):
    return genome_sentence(
        cells, titles=TITLES, gene="Trust", gene_id=gene_id, descending=descending, t=T
    )


def test_the_sentence_counts_whose_ratings_there_are():
    assert sentence() == (
        "4 stories by 2 genes: 2 rated by people, 1 with made-up example ratings, 1 not rated."
    )


@pytest.mark.parametrize(
    ("descending", "end"),
    [
        (True, "The highest mean on Trust is that of “Cash”: 4.6 of 5 (n = 5)."),
        (False, "The lowest mean on Trust is that of “Wells”: 2.0 of 5 (n = 4)."),
    ],
)
def test_the_sentence_names_what_stands_first_among_real_ratings(descending, end):
    assert sentence("trust", descending).endswith(end)


def test_made_up_ratings_are_said_to_be_so_before_anything_is_said_of_them():
    only = CELLS[CELLS["story_id"] == "peru"]

    assert sentence("trust", cells=only).endswith(
        "In made-up example ratings, the highest mean on Trust is that of “Water”: 5.0 of 5 "
        "(n = 6)."
    )


VALUES = pd.DataFrame([[1.0, math.nan], [0.25, 0.0]], index=["a", "b"], columns=["x", "y"])
TEXTS = pd.DataFrame([["5.0", "–"], ["2.0", "1.0"]], index=["a", "b"], columns=["x", "y"])
NAMES = {
    "rows": {"a": "<b>A & B</b>", "b": "Bee"},
    "columns": {"x": "Trust", "y": "Funding"},
    "ends": ("1 absent", "5 defining"),
    "t": T,
}


def table(**asked):
    return heat_table(VALUES, TEXTS, **NAMES, corner="Story", alt="All", empty="not rated", **asked)


def test_a_cell_has_the_shade_of_its_value_and_an_unrated_one_has_none():
    html = table()

    assert [shade(value) for value in (0, 0.124, 0.125, 0.5, 0.999, 1)] == [0, 0, 1, 4, 7, 7]
    assert '<td class="gcs-heat-7">5.0</td>' in html
    assert '<td class="gcs-none" title="not rated">–</td>' in html
    assert '<td class="gcs-heat-0">1.0</td>' in html


def test_a_heat_table_is_a_table_to_a_screen_reader_and_the_keyboard_reaches_it():
    html = table(links={"b": "./story?story=b"}, sorted_by="x", descending=False)

    assert 'tabindex="0" role="region" aria-label="All"' in html
    assert '<th scope="col" aria-sort="ascending">Trust ↑</th>' in html
    assert '<th scope="row"><a href="./story?story=b">Bee</a></th>' in html


def test_text_from_data_is_escaped_in_table_and_picture():
    html = table(notes={"a": "<i>", "b": ""}, note_heading="Ratings")
    svg = heat_svg(VALUES, TEXTS, **NAMES, title="<script>")

    assert "<b>A &amp; B</b>" not in html
    assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in html
    assert '<td class="gcs-note">&lt;i&gt;</td>' in html
    assert "<script>" not in svg
    assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in svg


def test_made_up_rows_are_hatched_and_the_key_says_what_that_means():
    html = table(made_up={"a"}, marked={("b", "x")}, mark_says="published as a dominant gene")

    assert '<td class="gcs-heat-7 gcs-made-up">5.0</td>' in html
    assert '<td class="gcs-heat-2">2.0 <span title="published as a dominant gene">◆</span>' in html
    assert "Made up, to show how it works" in html
    assert "Made up" not in table()


@pytest.mark.parametrize("value", [-0.1, 1.1])
def test_a_value_without_a_shade_is_refused(value):
    with pytest.raises(ValueError, match="from 0 to 1"):
        heat_table(VALUES.replace(1.0, value), TEXTS, **NAMES, corner="", alt="")


def test_more_cells_than_a_browser_draws_well_are_refused():
    many = pd.DataFrame(0.5, index=range(MOST_CELLS + 1), columns=["x"])

    with pytest.raises(ValueError, match="2001 cells are too many"):
        heat_svg(many, many, **NAMES, title="")


def agreed(**more):
    rows = {
        "gene": ["Trust", "Funding", "Reach"],
        "n": [60, 50, 0],
        "stories": [9, 8, 0],
        "alpha": [0.25, 0.75, math.nan],
        "low": [0.125, 0.5, math.nan],
        "high": [0.375, 0.875, math.nan],
    }
    return pd.DataFrame(rows | more)


def test_agreement_is_drawn_by_alpha_and_what_nobody_rated_is_not_drawn_at_0():
    drawing = agreement_drawing(agreed(), t=T)

    assert [name for _, name in drawing.y_ticks] == ["Reach", "Trust", "Funding"]
    assert [(mark.x, mark.y) for mark in drawing.marks] == [(0.25, 1), (0.75, 2)]
    assert [line.points for line in drawing.lines[1:]] == [
        ((0.125, 1.0), (0.375, 1.0)),
        ((0.5, 2.0), (0.875, 2.0)),
    ]
    assert [(label.y, label.text) for label in drawing.labels] == [(0, "not rated")]


def test_the_sentence_on_agreement_names_both_ends_and_says_when_the_order_is_not_sure():
    assert agreement_sentence(agreed(), who="All raters", illustrative=False, t=T) == (
        "All raters, 9 stories: agreement is highest on Funding, alpha 0.75 (0.50 to 0.88); "
        "lowest on Trust, 0.25 (0.13 to 0.38); nothing to compare on Reach."
    )
    unsure = agreement_sentence(
        agreed(high=[0.5, 0.875, math.nan]), who="All raters", illustrative=True, t=T
    )
    assert unsure.startswith("In made-up example ratings, All raters")
    assert "the two intervals overlap, so this order is not sure" in unsure


def test_too_few_stories_for_any_interval_have_a_sentence():
    nothing = agreed(low=[math.nan] * 3, high=[math.nan] * 3)

    assert agreement_sentence(nothing, who="Academia", illustrative=False, t=T) == (
        "Academia: too few rated stories to say how far raters agree."
    )


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        ("uncertain", "uncertain"),
        ("weak", "weak"),
        ("reasonable", "reasonably"),
        ("strong", "clear"),
    ],
)
def test_the_sentence_on_groups_has_its_numbers_and_says_how_sure_they_are(standing, said):
    text = groups_sentence(47, number=4, silhouette=0.237, shuffled=0.224, standing=standing, t=T)

    assert text.startswith("47 stories fall into 4 groups")
    assert "mean silhouette 0.24 of 1. As many groups of the same facts dealt" in text
    assert said in text.rsplit("0.22.", 1)[1]


def test_without_a_deal_by_chance_none_is_claimed():
    text = groups_sentence(
        900, number=4, silhouette=0.6, shuffled=math.nan, standing="reasonable", t=T
    )

    assert "chance" not in text
