import pytest
from tiny_data import PAGE, frame, gene

import labels
from figures.drawing import MOST_MARKS, Drawing, Line, figure
from figures.drawing_svg import svg
from figures.lineage import MOST_ROWS, Beginning, arcs_drawing, lineage_sentence, tree_drawing
from gcs_data.lineage import ROOT, copied_from, differences, lineage
from words import words

T = words()
KINDS = labels.kinds(T)
BEGINNING = Beginning("Cash", 2015, "Kenya")


def record(story, iso3, kind, year=None, copy=None):
    row = {"story_id": story, "country_iso3": iso3, "kind": kind, "source_url": PAGE}
    return row | ({"year": year} if year else {}) | ({"copy_story_id": copy} if copy else {})


RECORDS = frame(
    "replications",
    record("cash", "PER", "adopted", 2019),
    record("cash", "MLI", "replicated"),
    record("cash", "TGO", "replicated", 2017, copy="wells"),
    record("wells", "GHA", "scaled_up", 2020),
    record("wells", "KEN", "adopted", 2021, copy="cash"),  # A circle.
    record("other", "FRA", "adopted", 2001),
)


def named(rows):
    copies = rows["copy_story_id"].map({"wells": "Wells"}).astype("str")
    return rows.assign(name=rows["country_iso3"], copy=copies)


def test_a_copy_is_followed_by_what_came_of_it_and_a_circle_ends():
    rows = lineage(RECORDS, "cash")

    assert rows["country_iso3"].tolist() == ["TGO", "GHA", "KEN", "MLI", "PER"]
    assert rows["parent"].tolist() == [ROOT, 0, 0, ROOT, ROOT]
    assert rows["depth"].tolist() == [0, 1, 1, 0, 0]
    assert rows["row"].tolist() == [0, 1, 2, 3, 4]
    assert rows["year"].isna().tolist() == [False, False, False, True, False]


def test_a_story_without_records_has_no_lineage_and_a_copy_knows_its_origin():
    assert lineage(RECORDS, "nowhere").empty
    assert copied_from(RECORDS, "wells")["story_id"].tolist() == ["cash"]
    assert copied_from(RECORDS, "other").empty


def test_the_tree_branches_at_the_copy_and_ends_each_branch_at_its_year():
    drawing = tree_drawing(named(lineage(RECORDS, "cash")), BEGINNING, labels=KINDS, t=T)

    unknown = drawing.marks[4].x
    assert unknown > 2021
    assert [(mark.x, mark.y) for mark in drawing.marks] == [
        (2015, 0), (2017, -1), (2020, -2), (2021, -3), (unknown, -4), (2019, -5),
    ]  # fmt: skip
    assert drawing.lines[1].points == ((2017, -1), (2017, -2), (2020, -2))
    assert [line.dash for line in drawing.lines] == ["solid", "solid", "solid", "dot", "solid"]
    assert [label.text for label in drawing.labels] == ["Wells"]
    assert (unknown, "no year") in drawing.x_ticks


def test_a_story_whose_beginning_is_not_on_record_begins_dashed_before_all_years():
    rows = named(lineage(RECORDS, "other"))
    drawing = tree_drawing(rows, Beginning("Other", None, None), labels=KINDS, t=T)

    assert drawing.marks[0].x < 2001
    assert "start: no year on record" in drawing.marks[0].says
    assert drawing.lines[0].dash == "dash"


def test_only_the_first_rows_of_a_long_lineage_are_drawn():
    many = frame("replications", *[record("a", f"A{n:02d}", "adopted", 2000) for n in range(90)])
    rows = named(lineage(many, "a"))

    assert len(tree_drawing(rows, BEGINNING, labels=KINDS, t=T).marks) == MOST_ROWS + 1
    arcs = arcs_drawing(rows, BEGINNING, labels=KINDS, t=T)
    assert len(arcs.marks) == 2
    assert [label.text.strip() for label in arcs.labels] == ["90"]


def test_arcs_lead_from_the_beginning_to_every_year_and_are_thicker_for_more_records():
    two = frame(
        "replications",
        record("a", "PER", "adopted", 2019),
        record("a", "MLI", "adopted", 2019),
        record("a", "KEN", "replicated", 2017),
        record("a", "TGO", "replicated"),
    )
    drawing = arcs_drawing(named(lineage(two, "a")), BEGINNING, labels=KINDS, t=T)

    ends = {line.points[-1][0]: line for line in drawing.lines}
    assert {line.points[0] for line in drawing.lines} == {(2015.0, 0.0)}
    assert (ends[2019.0].width, ends[2017.0].width) == (5.0, 3.0)
    assert [line.dash for line in drawing.lines].count("dot") == 1
    assert [name for _, name in drawing.y_ticks] == ["Replicated", "Adopted"]


@pytest.mark.parametrize(
    ("beginning", "expected"),
    [
        (BEGINNING, "“Cash” began in 2015, led from Kenya."),
        (
            Beginning("Cash", None, "Kenya"),
            "“Cash” is led from Kenya; when it began is not on record.",
        ),
        (Beginning("Cash", 2015, None), "“Cash” began in 2015; no single country leads it."),
        (Beginning("Cash", None, None), "When “Cash” began and which country leads it is not"),
    ],
)
def test_what_is_not_known_of_the_beginning_is_said(beginning, expected):
    rows = named(lineage(RECORDS, "cash"))

    text = lineage_sentence(rows, beginning, labels=KINDS, t=T)

    assert text.startswith(expected)
    assert text.endswith(
        "Replicated: 2 countries, 2017, 1 without a year. Scaled up: 1 country, 2020. "
        "Adopted: 2 countries, 2019 to 2021."
    )


GENES = frame("genes", gene("trust", 1) | {"name": "Trust"}, gene("funding", 2) | {"name": "F"})


def counted(story, score, n, provenance="workshop", gene_id="trust"):
    return {
        "story_id": story,
        "gene_id": gene_id,
        "stakeholder_group": "all",
        "provenance": provenance,
        "occasion_id": "room",
        "score": score,
        "n": n,
    }


def compared(*counts, dominant=()):
    published = [
        {"story_id": story, "gene_id": g, "dominant": True, "source_url": PAGE}
        for story, g in dominant
    ]
    return differences(
        "cash", "wells", frame("rating_counts", *counts), GENES, frame("published_dna", *published)
    )


def test_genes_that_differ_between_a_story_and_its_copy_are_named_only_where_it_is_sure():
    found = compared(
        counted("cash", 1, 9), counted("wells", 5, 9),
        counted("cash", 3, 4, gene_id="funding"), counted("wells", 5, 4, gene_id="funding"),
    )  # fmt: skip

    assert (found.rated, found.apart) == ("known", {"trust": 4.0})


@pytest.mark.parametrize(
    "counts",
    [
        (),
        (counted("cash", 1, 9),),
        (counted("cash", 1, 9), counted("wells", 5, 9, "illustrative")),
        (counted("cash", 1, 9), counted("wells", 5, 9, "expert")),
        (counted("cash", 1, 4), counted("wells", 5, 4)),
    ],
)
def test_what_ratings_cannot_say_of_a_copy_is_unknown(counts):
    found = compared(*counts)

    assert (found.rated, found.apart, found.published) == ("unknown", {}, False)


def test_published_dominant_genes_are_compared_only_where_both_have_them():
    both = compared(dominant=[("cash", "trust"), ("wells", "trust"), ("wells", "funding")])

    assert (both.both, both.only_origin, both.only_copy) == (("trust",), (), ("funding",))
    assert not compared(dominant=[("cash", "trust")]).published


def test_figure_and_picture_of_a_drawing_hold_the_same_words():
    drawing = tree_drawing(named(lineage(RECORDS, "cash")), BEGINNING, labels=KINDS, t=T)

    fig = figure(drawing, title="What <b>came</b>", notes=["A note."])
    picture = svg(drawing, title="What <b>came</b>", notes=["A note."])

    assert "What &lt;b&gt;came&lt;/b&gt;" in fig.layout.annotations[0].text
    assert "What &lt;b&gt;came&lt;/b&gt;" in picture
    for word in ("TGO", "2015", "no year", "Wells", "Replicated", "A note."):
        assert word in picture
        assert word in fig.to_json()
    assert {trace.type for trace in fig.data} == {"scatter"}


def test_a_drawing_of_more_marks_than_a_browser_draws_well_is_refused():
    lines = [Line(((0, 0), (1, 1)), "#000")] * (MOST_MARKS + 1)

    with pytest.raises(ValueError, match="2001 marks are too many"):
        Drawing((0, 1), (0, 1), 100, lines=lines)
