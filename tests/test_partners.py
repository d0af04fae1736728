import base64
import re

import pandas as pd
import pytest
from tiny_data import PAGE, country, event, frame

from figures.neighbours import LETTERS, Node, columns, neighbours_html
from figures.neighbours_svg import neighbours_svg
from figures.timeline import MOST_EVENTS, timeline_drawing, timeline_sentence
from figures.timeline_map import events_map, events_map_svg
from gcs_data.partners import (
    MOST_NEIGHBOURS,
    MOST_STORIES,
    event_series,
    events_by_year,
    matching,
    neighbourhood,
    partner_list,
    search_texts,
)
from words import words

T = words()


def partner(story, name, kind=None, iso3=None):
    return {
        "story_id": story,
        "partner": name,
        "partner_type": kind,
        "country_iso3": iso3,
        "source_url": PAGE,
    }


PARTNERS = frame(
    "partners",
    partner("cash", "Banco Perú", "private_sector", "PER"),
    partner("wells", "Banco Perú", "government"),
    partner("cash", "aid", "civil_society"),
    partner("cash", "Zeta"),
    partner("wells", "Zeta"),
    partner("roads", "Lone", "academia", "KEN"),
)
LISTED = partner_list(PARTNERS)
TEXTS = search_texts(
    LISTED, countries={"PER": "Peru", "KEN": "Kenya"}, titles={"cash": "Cash by phone"}
)


def test_every_partner_is_listed_once_with_what_its_records_say():
    assert LISTED["partner"].tolist() == ["Banco Perú", "Zeta", "aid", "Lone"]
    assert LISTED["stories"].tolist() == [2, 2, 1, 1]
    first = LISTED.iloc[0]
    assert (first["partner_type"], first["country_iso3"], first["story_ids"]) == (
        "government;private_sector", "PER", "cash;wells",
    )  # fmt: skip
    assert pd.isna(LISTED.iloc[1]["partner_type"])
    assert partner_list(frame("partners")).empty


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["Banco Perú", "Zeta", "aid", "Lone"]),
        ({"asked": "PERU"}, ["Banco Perú"]),
        ({"asked": "phone cash"}, ["Banco Perú", "Zeta", "aid"]),
        ({"asked": "anco"}, []),  # A word begins with it, or not at all.
        ({"types": ["government", "academia"]}, ["Banco Perú", "Lone"]),
        ({"country": "KEN"}, ["Lone"]),
        ({"asked": "cash", "types": ["civil_society"]}, ["aid"]),
    ],
)
def test_a_search_finds_the_beginning_of_words_in_names_countries_and_stories(asked, found):
    assert matching(LISTED, TEXTS, **asked)["partner"].tolist() == found


def test_a_partner_meets_the_others_of_its_stories_those_it_meets_most_first():
    found = neighbourhood(PARTNERS, "Banco Perú")

    assert found.stories == ["cash", "wells"]
    assert found.others["partner"].tolist() == ["Zeta", "aid"]
    assert found.meets == [("cash", "aid"), ("cash", "Zeta"), ("wells", "Zeta")]
    assert (found.stories_left_out, found.others_left_out) == (0, 0)


def test_a_partner_may_meet_nobody_and_an_unknown_one_is_an_error():
    assert neighbourhood(PARTNERS, "Lone").others.empty
    with pytest.raises(KeyError):
        neighbourhood(PARTNERS, "Nobody")


def test_a_large_neighbourhood_is_cut_to_sixty_and_says_how_many_are_left_out():
    many = [partner(f"s{n:02d}", "Hub") for n in range(25)]
    many += [partner("s00", f"P{n:02d}") for n in range(70)]
    found = neighbourhood(frame("partners", *many), "Hub")

    assert len(found.stories) == MOST_STORIES
    assert 1 + len(found.stories) + len(found.others) == MOST_NEIGHBOURS
    assert (found.stories_left_out, found.others_left_out) == (5, 31)
    assert {story for story, _ in found.meets} == {"s00"}


def test_partners_of_stories_that_are_not_shown_are_counted_all_the_same():
    many = [partner(f"s{n:02d}", "Hub") for n in range(25)]
    many += [partner(f"s{n:02d}", f"P{n:02d}") for n in range(25)]
    found = neighbourhood(frame("partners", *many), "Hub")

    assert len(found.others) == MOST_STORIES
    assert (found.stories_left_out, found.others_left_out) == (5, 5)


STORIES = [Node("cash", "Cash & <b>phone</b>"), Node("wells", "Wells")]
OTHERS = [Node("aid", "aid", "Civil society"), Node("Zeta", "Zeta")]
MEETS = [("cash", "aid"), ("cash", "Zeta"), ("wells", "Zeta")]


def picture():
    return neighbours_html(
        STORIES,
        OTHERS,
        MEETS,
        story_href=lambda story: f"./story?story={story}",
        partner_href=lambda name: f"./partners?partner={name}",
        alt="Who",
        t=T,
    )


def test_the_picture_of_a_neighbourhood_is_made_of_links_in_reading_order():
    html = picture()

    assert re.findall(r'href="([^"]*)"', html) == [
        "./story?story=cash", "./story?story=wells",
        "./partners?partner=aid", "./partners?partner=Zeta",
    ]  # fmt: skip
    assert 'title="Zeta: they meet in Cash &amp; &lt;b&gt;phone&lt;/b&gt; and Wells"' in html
    assert "<b>phone</b>" not in html


def test_there_is_a_line_for_each_meeting_in_page_and_file():
    (data,) = re.findall(r"base64,([^\"]+)", picture())
    drawn = neighbours_svg(STORIES, OTHERS, MEETS, title="Whom")

    assert base64.b64decode(data).decode().count("<path") == 3
    assert drawn.count("<path") == 3
    assert "&lt;b&gt;phone&lt;/b&gt;" in drawn


def test_nodes_never_overlap_and_are_as_high_as_their_words():
    long = [Node(str(n), "word " * n, "Government, Kenya") for n in range(1, 12)]
    left, right, height = columns(long[:2], long)

    for placed in (left, right):
        for one, other in zip(placed, placed[1:], strict=False):
            assert one.top + one.height < other.top
        assert placed[-1].top + placed[-1].height <= height
    (one_line,) = columns([Node("a", "x" * LETTERS)], [])[0]
    (two_lines,) = columns([Node("a", "x" * (LETTERS + 1))], [])[0]
    assert two_lines.height - one_line.height == 18


EVENTS = frame(
    "events",
    event("b-2011", 2011) | {"city": "London", "country_iso3": "GBR"},
    event("a-2010", 2010) | {"city": "Dallas", "country_iso3": "USA"},
    event("c-2011", 2011) | {"title": "A <launch>", "story_id": "cash", "country_iso3": "GBR"},
    event("d", None) | {"title": "Undated"},
)


def named(events=EVENTS):
    rows = events_by_year(events)
    return rows.assign(
        country=rows["country_iso3"].map({"GBR": "United Kingdom", "USA": "United States"}),
        story=rows["story_id"].map({"cash": "Cash"}),
    ).astype({"country": "str", "story": "str"})


def test_events_of_a_year_stand_above_each_other_and_those_without_a_year_at_the_end():
    rows = named()
    drawing = timeline_drawing(rows, series="A summit", t=T)

    assert rows["event_id"].tolist() == ["a-2010", "c-2011", "b-2011", "d"]
    assert [(m.x, m.y) for m in drawing.marks] == [(2010, 0), (2011, 0), (2011, 1), (2012, 0)]
    assert [m.symbol for m in drawing.marks] == ["diamond", "circle", "diamond", "circle-open"]
    assert drawing.marks[1].says == "A <launch>\nUnited Kingdom, 2011\nStory: Cash"
    assert (2012.0, "no year") in drawing.x_ticks


def test_a_series_is_several_events_of_one_title():
    assert event_series(EVENTS) == {"A summit": 2}


def test_the_timeline_s_sentence_has_its_numbers_and_names_a_series_in_full():
    assert timeline_sentence(named(), series="A summit", t=T) == (
        "4 events on record, in 2 countries, 2010 to 2011, 1 without a year. "
        "“A summit”: Dallas in 2010 and London in 2011."
    )
    assert timeline_sentence(named(EVENTS.iloc[:0]), t=T) == "No event is on record yet."


def test_very_many_events_have_one_mark_a_year_with_their_number():
    many = frame("events", *[event(f"e-{n}", 2000 + n % 2) for n in range(MOST_EVENTS + 1)])

    drawing = timeline_drawing(named(many), t=T)

    assert [(mark.x, mark.says) for mark in drawing.marks] == [
        (2000, "751 events"), (2001, "750 events"),
    ]  # fmt: skip


COUNTRIES = frame(
    "countries",
    country("GBR", "United Kingdom") | {"lat": 54.0, "lon": -2.0},
    country("USA", "United States") | {"lat": 40.0, "lon": -98.0},
    country("XXX", "Nowhere"),
).set_index("country_iso3")
COUNTRIES["name"] = COUNTRIES["name_en"]
COUNTS = pd.DataFrame(
    {"country_iso3": ["GBR", "USA", "XXX"], "n": [4, 1, 1], "says": ["UK\n4", "US\n1", "X"]}
)


def test_the_map_of_events_marks_each_country_by_number_and_says_what_it_leaves_out():
    fig = events_map(COUNTS, countries=COUNTRIES, title="Where", t=T, without=2)
    picture = events_map_svg(COUNTS, countries=COUNTRIES, title="Where", t=T, without=2)

    points = fig.data[1]
    assert list(points.marker.size) == [26, 13, 13]  # A quarter of the area is half the width.
    assert [code for (code,) in points.customdata] == ["GBR", "USA", "XXX"]
    said = fig.layout.annotations[1].text.replace("<br>", " ")
    for text in (said, " ".join(re.findall(r">([^<]+)</text>", picture))):
        assert "On record, but the shapes leave it out: Nowhere." in text
        assert "2 events have no country on record." in text
        assert "The boundaries and names shown do not imply official endorsement" in text
    assert picture.count('data-country="GBR"') == 2  # Its shape and its mark.
