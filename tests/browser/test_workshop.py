"""A whole workshop: a desk, a projector and three phones, from the code to the slides."""

import io
import json
import re
import shutil
import subprocess
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pypdf
import pytest
from looking import PHONE, opened, settled
from pptx import Presentation
from test_desk import STORY, number, publish
from test_phone import says, send

OTHERS = 6  # A movement is shown from five people on.
SLIDE = "section:not([hidden])"


class Device:
    """A phone of somebody else in the room, without a screen."""

    def __init__(self, server, code):
        self._open = build_opener(HTTPCookieProcessor(CookieJar())).open
        self._address = f"{server.address}/vote/{code}"

    def votes(self, score, round_):
        page = self._open(self._address, timeout=60).read().decode()
        genes = set(re.findall(r'type="radio" name="([a-z_]+)"', page))
        assert len(genes) == 7
        fields = {"_run": 1, "_round": round_, "_number": round_} | dict.fromkeys(genes, score)
        headers = {"Accept": "application/json"}
        sent = Request(self._address, urlencode(fields).encode(), headers)
        assert json.load(self._open(sent, timeout=60))["saved"]


def rate(phone, score):
    for gene in phone.get_by_role("group").all()[-7:]:
        gene.get_by_role("radio").nth(score - 1).check(force=True)


def press(page, button, until):
    settled(page).get_by_role("button", name=button, exact=True).click()
    page.get_by_text(until).first.wait_for()


def turned_to(screen, slide):
    """Turn pages until this slide shows."""
    for _ in range(12):
        if screen.evaluate("document.documentElement.dataset.slide") == slide:
            return screen.locator(SLIDE)
        screen.keyboard.press("PageDown")
    raise AssertionError(f"There is no slide {slide}.")


def means_of_radar(screen):
    screen.wait_for_selector("html[data-slide=radar]", state="attached")
    screen.wait_for_selector(f"{SLIDE} .drawn .main-svg")
    return set(screen.evaluate("document.querySelector('#radar .drawn').data[0].r"))


def test_a_whole_workshop_from_the_code_to_the_slides(signed_in, browse, tmp_path):
    server, page = signed_in
    opened(page, f"/present?story={STORY}")
    page.get_by_role("radio", name="2 rounds").click()
    press(settled(page), "Open the room", "Open the screen for the projector")
    code = re.search(r"room=(\w{6})", page.url)[1]
    leading = page.get_by_role("link", name="Open the screen for the projector")
    screen = browse(server, viewport={"width": 1280, "height": 720})
    screen.goto(f"{server.address}/{leading.get_attribute('href')}")
    screen.wait_for_selector("html[data-state=lobby]", state="attached")

    # One phone without JavaScript, one that loses its network, one that changes its mind.
    plain = browse(server, **PHONE, java_script_enabled=False)
    lost, fickle = browse(server, **PHONE), browse(server, **PHONE)
    for phone in (plain, lost, fickle):
        phone.goto("/vote")
        phone.get_by_role("textbox").fill(code.lower())
        phone.get_by_role("button").click()
        phone.wait_for_url(f"**/vote/{code}*")
    press(page, "Open the vote", "The vote is open.")
    screen.wait_for_selector("html[data-slide=count]", state="attached")
    plain.get_by_role("button", name="Look again").click()
    for phone in (lost, fickle):
        phone.reload()

    rate(plain, 4)
    send(plain)
    lost.context.set_offline(True)
    rate(lost, 5)
    send(lost)
    says(lost, "No connection.")
    rate(fickle, 1)
    send(fickle)
    says(fickle, "Saved.")
    rate(fickle, 3)
    says(fickle, "Not sent yet.")
    says(fickle, "Saved.")
    lost.context.set_offline(False)
    says(lost, "Saved.")
    lost.seen.console.clear()  # The browser says that there was no network.
    others = [Device(server, code) for _ in range(OTHERS)]
    for each in others:
        each.votes(4, 1)

    # Blind: the projector knows how many voted, and nothing of what they said.
    screen.locator("#count .voted").filter(has_text=str(3 + OTHERS)).wait_for()
    assert screen.locator("#results section").count() == 0
    figures = screen.request.get(f"/screen/{code}/figures")
    assert figures.status == 409
    number(page, "have voted").filter(has_text=str(3 + OTHERS)).wait_for()

    press(page, "Close", "Nobody has seen its results.")
    press(page, "Reveal", "The results are on the screen.")
    assert means_of_radar(screen) == {4.0}  # (4 + 5 + 3 + 6 × 4) / 9

    press(page, "Second round", "has not opened yet")
    press(page, "Open the vote", "The vote is open.")
    screen.wait_for_selector("html[data-slide=count]", state="attached")
    for phone in (plain, lost, fickle):
        phone.goto(f"/vote/{code}")
        rate(phone, 5)
        send(phone)
        says(phone, "Saved.")
    for each in others:
        each.votes(5, 2)
    screen.locator("#count .voted").filter(has_text=str(3 + OTHERS)).wait_for()
    press(page, "Close", "Nobody has seen its results.")
    press(page, "Reveal", "The results are on the screen.")
    assert means_of_radar(screen) == {5.0}
    moved = turned_to(screen, "movement")
    moved.locator("img").wait_for()
    assert moved.get_by_role("row", name="Local Ownership").inner_text().split("\t")[1:] == [
        "4.0",
        "5.0",
        "1.0",
    ]

    page.get_by_role("radio", name="Save and take home").click()
    page.get_by_role("button", name="Prepare the slides").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the slides").click()
    file = download.value.path().read_bytes()
    deck = Presentation(io.BytesIO(file))
    sheets = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    series = [set(each.values) for chart in sheets for each in chart.plots[0].series]
    assert {5.0} in series
    assert {4.0} in series  # The first round.
    reads_in_libreoffice(file, tmp_path)

    publish(page, "Cyber week")
    screen.wait_for_selector("html[data-slide=close]", state="attached")
    page.get_by_role("link", name="See it on the story").click()
    page.get_by_text("Workshop ratings: Cyber week").first.wait_for()
    assert f"story={STORY}" in page.url


def reads_in_libreoffice(file, folder):
    """Open the slides in LibreOffice; every slide and the room's code are there."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: apt-get install libreoffice-impress")
    (folder / "room.pptx").write_bytes(file)
    own = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    convert = [office, own, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*convert, str(folder / "room.pptx")], check=True, timeout=600)
    pages = pypdf.PdfReader(folder / "room.pdf").pages
    assert len(pages) == len(Presentation(io.BytesIO(file)).slides)
    assert "Women" in pages[0].extract_text()
