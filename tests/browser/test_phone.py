"""The phone's page on a real phone-sized browser: with a script, without, and without a network."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from looking import PHONE, ROOM

import gcs_data
from workshop import rooms, tally
from workshop.room import Room
from workshop.subject import subject
from workshop.votes import Votes

DATA = Path(__file__).resolve().parents[2] / "data"
GENES = ["local_ownership", "societal_awareness"]


@dataclass
class Workshop:
    """A room on the real server, as its facilitator sees it."""

    votes: Votes
    room: Room

    @property
    def address(self):
        return f"/vote/{self.room.code}"

    def does(self, *steps):
        for step in steps:
            self.room = step(self.votes, self.room.code)

    def results(self):
        return tally.results(self.votes, rooms.room(self.votes, self.room.code))

    def means(self):
        return self.results().profile["mean"].tolist()


@pytest.fixture
def workshop(server):
    """A room with two genes and two rounds, in its first lobby."""
    votes = Votes(str(server.log.parent / "votes" / "votes.sqlite3"))
    store = gcs_data.Store(server.log.parent / "none", DATA)
    made = rooms.create(
        votes, subject(store, "women-in-cyber-fellowship", GENES), owner="Ana", rounds=2
    )
    yield Workshop(votes, made)
    votes.close()


def choose(page, gene, name):
    page.get_by_role("group", name=gene).get_by_role("radio", name=name).check(force=True)


def send(page):
    page.get_by_role("button", name="Send my answers").click()


def says(page, text, which="say"):
    page.locator(f"#{which}").filter(has_text=text).wait_for()


def chosen(page):
    return page.eval_on_selector_all(
        "input[type=radio]:checked", "all => all.map(each => `${each.name} ${each.value}`)"
    )


def test_voting_is_one_small_request_and_a_tap_for_each_gene(browse, server, workshop):
    workshop.does(rooms.open_round)
    page = browse(server, ROOM, **PHONE)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    received, asked = [], []
    network.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.on("request", lambda request: asked.append((request.method, request.url)))

    page.goto(workshop.address, wait_until="networkidle")

    assert len(asked) == len(received) == 1
    assert received[0] <= 8000
    choose(page, "Local Ownership", "5 5 defining")
    choose(page, "Societal Awareness", "2")
    send(page)
    says(page, "Saved.")
    assert workshop.means() == [5, 2]
    assert [method for method, _ in asked] == ["GET", "POST"]


def test_after_the_first_time_a_change_of_mind_is_sent_by_itself(browse, server, workshop):
    workshop.does(rooms.open_round)
    page = browse(server, **PHONE)
    page.goto(workshop.address)
    choose(page, "Local Ownership", "5 5 defining")
    says(page, "Not sent yet.")
    send(page)
    says(page, "Saved.")

    choose(page, "Local Ownership", "3")
    says(page, "Not sent yet.")
    says(page, "Saved.")

    assert workshop.means()[0] == 3
    assert workshop.results().turnout.voted == 1


def test_an_empty_ballot_is_not_sent(browse, server, workshop):
    workshop.does(rooms.open_round)
    page = browse(server, **PHONE)
    page.goto(workshop.address)

    send(page)

    says(page, "Nothing was chosen yet.")
    assert workshop.results().turnout.voted == 0


def test_a_ballot_outlives_the_network_the_tab_and_is_saved_when_it_can_be(
    browse, server, workshop
):
    workshop.does(rooms.open_round)
    page = browse(server, **PHONE)
    page.goto(workshop.address)
    page.context.set_offline(True)
    choose(page, "Local Ownership", "4")
    send(page)
    says(page, "No connection. Your answers are on this phone and are sent again.")
    assert workshop.results().turnout.voted == 0

    page.close()
    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto(workshop.address)

    says(again, "Saved.")
    assert workshop.means()[0] == 4
    page.seen.console.clear()  # The browser says that there was no network.


def test_the_network_comes_back_and_the_page_sends_by_itself(browse, server, workshop):
    workshop.does(rooms.open_round)
    page = browse(server, **PHONE)
    page.goto(workshop.address)
    page.context.set_offline(True)
    choose(page, "Local Ownership", "4")
    send(page)
    says(page, "No connection.")

    page.context.set_offline(False)

    says(page, "Saved.")
    assert chosen(page) == ["local_ownership 4"]
    page.seen.console.clear()


@pytest.mark.heavy
def test_what_was_not_sent_is_there_after_a_reload(browse, server, workshop):
    workshop.does(rooms.open_round)
    page = browse(server, **PHONE)
    page.goto(workshop.address)
    choose(page, "Local Ownership", "4")
    choose(page, "Societal Awareness", "Don’t know")

    page.reload()

    says(page, "Not sent yet.")
    assert chosen(page) == ["local_ownership 4", "societal_awareness 0"]
    assert workshop.results().turnout.voted == 0


@pytest.mark.heavy
def test_the_page_follows_the_room_and_leaves_the_ballot_alone(browse, server, workshop):
    page = browse(server, **PHONE)
    page.goto(workshop.address)
    says(page, "The vote has not started yet.", "now")
    assert not page.locator("#ballot").is_visible()

    workshop.does(rooms.rehearse)
    says(page, "This is a test to try it out.", "now")
    choose(page, "Local Ownership", "1")
    send(page)
    says(page, "Saved. This was a test and does not count.")

    workshop.does(rooms.open_round)
    says(page, "The vote is open: the first of two rounds.", "now")
    assert chosen(page) == []
    choose(page, "Local Ownership", "4")
    send(page)
    says(page, "Saved.")
    page.evaluate("document.querySelector('.gene').dataset.mark = 'the same'")

    workshop.does(rooms.pause)
    says(page, "The vote is paused.", "now")
    assert page.get_by_role("button", name="Send my answers").is_disabled()
    workshop.does(rooms.open_round)
    says(page, "The vote is open: the first of two rounds.", "now")
    workshop.does(rooms.close, rooms.reveal)
    says(page, "The results are on the screen.", "now")
    assert chosen(page) == ["local_ownership 4"]

    workshop.does(rooms.second_round)
    says(page, "The second round begins soon.", "now")
    workshop.does(rooms.open_round)
    says(page, "The vote is open: the second round.", "now")
    choose(page, "Local Ownership", "5 5 defining")
    send(page)
    says(page, "Saved.")
    assert page.locator(".gene").first.get_attribute("data-mark") == "the same"

    movement = workshop.results().movement.iloc[0]
    assert (movement["before"], movement["after"], movement["n"]) == (4, 5, 1)
    workshop.does(rooms.close)
    rooms.discard(workshop.votes, workshop.room)
    says(page, "This workshop has ended.", "now")


@pytest.mark.heavy
def test_a_ballot_that_was_on_its_way_when_the_round_closed_is_told_so(browse, server, workshop):
    workshop.does(rooms.open_round)
    page = browse(server, **PHONE)
    page.goto(workshop.address)
    still_open = {"run": 1, "round": 1, "phase": "open"}
    page.route(re.compile("/state$"), lambda route: route.fulfill(json=still_open))
    workshop.does(rooms.close)
    workshop.votes.write(
        lambda connection: connection.exec_driver_sql("UPDATE runs SET stopped_at = 1")
    )
    choose(page, "Local Ownership", "4")
    send(page)

    says(page, "This round is closed. Your last answers came too late.")
    assert workshop.results().turnout.voted == 0
    page.seen.console.clear()  # The browser notes the 409.


@pytest.mark.heavy
def test_two_tabs_of_one_phone_are_one_vote_and_the_last_word_counts(browse, server, workshop):
    workshop.does(rooms.open_round)
    page = browse(server, **PHONE)
    page.goto(workshop.address)
    other = page.context.new_page()
    other.goto(workshop.address)
    for score in ("4", "3", "2"):
        choose(page, "Local Ownership", score)
        send(page)
        says(page, "Saved.")

    choose(other, "Local Ownership", "5 5 defining")
    send(other)
    says(other, "Saved.")

    assert workshop.means()[0] == 5
    assert workshop.results().turnout.voted == 1


def test_without_a_script_the_form_does_all_of_it(browse, server, workshop):
    page = browse(server, **PHONE, java_script_enabled=False)
    page.goto(workshop.address)
    assert "The vote has not started yet." in page.content()
    workshop.does(rooms.open_round)
    while not page.get_by_role("group", name="Local Ownership").count():
        page.get_by_role("button", name="Look again").click()

    choose(page, "Local Ownership", "4")
    send(page)

    assert page.locator("#say").inner_text() == "Saved."
    assert page.get_by_role("radio", name="4").first.is_checked()
    assert workshop.address in page.url
    choose(page, "Local Ownership", "2")
    send(page)
    assert workshop.means()[0] == 2


def test_a_phone_finds_out_whether_it_will_work(browse, server):
    page = browse(server, ROOM, **PHONE)

    page.goto("/vote/test")

    says(page, "This phone will work", "result")


def test_a_typed_code_leads_to_the_ballot(browse, server, workshop):
    workshop.does(rooms.open_round)
    page = browse(server, **PHONE)
    page.goto("/vote")
    page.get_by_label("The code on the screen").fill(workshop.room.code.lower())
    page.get_by_role("button", name="Go to the ballot").click()

    page.wait_for_url(f"**{workshop.address}*")
    assert page.get_by_role("group", name="Local Ownership").is_visible()


@pytest.mark.heavy
@pytest.mark.parametrize("width", [320, 375])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_buttons_are_large_and_nothing_is_wider_than_the_phone(
    browse, server, workshop, width, scheme
):
    workshop.does(rooms.open_round)
    page = browse(
        server, **PHONE | {"viewport": {"width": width, "height": 640}}, color_scheme=scheme
    )
    for language in ("en", "fr", "es"):
        page.goto(f"{workshop.address}?lang={language}")
        page.locator(".box").first.wait_for()  # The server may hear of the round a moment later.
        boxes = page.eval_on_selector_all(
            ".box", "all => all.map(b => [b.offsetWidth, b.offsetHeight])"
        )
        assert min(box[0] for box in boxes) >= 44
        assert min(box[1] for box in boxes) >= 44
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_a_keyboard_and_a_screen_reader_can_fill_the_ballot(browse, server, workshop):
    workshop.does(rooms.open_round)
    page = browse(server)
    page.goto(workshop.address)
    first = page.get_by_role("group", name="Local Ownership").get_by_role("radio").first

    first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")

    says(page, "Saved.")
    assert workshop.means()[0] == 3
    described = first.get_attribute("aria-describedby")
    assert page.locator(f"#{described}").inner_text().endswith(".")
