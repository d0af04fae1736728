"""Passwords, and the command that keeps accounts."""

import io
import json
import os
import stat

import pytest
import signing
from signing import PASSWORD, add

from server import accounts, passwords, session
from server.accounts import AccountsError

pytestmark = pytest.mark.usefixtures("secrets_folder")


# Passwords


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("eleven char", "A password has at least 12 characters; a few words do very well."),
        ("x" * 1001, "A password has at most 1000 characters."),
        ("abababababab", "This password repeats itself; use more different characters."),
        ("I am marie-claire", "A password must not hold the name."),
        ("Passw0rd!2345", "This password is one of the first that anybody tries."),
        ("P@ssword-2026!", "This password is one of the first that anybody tries."),
        ("changeme12345", "This password is one of the first that anybody tries."),
        ("passwordPASSWORD", "This password is one of the first that anybody tries."),
        ("correct horse battery staple", "This password is one of the first that anybody tries."),
        ("0987654321098", "This password is one of the first that anybody tries."),
        ("qwertyuiopas", "This password is one of the first that anybody tries."),
    ],
)
def test_a_weak_password_is_refused_and_nothing_is_written(password, sentence, secrets_folder):
    with pytest.raises(AccountsError) as refusal:
        accounts.add("Marie-Claire", "staff", password)

    assert str(refusal.value) == sentence
    assert not (secrets_folder / "accounts.json").exists()


@pytest.mark.parametrize("password", ["three brown owls", "ßäöü ßäöü ßäöü ok", "k8#mQz!v2Lw@x"])
def test_a_few_words_or_a_drawn_password_are_taken(password):
    assert passwords.weakness(password, "Ana") is None


def test_a_password_is_right_however_its_accents_are_composed():
    stored = passwords.kept("caf\u00e9 cr\u00e8me noir")

    assert passwords.is_right("cafe\u0301 cre\u0300me noir", stored)
    assert not passwords.is_right("cafe creme noir", stored)


def test_two_accounts_with_one_password_keep_different_hashes():
    assert passwords.kept(PASSWORD) != passwords.kept(PASSWORD)


# The command


def command(monkeypatch, *words, typed=""):
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    return accounts.main(words)


def test_the_command_adds_lists_changes_and_removes(monkeypatch, capsys, secrets_folder):
    assert command(monkeypatch, "add", "Ana", "--role", "staff", "--stdin", typed=PASSWORD) == 0
    assert (
        command(monkeypatch, "add", "Bo", "--role", "facilitator", "--stdin", typed=PASSWORD) == 0
    )
    assert (
        command(monkeypatch, "add", "ANA", "--role", "facilitator", "--stdin", typed=PASSWORD) == 0
    )
    assert command(monkeypatch, "list") == 0
    assert command(monkeypatch, "remove", "ana") == 0
    assert command(monkeypatch, "remove", "ana") == 1

    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "Added: Ana, staff.",
        "Added: Bo, facilitator.",
        "Changed: ANA, facilitator.",
        "ANA\tfacilitator",
        "Bo\tfacilitator",
        "Removed: ana.",
    ]
    assert said.err == "There is no account called “ana”.\n"
    assert list(accounts.load()) == ["bo"]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps other people out by other means")
def test_accounts_and_key_are_for_the_server_alone_and_hold_no_password(secrets_folder):
    add()
    session.prepare()

    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode)
        for path in (secrets_folder, *secrets_folder.iterdir())
    }
    assert modes == {"secrets": 0o700, "accounts.json": 0o600, "cookie.key": 0o600}
    assert not any(PASSWORD in path.read_text() for path in secrets_folder.iterdir())


def test_a_password_is_typed_twice_the_same_or_not_taken(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    answers = iter([PASSWORD, PASSWORD + "!"])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(answers))
    monkeypatch.setattr("sys.stdin", type("Keyboard", (), {"isatty": lambda self: True})())

    assert accounts.main(["add", "Ana", "--role", "staff"]) == 1
    assert capsys.readouterr().err == "The two are not the same. Nothing was changed.\n"


def test_without_a_keyboard_the_command_does_not_wait_for_one(monkeypatch, capsys):
    assert command(monkeypatch, "add", "Ana", "--role", "staff", typed=PASSWORD) == 1
    assert "--stdin" in capsys.readouterr().err


def test_a_change_waits_for_nobody_but_gets_past_one_that_was_cut_short(secrets_folder):
    add("Bo")
    lock = secrets_folder / "accounts.changing"
    lock.touch()
    with pytest.raises(AccountsError, match="Somebody else"):
        add()

    os.utime(lock, (0, 0))
    add()

    assert sorted(accounts.load()) == ["ana", "bo"]
    assert not lock.exists()


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "a\u202eb", "a\nb\x00"])
def test_a_name_that_cannot_be_read_is_refused(name):
    with pytest.raises(AccountsError, match="A name has"):
        accounts.add(name, "staff", PASSWORD)


DAMAGED = ["", "{", "[]", '{"accounts": [{"name": "Ana"}]}', '{"accounts": 3}']
DAMAGED += ['{"accounts": [{"name": "Ana", "role": "staff", "password": "three brown owls"}]}']
DAMAGED += [f'{{"accounts": [{{"name": "A", "role": "owner", "password": "{passwords.NOBODY}"}}]}}']


@pytest.mark.parametrize("text", DAMAGED)
def test_damaged_accounts_let_nobody_in_and_do_not_bring_the_link_back(secrets_folder, text):
    secrets_folder.mkdir()
    (secrets_folder / "accounts.json").write_text(text)
    door, visitor = signing.server()

    with pytest.raises(AccountsError):
        accounts.load()
    assert door.greeting("http://localhost:8501") == ""
    assert "Nobody can sign in on this server yet." in visitor.get("/signin").text


def test_accounts_are_written_as_json_that_a_person_can_read(secrets_folder):
    add("Zoë Müller", "facilitator")

    (row,) = json.loads((secrets_folder / "accounts.json").read_text())["accounts"]

    assert (row["name"], row["role"]) == ("Zoë Müller", "facilitator")
