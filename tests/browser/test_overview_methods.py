"""The Overview and the page "Methods and data" on the shipped data."""

import io

import pandas as pd
import pytest
from looking import chart, listed, marks, on_record, opened, settled, shipped
from serving import ROOT

import gcs_data
from gcs_data.schema import PUBLIC_DATASETS

MADE_UP = "Illustrative ratings"


@pytest.fixture(scope="module")
def page(server, browse_once):
    return browse_once(server)


def said(page):
    return page.get_by_test_id("stMain").inner_text()


@pytest.mark.heavy
def test_the_overview_is_drawn_as_the_first_page_of_a_server(serve, browse):
    page = opened(browse(serve()), "/")

    assert page.get_by_role("heading", level=1).inner_text() == "Good Cyber Stories"
    assert marks(page, "overview-map") == on_record(shipped("replications"))
    figures = page.locator(".gcs-figures b").all_inner_texts()
    rows = shipped("replications")
    assert figures[:3] == [
        str(len(shipped("stories"))),
        str(rows["country_iso3"].nunique()),
        str((rows["kind"] == "replicated").sum()),
    ]
    cards = page.locator(".gcs-card")
    assert cards.count() == 3
    for card in cards.all():
        picture = card.get_by_role("img")
        assert picture.get_attribute("alt").startswith("Radar of the DNA of ")
        assert picture.evaluate("picture => picture.complete && picture.naturalWidth > 50")


@pytest.mark.heavy
def test_methods_are_drawn_as_the_first_page_of_a_server(serve, browse):
    page = opened(browse(serve()), "/methods")

    text = said(page)
    genes = shipped("genes")
    assert all(name in text for name in genes["name"].dropna())
    assert "262 of 579 records have no year" in text
    for kind, n in shipped("replications")["kind"].value_counts().items():
        assert f"({n} record" in text, kind


@pytest.mark.heavy
def test_made_up_ratings_are_named_on_story_and_overview_and_nowhere_else(page):
    for address in ("/", "/story?story=x-road"):
        assert MADE_UP in said(opened(page, address)), address
    for address in ("/map", "/map?view=tiles", "/map?view=list&country=EST", "/methods"):
        assert MADE_UP not in said(opened(page, address)), address


@pytest.mark.heavy
def test_every_public_dataset_can_be_taken_away_whole_and_no_other(page, tmp_path):
    store = gcs_data.Store(str(tmp_path), shipped=ROOT / "data")
    opened(page, "/methods?dataset=replications")

    with page.expect_download() as csv:
        page.get_by_role("button", name="Download CSV").click()
    with page.expect_download() as parquet:
        page.get_by_role("button", name="Download Parquet").click()

    expected = gcs_data.load(store, "replications", 0)
    assert csv.value.suggested_filename == "replications-release-0.csv"
    table = pd.read_csv(csv.value.path(), encoding="utf-8-sig")
    assert table["country_iso3"].tolist() == expected["country_iso3"].tolist()
    assert table["year"].isna().sum() == expected["year"].isna().sum()
    pd.testing.assert_frame_equal(
        pd.read_parquet(io.BytesIO(parquet.value.path().read_bytes())),
        expected,
        check_dtype=False,
    )

    options = listed(page, "Dataset")
    assert [option.split(" ")[0] for option in options] == list(PUBLIC_DATASETS)
    assert "gene_ratings" not in PUBLIC_DATASETS


@pytest.mark.heavy
def test_a_table_holds_what_its_csv_holds(page):
    opened(page, "/map?kind=replicated")
    page.get_by_text("Table and downloads").click()
    page.get_by_test_id("stDataFrame").wait_for()
    settled(page)

    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()

    assert download.value.suggested_filename == "world-release-0.csv"
    table = pd.read_csv(download.value.path(), encoding="utf-8-sig")
    rows = shipped("replications").query("kind == 'replicated'")
    assert set(table["country_iso3"]) == set(rows["country_iso3"])
    assert len(table) == len(rows)
    assert set(table["release"]) == {0}


@pytest.mark.heavy
def test_the_table_of_a_radar_holds_exactly_the_numbers_of_its_csv(page):
    opened(page, "/story?story=x-road")
    page.get_by_text("Table and downloads").first.click()
    page.get_by_test_id("stDataFrame").wait_for()
    settled(page)

    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()

    table = pd.read_csv(download.value.path(), encoding="utf-8-sig")
    counts = shipped("rating_counts").query("story_id == 'x-road'")
    n = counts.groupby("gene_id")["n"].sum()
    assert table["n"].tolist() == [int(n.get(gene, 0)) for gene in table["gene_id"]]
    assert set(table["provenance"]) == {"illustrative"}
    assert {"low", "high", "method", "release"} <= set(table.columns)
    assert table.loc[table["n"] == 0, ["mean", "low", "high"]].isna().all(axis=None)
    shown = cells(page)
    assert shown["Ratings"] == [str(value) for value in table["n"]]
    means = ["" if pd.isna(mean) else f"{mean:.1f}" for mean in table["mean"]]
    # The grid tells a screen reader the number itself, whatever it draws.
    assert [f"{float(cell):.1f}" if cell.strip("–") else "" for cell in shown["Mean"]] == means


def cells(page):
    """What a data grid says to a screen reader, by column heading."""
    grid = page.locator("[data-testid=stDataFrame] table[role=grid]")
    grid.locator("tr").nth(1).wait_for(state="attached")
    rows = grid.locator("tr").evaluate_all(
        "rows => rows.map(row => [...row.children].map(cell => cell.textContent))"
    )
    headings, *rows = rows
    return {heading: [row[place] for row in rows] for place, heading in enumerate(headings)}


@pytest.mark.heavy
@pytest.mark.parametrize("address", ["/story?story=x-road", "/map?kind=replicated"])
def test_the_camera_saves_a_picture_that_is_not_empty(page, address):
    opened(page, address)
    name = "spread" if "story" in address else "world"

    with page.expect_download() as download:
        chart(page, name).get_by_role("button", name="Download plot as a PNG").click()

    assert download.value.suggested_filename == f"{name}-release-0.png"
    picture = download.value.path().read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 50_000
