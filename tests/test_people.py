"""The table of names: who is forgotten is forgotten for good."""

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from gcs_data import people
from gcs_data.people import People
from gcs_data.pseudonym import is_pseudonym

ROOT = Path(__file__).parent.parent
AMINA, RENE = "Amina Odhiambo", "René"


@pytest.fixture
def table(tmp_path):
    return People(tmp_path / "people")


def test_a_name_gets_a_pseudonym_and_keeps_it(table):
    first = table.remember([AMINA, RENE])

    assert all(is_pseudonym(one) for one in first.values())
    assert first[AMINA] != first[RENE]
    assert table.remember([AMINA]) == {AMINA: first[AMINA]}
    assert People(table.folder).remember([RENE]) == {RENE: first[RENE]}


def test_case_spaces_and_accent_composition_make_no_other_person(table):
    found = table.remember([AMINA, " AMINA  odhiambo", "Rene\u0301", RENE])

    assert len(set(found.values())) == 2
    assert table.names() == [AMINA, "Rene\u0301"]


def test_the_same_name_has_another_pseudonym_elsewhere(table, tmp_path):
    # Nobody who has one table can work out what another one says.
    assert table.remember([AMINA]) != People(tmp_path / "other").remember([AMINA])


def test_a_person_who_was_forgotten_and_comes_back_is_a_new_person(table):
    before = table.remember([AMINA, RENE])

    assert table.forget("amina  ODHIAMBO")
    assert table.names() == [RENE]
    after = table.remember([AMINA, RENE])

    assert after[AMINA] != before[AMINA]
    assert after[RENE] == before[RENE]


def test_forgetting_somebody_who_is_not_there_says_so_and_makes_no_table(table):
    assert not table.forget(AMINA)
    assert not table.folder.exists()
    table.remember([RENE])
    assert not table.forget(AMINA)
    assert table.names() == [RENE]


def test_nothing_of_a_forgotten_person_is_left_in_the_folder(table):
    pseudonym = table.remember([AMINA, RENE])[AMINA]
    with sqlite3.connect(table.folder / people.FILE) as opened:
        (key,) = opened.execute("SELECT key FROM people WHERE name = ?", (AMINA,)).fetchone()
    opened.close()
    assert any(AMINA.encode() in path.read_bytes() for path in table.folder.iterdir())

    table.forget(AMINA)

    for path in table.folder.iterdir():
        for trace in (AMINA.encode(), b"amina", pseudonym.encode(), key):
            assert trace not in path.read_bytes()


def test_a_preview_gives_known_people_theirs_and_keeps_nothing_of_others(table):
    known = table.remember([AMINA])
    shown = table.preview([AMINA, RENE])

    assert shown[AMINA] == known[AMINA]
    assert is_pseudonym(shown[RENE])
    assert table.preview([RENE]) == {RENE: shown[RENE]}
    assert table.names() == [AMINA]


def test_a_preview_makes_no_table(table):
    assert is_pseudonym(table.preview([AMINA])[AMINA])
    assert table.names() == []
    assert not table.folder.exists()


def test_no_names_make_no_table(table):
    assert table.remember([]) == {}
    assert not table.folder.exists()


def test_passing_pseudonyms_are_the_same_for_one_person_and_new_each_time():
    once, again = people.passing([AMINA, AMINA.upper()]), people.passing([AMINA])

    assert once[AMINA] == once[AMINA.upper()] != again[AMINA]


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
def test_only_its_owner_can_read_the_table_whatever_the_umask(table):
    old = os.umask(0)
    try:
        table.remember([AMINA])
        os.chmod(table.folder / people.FILE, 0o644)
        table.remember([RENE])
    finally:
        os.umask(old)

    assert stat.S_IMODE((table.folder / people.FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(table.folder.stat().st_mode) == 0o700


def test_a_name_with_hostile_text_is_only_a_name(table):
    hostile = "Robert'); DROP TABLE people;--\x00\n=1+1"

    assert table.remember([hostile]) == table.remember([hostile])
    assert len(table.names()) == 1
    assert table.forget(hostile)


def test_neither_a_table_nor_its_errors_show_names(table):
    table.preview([AMINA])

    assert "Amina" not in repr(table)
    (table.folder).mkdir()
    (table.folder / people.FILE).write_bytes(b"no table at all, " * 100)
    with pytest.raises(sqlite3.DatabaseError) as caught:
        table.remember([AMINA])
    assert "Amina" not in repr(caught.value)


def test_two_who_write_at_once_agree_on_every_person(tmp_path):
    shared = [f"Person {n}" for n in range(40)]
    remember = "import sys; from gcs_data.people import People; from pathlib import Path\n"
    remember += "People(Path(sys.argv[1])).remember(sys.argv[2:])"
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", remember, str(tmp_path), *shared, f"Only {writer}"], cwd=ROOT
        )
        for writer in range(2)
    ]

    assert [writer.wait(timeout=180) for writer in writers] == [0, 0]
    assert sorted(People(tmp_path).names()) == sorted([*shared, "Only 0", "Only 1"])
    assert len(set(People(tmp_path).remember(shared).values())) == 40
