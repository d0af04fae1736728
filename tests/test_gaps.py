"""The gap map: what each field says, what only a facts file can say, and its pictures."""

from xml.etree import ElementTree

import pandas as pd
import pytest
from tiny_data import PAGE, frame, story

import settings
from figures.gaps import count_grid, gap_sentence, shade
from figures.svg_gaps import count_grid_svg
from gcs_data import gaps, query
from gcs_data.countries import region_names
from gcs_data.errors import FactsFileError
from words import words

TOPICS = {"norms": "Norms", "inclusion": "Inclusion"}
REGIONS = {"africa": "Africa", "asia": "Asia"}
HEADER = ",".join(gaps.COLUMNS)


@pytest.fixture
def stories():
    return frame(
        "stories",
        story("cash") | {"topics": "norms;inclusion", "official": False},
        story("water", "Water") | {"topics": "norms"},
    )


@pytest.fixture
def known():
    return pd.DataFrame(
        [
            ("cash", "africa", "eastern_africa"),
            ("cash", "africa", "western_africa"),
            ("water", "africa", "eastern_africa"),
        ],
        columns=["story_id", "region", "sub_region"],
    )


def mapped(known, stories, found=gaps.NO_FINDINGS, **more):
    table = gaps.gap_map(known, stories, found, topics=list(TOPICS), places=list(REGIONS), **more)
    return {(row.topic, row.place): (row.n, row.state) for row in query.rows(table)}


def finding(tmp_path, *rows):
    path = tmp_path / gaps.FILE
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return gaps.findings(path, list(TOPICS), list(REGIONS))


def test_a_field_counts_different_stories_and_an_empty_one_says_none_yet_not_no(known, stories):
    assert mapped(known, stories) == {
        ("norms", "africa"): (2, "on_record"),
        ("norms", "asia"): (0, "none_yet"),
        ("inclusion", "africa"): (1, "on_record"),
        ("inclusion", "asia"): (0, "none_yet"),
    }


def test_zooming_counts_by_sub_region(known, stories):
    table = gaps.gap_map(
        known,
        stories,
        gaps.NO_FINDINGS,
        topics=["norms"],
        places=["eastern_africa", "western_africa"],
        by="sub_region",
    )

    assert table["n"].tolist() == [2, 1]


def test_searched_and_not_found_is_said_only_where_a_row_says_so_and_never_over_a_record(
    known, stories, tmp_path
):
    found = finding(
        tmp_path,
        f"norms,asia,searched_not_found,2026-05-14,Two databases,{PAGE}",
        f"inclusion,asia,not_applicable,,,{PAGE}",
        f"norms,africa,searched_not_found,,,{PAGE}",
    )

    states = mapped(known, stories, found)

    assert states["norms", "asia"] == (0, "searched_not_found")
    assert states["inclusion", "asia"] == (0, "not_applicable")
    assert states["norms", "africa"] == (2, "on_record")


@pytest.mark.parametrize(
    ("row", "line", "column", "value"),
    [
        (f"nroms,asia,not_applicable,,,{PAGE}", 2, "topic", "nroms"),
        (f"norms,mars,not_applicable,,,{PAGE}", 2, "place", "mars"),
        (f"norms,asia,no,,,{PAGE}", 2, "finding", "no"),
        (f"norms,asia,not_applicable,May,,{PAGE}", 2, "searched_on", "May"),
        ("norms,asia,not_applicable,,,", 2, "source_url", ""),
        ("norms,asia", 2, "–", "norms,asia"),
    ],
)
def test_a_wrong_cell_of_the_facts_file_is_named(tmp_path, row, line, column, value):
    with pytest.raises(FactsFileError) as raised:
        finding(tmp_path, row)

    assert raised.value.values == {
        "file": gaps.FILE,
        "line": line,
        "column": column,
        "value": value,
    }


def test_another_header_is_refused_and_a_missing_file_has_no_findings(tmp_path):
    path = tmp_path / gaps.FILE
    assert gaps.findings(path, [], []).empty

    path.write_text("topic,place\n", encoding="utf-8")
    with pytest.raises(FactsFileError, match="topic,place"):
        gaps.findings(path, [], [])


def test_the_shipped_facts_file_is_an_empty_template_that_passes():
    path = settings.ROOT / "data" / "facts" / gaps.FILE

    assert path.read_text(encoding="utf-8").strip() == HEADER
    assert gaps.findings(path, [], list(region_names("en"))).empty


def test_the_stories_of_a_field_come_official_first(known, stories):
    assert gaps.stories_in(known, stories, topic="norms", place="africa") == ["water", "cash"]
    assert gaps.stories_in(known, stories, topic="norms", place="asia") == []
    assert gaps.stories_in(known, stories, topic="inclusion") == ["cash"]


@pytest.fixture
def cells():
    rows = [
        ("norms", "africa", 2, "on_record", "two"),
        ("norms", "asia", 0, "searched_not_found", "looked"),
        ("inclusion", "africa", 12, "on_record", "<b>twelve"),
        ("inclusion", "asia", 0, "none_yet", "none"),
    ]
    return pd.DataFrame(rows, columns=["row", "column", "n", "state", "said"])


def drawn(cells, **more):
    t = words()
    return count_grid(cells, rows=TOPICS, columns=REGIONS, title="Gaps", t=t, **more)


def test_each_field_has_its_number_and_an_empty_one_its_sign_never_a_zero(cells):
    traces = {trace.meta["state"]: trace for trace in drawn(cells).data}

    assert list(traces["on_record"].text) == ["2", "12"]
    assert list(traces["none_yet"].text) == ["–"]
    assert list(traces["searched_not_found"].text) == ["○"]
    assert list(traces["on_record"].customdata[1]) == ["inclusion", "africa", 12]
    assert traces["on_record"].hovertext[1] == "&lt;b&gt;twelve"
    assert [shade(n) for n in (0, 1, 2, 3, 6, 11, 500)] == [0, 0.14, 0.14, 0.26, 0.38, 0.5, 0.5]


def test_only_the_signs_that_are_drawn_are_explained(cells):
    (notes,) = [a.text for a in drawn(cells).layout.annotations if a.name == "notes"]
    said = notes.replace("<br>", " ")

    assert "○: searched and not found" in said
    assert "×" not in said


def test_a_grid_that_would_lose_a_field_or_choke_a_browser_is_refused(cells):
    with pytest.raises(ValueError, match="'mars'"):
        drawn(cells.assign(column="mars"))
    with pytest.raises(ValueError, match="2001 cells"):
        drawn(pd.concat([cells.iloc[[0]]] * 2001))


def test_the_file_holds_the_same_fields(cells):
    svg = count_grid_svg(cells, rows=TOPICS, columns=REGIONS, title="Gaps <1>", t=words())

    root = ElementTree.fromstring(svg)
    fields = [g for g in root.iter() if g.get("data-part") == "cell"]
    assert [field[1].text for field in fields] == ["2", "○", "12", "–"]
    assert root[0].text == "Gaps <1>"


def test_the_sentence_says_the_numbers_of_the_map(cells):
    said = gap_sentence(cells, rows=TOPICS, columns=REGIONS, t=words())

    assert said == (
        "2 of 4 combinations of topic and region have a story on record. "
        "Most: Inclusion in Africa, 12 stories. "
        "The widest gap is Inclusion: no story on record yet in 1 region. "
        "No record does not mean no."
    )
    assert "nothing to map" in gap_sentence(cells.iloc[:0], rows=TOPICS, columns=REGIONS, t=words())
