"""Wrong addresses, damaged stores and hostile data: a sentence each, and the page still there."""

import re
import shutil

import pytest
from looking import chart, marks, no_sideways_scroll, on_record, opened, settled, shipped
from serving import ROOT, start
from test_served import copied

import gcs_data


@pytest.fixture(scope="module")
def page(server, browse_once):
    return browse_once(server)


def said(page):
    """What the page says. What keeps a browser from making a link of an address has no width."""
    return page.get_by_test_id("stMain").inner_text().replace("\u200b", "")


def alerts(page):
    texts = page.get_by_test_id("stAlert").all_inner_texts()
    return [text.replace("\u200b", "").split("\n")[-1] for text in texts]


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        (
            "/story?story=xroad",
            "There is no story called “xroad”. Did you mean X-Road secure data exchange (x-road)?",
        ),
        ("/story?story=qqqqqq", "There is no story called “qqqqqq”. Choose one from the list."),
        ("/map?story=qqqqqq", "There is no story called “qqqqqq”. Choose one from the list."),
        ("/map?country=FIM", "There is no country called “FIM”. Did you mean"),
        (
            "/map?country=Finlande",
            "There is no country called “Finlande”. Did you mean Finland (FIN)",
        ),
        ("/map?kind=replicate", "Did you mean Replicated (replicated)?"),
        ("/map?topic=norm", "There is no topic called “norm”. Did you mean Norms (norms)?"),
        ("/map?year=2O19", "There is no year called “2O19”. Did you mean 2019 (2019)"),
        ("/map?view=tile", "There is no view called “tile”. Did you mean Tiles (tiles)?"),
        ("/map?region=azia", "There is no region called “azia”. Did you mean Asia (asia)"),
        ("/story?story=x-road&genes=everything", "There is no genes called “everything”."),
        ("/?release=7", "There is no release “7”. This is the newest, release 0."),
        ("/map?release=latest", "There is no release “latest”. This is the newest, release 0."),
        ("/map?release=-1", "There is no release “-1”. This is the newest, release 0."),
        ("/map?release=99999999999999999999", "There is no release “99999999999999999999”."),
        ("/?lang=fra", "There is no language “fra” here."),
        ("/methods?dataset=story", "There is no dataset called “story”. Did you mean stories"),
        ("/map?story=%3Cscript%3Ealert(1)%3C/script%3E", "“<script>alert(1)</script>”"),
        ("/map?story=![x](https://tracker.example/x.png)", "“![x](https://tracker.example/x.png)”"),
    ],
)
def test_what_there_is_not_gets_one_sentence_with_near_misses(page, address, sentence):
    opened(page, address)

    (shown,) = alerts(page)
    assert sentence in shown
    assert page.get_by_role("heading", level=1).count() == 1
    assert "Traceback" not in said(page)
    no_sideways_scroll(page)


def test_an_unknown_filter_leaves_the_rest_of_the_view_as_asked(page):
    opened(page, "/map?kind=replicated&topic=norm")

    assert marks(page) == on_record(shipped("replications").query("kind == 'replicated'"))


@pytest.mark.heavy
def test_an_impossible_choice_says_so_and_can_be_taken_back(page):
    opened(page, "/map?kind=replicated&year=1999")

    assert alerts(page) == ["Nothing on record fits this choice. Take a filter away to see more."]
    assert sum(len(of_kind) for of_kind in marks(page).values()) == 0
    page.get_by_role("toolbar", name="Kind of record").get_by_role(
        "button", name="Replicated"
    ).click()
    page.wait_for_url("**/map?year=1999")
    settled(page)
    rows = shipped("replications")
    assert marks(page) == on_record(rows[(rows["year"] <= 1999).fillna(False)])
    assert alerts(page) == []


def test_a_page_that_there_is_not_says_so(server, browse):
    page = browse(server)
    page.goto("/nowhere")
    page.get_by_text(re.compile("not found|no page", re.I)).first.wait_for()

    assert "Traceback" not in page.locator("html").inner_text()
    page.seen.console.clear()


@pytest.mark.heavy
def test_without_made_up_ratings_nothing_made_up_is_left_and_pages_look_finished(serve, browse):
    page = browse(serve(GCS_ILLUSTRATIVE="0"))

    for address in ("/", "/story?story=x-road", "/story", "/map", "/methods"):
        text = said(opened(page, address))
        assert "llustrative" not in text, address
        assert "ade-up" not in text, address
        assert page.get_by_role("heading", level=1).count() == 1
    text = said(opened(page, "/story?story=x-road"))
    assert "Nobody has rated the genes of this story yet." in text
    assert chart(page, "dna-radar").count() == 0
    assert chart(page, "spread").count() == 1
    assert "Published dominant genes" in said(opened(page, "/"))

    for dataset in ("rating_counts", "occasions"):
        opened(page, f"/methods?dataset={dataset}")
        with page.expect_download() as download:
            page.get_by_role("button", name="Download CSV").click()
        assert len(download.value.path().read_text(encoding="utf-8-sig").splitlines()) == 1


# Stores that are not well


def store_with_a_release(place):
    store = gcs_data.Store(str(place), shipped=ROOT / "data")
    stories = gcs_data.load(store, "stories", 0)
    renamed = stories.assign(
        title=stories["title"].mask(stories["story_id"] == "x-road", "X-Road, renamed")
    )
    gcs_data.publish(store, {"stories": renamed}, base=0, who="a test", why="a new title")
    return place


@pytest.mark.heavy
def test_a_cut_newest_manifest_leaves_the_release_before_it(tmp_path, serve, browse):
    place = store_with_a_release(tmp_path / "store")
    (newest,) = place.glob("releases/*1.json")
    newest.write_bytes(newest.read_bytes()[:40])
    page = browse(serve(GCS_STORE=str(place)))

    opened(page, "/story?story=x-road")
    assert page.get_by_role("heading", level=1).inner_text() == "X-Road secure data exchange"
    assert "damaged, cannot be opened" in said(opened(page, "/methods"))


@pytest.mark.heavy
def test_a_release_that_lost_a_file_leaves_the_one_before_it(tmp_path, serve, browse):
    place = store_with_a_release(tmp_path / "store")
    for file in place.glob("stories/*.parquet"):
        file.unlink()
    page = browse(serve(GCS_STORE=str(place)))

    opened(page, "/story?story=x-road")
    assert page.get_by_role("heading", level=1).inner_text() == "X-Road secure data exchange"
    opened(page, "/map?release=1")
    assert alerts(page) != []
    assert "Traceback" not in said(page)


@pytest.mark.heavy
def test_a_file_lost_while_the_server_runs_is_a_sentence_with_the_next_step(
    tmp_path, serve, browse
):
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    server = serve(GCS_DATA=str(data))
    page = browse(server)
    opened(page, "/map")
    (data / "partners.parquet").write_bytes(b"not parquet")

    opened(page, "/map")
    assert sum(len(of_kind) for of_kind in marks(page).values()) > 0
    text = said(opened(page, "/story?story=x-road"))
    assert "Traceback" not in text
    assert page.get_by_test_id("stPageLink").count() >= 4


@pytest.mark.heavy
def test_a_store_that_cannot_be_reached_is_a_sentence_above_the_shipped_data(
    tmp_path, serve, browse
):
    place = tmp_path / "store"
    place.write_text("a file where a folder should be")
    page = opened(browse(serve(GCS_STORE=str(place))), "/story?story=x-road")

    (sentence,) = alerts(page)
    assert sentence.startswith("The store at ")
    assert "Check GCS_STORE." in sentence
    assert page.get_by_test_id("stPageLink").count() >= 4
    assert page.locator(".st-key-chart-dna-radar .main-svg").count() > 0


@pytest.mark.heavy
def test_a_page_that_breaks_shows_an_incident_and_the_menu_still_works(tmp_path, browse):
    project = copied(tmp_path / "project")
    (project / "pages" / "story.py").write_text("raise ValueError('a secret')\n")
    server = start(tmp_path, project / "dashboard.py")
    try:
        server.wait_until_ready()
        page = browse(server)
        text = said(opened(page, "/story?story=x-road"))
        page.get_by_role("link", name="World map").click()
        page.wait_for_url("**/map")
        counted = sum(len(of_kind) for of_kind in marks(settled(page)).values())
        page.context.close()  # Before its server, or its last question to the server fails.
    finally:
        server.stop()

    assert "Something went wrong on our side" in text
    assert re.search(r"incident number [2-9A-Z]{4}-[2-9A-Z]{4}", text)
    assert not [word for word in ("secret", "ValueError", "Traceback", ".py") if word in text]
    assert counted > 0


# Hostile data

HOSTILE = {
    "picture": "![x](https://tracker.example/x.png)",
    "script": "<script>document.title='stolen'</script>",
    "handler": "<img src=x onerror=\"document.title='stolen'\">",
    "maths": r"$\href{javascript:alert(1)}{x}$",
    "icon": ":material/home: :red[red] **bold** `code` [a](https://tracker.example)",
    "address": "javascript:alert(1)",
    "turned": "abc\u202egnp.exe",
    "long": "w" * 400,
    "template": "%{customdata} {x} &lt;b&gt; <b>bold</b>",
}
ALL = " ".join(text for name, text in HOSTILE.items() if name != "long")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A store whose newest release holds a story that tries everything."""
    store = gcs_data.Store(str(tmp_path_factory.mktemp("store")), shipped=ROOT / "data")
    frames = {
        name: gcs_data.load(store, name, 0) for name in ("stories", "partners", "replications")
    }
    stories = frames["stories"]
    for column in (
        "title",
        "title_original",
        "summary",
        "lead_organisation",
        "reach",
        "focus",
        "edition",
        "replication_guidance",
        "lessons",
        "theme",
        "target_groups",
    ):
        stories.loc[stories["story_id"] == "x-road", column] = f"{ALL} {HOSTILE['long']}"
    address = 'https://tracker.example/"onmouseover="alert(1)"><script>alert(1)</script>'
    stories.loc[stories["story_id"] == "x-road", ["website", "contact_url", "source_url"]] = address
    frames["partners"].loc[0, ["story_id", "partner", "source_url"]] = ["x-road", ALL, address]
    of_it = frames["replications"]["story_id"] == "x-road"
    frames["replications"].loc[of_it, "note"] = f"{ALL} {HOSTILE['long']}"
    frames["replications"].loc[of_it, "source_url"] = address
    gcs_data.publish(store, frames, base=0, who=ALL, why=ALL)
    return store


@pytest.fixture(scope="module")
def attacked(hostile, tmp_path_factory, browse_once):
    server = start(tmp_path_factory.mktemp("attacked"), GCS_STORE=str(hostile.location))
    try:
        server.wait_until_ready()
        page = browse_once(server)
        yield page
        page.context.close()  # Before its server, or its last question to the server fails.
    finally:
        server.stop()


@pytest.mark.heavy
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/story",
        "/story?story=x-road",
        "/map?story=x-road&country=FIN",
        "/map?view=tiles",
        "/map?view=list&story=x-road",
        "/methods",
        "/stories?q=x-road",
        "/stories?q=x-road&view=table",
        "/compare?story=x-road&story=glacy",
        "/story?story=x-road-eu",
    ],
)
def test_hostile_data_is_shown_letter_for_letter_and_does_nothing(attacked, address):
    opened(attacked, address)

    text = said(attacked)
    if "?story=x-road" in address and "eu" not in address:
        shown = " ".join(text.split())
        for name, letters in HOSTILE.items():
            assert letters in shown, name
    assert "stolen" not in attacked.title()
    assert attacked.locator("[onerror], [onmouseover], a[href^=javascript]").count() == 0
    assert attacked.locator("img[src*=tracker]").count() == 0
    no_sideways_scroll(attacked)
