"""The one-time link for whoever runs the dashboard on their own machine."""

import pytest
import signing
from signing import Clock, Visitor, add, printed

from server import link, session

pytestmark = pytest.mark.usefixtures("secrets_folder")


def test_the_link_gives_both_roles_once_and_leads_back():
    door, visitor = signing.server()
    address = printed(door.greeting("http://localhost:8501"))
    visitor.get("/signin?next=%2Fmanage%3Fx%3D1")

    first = visitor.get(address)
    second = Visitor(visitor.app).get(address)

    person = session.person(visitor.cookies[session.COOKIE], here=True)
    assert (first.status, first.headers["location"]) == (303, "../../manage?x=1")
    assert person.roles == {"staff", "facilitator"}
    assert second.status == 403
    assert "does not work, or no longer" in second.text


def test_without_a_way_back_the_link_leads_to_the_staff_page():
    door, visitor = signing.server()

    answer = visitor.get(printed(door.greeting("http://localhost:8501")))

    assert answer.headers["location"] == "../../manage"


def test_a_browser_that_only_looks_ahead_does_not_use_the_link_up():
    door, visitor = signing.server()
    address = printed(door.greeting("http://localhost:8501"))

    assert visitor.ask("HEAD", address, b"", {}).status == 403
    assert visitor.get(address, sec_purpose="prefetch;prerender").status == 403
    assert visitor.get(address).status == 303


def test_the_link_expires():
    clock = Clock()
    door, visitor = signing.server(link=link.Link(clock=clock))
    address = printed(door.greeting("http://localhost:8501"))

    clock.now += link.MINUTES * 60

    assert visitor.get(address).status == 403


@pytest.mark.parametrize("token", ["", "x", "é", "%00", "A" * 43])
def test_a_guessed_link_lets_nobody_in(token):
    door, visitor = signing.server()
    door.greeting("http://localhost:8501")

    assert visitor.get(f"/signin/link/{token}").status in (403, 404)
    assert visitor.cookies == {}


@pytest.mark.parametrize(
    ("here", "sent"),
    [
        ({"client": "10.0.0.7"}, {}),
        ({"client": "testclient"}, {}),
        ({"host": "gcs.example.org"}, {}),
        ({"host": "localhost.evil.example:8501"}, {}),
        ({"host": "localhost:8501@evil.example"}, {}),
        ({"host": ""}, {}),
        ({}, {"x_forwarded_for": "127.0.0.1"}),
        ({}, {"forwarded": "for=127.0.0.1"}),
        ({}, {"x_real_ip": "127.0.0.1"}),
        ({}, {"via": "1.1 proxy"}),
    ],
)
def test_the_link_works_from_this_machine_only_and_through_no_proxy(here, sent):
    door, visitor = signing.server()
    address = printed(door.greeting("http://localhost:8501"))
    far = Visitor(visitor.app, **here)

    assert far.get(address, **sent).status == 403
    assert "Nobody can sign in on this server yet." in far.get("/signin", **sent).text
    assert visitor.get(address).status == 303


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1:8501", "[::1]:8501"])
def test_this_machine_has_several_names(host):
    door, visitor = signing.server()
    near = Visitor(visitor.app, host=host, client="::1")

    assert near.get(printed(door.greeting("http://localhost:8501"))).status == 303


@pytest.mark.parametrize("address", [None, "", "0.0.0.0", "::", "192.168.1.5"])
def test_a_server_that_others_can_reach_prints_no_link_and_honours_none(address):
    at_home, visitor = signing.server()
    visitor.get(printed(at_home.greeting("http://localhost:8501")))
    cookie = visitor.cookies[session.COOKIE]
    door, other = signing.server(address)

    assert door.greeting("http://localhost:8501") == ""
    assert "Nobody can sign in on this server yet." in other.get("/signin").text
    assert session.person(cookie, here=door.here) is None


def test_the_link_and_who_came_by_it_are_gone_as_soon_as_there_is_an_account():
    door, visitor = signing.server()
    visitor.get(printed(door.greeting("http://localhost:8501")))
    address = printed(door.link.sentence("http://localhost:8501"))
    assert session.person(visitor.cookies[session.COOKIE], here=True).may("staff")

    add()

    assert Visitor(visitor.app).get(address).status == 403
    assert session.person(visitor.cookies[session.COOKIE], here=True) is None
    assert door.greeting("http://localhost:8501") == ""
    assert '<input id="password"' in visitor.get("/signin").text


def test_a_new_link_is_printed_where_the_server_was_started_and_not_shown():
    said, clock = [], Clock()
    door, visitor = signing.server(link=link.Link(say=said.append, clock=clock))
    old = printed(door.greeting("http://localhost:8501"))
    clock.now += 6

    page = visitor.post("/signin")
    visitor.post("/signin")

    assert "A new link has been printed." in page.text
    assert len(said) == 1
    assert printed(said[0]) not in page.text
    assert visitor.get(old).status == 403
    assert visitor.get(printed(said[0])).status == 303


def test_nobody_has_a_new_link_printed_from_elsewhere():
    said = []
    _, visitor = signing.server(link=link.Link(say=said.append))

    Visitor(visitor.app, client="10.0.0.7").post("/signin")

    assert said == []


def test_a_link_is_not_in_what_is_printed_of_the_door():
    door, _ = signing.server()

    token = printed(door.greeting("http://localhost:8501")).rpartition("/")[2]

    assert token not in repr(door)
