"""The World map on the shipped data: marks, filters, choosing a country, tiles and list."""

import re

import pytest
from looking import (
    KINDS,
    chart,
    chosen,
    drawn,
    headed,
    listed,
    marks,
    on_record,
    opened,
    settled,
    shipped,
    written,
)

BORDERS = "The boundaries and names shown do not imply official endorsement or acceptance."
SMALL = {"Singapore": "SGP", "Malta": "MLT", "Tuvalu": "TUV"}


def replications(**wanted):
    rows = shipped("replications")
    for column, value in wanted.items():
        rows = rows[rows[column] == value]
    return rows


def on_topic(topic):
    stories = shipped("stories")
    with_topic = stories[stories["topics"].fillna("").str.split(";").map(lambda t: topic in t)]
    rows = replications()
    return rows[rows["story_id"].isin(with_topic["story_id"])]


def sentence(page):
    """What stands below the map and is its accessible name."""
    return chart(page, "world").get_by_role("figure").get_attribute("aria-label")


@pytest.fixture(scope="module")
def page(server, browse_once):
    return browse_once(server)


@pytest.mark.heavy
def test_a_link_to_the_map_draws_the_countries_on_record_as_the_first_page_of_a_server(
    serve, browse
):
    page = opened(browse(serve()), "/map")

    assert marks(page) == on_record(replications())
    assert chart(page, "world").locator(".geolayer .scattergeo path.point").count() == sum(
        len(of_kind) for of_kind in on_record(replications()).values()
    )
    assert chart(page, "world").locator(".choroplethlayer path").count() > 150


@pytest.mark.heavy
def test_small_states_have_marks_inside_the_map_that_can_be_seen(page):
    opened(page, "/map")
    data = drawn(page, "world")["data"]
    traces = [trace for trace in data if trace["type"] == "scattergeo"]
    groups = chart(page, "world").locator(".geolayer g.trace.scattergeo").all()
    frame = chart(page, "world").locator(".main-svg").first.bounding_box()
    codes = replications()["country_iso3"].unique()

    assert set(SMALL.values()) <= set(codes)
    for code in SMALL.values():
        boxes = [
            group.locator("path.point").nth(place).bounding_box()
            for trace, group in zip(traces, groups, strict=True)
            for place, point in enumerate(trace.get("customdata") or [])
            if point[0] == code
        ]
        assert boxes
        assert max(min(box["width"], box["height"]) for box in boxes) >= 6
        for box in boxes:
            assert frame["x"] <= box["x"] <= frame["x"] + frame["width"] - box["width"]
            assert frame["y"] <= box["y"] <= frame["y"] + frame["height"] - box["height"]


@pytest.mark.heavy
def test_the_border_sentence_is_in_the_picture_and_with_the_tiles(page):
    opened(page, "/map")
    assert any(BORDERS in text for text in written(page, "world"))

    tiles = opened(page, "/map?view=tiles")
    assert BORDERS in tiles.get_by_test_id("stMain").inner_text()


@pytest.mark.heavy
def test_records_without_a_year_are_counted_in_words(page):
    opened(page, "/map")
    undated = replications()["year"].isna()
    assert f"{undated.sum()} of the records have no year." in sentence(page)

    opened(page, "/map?year=2020")
    assert f"{undated.sum()} more records have no year and are left out." in sentence(page)
    assert any(
        f"{undated.sum()} more records fit but have no year" in text
        for text in written(page, "world")
    )


@pytest.mark.heavy
def test_each_filter_leaves_exactly_its_countries_and_can_be_taken_away(page):
    opened(page, "/map")
    kinds = page.get_by_role("toolbar", name="Kind of record")

    kinds.get_by_role("button", name="Replicated").click()
    page.wait_for_url("**/map?kind=replicated")
    assert marks(settled(page)) == on_record(replications(kind="replicated"))

    kinds.get_by_role("button", name="Scaled up").click()
    page.wait_for_url("**/map?kind=scaled_up&kind=replicated")
    both = replications()
    both = both[both["kind"].isin(["replicated", "scaled_up"])]
    assert marks(settled(page)) == on_record(both)

    kinds.get_by_role("button", name="Replicated").click()
    page.wait_for_url("**/map?kind=scaled_up")
    settled(page)
    kinds.get_by_role("button", name="Scaled up").click()
    page.wait_for_url(re.compile("/map$"))
    assert marks(settled(page)) == on_record(replications())


def choose(page, label, text, several=False):
    """Choose from a list by typing, as a keyboard user does."""
    assert text in listed(page, label, text)
    page.keyboard.press("Enter")
    if several:  # Its list stays open for the next, and the rest of the page is hidden till then.
        page.keyboard.press("Escape")


@pytest.mark.heavy
def test_the_lists_filter_by_story_topic_and_year(page):
    opened(page, "/map")

    choose(page, "Topic", "Criminal justice", several=True)
    page.wait_for_url("**/map?topic=criminal_justice")
    assert marks(settled(page)) == on_record(on_topic("criminal_justice"))

    choose(page, "Year", "2012")
    page.wait_for_url("**/map?topic=criminal_justice&year=2012")
    rows = on_topic("criminal_justice")
    assert marks(settled(page)) == on_record(rows[(rows["year"] <= 2012).fillna(False)])

    page.get_by_role("radio", name="In 2012 only").click()
    page.wait_for_url("**&when=in")
    assert marks(settled(page)) == on_record(rows[(rows["year"] == 2012).fillna(False)])


@pytest.mark.heavy
def test_one_story_is_drawn_with_lines_from_its_origin(page):
    opened(page, "/map?story=x-road")

    names = [trace.get("name") for trace in drawn(page, "world")["data"]]
    assert marks(page) == on_record(replications(story_id="x-road"))
    assert {"lines", "arrowheads"} <= set(names)
    assert "Comes from Estonia" in written(page, "world")


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("address", "kept"),
    [
        (
            "kind=adopted&year=2019&when=in",
            lambda r: (r["kind"] == "adopted") & (r["year"] == 2019),
        ),
        ("kind=participated&kind=replicated", lambda r: r["kind"].isin(KINDS[::3])),
        (
            "story=glacy&kind=scaled_up",
            lambda r: (r["story_id"] == "glacy") & (r["kind"] == KINDS[2]),
        ),
    ],
)
def test_an_address_opens_on_the_marks_it_asks_for(page, address, kept):
    opened(page, f"/map?{address}")

    rows = replications()
    assert marks(page) == on_record(rows[kept(rows).fillna(False).astype(bool)])


def place_of(page, code):
    """Where in the window the strongest mark of a country is."""
    traces = [t for t in drawn(page, "world")["data"] if t["type"] == "scattergeo"]
    groups = chart(page, "world").locator(".geolayer g.trace.scattergeo")
    for number, trace in reversed(list(enumerate(traces))):
        for place, point in enumerate(trace.get("customdata") or []):
            if point[0] == code:
                box = groups.nth(number).locator("path.point").nth(place).bounding_box()
                return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    raise AssertionError(f"{code} has no mark")


def test_a_click_on_a_mark_chooses_its_country(page):
    opened(page, "/map")

    page.mouse.click(*place_of(page, "SGP"))
    page.wait_for_url("**/map?country=SGP")

    settled(page)
    assert page.get_by_role("heading", level=3).inner_text() == "Singapore"
    assert "Chosen: Singapore" in written(page, "world")
    rows = replications(country_iso3="SGP")
    lines = page.locator("details.gcs-kind li")
    assert lines.count() == len(rows)


@pytest.mark.heavy
def test_a_click_on_an_area_without_marks_chooses_it_and_says_that_nothing_is_known(page):
    opened(page, "/map?story=x-road")

    box = chart(page, "world").locator(".geolayer").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.235, box["y"] + box["height"] * 0.25)
    page.wait_for_url("**&country=*")

    assert chosen(page)["country"] in (["USA"], ["CAN"])
    settled(page)
    assert "fit the filters above; all are listed." in page.get_by_test_id("stMain").inner_text()


def test_a_country_is_chosen_in_the_list_by_keyboard_alone(page):
    opened(page, "/map")

    assert listed(page, "Country", "Tuval") == ["Tuvalu"]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/map?country=TUV")

    headed(page, "Tuvalu", level=3)
    assert "Chosen: Tuvalu" in written(settled(page), "world")


@pytest.mark.heavy
def test_a_tile_is_chosen_by_keyboard_and_keeps_the_filters(page):
    opened(page, "/map?view=tiles&kind=participated")

    page.get_by_role("radio", name="Tiles").focus()
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText.trim()") == "MLT":
            break
    assert page.evaluate("document.activeElement.ariaLabel") == "Malta: took part 1"
    page.keyboard.press("Enter")
    page.wait_for_url("**country=MLT*")

    assert chosen(page) == {"view": ["tiles"], "kind": ["participated"], "country": ["MLT"]}
    headed(page, "Malta", level=3)


@pytest.mark.heavy
def test_the_tiles_say_what_the_map_marks(page):
    opened(page, "/map?view=tiles&year=2015")
    rows = replications()
    rows = rows[(rows["year"] <= 2015).fillna(False)]

    tiles = page.locator(".gcs-tile[href]").evaluate_all(
        "tiles => tiles.map(tile => [tile.innerText.trim(), tile.ariaLabel])"
    )

    assert {code for code, said in tiles if "no record" not in said} == set(rows["country_iso3"])
    assert set(SMALL.values()) <= {code for code, _ in tiles}


@pytest.mark.heavy
def test_the_list_holds_every_record_of_the_selection(page):
    opened(page, "/map?view=list&kind=replicated")

    grid = page.locator("[data-testid=stDataFrame] table[role=grid]")

    assert int(grid.get_attribute("aria-rowcount")) - 1 == len(replications(kind="replicated"))


def test_a_country_without_a_record_is_not_a_no(page):
    opened(page, "/map?country=PER")

    assert replications(country_iso3="PER").empty
    said = page.get_by_test_id("stMain").inner_text()
    assert "Nothing is on record for Peru yet. That is not a no" in said
