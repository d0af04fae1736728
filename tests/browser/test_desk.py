"""The facilitator's desk in a real browser: a room from its opening to the story's page."""

import io
import re
from contextlib import suppress

import pytest
from looking import PHONE, drawn, no_sideways_scroll, opened, settled
from pptx import Presentation

STORY = "women-in-cyber-fellowship"


def number(page, what):
    """Wait until this stands under the number."""
    return page.locator(".gcs-figures div").filter(has_text=what)


def votes(phone, address):
    """Rate every gene 5 on a phone."""
    phone.goto(address)
    for gene in phone.get_by_role("group").all():
        gene.get_by_role("radio").nth(4).check(force=True)
    phone.get_by_role("button", name="Send my answers").click()
    phone.locator("#say").filter(has_text="Saved.").wait_for()


def publish(page, title):
    """Save the run, as often as it takes until no ballot can be on its way."""
    from playwright.sync_api import TimeoutError as TooLong  # Here: the other tests do without it.

    page.get_by_label("Title", exact=True).fill(title)
    page.get_by_label("Why?").fill("A rehearsal of the browser")
    saved = page.get_by_text("Published as release 1.")
    button = page.get_by_role("button", name="Save and publish")
    waits = page.get_by_text("Then save again.")
    while not saved.is_visible():
        settled(page)
        if button.is_visible():  # It goes when the room is saved, also right after a look at it.
            with suppress(TooLong):
                button.click(timeout=5_000)
        saved.or_(waits).first.wait_for()


@pytest.mark.heavy
def test_a_room_from_its_opening_to_the_story_s_page(signed_in, browse):
    server, page = signed_in
    opened(page, f"/present?story={STORY}")
    page.get_by_role("button", name="Open the room").click()
    page.get_by_role("img", name="QR code for").wait_for()
    code = re.search(r"room=(\w{6})", page.url)[1]
    assert page.get_by_text(code, exact=True).is_visible()
    page.get_by_role("button", name="Open the vote").click()
    page.get_by_text("The vote is open.").wait_for()

    # Somebody types while a phone votes and a colleague moves the room on: nothing is lost.
    page.get_by_role("radio", name="Notes and runs").click()
    page.get_by_label("A note").fill("They ask about")
    other = page.context.new_page()
    page.seen.watch(other.context)
    opened(other, f"/present?room={code}")
    phone = browse(server, **PHONE)
    votes(phone, f"/vote/{code}")
    number(page, "have voted").filter(has_text="1").wait_for()
    number(page, "have joined").filter(has_text="1").wait_for()
    number(page, "are connected now").filter(has_text="1").wait_for()
    other.get_by_role("button", name="Pause").click()
    page.get_by_text("The vote is paused.").wait_for()
    assert page.get_by_label("A note").input_value() == "They ask about"
    other.close()

    page.get_by_role("button", name="Close").click()
    page.get_by_text("Nobody has seen its results.").wait_for()
    page.get_by_role("button", name="Reveal").click()
    page.get_by_role("radio", name="Results").click()
    page.locator(".js-plotly-plot .main-svg").first.wait_for()
    means, *_ = drawn(settled(page), f"room-{code.lower()}-round-1")["data"]
    assert set(means["x"]) == {5}

    page.get_by_role("radio", name="Save and take home").click()
    page.get_by_role("button", name="Prepare the slides").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the slides").click()
    deck = Presentation(io.BytesIO(download.value.path().read_bytes()))
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    assert set(charts[0].plots[0].series[0].values) == {5.0}

    publish(page, "Cyber week")
    page.set_viewport_size({"width": 375, "height": 720})
    for part in ("join", "keep"):  # A reload comes back to the room.
        opened(page, f"/present?room={code}&part={part}")
        page.get_by_text("have joined").wait_for()
        no_sideways_scroll(page)
    page.get_by_role("link", name="See it on the story").click()
    page.get_by_text("Workshop ratings: Cyber week").first.wait_for()
    assert f"story={STORY}" in page.url
