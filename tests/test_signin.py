"""The page to sign in on, what slows guessing down, and the way back."""

import hashlib

import pytest
import signing
from signing import PASSWORD, Clock, Visitor, add, served

import settings
from server import accounts, backoff, passwords, session, way_back
from server.backoff import Backoff
from server.origins import SameOrigin

pytestmark = pytest.mark.usefixtures("secrets_folder")


# Back-off


def test_five_wrong_tries_are_free_then_each_doubles_the_wait_up_to_ten_minutes():
    clock = Clock()
    slow, waits = Backoff(clock), []
    for _ in range(15):
        waits.append(slow.wait("name", "address"))
        clock.now += waits[-1]
        slow.count("name", "address")

    assert waits == [0, 0, 0, 0, 0, 5, 10, 20, 40, 80, 160, 320, 600, 600, 600]


def test_tries_are_forgotten_an_hour_after_the_last():
    clock = Clock()
    slow = Backoff(clock)
    for _ in range(20):
        slow.count("name")

    clock.now += 3600

    assert slow.wait("name") == 0


def test_a_right_password_gives_the_name_all_tries_back_and_the_address_one():
    slow = Backoff(Clock())
    for _ in range(6):
        slow.count("name", "address")

    slow.right("name", "address")

    assert slow.wait("name") == 0
    assert slow.wait("address") == 5


def test_a_flood_of_names_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(backoff, "KEPT", 3)
    slow = Backoff(Clock())
    for number in range(10):
        slow.count(str(number))

    assert list(slow._tries) == ["7", "8", "9"]


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("testclient", "testclient"),
    ],
)
def test_an_address_is_counted_with_its_household(host, counted):
    assert backoff.network(host) == counted


# Signing in with an account


def test_the_right_password_leads_back_to_the_page_with_a_cookie_for_the_server_alone():
    add()
    _, visitor = signing.server()

    answer = visitor.sign_in("ana", address="/signin?next=%2Fmanage%3Fx%3D1%26lang%3Dfr")

    cookie = answer.set_cookies[session.COOKIE]
    assert (answer.status, answer.headers["location"]) == (303, "./manage?x=1&lang=fr")
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "lax", "/")
    assert cookie["secure"] == ""
    assert session.person(cookie.value, here=True) == session.Person(
        "Ana", frozenset({"staff", "facilitator"})
    )


@pytest.mark.parametrize(
    ("scheme", "sent", "secure"),
    [
        ("https", {}, True),
        ("http", {"x_forwarded_proto": "https"}, True),
        ("http", {"x_forwarded_proto": "https, http"}, True),
        ("http", {"x_forwarded_proto": "http"}, ""),
    ],
)
def test_the_cookie_stays_on_https_where_the_visitor_uses_it(scheme, sent, secure):
    add()
    _, visitor = signing.server()
    visitor.scheme = scheme
    body = f"name=ana&password={PASSWORD.replace(' ', '+')}".encode()

    answer = visitor.ask("POST", "/signin", body, sent)

    assert answer.set_cookies[session.COOKIE]["secure"] == secure


@pytest.mark.parametrize(
    ("name", "password"), [("ana", "wrong"), ("nobody", PASSWORD), ("", ""), ("ana", "")]
)
def test_wrong_name_and_wrong_password_look_the_same(name, password):
    add()
    _, visitor = signing.server()

    answer = visitor.sign_in(name, password)

    assert answer.status == 403
    assert answer.text.count("The name or the password is wrong.") == 1
    assert session.COOKIE not in visitor.cookies


def test_an_unknown_name_costs_as_much_as_a_known_one(monkeypatch):
    monkeypatch.undo()  # The real figures, for this one.
    monkeypatch.setenv("GCS_SECRETS", str(settings.ROOT / "none"))
    worked, done = [], hashlib.scrypt
    monkeypatch.setattr(
        "hashlib.scrypt", lambda typed, **how: worked.append(how) or done(typed, **how)
    )
    stored = passwords.kept(PASSWORD)

    assert not passwords.is_right("wrong", stored)
    assert not passwords.is_right("wrong", passwords.NOBODY)

    _, known, unknown = ({**how, "salt": len(how["salt"])} for how in worked)
    assert known == unknown
    assert (known["n"], known["r"], known["p"]) == (2**15, 8, 3)


def test_every_try_checks_exactly_one_hash(monkeypatch):
    add()
    _, visitor = signing.server()
    checked = []
    monkeypatch.setattr(passwords, "is_right", lambda typed, stored: checked.append(stored))

    for name in ("ana", "nobody"):
        visitor.sign_in(name, "wrong")

    assert checked == [accounts.load()["ana"].password, passwords.NOBODY]


def test_the_right_password_works_after_the_wait_and_not_before():
    add()
    clock = Clock()
    _, visitor = signing.server(slow=Backoff(clock))
    assert [visitor.sign_in("ana", "wrong").status for _ in range(6)] == [403] * 5 + [429]

    during = visitor.sign_in("ana")
    clock.now += 5
    after = visitor.sign_in("ana")

    assert (during.status, during.headers["retry-after"]) == (429, "5")
    assert "Too many wrong tries. Try again in 5 seconds." in during.text
    assert session.COOKIE not in during.set_cookies
    assert (after.status, session.COOKIE in after.set_cookies) == (303, True)


def test_one_address_cannot_try_many_names_nor_many_addresses_one_name():
    add()
    door, visitor = signing.server(slow=Backoff(Clock()))
    for number in range(5):
        visitor.sign_in(f"name {number}", "wrong")
    elsewhere = [Visitor(served(door), client=f"10.0.0.{number}") for number in range(6)]
    from_many = [each.sign_in("ANA ", "wrong").status for each in elsewhere]

    assert visitor.sign_in("ana").status == 429
    assert from_many == [403] * 5 + [429]


def test_tries_at_the_same_moment_are_counted_before_they_are_checked(monkeypatch):
    add()
    door, visitor = signing.server(slow=Backoff(Clock()))
    seen = []
    keys = ("name ana", "address 127.0.0.1")
    for _ in range(4):
        door.slow.count(*keys)
    monkeypatch.setattr(
        passwords, "is_right", lambda typed, stored: seen.append(door.slow.wait(*keys))
    )

    visitor.sign_in("ana", "wrong")

    assert seen == [5]


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"x" * 9000, 413), (b"a=1&" * 20, 400), (b"\xff\xfe", 400), (b"name=ana", 403), (b"", 403)],
)
def test_a_body_that_no_form_sends_is_answered_and_lets_nobody_in(body, status):
    add()
    _, visitor = signing.server()

    assert visitor.ask("POST", "/signin", body, {}).status == status
    assert visitor.cookies == {}


def test_another_site_cannot_send_the_form():
    add()
    door, _ = signing.server()
    visitor = Visitor(SameOrigin(served(door)))
    body = f"name=ana&password={PASSWORD.replace(' ', '+')}".encode()

    for origin in ("https://evil.example", "null", "http://localhost:9999"):
        assert visitor.ask("POST", "/signin", body, {"origin": origin}).status == 403
    assert visitor.cookies == {}
    assert visitor.ask("POST", "/signin", body, {"origin": "http://localhost:8501"}).status == 303


# The page


def test_the_page_needs_no_script_and_nothing_from_elsewhere():
    add()
    _, visitor = signing.server()

    answer = visitor.get('/signin?next=/manage&x="><script>alert(1)</script>')

    policy = answer.headers["content-security-policy"].split("; ")
    assert policy[0] == "default-src 'none'"
    assert {"form-action 'self'", "frame-ancestors 'none'"} <= set(policy)
    assert answer.headers["cache-control"] == "no-store"
    assert "<script" not in answer.text
    assert "http" not in answer.text.replace("http-equiv", "")
    assert '<a href="./manage">Back to the pages</a>' in answer.text


def test_a_typed_name_comes_back_as_text():
    add()
    _, visitor = signing.server()

    answer = visitor.sign_in('"><b>Bo', "wrong")

    assert 'value="&quot;&gt;&lt;b&gt;Bo"' in answer.text


@pytest.mark.parametrize(
    ("address", "accepted", "language"),
    [
        ("/signin?lang=es", "fr", "es"),
        ("/signin", "fr-CA,en;q=0.5", "fr"),
        ("/signin", "de, es;q=0.4, fr;q=0.9", "fr"),
        ("/signin", "fr;q=0, es;q=x, de", "en"),
        ("/signin?lang=de", "es", "es"),
        ("/signin", "", "en"),
    ],
)
def test_the_page_speaks_the_language_of_the_address_else_of_the_browser(
    address, accepted, language
):
    _, visitor = signing.server()

    answer = visitor.get(address, accept_language=accepted)

    assert f'<html lang="{language}">' in answer.text


def test_whoever_is_signed_in_finds_the_way_out_there():
    add()
    _, visitor = signing.server()
    visitor.sign_in("ana")

    page = visitor.get("/signin?next=/map").text

    assert "You are signed in as Ana." in page
    assert '<form method="post" action="signout?next=/map">' in page


# The way back


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/manage",
        "/map?kind=replicated&year=2020",
        "/story?story=x-road&lang=fr&next=//evil.example",
        "/stories?q=%C3%A9cole%2F",
    ],
)
def test_a_page_of_ours_is_the_way_back(address):
    assert way_back.page(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/%2fevil.example",
        "/%2Fevil.example",
        "/%5cevil.example",
        "/%252f%252fevil.example",
        "/%09/evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/manage\r\nSet-Cookie: a=b",
        "/manage?x=\r\nSet-Cookie: a=b",
        "/manage?x=\\evil",
        "/manage\x00",
        "/manage\n",
        "https://evil.example",
        "HTTPS:/evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "evil.example",
        "manage",
        "./manage",
        "/../manage",
        "/.evil",
        "/@evil.example",
        "/evil.example",
        "/manage/x",
        "/manage#//evil.example",
        "/ｍanage",
        "/signin",
        "/signout?x=1",
        "/manage?" + "x" * 2000,
        "",
        " /manage",
    ],
)
def test_nothing_else_is_the_way_back(address):
    _, visitor = signing.server()
    add()
    quoted = "".join(f"%{byte:02x}" for byte in address.encode())

    assert way_back.page(address) == "/"
    assert visitor.sign_in("ana", address=f"/signin?next={quoted}").headers["location"] == "./"
