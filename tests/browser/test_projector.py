"""The projector's page on the real server: its keys, what it shows when, and what it survives."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from serving import ROOT, Server

import gcs_data
from workshop import rooms, voters
from workshop.ballots import Ballot
from workshop.room import Room
from workshop.subject import subject
from workshop.votes import Votes

DATA = ROOT / "data"
GENES = ["local_ownership", "societal_awareness"]
SIZES = [{"width": 1280, "height": 720}, {"width": 1920, "height": 1080}]
SHOWN = "[...document.querySelectorAll('section')].find(each => !each.hidden)?.id"


@dataclass
class Workshop:
    """A room on the real server, as its facilitator sees it."""

    server: Server
    votes: Votes
    room: Room

    def does(self, *steps):
        for step in steps:
            self.room = step(self.votes, self.room.code)

    def votes_are(self, *choices):
        ballots = [
            Ballot(self.room.run_id, self.room.round, f"d{n}", 1, each)
            for n, each in enumerate(choices)
        ]

        async def cast():
            await asyncio.gather(*map(self.votes.cast, ballots))

        with ThreadPoolExecutor(1) as thread:  # Playwright's loop runs in this one.
            thread.submit(asyncio.run, cast()).result()

    @property
    def address(self):
        return f"/screen/{self.room.code}"

    @property
    def leading(self):
        secret = voters._of(Path(self.server.log.parent / "secrets" / "voters.key"))
        return f"{self.address}?key={secret.screen_key(self.room)}"


def workshop_on(server, **chosen):
    votes = Votes(str(server.log.parent / "votes" / "votes.sqlite3"))
    store = gcs_data.Store(server.log.parent / "none", DATA)
    about = subject(store, "women-in-cyber-fellowship", GENES)
    return Workshop(server, votes, rooms.create(votes, about, owner="Ana", **chosen))


@pytest.fixture
def workshop(server):
    """A room with two genes and two rounds, in its first lobby."""
    made = workshop_on(server, rounds=2)
    yield made
    made.votes.close()


def opened(page, address):
    page.goto(address)
    page.wait_for_selector("html[data-state]", state="attached")
    return page


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def stands(page, slide):
    """Wait until this slide is the one that is shown."""
    page.wait_for_selector(f"html[data-slide='{slide}']", state="attached")


def walk(page, key="PageDown"):
    """Press a key until the slide stays the same; the slides passed, in order."""
    seen = [page.evaluate(SHOWN)]
    for _ in range(40):
        press(page, key)
        now = page.evaluate(SHOWN)
        if now == seen[-1] and now != "dna":
            return list(dict.fromkeys(seen))
        seen.append(now)
    raise AssertionError(f"It never ends: {seen}")


def settle(page):
    """Wait until a key is no longer taken for a bounce of the last one."""
    page.wait_for_selector("#next:not([aria-disabled])")


def drawn(page):
    page.wait_for_selector("section:not([hidden]) .drawn .main-svg")


def fits(page):
    """Fail if anything of the slide is cut off or the page scrolls."""
    assert (
        page.evaluate(
            """() => [document.scrollingElement, ...document.querySelectorAll(
            'section:not([hidden]), section:not([hidden]) .beside')]
            .filter(e => e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1)
            .map(e => `${e.id || e.className || e.tagName}: ${e.scrollWidth}`)"""
        )
        == []
    )


def test_a_clicker_leads_a_room_from_its_title_to_the_second_round(browse, server, workshop):
    page = opened(browse(server, viewport=SIZES[0]), workshop.leading)
    asked = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    assert "key" not in page.url

    press(page, "PageDown", "PageDown")
    stands(page, "dna")
    assert walk(page)[-1] == "join"  # It opens the vote and does not turn the page by itself.
    stands(page, "count")
    assert rooms.room(workshop.votes, workshop.room.code).state == "open"
    press(page, "PageDown")  # A bounce.
    workshop.room = rooms.room(workshop.votes, workshop.room.code)
    workshop.votes_are("51", "51", "51", "11", "11", "15")
    page.locator("#count .voted").filter(has_text="6").wait_for()
    assert rooms.room(workshop.votes, workshop.room.code).state == "open"
    assert f"{workshop.address}/figures" not in asked
    assert page.locator("#results section").count() == 0

    settle(page)
    press(page, "PageDown")
    page.locator("#count-h").filter(has_text="The vote is closed.").wait_for()
    settle(page)
    press(page, "PageDown")
    stands(page, "radar")
    drawn(page)

    means = page.evaluate("document.querySelector('#radar .drawn').data[0].r")
    assert means == [3.0, 5 / 3, 3.0]
    settle(page)
    assert walk(page)[:3] == ["radar", "dots", "record"]
    stands(page, "join")
    now = rooms.room(workshop.votes, workshop.room.code)
    assert (now.state, now.round) == ("lobby", 2)
    assert page.locator("#results section").count() == 0


@pytest.mark.heavy
def test_without_the_key_the_keys_turn_pages_and_lead_nobody(browse, server, workshop):
    workshop.does(rooms.open_round)
    page = opened(browse(server, viewport=SIZES[0]), workshop.address)
    stands(page, "count")

    press(page, "PageDown")
    stands(page, "close")
    press(page, "h")

    page.locator("#notice").filter(has_text="This screen only watches.").wait_for()
    assert rooms.room(workshop.votes, workshop.room.code).state == "open"
    assert walk(page, "PageUp")[-1] == "title"


@pytest.mark.heavy
def test_the_desk_turns_the_pages_of_the_room_s_own_screen_and_leads_nobody(
    browse, server, workshop
):
    own = opened(browse(server, viewport=SIZES[0]), workshop.leading)
    watching = opened(browse(server, viewport=SIZES[0]), workshop.address)

    def turned(by):
        workshop.does(lambda votes, code: rooms.turn(votes, code, by))

    turned(1)
    stands(own, "story")
    steps = "JSON.parse(document.getElementById('data').textContent).dna.steps.length"
    turned(own.evaluate(steps) + 2)  # Through the genes, one by one.
    stands(own, "join")
    turned(1)
    stands(own, "count")
    assert rooms.room(workshop.votes, workshop.room.code).state == "lobby"
    turned(-2)
    stands(own, "dna")
    press(own, "b")
    turned(-1)
    own.locator("#black").wait_for(state="hidden")
    assert watching.evaluate(SHOWN) == "title"

    own.reload()
    own.wait_for_selector("html[data-state]", state="attached")
    assert own.evaluate(SHOWN) == "dna"  # What was turned before is not turned again.


@pytest.mark.heavy
def test_a_screen_follows_the_room_and_leaves_a_presenter_where_he_went(browse, server, workshop):
    page = opened(browse(server, viewport=SIZES[0]), workshop.address)
    workshop.does(rooms.open_round)
    stands(page, "count")
    press(page, "PageUp", "PageUp")
    stands(page, "dna")

    workshop.does(rooms.pause)
    page.wait_for_selector("html[data-state=paused]", state="attached")
    assert page.evaluate(SHOWN) == "dna"
    page.reload()
    page.wait_for_selector("html[data-state=paused]", state="attached")
    assert page.evaluate(SHOWN) == "dna"
    workshop.votes_are("51")
    workshop.does(rooms.close, rooms.reveal)
    stands(page, "radar")
    workshop.does(rooms.hide)
    stands(page, "count")
    assert page.locator("#results section").count() == 0


@pytest.mark.heavy
def test_each_key_does_what_is_written_and_the_code_is_on_every_slide(browse, server, workshop):
    workshop.does(rooms.open_round)
    workshop.votes_are("51", "42", "51", "11", "12")
    workshop.does(rooms.close, rooms.reveal)
    page = opened(browse(server, viewport=SIZES[0], reduced_motion="reduce"), workshop.address)
    stands(page, "radar")
    code = page.locator("footer .code")

    for slide in walk(page, "ArrowLeft") + walk(page, "ArrowRight"):
        assert code.is_visible()
        assert code.text_content() == workshop.room.code, slide
    press(page, "2")
    stands(page, "gene-societal_awareness")
    press(page, "1")
    stands(page, "gene-local_ownership")
    press(page, "b")
    assert page.locator("#black").is_visible()
    press(page, "PageDown")  # Only lifts what covers the slide.
    assert not page.locator("#black").is_visible()
    assert page.evaluate(SHOWN) == "gene-local_ownership"
    press(page, "j")
    assert page.locator("#large .qr svg").bounding_box()["height"] > 550
    press(page, "j", "?")
    page.get_by_role("dialog", name="These keys").wait_for()
    press(page, "Escape")
    before = page.evaluate("document.documentElement.dataset.theme")
    press(page, "d")
    assert page.evaluate("document.documentElement.dataset.theme") != before
    press(page, "f")
    page.wait_for_selector("html:fullscreen", state="attached")


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("size", "scheme"),
    [(SIZES[0], "light"), (SIZES[1], "dark")],
)
def test_every_slide_fits_and_is_drawn(browse, server, size, scheme, tmp_path):
    workshop = workshop_on(server, language="fr")
    workshop.does(rooms.open_round)
    workshop.votes_are("51", "42", "51", "11", "12")
    workshop.does(rooms.close, rooms.reveal)
    page = opened(browse(server, viewport=size, color_scheme=scheme), workshop.address)
    stands(page, "radar")
    drawn(page)

    ink, paper = page.evaluate(
        """() => [getComputedStyle(document.querySelector('.angularaxistick text')).fill,
                  getComputedStyle(document.body).backgroundColor]"""
    )
    workshop.votes.close()
    walk(page, "PageUp")
    slides = []
    while "close" not in slides:
        slides.append(page.evaluate(SHOWN))
        fits(page)
        page.screenshot(path=tmp_path / f"{len(slides):02}-{slides[-1]}.png")
        while page.evaluate(SHOWN) == slides[-1] != "close":
            press(page, "PageDown")

    assert slides[:5] == ["title", "story", "dna", "join", "count"]
    assert slides[-1] == "close"
    dark = ("rgb(238, 243, 247)", "rgb(15, 26, 36)")
    assert (ink, paper) == (dark if scheme == "dark" else ("rgb(20, 33, 46)", "rgb(255, 255, 255)"))


@pytest.mark.heavy
def test_charts_have_a_name_and_their_numbers_for_a_screen_reader(browse, server, workshop):
    workshop.does(rooms.open_round)
    workshop.votes_are("51", "51", "51", "51", "51")
    workshop.does(rooms.close, rooms.reveal)
    page = opened(browse(server, viewport=SIZES[0]), workshop.address)
    stands(page, "radar")
    drawn(page)

    page.get_by_role("img", name="The strongest gene of").wait_for()
    assert page.locator("#radar tbody tr").first.inner_text().split("\t")[:2] == [
        "Local Ownership",
        "5.0",
    ]
    assert page.evaluate("document.activeElement.id") == "radar-h"


@pytest.mark.heavy
def test_where_plotlys_script_is_missing_the_numbers_are_a_table(browse, server, workshop):
    workshop.does(rooms.open_round)
    workshop.votes_are("51", "51")
    workshop.does(rooms.close, rooms.reveal)
    page = browse(server, viewport=SIZES[0])
    page.route("**/plotly-*.js", lambda route: route.abort())
    opened(page, workshop.address)
    stands(page, "radar")

    page.get_by_text("The charts could not be drawn here.").first.wait_for()
    assert page.locator("#radar .chart td").first.is_visible()
    assert page.locator("#radar .chart tbody tr").first.inner_text().startswith("Local Ownership")
    page.seen.console.clear()  # The browser says that the script was not loaded.


@pytest.mark.heavy
def test_a_lost_connection_is_said_quietly_and_ends_by_itself(browse, server, workshop):
    page = browse(server, viewport=SIZES[0])
    page.route("**/events", lambda route: route.abort())
    page.goto(workshop.address)
    page.locator("#notice").filter(has_text="Connection lost, trying again.").wait_for()
    assert page.locator("footer .code").is_visible()

    page.unroute("**/events")
    workshop.does(rooms.open_round)

    stands(page, "count")
    page.locator("#notice:empty").wait_for(state="attached")
    page.seen.console.clear()  # The browser says that there was no connection.


@pytest.mark.heavy
def test_the_screen_comes_back_by_itself_after_the_server_did(browse, serve):
    server = serve()
    workshop = workshop_on(server)
    page = opened(browse(server, viewport=SIZES[0]), workshop.address)
    workshop.does(rooms.open_round)
    stands(page, "count")
    folder, port = server.log.parent, urlsplit(server.address).port
    server.stop()
    page.locator("#notice").filter(has_text="Connection lost, trying again.").wait_for()
    assert page.locator("footer .code").is_visible()

    again = restart(server, folder, port)
    try:
        workshop.votes_are("51", "51")
        page.locator("#count .voted").filter(has_text="2").wait_for()
        page.locator("#notice:empty").wait_for(state="attached")
        page.context.close()
    finally:
        workshop.votes.close()
        again.stop()
    page.seen.console.clear()  # The browser says that there was no server.


def restart(server, folder, port):
    """The same server again, where it was."""
    import os
    import subprocess
    import sys

    settings = {
        "HOME": str(folder),
        "PYTHONUTF8": "1",
        "GCS_STORE": str(folder / "Mes données #1"),
        "GCS_SECRETS": str(folder / "secrets"),
        "GCS_VOTES_URL": str(folder / "votes" / "votes.sqlite3"),
    }
    log = folder / "again.log"
    command = [sys.executable, "-m", "streamlit", "run", ROOT / "dashboard.py"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, f"--server.port={port}"],
            cwd=folder,
            env=os.environ | settings,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    again = Server(process, log)
    again.wait_until_ready()
    return again
