"""Country, Could it work here? and Norms in Chromium: deep links, keyboard, files, phone."""

import io

import openpyxl
import pandas as pd
import pytest
from looking import PHONE, chart, chosen, no_sideways_scroll, nothing_cut, opened, settled, shipped

KENYA = "/country?country=KEN&peer=EST"
PLAN = "/plan?country=KEN&has-local_ownership=2&has-political_importance=4"
NORMS = "/norms?duty=norms&place=africa"


@pytest.fixture(scope="module")
def page(server, browse_once):
    return browse_once(server)


@pytest.fixture(scope="module")
def phone(server, browse_once):
    return browse_once(server, **PHONE)


def said(page, name):
    """What stands below a chart and is its accessible name."""
    return chart(page, name).get_by_role("figure").get_attribute("aria-label")


def taken(page, button):
    """The workbook behind a button."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    return openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()), read_only=True)


def test_a_link_to_a_country_shows_its_records_and_the_workbook_holds_them(page):
    opened(page, KENYA)
    records = shipped("replications")
    records = records[records["country_iso3"] == "KEN"]

    main = page.get_by_test_id("stMain")
    assert main.get_by_role("heading", level=1).inner_text() == "Kenya"
    assert said(page, "country-beside") in main.inner_text()
    book = taken(page, "Workbook")
    assert book["records"].max_row == len(records) + 1


def test_by_keyboard_alone_a_plan_is_asked_for_changed_and_taken_back(page):
    opened(page, PLAN)
    before = said(page, "plan-needs")
    level = page.get_by_role("radiogroup", name="Local Ownership").first
    level.get_by_role("radio", name="2").focus()

    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url("**has-local_ownership=3**")
    settled(page)

    assert chosen(page)["has-political_importance"] == ["4"]
    page.go_back()
    page.wait_for_url("**has-local_ownership=2**")
    chart(page, "plan-needs").get_by_role("figure", name=before).wait_for()


def test_how_much_a_gene_counts_survives_its_closed_lid_back_and_a_new_visit(page):
    opened(page, PLAN)
    lid = page.get_by_test_id("stExpander").filter(has_text="How much each gene counts")
    group = lid.get_by_role("radiogroup", name="Local Ownership")
    assert group.count() == 0  # Nobody is sent what nobody opened.

    lid.locator("summary").click()
    group.get_by_role("radio", name="Double").click()
    page.wait_for_url("**weight-local_ownership=2**")
    lid.locator("summary").click()
    group.wait_for(state="detached")
    settled(page)
    assert chosen(page)["weight-local_ownership"] == ["2"]

    link = page.url
    page.go_back()
    page.wait_for_url(lambda address: "weight" not in address)
    opened(page, link)
    group.get_by_role("radio", name="Double", checked=True).wait_for()
    page.get_by_role("link", name="Could it work here?").click()
    page.wait_for_url(lambda address: "weight" not in address)
    group.get_by_role("radio", name="Once", checked=True).wait_for()


@pytest.mark.heavy
def test_a_plan_to_take_away_names_made_up_ratings_and_five_stories(page):
    opened(page, PLAN)
    main = page.get_by_test_id("stMain")
    assert "made-up example ratings" in main.get_by_role("alert").first.inner_text()

    book = taken(page, "Take the plan away")

    rows = list(book["plan"].iter_rows(values_only=True))
    table = pd.DataFrame(rows[1:], columns=rows[0])
    assert len(table) == 5
    assert set(table["provenance"]) == {"illustrative"}
    assert main.get_by_role("heading", level=3).first.inner_text() == f"1. {table['Story'][0]}"


@pytest.mark.heavy
def test_a_field_of_the_gap_map_is_chosen_by_a_click_and_by_its_link(page):
    opened(page, "/norms")
    field = chart(page, "gaps").locator(".scatterlayer .trace").first.locator("path.point").first

    box = field.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url("**place=**")
    settled(page)

    field = chosen(page)
    stories = shipped("stories").set_index("title")
    listed = page.locator(".stHtml", has=page.locator("a[href*='story?']")).first
    titles = listed.locator("a[href*='story?']").all_inner_texts()
    assert set(field) == {"duty", "place"}
    assert all(field["duty"][0] in stories.at[title, "topics"].split(";") for title in titles)


@pytest.mark.heavy
def test_on_a_phone_nothing_scrolls_sideways_and_no_chart_is_cut(phone):
    for address in (KENYA, PLAN, NORMS):
        opened(phone, address)

        no_sideways_scroll(phone)
        nothing_cut(phone)
