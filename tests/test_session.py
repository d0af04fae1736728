"""The cookie: whom it stands for, and when it no longer does."""

import os
import re
import time

import pytest
import signing
from signing import add, age

import settings
from server import accounts, session

pytestmark = pytest.mark.usefixtures("secrets_folder")


def signed_in(name="Ana"):
    return session.begin(accounts.load()[name.casefold()])


def test_forged_and_truncated_cookies_stand_for_nobody():
    add()
    cookie = signed_in()
    first = "A" if cookie[0] != "A" else "B"
    body, stamp, signature = cookie.rsplit(".", 2)
    forged = [cookie[:-1], cookie[1:], first + cookie[1:], cookie + "A", f"{body}.{stamp}.", body]
    forged += ["x", "..", "é", "null", f"{body}.{signature}", "[]", "A" * 5000]

    assert session.person(cookie, here=True).name == "Ana"
    assert [session.person(each, here=True) for each in forged] == [None] * len(forged)


def test_a_cookie_of_another_server_s_key_stands_for_nobody(secrets_folder):
    add()
    cookie = signed_in()

    (secrets_folder / "cookie.key").write_text("0123456789abcdef" * 4)

    assert session.person(cookie, here=True) is None


def test_a_changed_password_ends_the_sign_ins_made_with_the_old_one_even_if_it_is_the_same():
    add()
    cookie = signed_in()

    add()

    assert session.person(cookie, here=True) is None


def test_a_removed_account_has_no_role_at_once_and_a_namesake_is_somebody_else():
    add()
    add("Bo")
    cookie = signed_in()

    accounts.remove("Ana")
    removed = session.person(cookie, here=True)
    add()

    assert removed is None
    assert session.person(cookie, here=True) is None


def test_a_facilitator_does_not_manage_data():
    add(role="facilitator")

    person = session.person(signed_in(), here=True)

    assert (person.may("facilitator"), person.may("staff")) == (True, False)


def test_an_idle_sign_in_ends_and_a_used_one_slides(secrets_folder, monkeypatch):
    monkeypatch.setenv("GCS_IDLE_MINUTES", "30")
    add()
    cookie = signed_in()

    age(secrets_folder, 29 * 60)
    used = session.person(cookie, here=True)
    age_after = time.time() - next((secrets_folder / "sessions").iterdir()).stat().st_mtime
    age(secrets_folder, 31 * 60)

    assert used.name == "Ana"
    assert age_after < 60
    assert session.person(cookie, here=True) is None
    assert session.person(cookie, here=True) is None


def test_even_a_busy_sign_in_ends_with_the_day(secrets_folder, monkeypatch):
    add()
    cookie, real = signed_in(), time.time

    monkeypatch.setattr("time.time", lambda: real() + session.LONGEST + 1)
    for path in (secrets_folder / "sessions").iterdir():
        os.utime(path, (time.time(), time.time()))

    assert session.person(cookie, here=True) is None


def test_signing_out_ends_it_in_every_tab():
    add()
    _, visitor = signing.server()
    visitor.sign_in("ana")
    other_tab = visitor.cookies[session.COOKIE]

    answer = visitor.post("/signout?next=%2Fmap%3Fkind%3Dadopted")

    assert (answer.status, answer.headers["location"]) == (303, "./map?kind=adopted")
    assert visitor.cookies == {}
    assert session.person(other_tab, here=True) is None


def test_looking_at_the_sign_out_address_signs_nobody_out():
    add()
    _, visitor = signing.server()
    visitor.sign_in("ana")

    visitor.get("/signout")

    assert session.person(visitor.cookies[session.COOKIE], here=True).name == "Ana"


def test_what_no_cookie_can_name_any_more_is_swept_and_the_rest_is_not(secrets_folder):
    add()
    old = signed_in()
    age(secrets_folder, session.LONGEST + 1000)

    new = signed_in()

    assert len(list((secrets_folder / "sessions").iterdir())) == 1
    assert session.person(old, here=True) is None
    assert session.person(new, here=True).name == "Ana"


@pytest.mark.parametrize("text", ["", "secret", "0" * 64, "changeme" * 8])
def test_a_key_that_was_not_drawn_stops_the_start(secrets_folder, text):
    secrets_folder.mkdir()
    (secrets_folder / "cookie.key").write_text(text)

    with pytest.raises(settings.SettingError, match="Delete that file"):
        session.prepare()


def test_the_key_is_drawn_once(secrets_folder):
    assert session.prepare()
    first = (secrets_folder / "cookie.key").read_text()
    assert session.prepare()

    assert re.fullmatch("[0-9a-f]{64}", first)
    assert (secrets_folder / "cookie.key").read_text() == first


def test_a_folder_that_cannot_be_written_stops_nothing_but_signing_in(
    tmp_path, monkeypatch, caplog
):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GCS_SECRETS", str(tmp_path / "file" / "secrets"))

    can = session.prepare()
    door, visitor = signing.server(can=can)

    assert not can
    assert door.greeting("http://localhost:8501") == ""
    assert "Nobody can sign in on this server yet." in visitor.get("/signin").text
    assert session.person("a cookie", here=True) is None
    assert "Nobody can sign in" in caplog.text
