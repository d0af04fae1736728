"""A story on paper, and the pages inside another site's page: the real server, a real browser."""

import io
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unicodedata import normalize

import pypdf
import pytest
from looking import ROOM, marks, no_sideways_scroll, on_record, opened, settled, shipped, written
from serving import ROOT, start
from test_bad_input import ALL

import gcs_data
from figures.world import border_notes
from words import words

REPORT = "https://forms.example.org/new?record={record}&release={release}&page={page}"


@pytest.fixture(scope="module")
def paper(server, browse_once):
    return browse_once(server)


def printed(page):
    """What Chromium prints: the text of each sheet."""
    pdf = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    for sheet in pdf.pages:
        width, height = (round(float(side) / 72 * 25.4) for side in sheet.mediabox[2:])
        assert (width, height) == (210, 297)
    return [packed(sheet.extract_text()) for sheet in pdf.pages]


def packed(text):
    """Text without the line breaks that only a sheet's width has made, nor a font's ligatures."""
    return re.sub(r"\s+", "", normalize("NFKC", text))


def longest_heads(most):
    """The stories with a map whose titles, leads and summaries take the most room on a sheet."""
    stories = shipped("stories").set_index("story_id")
    stories = stories[stories.index.isin(shipped("replications")["story_id"])]
    taken = stories["title"].str.len() * 3 + stories["summary"].str.len()
    taken += stories["lead_organisation"].str.len() * 2
    taken[taken.index.isin(shipped("published_dna")["story_id"])] += 400
    return taken.nlargest(most).index


# On paper


@pytest.mark.parametrize(
    ("story", "language"),
    [
        *(  # French takes the most room.
            pytest.param(story, "fr", marks=[pytest.mark.heavy] if place else [])
            for place, story in enumerate(longest_heads(4))
        ),
        pytest.param(longest_heads(1)[0], "es", marks=pytest.mark.heavy),
        ("itu-national-cirt", "en"),
    ],
)
def test_chart_sources_and_border_sentence_stand_on_the_first_sheet(paper, story, language):
    stories = shipped("stories").set_index("story_id")
    paper.goto(f"/print?story={story}&lang={language}&genes=all")
    sentence = paper.locator(".first section p").first.inner_text()

    first, *rest = printed(paper)

    assert packed(stories.at[story, "title"]) in first
    assert packed(sentence) in first
    assert packed(paper.locator(".first svg").first.text_content())[-20:] in first  # The radar.
    assert packed(stories.at[story, "source_url"]) in first
    assert packed(border_notes(words(language))[0]) in first
    assert "story=" + story in first
    assert 1 <= len(rest) <= 4


@pytest.mark.heavy
def test_paper_is_white_with_nothing_to_press_on_it(server, browse):
    page = browse(server, color_scheme="dark")
    page.goto("/print?story=x-road")
    assert page.get_by_role("link", name="Back to the story").is_visible()

    page.emulate_media(media="print", color_scheme="dark")

    assert not page.get_by_role("link", name="Back to the story").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert "Backtothestory" not in "".join(printed(page))


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (375, "light"),
        pytest.param(375, "dark", marks=pytest.mark.heavy),
        pytest.param(1280, "light", marks=pytest.mark.heavy),
        pytest.param(1280, "dark", marks=pytest.mark.heavy),
    ],
)
def test_the_print_page_fits_a_phone_and_a_desk(server, browse, width, scheme):
    page = browse(server, viewport={"width": width, "height": 800}, color_scheme=scheme)

    for address in ("/print?story=national-cyber-security-index&lang=fr", "/print?story=none"):
        page.goto(address)
        no_sideways_scroll(page)
    page.seen.console.clear()  # A browser says in its console that an answer was 404.


@pytest.mark.heavy
def test_the_story_page_leads_to_its_print_page_with_what_is_chosen(server, browse):
    page = opened(browse(server), "/story?story=x-road&release=0&lang=fr")
    page.get_by_text("Tous les gènes qui ont un nom").click()
    page.wait_for_url("**genes=all**")
    settled(page)

    with page.expect_popup() as popup:
        page.locator('.stLinkButton a[href^="./print"]').click()
    sheet = popup.value
    sheet.wait_for_load_state()

    assert sheet.url.startswith(f"{server.address}/print?")
    assert sheet.get_by_role("heading", level=1).inner_text() == "X-Road secure data exchange"
    assert sheet.locator("html").get_attribute("lang") == "fr"
    drawn = sheet.locator(".first svg").first.text_content()
    assert "Ressources" in drawn  # A gene beyond the default DNA.
    sheet.locator("nav a").click()
    sheet.wait_for_url("**/story?story=x-road&release=0&lang=fr&genes=all")


@pytest.mark.heavy
def test_a_print_page_that_there_is_not_leads_on(server, browse):
    page = browse(server)
    answer = page.goto("/print?story=x-rod")

    assert answer.status == 404
    assert "There is no story called “x-rod”." in page.inner_text("h1")
    page.get_by_role("link", name="X-Road secure data exchange (x-road)").click()
    page.wait_for_url("**/print?story=x-road")
    page.goto("/print?story=qqqqqq")
    page.get_by_role("link", name="Show all stories").click()
    page.wait_for_url("**/stories")
    settled(page)
    page.seen.console.clear()  # The two answers were 404, as they should be.


# Inside another site's page


@pytest.fixture
def site():
    """Another site: one page, whose body is what `site.body` says."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            html = f'<!DOCTYPE html><html lang="en"><title>Site</title>{self.server.body}</html>'
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_):
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    running.body = ""
    running.origin = f"http://{ROOM}:{running.server_port}"  # Not our origin, and not our site.
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield running
    running.shutdown()
    thread.join()
    running.server_close()


def framed(page, site, lines):
    """The frame that these lines make in the other site's page."""
    site.body = lines
    page.goto(site.origin)
    frame = page.locator("iframe").element_handle().content_frame()
    page.seen.outside[:] = [
        address for address in page.seen.outside if not address.startswith(site.origin)
    ]
    return frame


def iframe(server, address):
    return f'<iframe src="{server.address}{address}" width="640" height="900"></iframe>'


def copied_lines(page):
    page.get_by_role("button", name="Embed").click()
    code = page.get_by_test_id("stPopoverBody").get_by_test_id("stCode")
    code.wait_for()
    return code.locator("code").inner_text()


@pytest.mark.heavy
def test_a_named_site_frames_a_story_and_a_map_with_the_lines_it_copied(serve, site, browse):
    server = serve(GCS_FRAME_ANCESTORS=f"self {site.origin}")
    page = opened(browse(server), "/story?story=x-road&genes=all")
    story_lines = copied_lines(page)
    map_lines = copied_lines(opened(page, "/map?kind=replicated"))

    frame = settled(framed(page, site, story_lines))
    text = frame.get_by_test_id("stMain").inner_text()
    assert frame.get_by_role("heading").first.inner_text() == "X-Road secure data exchange"
    assert "In made-up example ratings, the strongest gene" in text
    assert "Source: en.wikipedia.org" in text
    in_picture = " ".join(written(frame, "dna-radar"))
    assert "Illustrative ratings" in in_picture
    assert "Resources" in in_picture
    assert "Good Cyber Stories, release 0." in in_picture
    assert frame.get_by_test_id("stPageLink").count() == 0  # No menu.

    with page.expect_popup() as popup:
        frame.get_by_role("link", name="See this in Good Cyber Stories").click()
    whole = settled(popup.value)
    assert whole.url == f"{server.address}/story?story=x-road&genes=all&lang=en"
    assert whole.get_by_test_id("stPageLink").count() >= 4
    assert whole.evaluate("window.opener") is None

    frame = settled(framed(page, site, map_lines))
    rows = shipped("replications")
    assert marks(frame) == on_record(rows[rows["kind"] == "replicated"])
    assert border_notes(words("en"))[0] in " ".join(written(frame, "world"))
    assert "27 countries and territories are on record" in frame.inner_text("body")
    assert frame.get_by_role("link", name="See this").get_attribute("href") == (
        "./map?kind=replicated&lang=en"
    )


@pytest.mark.heavy
def test_no_site_frames_the_pages_unless_it_is_named(server, site, browse):
    page = browse(server)

    frame = framed(page, site, iframe(server, "/story?story=x-road&embed=true"))

    assert frame.url.startswith("chrome-error://")
    (refused,) = page.seen.console
    assert "frame-ancestors 'none'" in refused
    page.seen.console.clear()

    opened(page, "/story?story=x-road")
    page.get_by_role("button", name="Embed").click()
    page.get_by_text("No other site may show this dashboard inside its pages.").wait_for()
    assert page.get_by_test_id("stPopoverBody").get_by_test_id("stCode").count() == 0


@pytest.mark.heavy
def test_a_frame_of_what_there_is_not_says_so_and_leads_out(serve, site, browse):
    server = serve(GCS_FRAME_ANCESTORS=site.origin)
    page = browse(server)

    frame = settled(framed(page, site, iframe(server, "/story?story=xroad&embed=true")))

    assert "There is no story called “xroad”." in frame.inner_text("body")
    assert frame.get_by_role("link", name="See this").get_attribute("href") == "./stories"


# Hostile data, and where mistakes are reported


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A server whose newest release holds a story that tries everything, with a report address."""
    folder = tmp_path_factory.mktemp("hostile")
    store = gcs_data.Store(str(folder / "store"), shipped=ROOT / "data")
    frames = {
        name: gcs_data.load(store, name, 0) for name in ("stories", "partners", "replications")
    }
    columns = ["title", "summary", "lead_organisation", "replication_guidance", "lessons"]
    frames["stories"].loc[frames["stories"]["story_id"] == "x-road", columns] = ALL
    frames["partners"].loc[0, ["story_id", "partner"]] = ["x-road", ALL]
    frames["replications"].loc[frames["replications"]["story_id"] == "x-road", "note"] = ALL
    gcs_data.publish(store, frames, base=0, who="a test", why="hostile text")
    running = start(folder, GCS_STORE=str(folder / "store"), GCS_REPORT_URL=REPORT)
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.stop()


@pytest.mark.heavy
def test_hostile_text_is_inert_on_paper_and_in_a_frame(hostile, browse):
    page = browse(hostile)
    page.goto("/print?story=x-road")
    letters = " ".join(ALL.split()).replace("\u202e", "[U+202E]")

    assert letters == " ".join(page.locator("h1").inner_text().split())
    assert packed(letters) in printed(page)[0]
    for address in ("/story?story=x-road&embed=true", "/map?story=x-road&embed=true"):
        opened(page, address)
    assert "stolen" not in page.title()


@pytest.mark.heavy
def test_a_record_s_link_goes_to_the_report_address_with_its_name_and_release(hostile, browse):
    page = opened(browse(hostile), "/story?story=x-road")
    links = page.get_by_role("link", name="Report a mistake")
    # Streamlit takes a title out that looks like HTML; that of the hostile partner does.
    found = {link.get_attribute("title") or "": link.get_attribute("href") for link in links.all()}

    here = f"{hostile.address}/story?story=x-road"
    finland = "replications/x-road/FIN/replicated"
    for record in ("stories/x-road", finland):
        assert found[record] == (
            "https://forms.example.org/new?record="
            + record.replace("/", "%2F")
            + "&release=1&page="
            + here.replace(":", "%3A").replace("/", "%2F").replace("?", "%3F").replace("=", "%3D")
        )
    assert all(url.startswith("https://forms.example.org/new?record=") for url in found.values())
    assert not [url for url in found.values() if set(url) & set("<>\"' ")]
    reach = shipped("replications").query("story_id == 'x-road'")
    assert sum(name.startswith("replications/x-road/") for name in found) == len(reach)

    page.goto("/print?story=x-road")
    on_screen = page.get_by_role("link", name="Report a mistake")
    assert on_screen.first.is_visible()
    assert on_screen.count() >= len(reach) + 1
    assert "Reportamistake" not in "".join(printed(page))
