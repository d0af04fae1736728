"""Stories, Compare, Cite and what can be taken away, in Chromium on the real server."""

import io
import re
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest
from looking import chosen, drawn, headed, listed, no_sideways_scroll, opened, settled, shipped
from serving import ROOT

import gcs_data

SCHOOL = "National School of Cybersecurity with a Regional Vocation"
INDEX = "National Cyber Security Index"


@pytest.fixture(scope="module")
def page(server, browse_once):
    return browse_once(server)


def cards(page):
    """The titles on the cards, in their order."""
    return page.locator(".gcs-card a[href*='story?']").all_inner_texts()


def facet(page, label):
    """What a facet offers, as {name: count}."""
    options = listed(page, label)
    page.keyboard.press("Escape")
    found = filter(None, (re.fullmatch(r"(.*) \((\d+)\)", option) for option in options))
    return {name: int(n) for name, n in (match.groups() for match in found)}


def test_a_search_with_a_typing_error_finds_the_story_and_the_address_keeps_it(page):
    opened(page, "/stories")
    page.get_by_role("searchbox", name="Search").press_sequentially("natoinal shcool senegal")
    page.locator(".gcs-card").first.get_by_text(SCHOOL).wait_for()
    settled(page)

    assert chosen(page) == {"q": ["natoinal shcool senegal"]}
    assert cards(opened(page, page.url))[0] == SCHOOL


@pytest.mark.heavy
def test_accents_make_no_difference_to_a_search(page):
    with_accents = cards(opened(page, "/stories?q=S%C3%A9n%C3%A9gal"))

    assert SCHOOL in with_accents
    assert cards(opened(page, "/stories?q=senegal")) == with_accents


@pytest.mark.heavy
def test_facets_count_what_the_data_holds_and_leave_it_when_chosen(page):
    opened(page, "/stories")
    page.get_by_text("Narrow down").click()
    stories = shipped("stories")

    offered = facet(page, "Kind of lead")
    counted = stories["lead_type"].value_counts()
    assert offered["Civil society"] == counted["civil_society"]
    assert sum(offered.values()) == len(stories)
    topics = stories["topics"].str.split(";").explode().value_counts()
    assert facet(page, "Topic")["Norms"] == topics["norms"]

    opened(page, "/stories?lead_type=civil_society&topic=norms")
    both = stories.query("lead_type == 'civil_society' and topics.str.contains('norms')")
    assert set(cards(page)) == set(both["title"])


@pytest.mark.heavy
def test_pages_of_twelve_hold_every_story_once(page):
    opened(page, "/stories")
    last = -(-len(shipped("stories")) // 12)

    titles = [
        title for n in range(1, last + 1) for title in cards(opened(page, f"/stories?page={n}"))
    ]

    assert sorted(titles) == sorted(shipped("stories")["title"])


@pytest.mark.heavy
def test_back_walks_through_the_states_of_a_search(page):
    opened(page, "/stories?q=women")
    first = cards(page)
    page.get_by_text("Table", exact=True).click()
    page.wait_for_url("**view=table**")
    page.get_by_test_id("stDataFrame").wait_for()
    settled(page)

    page.go_back()
    page.locator(".gcs-card").first.wait_for()

    assert cards(settled(page)) == first
    assert chosen(page) == {"q": ["women"]}


@pytest.mark.heavy
def test_one_click_leads_from_a_search_result_to_a_comparison(page):
    opened(page, "/stories?q=x-road")
    page.locator(".gcs-card").first.get_by_role("link", name="Compare").click()
    page.get_by_test_id("stMain").get_by_text("Choose one more story to compare it").wait_for()
    settled(page)
    page.locator(".gcs-card").filter(has_text=INDEX).get_by_role("link", name="Compare").click()
    headed(page, "Where they spread")

    assert chosen(settled(page)) == {"story": ["x-road", "national-cyber-security-index"]}


def test_a_comparison_reopens_from_its_link_in_the_same_order(page):
    wanted = ["x-road", "glacy", "national-cyber-security-index"]
    titles = shipped("stories").set_index("story_id").loc[wanted, "title"].tolist()

    opened(page, "/compare?" + "&".join(f"story={story}" for story in wanted))

    names = [trace["name"].replace("<br>", " ") for trace in outlines(page, "compare-dna")]
    assert list(dict.fromkeys(names)) == titles
    heads = page.locator(".gcs-table").first.locator("th a").all_inner_texts()
    assert heads == titles
    assert chosen(page) == {"story": wanted}


def outlines(page, name):
    return [trace for trace in drawn(page, name)["data"] if trace.get("name")]


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("address", "sentence", "way_back"),
    [
        ("/stories?q=qqqqqqqq", "Take a word or a choice away", "Show all stories"),
        ("/stories?topic=norms&official=yes&lead_type=technical_community", "Take a word", "Show"),
        ("/stories?page=99", "There is no page “99”; the last is page 4.", ""),
        ("/stories?page=two", "There is no page “two”; the last is page 4.", ""),
        ("/compare", "Choose two stories or more, up to four.", ""),
        ("/compare?story=x-road", "Choose one more story to compare it with.", ""),
        ("/compare?story=x-road&story=x-road", "names one of these twice", ""),
        ("/compare?story=x-road&story=xroad", "Did you mean X-Road secure data exchange", ""),
    ],
)
def test_a_wrong_choice_gets_a_sentence_and_the_way_back(page, address, sentence, way_back):
    opened(page, address)

    said = " ".join(page.get_by_test_id("stAlert").all_inner_texts())
    assert sentence in said
    assert page.locator(".gcs-card").count() or page.get_by_role("link", name=way_back).count()
    no_sideways_scroll(page)


@pytest.mark.heavy
def test_of_five_stories_the_first_four_are_compared_and_it_says_so(page):
    five = shipped("stories")["story_id"].head(5).tolist()
    opened(page, "/compare?" + "&".join(f"story={story}" for story in five))

    said = page.get_by_test_id("stAlert").first.inner_text()
    assert "The address names 5 of these; the first 4 are shown." in said
    assert page.get_by_test_id("stPlotlyChart").count() == 4


@pytest.mark.heavy
def test_an_empty_search_shows_all_stories(page):
    opened(page, "/stories?q=")

    assert f"{len(shipped('stories'))} stories." in page.get_by_test_id("stMain").inner_text()


# Cite


@pytest.mark.heavy
def test_the_citation_s_link_shows_the_old_release_after_a_new_one(tmp_path, serve, browse):
    store = gcs_data.Store(str(tmp_path / "store"), shipped=ROOT / "data")
    page = browse(serve(GCS_STORE=str(tmp_path / "store")))
    opened(page, "/story?story=x-road")
    page.get_by_role("button", name="Cite this").click()
    forms = page.get_by_test_id("stCode")
    forms.nth(4).wait_for()
    plain, apa, bibtex, ris, link = (form.inner_text().strip() for form in forms.all())

    stories = gcs_data.load(store, "stories", 0)
    renamed = stories["title"].mask(stories["story_id"] == "x-road", "Renamed since")
    gcs_data.publish(store, {"stories": stories.assign(title=renamed)}, base=0, who="a", why="b")

    assert link in plain and link in apa and link in bibtex and link in ris
    opened(page, link)
    while not page.locator(".st-key-past").count():  # A server hears of a release within seconds.
        opened(page, link)
    assert page.get_by_role("heading", level=1).inner_text() == "X-Road secure data exchange"
    bar = page.locator(".st-key-past").inner_text()
    assert "Since then: Stories: 1 changed." in bar
    opened(page, "/story?story=x-road")
    headed(page, "Renamed since", level=1)


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("/compare?story=x-road&story=glacy", 0),
        ("/map?kind=replicated", 0),
        ("/map?country=EST", 1),
    ],
)
def test_every_view_can_be_cited_with_its_address_and_release(page, address, place):
    opened(page, address)
    page.get_by_role("button", name="Cite this").nth(place).click()
    page.get_by_test_id("stCode").nth(4).wait_for()

    link = page.get_by_test_id("stCode").nth(4).inner_text().strip()
    assert link.endswith("&release=0")
    assert address.split("?")[1] in link


# Take away


def taken(page, button):
    with page.expect_download() as download:
        page.get_by_role("button", name=button).first.click()
    return download.value


@pytest.mark.heavy
def test_csv_workbook_and_svg_of_a_radar_hold_the_numbers_on_the_screen(page):
    opened(page, "/story?story=x-road")
    (trace,) = [t for t in drawn(page, "dna-radar")["data"] if t.get("name")][:1]
    page.get_by_text("Table and downloads").first.click()
    page.get_by_test_id("stDataFrame").wait_for()
    settled(page)

    csv = taken(page, "Download CSV")
    xlsx = taken(page, "Download workbook")
    svg = taken(page, "Download SVG")

    assert csv.suggested_filename == "dna-radar-release-0.csv"
    assert xlsx.suggested_filename == "dna-radar-release-0.xlsx"
    assert svg.suggested_filename == "dna-radar-release-0.svg"
    table = pd.read_csv(csv.path(), encoding="utf-8-sig")
    sheet = pd.read_excel(
        io.BytesIO(xlsx.path().read_bytes()), sheet_name="dna-radar", engine="openpyxl"
    )
    pd.testing.assert_frame_equal(sheet[table.columns.tolist()], table, check_dtype=False)
    assert {"low", "high", "n", "method", "provenance", "release"} <= set(sheet.columns)
    drawn_means = [round(value, 6) for value in trace["r"] if value is not None]
    means = [round(value, 6) for value in table["mean"].dropna()]
    assert drawn_means[: len(means)] == means or set(drawn_means) == set(means)
    picture = svg.path().read_text(encoding="utf-8")
    words = " ".join(ElementTree.fromstring(picture).itertext())
    assert "Illustrative ratings" in words
    assert "Good Cyber Stories, release 0." in words
    for gene in table["gene"]:
        assert gene.split()[0] in words


@pytest.mark.heavy
def test_the_svg_of_the_map_holds_its_marks_and_the_border_sentence(page):
    opened(page, "/map?kind=replicated")
    page.get_by_text("Table and downloads").click()
    page.get_by_test_id("stDataFrame").wait_for()
    settled(page)

    picture = ElementTree.fromstring(taken(page, "Download SVG").path().read_bytes())

    words = " ".join(" ".join(picture.itertext()).split())
    rows = shipped("replications").query("kind == 'replicated'")
    names = shipped("countries").set_index("country_iso3")["name_en"]
    for code in rows["country_iso3"].unique():
        assert names[code] in words
    assert "names shown do not imply official endorsement or acceptance." in words
    assert "release 0" in words


@pytest.mark.heavy
def test_the_workbook_of_a_story_holds_everything_on_record_about_it(page):
    opened(page, "/story?story=x-road")

    book = openpyxl.load_workbook(io.BytesIO(taken(page, "Workbook").path().read_bytes()))

    assert book.sheetnames[0] == "Read me"
    read = {
        sheet.title: pd.DataFrame(list(sheet.values)[1:], columns=[c.value for c in sheet[1]])
        for sheet in book.worksheets[1:]
    }
    assert list(read) == [
        "dna",
        "stories",
        "published_dna",
        "replications",
        "partners",
        "events",
        "sources",
    ]
    for name in ("published_dna", "replications", "partners"):
        assert len(read[name]) == (shipped(name)["story_id"] == "x-road").sum()
        assert set(read[name]["release"]) <= {0}
    assert {"low", "high", "n", "method", "provenance", "release"} <= set(read["dna"].columns)
    replications = shipped("replications").query("story_id == 'x-road'")
    sources = read["sources"].query("sheet == 'replications'")
    assert sources["rows"].sum() == replications["source_url"].notna().sum()


@pytest.mark.heavy
def test_a_comparison_and_the_map_can_be_taken_away_as_workbooks(page):
    opened(page, "/compare?story=x-road&story=glacy")
    book = openpyxl.load_workbook(io.BytesIO(taken(page, "Workbook").path().read_bytes()))
    assert book.sheetnames == ["Read me", "dna", "facts", "countries", "replications", "sources"]

    opened(page, "/map?kind=replicated")
    book = openpyxl.load_workbook(io.BytesIO(taken(page, "Workbook").path().read_bytes()))
    rows = shipped("replications").query("kind == 'replicated'")
    assert book["records"].max_row - 1 == len(rows)
