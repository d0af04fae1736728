"""The first picture in a browser: without scripts, while they load, and once they are there."""

import time

import pytest
from looking import PHONE, no_sideways_scroll, opened, settled
from test_served import fetch

expect = pytest.importorskip("playwright.sync_api").expect
STORY = "/story?story=x-road"
DESK = {"viewport": {"width": 1280, "height": 900}}
SHIFT = 12  # Pixels that a heading or a chart may move when the page takes over.
TOP = "e => Math.round(e.getBoundingClientRect().top)"
VISIBILITY = "e => getComputedStyle(e).visibility"


def picture(page):
    return page.locator("#first-picture")


@pytest.fixture
def drawn(server):
    """`drawn(address)`: the address, once its first picture is kept. A busy server goes without."""

    def wait_for(address):
        until = time.monotonic() + 60
        while b'id="first-picture"' not in fetch(server.address + address).read():
            assert time.monotonic() < until, "The first picture was never drawn."
            time.sleep(0.2)
        return address

    return wait_for


@pytest.fixture
def held(browse, server, drawn):
    """`held(address)`: a page whose charts have not come yet, and what lets them come."""

    def open_held(address, **options):
        page, waiting = browse(server, **options), []
        page.route("**/static/js/PlotlyChart*", lambda route: waiting.append(route))
        with page.expect_request("**/static/js/PlotlyChart*"):
            page.goto(drawn(address))
        page.locator('[data-testid="stHeading"] h1').wait_for(state="attached")
        return page, lambda: [route.continue_() for route in waiting]

    return open_held


BOTH = [pytest.param(DESK, id="desk", marks=pytest.mark.heavy), pytest.param(PHONE, id="phone")]


@pytest.mark.parametrize("options", BOTH)
def test_without_scripts_a_story_can_be_read_and_its_links_work(server, browse, drawn, options):
    page = browse(server, java_script_enabled=False, **options)
    page.goto(drawn(STORY))

    expect(page.get_by_role("heading", level=1)).to_have_text("X-Road secure data exchange")
    expect(
        page.get_by_role("img", name="the strongest gene").locator("visible=true")
    ).to_have_count(1)
    expect(picture(page).locator("noscript p")).to_be_visible()
    drawn("/compare?story=x-road")
    page.get_by_role("link", name="Compare with others").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare")


@pytest.mark.parametrize("options", BOTH)
def test_the_page_stands_where_its_first_picture_stood(held, options):
    page, release = held(STORY, **options)
    expect(picture(page)).to_be_visible()
    no_sideways_scroll(page)
    chart = picture(page).locator(f".{'narrow' if options is PHONE else 'wide'}").first
    before = [picture(page).locator("h1").evaluate(TOP), chart.evaluate(TOP)]

    release()
    settled(page)

    after = [
        page.locator('[data-testid="stHeading"] h1').evaluate(TOP),
        page.locator('[data-testid="stPlotlyChart"]').first.evaluate(TOP),
    ]
    assert [abs(a - b) <= SHIFT for a, b in zip(after, before, strict=True)] == [True, True], (
        before,
        after,
    )


def test_the_first_picture_stays_until_the_charts_are_there_and_then_goes_for_good(held):
    page, release = held(STORY)
    expect(picture(page)).to_be_visible()
    picture(page).evaluate("e => { e.scrollTop = 300; }")

    release()
    settled(page)

    expect(picture(page)).to_have_count(0)
    assert page.get_by_test_id("stMain").evaluate("e => Math.round(e.scrollTop)") == 300
    expect(page.get_by_role("heading", level=1)).to_have_count(1)


@pytest.mark.heavy
def test_without_its_script_it_is_out_of_the_way_all_the_same(server, browse, drawn):
    page = browse(server)
    page.route("**/assets/preview.js", lambda route: route.abort())

    opened(page, drawn(STORY))

    expect(picture(page)).to_have_css("visibility", "hidden")
    page.get_by_text("All genes with a name").last.click()
    page.wait_for_url("**genes=all*")
    assert picture(page).evaluate(VISIBILITY) == "hidden"
    page.seen.console.clear()  # The script that was kept away.


@pytest.mark.heavy
@pytest.mark.parametrize(
    "address", ["/story?story=none", "/compare", "/map?view=list", "/manage", "/story?release=99"]
)
def test_nothing_is_left_over_a_page_without_a_chart(server, browse, drawn, address):
    page = opened(browse(server), address if address == "/manage" else drawn(address))

    expect(picture(page)).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)


@pytest.mark.heavy
def test_a_dark_desktop_has_a_dark_first_picture(held):
    page, release = held(STORY, color_scheme="dark")

    shown = picture(page).evaluate("e => getComputedStyle(e).backgroundColor")
    release()
    settled(page)

    there = page.get_by_test_id("stApp").evaluate("e => getComputedStyle(e).backgroundColor")
    assert shown == there == "rgb(15, 26, 36)"
