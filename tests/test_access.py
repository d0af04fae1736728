"""Who sees what on the pages, without a browser."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
import streamlit as st
from signing import add, age
from streamlit.testing.v1 import AppTest

import settings
from server import accounts, session
from server.session import Person
from ui import access

pytestmark = pytest.mark.usefixtures("secrets_folder")
FRAME = settings.ROOT / "ui" / "frame.py"
ANA = Person("Ana [b](c)", frozenset({"staff", "facilitator"}))
BO = Person("Bo", frozenset({"facilitator"}))
EVE = Person("Eve", frozenset())


@pytest.fixture(autouse=True)
def fresh(tmp_path, monkeypatch):
    """Nothing cached from another test's data, and a store of its own."""
    monkeypatch.setenv("GCS_STORE", str(tmp_path / "store"))
    st.cache_resource.clear()
    st.cache_data.clear()
    yield
    st.cache_resource.clear()
    st.cache_data.clear()


def visit(page):
    """A page inside the frame, as the menu and the way in stand on it."""
    app = AppTest.from_file(str(FRAME), default_timeout=180)
    app.run()
    app.switch_page(f"../pages/{page}.py")
    app.run()
    assert not app.exception
    return app


def staff_page():
    """A page that begins as every staff page does."""

    def script():
        import streamlit as st

        from ui import access
        from ui.early import PageDone

        try:
            person = access.require("staff")
            st.title("For staff only")
            st.markdown(person.name)
        except PageDone:
            st.caption("ended")

    return AppTest.from_function(script, default_timeout=180).run()


def title(app):
    (drawn,) = app.title
    return drawn.value


def html(app):
    bodies = [each.proto.body for each in app.get("html")]
    return " ".join(body for body in bodies if not body.startswith("<style>"))


def menu(app):
    return [each.proto.page for each in app.get("page_link")]


def test_a_visitor_finds_a_way_to_sign_in_and_nothing_of_the_page():
    app = staff_page()

    assert title(app) == "Sign in"
    (sentence,) = app.markdown
    assert sentence.value == "This page is for staff who manage the data. Sign in to go on."
    assert 'class="gcs-button" href="./signin?next=' in html(app)
    assert app.caption[0].value == "ended"


def test_staff_see_the_page(monkeypatch):
    monkeypatch.setattr(access, "who", lambda: ANA)

    app = staff_page()

    assert title(app) == "For staff only"
    assert app.markdown[0].value == ANA.name
    assert len(app.caption) == 0


def test_a_visitor_whose_sign_in_is_over_is_told_when_that_happens(monkeypatch):
    monkeypatch.setattr(access, "_cookie", lambda: "an old one")

    (sentence,) = staff_page().markdown

    assert "You are no longer signed in: that ends after 60 minutes without" in sentence.value


def test_staff_have_their_pages_in_the_menu_and_a_way_out(monkeypatch):
    monkeypatch.setattr(access, "who", lambda: ANA)

    app = visit("methods")

    assert "manage" in menu(app)
    assert '<form class="gcs-signed-in" method="post" action="./signout?next=' in html(app)
    assert '<span class="gcs-soft">Ana [b](c)</span>' in html(app)


@pytest.mark.parametrize("person", [BO, EVE])
def test_whoever_has_not_the_role_is_told_so_by_name_and_sees_nothing_else(monkeypatch, person):
    monkeypatch.setattr(access, "who", lambda: person)

    app = staff_page()

    assert title(app) == "Not for this account"
    assert f"You are signed in as {person.name}, who is not on its list." in app.markdown[0].value
    assert "gcs-button" not in html(app)
    assert app.caption[0].value == "ended"
    assert "manage" not in menu(visit("methods"))


def test_the_menu_of_a_visitor_has_no_page_and_no_way_out_that_is_not_theirs():
    app = visit("overview")

    assert "manage" not in menu(app)
    assert "gcs-signed-in" not in html(app)
    assert "gcs-button" not in html(app)


def test_methods_end_with_the_way_in_for_those_who_are_not(monkeypatch):
    outside = visit("methods")
    monkeypatch.setattr(access, "who", lambda: BO)
    inside = visit("methods")

    assert outside.header[-1].value == "For staff"
    assert 'href="./signin?next=' in html(outside)
    assert "For staff" not in [each.value for each in inside.header]


def test_the_way_in_comes_back_to_this_very_view_in_this_language(monkeypatch):
    monkeypatch.setattr(access, "st", Context(url="https://gcs.example.org/prefix/manage"))

    def link_for(**query):
        access.st.query_params = Query(query)
        monkeypatch.setattr(access, "carried", lambda **more: {"lang": "fr"} | more)
        return urlsplit(access._address("signin"))

    address = link_for(lang=["fr"], file=["a b&c", "é"])

    assert address.path == "./signin"
    assert parse_qs(address.query) == {
        "lang": ["fr"],
        "next": ["/manage?lang=fr&file=a+b%26c&file=%C3%A9"],
    }


class Query(dict):
    get_all = dict.__getitem__


class Context:
    """What a page knows of its visitor, as `st` tells it."""

    def __init__(self, url=None, cookies=None, address="localhost", user=None, secrets=None):
        self.context = type("", (), {"url": url, "cookies": cookies or {}})()
        self.user = type("", (), {"to_dict": lambda self: user or {}})()
        self.secrets = secrets or {}
        self.address = address

    def get_option(self, name):
        assert name == "server.address"
        return self.address


def test_still_asks_again_each_time(monkeypatch, secrets_folder):
    add()
    cookie = session.begin(accounts.load()["ana"])
    monkeypatch.setattr(access, "st", Context(cookies={session.COOKIE: cookie}))

    before = access.still("staff").name
    age(secrets_folder, 61 * 60)
    idle = access.still("staff")
    age(secrets_folder, 0)
    back = access.still("staff").name
    accounts.remove("Ana")

    assert (before, idle, back) == ("Ana", None, "Ana")
    assert access.still("staff") is None


def test_a_role_that_was_taken_away_is_gone_at_the_next_question(monkeypatch):
    people = iter([ANA, BO, EVE])
    monkeypatch.setattr(access, "who", lambda: next(people))

    assert [access.still("staff") for _ in range(3)] == [ANA, None, None]


def test_a_sign_in_by_the_link_is_for_a_server_on_this_machine(monkeypatch):
    cookie = {session.COOKIE: session.begin(None)}

    monkeypatch.setattr(access, "st", Context(cookies=cookie))
    assert access.who().may("staff")
    monkeypatch.setattr(access, "st", Context(cookies=cookie, address="0.0.0.0"))
    assert access.who() is None


# A provider


def claims(**changed):
    said = {"is_logged_in": True, "iss": "https://login.example", "sub": "1", "nonce": "n"}
    said |= {"iat": int(time.time()), "name": "Ana", "email": "ana@a.org", "email_verified": True}
    return said | changed


def by_provider(monkeypatch, **changed):
    context = Context(user=claims(**changed), secrets={"auth": {"client_id": "gcs"}})
    monkeypatch.setattr(access, "st", context)
    return access.who()


def test_whom_a_provider_vouches_for_has_the_role_of_the_list(monkeypatch):
    monkeypatch.setenv("GCS_STAFF", "@a.org")

    assert by_provider(monkeypatch) == Person("Ana", frozenset({"staff", "facilitator"}))
    assert by_provider(monkeypatch, email_verified=False) == Person("Ana", frozenset())
    assert by_provider(monkeypatch, name=None) == Person("ana@a.org", ANA.roles)


def test_without_a_list_nobody_has_a_role(monkeypatch):
    assert by_provider(monkeypatch) == Person("Ana", frozenset())


def test_our_own_cookie_counts_for_nothing_where_a_provider_is_set_up(monkeypatch):
    add()
    cookies = {session.COOKIE: session.begin(accounts.load()["ana"])}
    monkeypatch.setattr(
        access, "st", Context(cookies=cookies, secrets={"auth": {"client_id": "gcs"}})
    )

    assert access.who() is None


@pytest.mark.parametrize("changed", [{"is_logged_in": False}, {"iat": None}, {"iat": "now"}])
def test_a_provider_s_word_without_a_sign_in_or_its_time_is_nobody(monkeypatch, changed):
    assert by_provider(monkeypatch, **changed) is None


def test_a_provider_s_sign_in_ends_when_idle_and_does_not_begin_again(monkeypatch, secrets_folder):
    began = int(time.time()) - 3000  # Fifty minutes: the browser kept Streamlit's own cookie.
    assert by_provider(monkeypatch, iat=began).name == "Ana"

    age(secrets_folder, 61 * 60)

    assert by_provider(monkeypatch, iat=began) is None
    assert by_provider(monkeypatch, iat=int(time.time()) - 61 * 60) is None
    assert by_provider(monkeypatch, iat=began + 1).name == "Ana"


def test_signing_out_ends_a_provider_s_sign_in_in_every_tab(monkeypatch):
    said = claims()
    assert by_provider(monkeypatch, **said).name == "Ana"
    left = []
    access.st.logout = lambda: left.append(True)

    access._leave_provider()

    assert left == [True]
    assert by_provider(monkeypatch, **said) is None


def test_a_secrets_file_that_cannot_be_read_lets_nobody_in_and_stops_the_start(monkeypatch):
    class Damaged:
        def get(self, name, default):
            error = FileNotFoundError()
            error.error_id = "failed-parsing-secrets-file"
            raise error

    add()
    cookies = {session.COOKIE: session.begin(accounts.load()["ana"])}
    monkeypatch.setattr(access, "st", Context(cookies=cookies, secrets=Damaged()))

    assert access.who() is None
    with pytest.raises(settings.SettingError, match="secrets file cannot be read"):
        access.door()
