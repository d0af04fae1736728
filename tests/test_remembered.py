"""What was confirmed once is not asked again, and says who confirmed it."""

import json
from datetime import UTC, datetime

import pytest
from sheets_of_text import file, of_dicts
from tiny_data import PAGE, country, frame

from gcs_data.incoming import remembered
from gcs_data.incoming.choices import Choices
from gcs_data.incoming.remembered import confirmed, remember
from gcs_data.incoming.understand import understand

THEN = datetime(2026, 5, 14, 9, 30, tzinfo=UTC)
COUNTRIES = {"countries": frame("countries", country("EST", "Estonia"), country("COD", "Congo"))}


def event(text):
    row = {"event_id": "a", "title": "A", "country_iso3": text, "source_url": PAGE}
    return file(of_dicts("events", row))


def test_a_confirmed_name_is_taken_and_the_note_says_who_confirmed_it_and_when(tmp_path):
    assert remember(tmp_path, {"countries": {"Estonai": "EST"}}, "Amina", THEN) == 1

    found = understand(event("ESTONAI"), COUNTRIES, confirmed=confirmed(tmp_path))

    assert found.frames["events"]["country_iso3"].tolist() == ["EST"]
    assert (found.problems, found.questions) == ((), ())
    assert [n.message for n in found.notes] == [
        "“ESTONAI” was read as “EST” in country_iso3, as Amina confirmed on 2026-05-14. Cells: 1."
    ]


def test_an_answer_given_now_counts_more_than_one_given_before(tmp_path):
    remember(tmp_path, {"countries": {"Congo": "EST"}}, "Amina", THEN)
    now = Choices(values={"countries": {"Congo": "COD"}})

    found = understand(event("Congo"), COUNTRIES, now, confirmed=confirmed(tmp_path))

    assert found.frames["events"]["country_iso3"].tolist() == ["COD"]


def test_what_was_confirmed_never_changes_what_is_certain(tmp_path):
    remember(tmp_path, {"countries": {"Estonia": "COD"}}, "Amina", THEN)

    found = understand(event("Estonia"), COUNTRIES, confirmed=confirmed(tmp_path))

    assert found.frames["events"]["country_iso3"].tolist() == ["EST"]


def test_a_confirmed_name_of_something_that_is_gone_is_asked_again(tmp_path):
    remember(tmp_path, {"countries": {"Estonai": "LVA"}}, "Amina", THEN)

    found = understand(event("Estonai"), COUNTRIES, confirmed=confirmed(tmp_path))

    assert [problem.suggestions for problem in found.problems] == [("EST",)]


@pytest.mark.parametrize(
    "target", ["layers.value", "gene_ratings.rater_id", "stories.story_id", "x.y", "nothing"]
)
def test_numbers_people_and_new_ids_are_not_remembered(tmp_path, target):
    assert remember(tmp_path, {target: {"1,5": "1.5"}}, "Amina", THEN) == 0
    assert list(tmp_path.iterdir()) == []


def test_the_newest_meaning_counts_and_a_forgotten_one_is_asked_about_again(tmp_path):
    remember(tmp_path, {"stories.lead_type": {"Min.": "academia"}}, "Amina", THEN)
    remember(tmp_path, {"stories.lead_type": {"min": "government"}}, "René", THEN)

    found = confirmed(tmp_path).meaning("stories.lead_type", "MIN")
    assert (found.means, found.who, found.when) == (
        "government",
        "René",
        "2026-05-14T09:30:00+00:00",
    )
    assert remembered.forget(tmp_path, "stories.lead_type", "Min.")
    assert confirmed(tmp_path).meaning("stories.lead_type", "min") is None
    assert not remembered.forget(tmp_path, "stories.lead_type", "Min.")


def test_a_damaged_file_is_no_memory_and_a_missing_folder_an_empty_one(tmp_path):
    remember(tmp_path / "names", {"countries": {"Estonai": "EST"}}, "Amina", THEN)
    (path,) = (tmp_path / "names").iterdir()
    for damaged in (b"", b"{", b"[]", b"\xff", json.dumps({"target": "x"}).encode()):
        path.write_bytes(damaged)
        assert confirmed(tmp_path / "names").meanings == {}
    assert confirmed(tmp_path / "nowhere").meanings == {}


def test_no_path_is_built_from_what_somebody_wrote(tmp_path):
    folder = tmp_path / "names"
    remember(folder, {"countries": {"../../etc/passwd": "EST"}}, "Amina", THEN)

    assert [path.parent for path in tmp_path.rglob("*.json")] == [folder]
    assert confirmed(folder).meaning("countries", "../../etc/passwd").means == "EST"
