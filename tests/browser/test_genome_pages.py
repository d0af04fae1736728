"""Genome, lineage, partners and events in Chromium, by deep link and keyboard."""

import io
import re

import pandas as pd
import pytest
from looking import chosen, drawn, headed, no_sideways_scroll, nothing_cut, opened, settled, shipped

OWNERSHIP = "local_ownership"


@pytest.fixture(scope="module")
def page(server, browse_once):
    return browse_once(server)


def tab_to(page, inside, most=60):
    """Press Tab until the focus stands on an element that this selector finds."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("css => document.activeElement.matches(css)", inside):
            return
    raise AssertionError(f"{most} times Tab did not reach {inside}.")


def rows(page):
    return page.locator(".gcs-heat tbody th").all_inner_texts()


@pytest.mark.heavy
def test_the_heat_table_is_sorted_by_the_numbers_of_the_release_and_the_keyboard_walks_it(page):
    opened(page, f"/genome?sort={OWNERSHIP}")
    counts = shipped("rating_counts").query("gene_id == @OWNERSHIP")
    sums = counts.assign(total=counts["score"] * counts["n"]).groupby("story_id")
    means = sums["total"].sum() / sums["n"].sum()
    titles = shipped("stories").set_index("story_id")["title"]
    first = titles[means.idxmax()]

    assert rows(page)[0] == first
    assert len(rows(page)) == len(titles)
    assert page.locator(".gcs-heat th[aria-sort]").inner_text() == "Local Ownership ↓"
    assert page.locator(".gcs-heat td.gcs-made-up").count() == len(
        shipped("rating_counts").groupby(["story_id", "gene_id"])
    )

    page.get_by_role("combobox", name="Sort by").focus()
    tab_to(page, ".gcs-heat")
    tab_to(page, ".gcs-heat a", most=1)
    page.keyboard.press("Enter")
    headed(page, first, level=1)


@pytest.mark.heavy
def test_the_table_behind_the_heat_has_every_story_and_gene_with_its_interval(page):
    opened(page, "/genome")
    page.get_by_text("Table and downloads").click()
    page.get_by_test_id("stDataFrame").wait_for()
    settled(page)

    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    table = pd.read_csv(io.BytesIO(download.value.path().read_bytes()), encoding="utf-8-sig")

    named = shipped("genes")["name"].notna().sum()
    assert len(table) == len(shipped("stories")) * named
    assert {"low", "high", "n", "method", "provenance", "release"} <= set(table.columns)


@pytest.mark.heavy
def test_agreement_is_drawn_for_every_named_gene_and_groups_link_to_their_stories(page):
    opened(page, "/genome?view=agreement")
    points = [t for t in drawn(page, "agreement")["data"] if t.get("meta") == {"marks": True}]
    assert sum(len(t["x"]) for t in points) == shipped("genes")["name"].notna().sum()
    nothing_cut(page)

    opened(page, "/genome?view=groups")
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    tab_to(page, "details a", most=1)
    page.keyboard.press("Enter")
    headed(page, "Lineage")
    assert list(chosen(settled(page))) == ["story"]


@pytest.mark.heavy
def test_the_lineage_s_tree_has_a_row_for_every_record(page):
    opened(page, "/story?story=x-road&lineage=tree")

    records = shipped("replications").query("story_id == 'x-road'")
    points = [t for t in drawn(page, "lineage-tree")["data"] if t.get("meta") == {"marks": True}]
    assert sum(len(t["x"]) for t in points) == len(records) + 1
    nothing_cut(page)


@pytest.mark.heavy
def test_the_keyboard_finds_a_partner_and_walks_to_whom_it_meets(page):
    opened(page, "/partners")
    page.get_by_role("searchbox", name="Search").press_sequentially("jpcert")
    page.get_by_text(re.compile(r"^\s*1 partner of \d+")).wait_for()
    settled(page)
    tab_to(page, ".gcs-partners a")
    page.keyboard.press("Enter")
    page.locator(".gcs-net").wait_for()
    assert chosen(settled(page)) == {"partner": ["JPCERT/CC"]}

    partners = shipped("partners")
    its_own = partners.query("partner == 'JPCERT/CC'")["story_id"]
    met = set(partners[partners["story_id"].isin(its_own)]["partner"]) - {"JPCERT/CC"}
    names = page.locator(".gcs-net a.gcs-right span").all_inner_texts()
    assert set(names) == met

    page.locator(".gcs-net a.gcs-left").first.focus()
    tab_to(page, ".gcs-net a.gcs-right", most=len(its_own))
    page.keyboard.press("Enter")
    headed(page, names[0], exact=True)
    assert chosen(settled(page)) == {"partner": [names[0]]}


def test_every_event_is_on_the_timeline_and_those_with_a_country_on_the_map(page):
    opened(page, "/partners?view=events")
    events = shipped("events")

    points = [t for t in drawn(page, "timeline")["data"] if t.get("meta") == {"marks": True}]
    assert sum(len(t["x"]) for t in points) == len(events)
    (marks,) = [t for t in drawn(page, "events-map")["data"] if t["type"] == "scattergeo"]
    assert {code for (code,) in marks["customdata"]} == set(events["country_iso3"].dropna())
    assert page.locator(".gcs-list li").count() == len(events)


@pytest.mark.heavy
def test_on_a_narrow_screen_nothing_is_cut_and_no_page_scrolls_sideways(page):
    page.set_viewport_size({"width": 375, "height": 720})
    for address in (
        "/genome",
        "/genome?view=agreement",
        "/partners?view=events",
        "/partners?partner=Europol",
    ):
        opened(page, address)
        no_sideways_scroll(page)
        nothing_cut(page)
    overflowing = """() => [...document.querySelectorAll('.gcs-net > a')]
        .filter(e => e.scrollHeight > e.clientHeight + 1).map(e => e.innerText)"""
    assert page.evaluate(overflowing) == []
