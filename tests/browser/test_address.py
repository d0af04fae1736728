"""What a visitor chose is in the address: links reopen it, Back and Forward return to it."""

import re

import pytest
from looking import chosen, headed, marks, on_record, opened, settled, shipped
from serving import ROOT

import gcs_data


@pytest.fixture(scope="module")
def page(server, browse_once):
    return browse_once(server)


def kind(page, name):
    return page.get_by_role("toolbar", name="Kind of record").get_by_role("button", name=name)


def of_kind(*kinds):
    rows = shipped("replications")
    return on_record(rows[rows["kind"].isin(kinds)] if kinds else rows)


@pytest.mark.heavy
def test_several_steps_back_and_forward_return_to_each_view(page):
    opened(page, "/map")
    views = [(re.compile(r"/map$"), ())]
    for name, address, kinds in (
        ("Replicated", "?kind=replicated", ("replicated",)),
        ("Scaled up", "?kind=scaled_up&kind=replicated", ("replicated", "scaled_up")),
        (
            "Adopted",
            "?kind=adopted&kind=scaled_up&kind=replicated",
            ("adopted", "replicated", "scaled_up"),
        ),
    ):
        kind(page, name).click()
        page.wait_for_url(f"**/map{address}")
        assert marks(settled(page)) == of_kind(*kinds)
        views.append((f"**/map{address}", kinds))

    for address, kinds in reversed(views[:-1]):
        page.go_back()
        page.wait_for_url(address)
        wait_for_pressed(page, kinds)
        assert marks(settled(page)) == of_kind(*kinds)
    for address, kinds in views[1:]:
        page.go_forward()
        page.wait_for_url(address)
        wait_for_pressed(page, kinds)
        assert marks(settled(page)) == of_kind(*kinds)


def wait_for_pressed(page, kinds):
    """Until the page shows these kinds as chosen."""
    names = {"replicated": "Replicated", "scaled_up": "Scaled up", "adopted": "Adopted"}
    for each, name in names.items():
        pressed = page.get_by_role("toolbar", name="Kind of record").get_by_role(
            "button", name=name, pressed=each in kinds
        )
        pressed.wait_for()


@pytest.mark.heavy
def test_a_choice_after_back_starts_from_the_view_that_back_returned_to(page):
    opened(page, "/map")
    kind(page, "Replicated").click()
    page.wait_for_url("**/map?kind=replicated")
    settled(page)
    page.go_back()
    page.wait_for_url(re.compile(r"/map$"))
    wait_for_pressed(page, ())
    settled(page)

    kind(page, "Adopted").click()
    page.wait_for_url("**/map?kind=adopted")

    assert marks(settled(page)) == of_kind("adopted")


@pytest.mark.heavy
def test_several_steps_back_at_once_land_on_the_first_view(page):
    opened(page, "/map")
    for name, last in (("Replicated", "replicated"), ("Scaled up", "scaled_up")):
        kind(page, name).click()
        page.wait_for_url(f"**kind={last}*")
        settled(page)

    page.evaluate("history.go(-2)")
    page.wait_for_url(re.compile(r"/map$"))
    wait_for_pressed(page, ())

    assert marks(settled(page)) == of_kind()


def test_back_crosses_pages_and_keeps_what_was_chosen_on_each(page):
    opened(page, "/map?kind=replicated&country=FIN")
    page.get_by_role("link", name="X-Road secure data exchange").click()
    headed(page, "X-Road secure data exchange", level=1)
    settled(page)

    page.go_back()

    page.wait_for_url("**/map?kind=replicated&country=FIN")
    headed(page, "Finland", level=3)
    assert marks(settled(page)) == of_kind("replicated")


@pytest.mark.heavy
def test_a_menu_click_keeps_language_and_release_and_drops_the_rest(page):
    opened(page, "/map?lang=fr&release=0&kind=replicated")

    page.locator(".st-key-menu a[href^='story?']").click()
    page.wait_for_url("**/story?**")
    settled(page)
    assert chosen(page) == {"lang": ["fr"], "release": ["0"]}

    page.get_by_test_id("stPageLink").first.click()
    page.wait_for_url(re.compile(r":\d+/\?"))
    settled(page)
    assert chosen(page) == {"lang": ["fr"], "release": ["0"]}


@pytest.mark.heavy
def test_a_language_link_keeps_the_view(page):
    opened(page, "/map?kind=replicated&year=2019&country=FIN")

    page.get_by_role("link", name="Français").click()
    headed(page, "Finlande", level=3)

    assert chosen(settled(page)) == {
        "kind": ["replicated"],
        "year": ["2019"],
        "country": ["FIN"],
        "lang": ["fr"],
    }


@pytest.mark.heavy
def test_a_language_link_follows_a_choice_made_since_the_page_was_opened(page):
    opened(page, "/map")
    kind(page, "Replicated").click()
    page.wait_for_url("**/map?kind=replicated")
    settled(page)

    page.get_by_role("link", name="Español").click()
    page.wait_for_url("**lang=es**")
    settled(page)

    assert chosen(page) == {"kind": ["replicated"], "lang": ["es"]}
    assert marks(page) == of_kind("replicated")


@pytest.mark.heavy
def test_the_menu_opens_the_page_it_stands_on_anew(page):
    opened(page, "/map?lang=en&kind=replicated")

    page.get_by_role("link", name="World map").click()
    page.wait_for_url("**/map?lang=en")
    wait_for_pressed(page, ())

    assert marks(settled(page)) == of_kind()


# Every message between page and server takes 0.4 seconds longer.
SLOW = """const Quick = WebSocket;
window.WebSocket = class extends Quick {
    send(data) { setTimeout(() => super.send(data), 400); }
    set onmessage(heard) { super.onmessage = event => setTimeout(() => heard(event), 400); }
    get onmessage() { return super.onmessage; }
};"""


@pytest.mark.heavy
def test_a_second_click_on_a_slow_network_does_not_undo_the_first(server, browse):
    page = browse(server)
    page.add_init_script(SLOW)
    opened(page, "/map")

    kind(page, "Replicated").click()
    page.get_by_role("radio", name="Tiles").click()  # Before the server has heard of the first.
    page.wait_for_url("**view=tiles*")
    page.locator(".gcs-tile").first.wait_for()

    assert chosen(page) == {"kind": ["replicated"], "view": ["tiles"]}
    wait_for_pressed(page, ("replicated",))


@pytest.mark.heavy
def test_opening_a_page_does_not_change_its_address(page):
    for address in ("/", "/story", "/map", "/methods", "/map?kind=adopted&when=in&year=2019"):
        opened(page, address)
        assert page.url.endswith(address)


@pytest.mark.heavy
def test_every_link_inside_the_dashboard_stays_in_this_tab(page):
    for address in ("/", "/story?story=x-road", "/map?country=FIN", "/map?view=tiles", "/methods"):
        opened(page, address)
        links = (
            page.get_by_test_id("stMain")
            .get_by_role("link")
            .evaluate_all("links => links.map(link => [link.href, link.target])")
        )
        # The page to print is a sheet beside the view, not a step within the dashboard.
        inside = [link for link in links if "localhost" in link[0] and "/print?" not in link[0]]
        assert inside
        assert [href for href, target in inside if target == "_blank"] == []


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A store with a release 1, in which one title differs from the shipped data."""
    place = tmp_path_factory.mktemp("store")
    store = gcs_data.Store(str(place), shipped=ROOT / "data")
    stories = gcs_data.load(store, "stories", 0)
    named = stories["story_id"] == "x-road"
    changed = stories.assign(title=stories["title"].mask(named, "X-Road, renamed today"))
    gcs_data.publish(store, {"stories": changed}, base=0, who="a test", why="a new title")
    return place


@pytest.mark.heavy
def test_an_old_release_opens_as_it_was_says_so_on_every_page_and_leads_back(
    published, serve, browse
):
    page = browse(serve(GCS_STORE=str(published)))
    opened(page, "/story?story=x-road&release=0")

    assert page.get_by_role("heading", level=1).inner_text() == "X-Road secure data exchange"
    bar = page.locator(".st-key-past")
    assert "You are looking at the past: release 0. The newest is release 1." in bar.inner_text()
    for place in ("/?release=0", "/map?release=0", "/methods?release=0"):
        assert "the past: release 0" in opened(page, place).locator(".st-key-past").inner_text()

    opened(page, "/story?story=x-road&genes=all&release=0")
    page.get_by_role("link", name="Go to today").click()
    headed(page, "X-Road, renamed today", level=1)
    settled(page)
    assert chosen(page) == {"story": ["x-road"], "genes": ["all"]}
    assert page.locator(".st-key-past").count() == 0

    opened(page, "/methods")
    assert "a new title" in page.get_by_test_id("stMain").inner_text()
    page.get_by_role("link", name="Release 0").click()
    page.wait_for_url("**?release=0")
    page.locator(".st-key-past").wait_for()
    opened(page, "/story?release=1&story=x-road")
    assert page.locator(".st-key-past").count() == 0
