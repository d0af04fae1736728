"""Which header is which column, and which sheet is which dataset."""

import pytest

from gcs_data.incoming import columns, synonyms
from gcs_data.incoming.choices import LEAVE_OUT
from gcs_data.schema import DATASETS, rules

EVENTS = DATASETS["events"]


def match(*header, dataset="events", **chosen):
    return columns.match(header, DATASETS[dataset], chosen)


@pytest.mark.parametrize("name", DATASETS)
def test_our_own_headers_match_in_any_order(name):
    header = list(reversed(DATASETS[name].columns))
    found = columns.match(header, DATASETS[name])

    assert {header[at] for at in found.matched.values()} == set(header)
    assert all(header[at] == column for column, at in found.matched.items())
    assert (found.unmatched, found.missing, found.duplicate, found.suggestions) == ((), (), {}, {})


@pytest.mark.parametrize(
    ("written", "column"),
    [
        ("event_id", "event_id"),
        (" Event ID ", "event_id"),
        ("EVENT-ID", "event_id"),
        ("ｅｖｅｎｔ＿ｉｄ", "event_id"),
        ("Country", "country_iso3"),
        ("Pays", "country_iso3"),
        ("país", "country_iso3"),
        ("PAIS", "country_iso3"),
        ("Année", "year"),
        ("Annee", "year"),
        ("Año", "year"),
        ("Source URL", "source_url"),
        ("Fuente", "source_url"),
        ("Ville", "city"),
        ("Titre", "title"),
    ],
)
def test_a_header_matches_by_other_letters_or_an_everyday_name(written, column):
    found = match(written)

    assert found.matched == {column: 0}
    assert found.read_as == ({} if written == column else {written: column})


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("titel", "title"),
        ("yaer", "year"),
        ("contry_iso3", "country_iso3"),
        ("sourc", "source_url"),
    ],
)
def test_a_header_at_most_two_letters_away_is_a_suggestion_and_not_a_match(written, near):
    found = match(written)

    assert found.matched == {}
    assert found.suggestions == {written: (near,)}
    assert near in found.missing


@pytest.mark.parametrize("written", ["headline and more", "yxxr", "", "%", "tt"])
def test_a_header_that_looks_like_nothing_is_unmatched_and_suggests_nothing(written):
    found = match(written)

    assert (found.suggestions, found.unmatched) == ({}, (written,))


def test_unmatched_duplicate_missing_and_suggested_columns_are_found_together():
    found = match("event_id", "Titel", "year", "Année", "year", "remarks?", "city", "")

    assert found.matched == {"event_id": 0, "city": 6}
    assert found.suggestions == {"Titel": ("title",)}
    assert found.duplicate == {"year": ("year", "Année", "year")}
    assert found.unmatched == ("remarks?", "")
    assert found.missing == ("title", "country_iso3", "story_id", "source_url")
    assert found.positions["Titel"] == 1


def test_an_exact_name_wins_over_an_everyday_one_which_is_left_over():
    found = match("Country", "country_iso3")

    assert found.matched == {"country_iso3": 1}
    assert found.unmatched == ("Country",)


def test_two_everyday_names_of_one_column_are_a_duplicate_and_not_a_choice_of_ours():
    found = match("Country", "Pays")

    assert (found.matched, found.duplicate) == ({}, {"country_iso3": ("Country", "Pays")})
    assert match("Country", "Pays", Country=LEAVE_OUT).matched == {"country_iso3": 1}


def test_what_the_uploader_chose_counts():
    assert match("Titel", "Wann", Titel="title", Wann="year").matched == {"title": 0, "year": 1}
    left_out = match("Titel", Titel=LEAVE_OUT)
    assert (left_out.suggestions, left_out.unmatched) == ({}, ("Titel",))


def test_in_a_sheet_of_stories_the_column_story_is_not_the_id():
    assert match("Story", dataset="partners").matched == {"story_id": 0}
    assert match("Story", dataset="stories").matched == {}


@pytest.mark.parametrize("name", DATASETS)
def test_no_everyday_name_stands_for_two_columns_of_one_dataset(name):
    dataset, meant = DATASETS[name], {}
    for column, rule in dataset.columns.items():
        own = column == dataset.key[0] and not rules(rule)["refers"]
        names = (column, *synonyms.HEADERS_OF.get((name, column), ()))
        for called in (*names, *(() if own else synonyms.HEADERS.get(column, ()))):
            meant.setdefault(columns.key(called), set()).add(column)

    assert {called: sorted(of) for called, of in meant.items() if len(of) > 1} == {}


def test_every_everyday_name_is_of_a_column_or_sheet_of_ours():
    ours = {column for dataset in DATASETS.values() for column in dataset.columns}

    assert set(synonyms.HEADERS) <= ours
    assert {(name, c) for name, d in DATASETS.items() for c in d.columns} >= set(
        synonyms.HEADERS_OF
    )
    assert set(synonyms.SHEETS) <= set(DATASETS)


@pytest.mark.parametrize("name", DATASETS)
def test_a_sheet_is_known_by_its_headers_whatever_its_name(name):
    assert columns.datasets("Sheet1", list(DATASETS[name].columns)) == (name,)


@pytest.mark.parametrize(
    ("sheet", "header", "found"),
    [
        ("Events", ("event_id", "x", "y", "z"), ("events",)),
        ("Événements", ("Titre",), ("events",)),
        ("Histoires", ("title",), ("stories",)),
        ("stories", ("a", "b"), ()),
        ("Read me", ("About this file", "GCS"), ()),
        ("", ("story", "gene", "score", "rater"), ("gene_ratings",)),
        ("", ("story_id", "country_iso3", "year", "source_url"), ("replications", "events")),
        ("old events", ("story_id", "country_iso3", "year", "source_url"), ("events",)),
        ("", ("story_id", "country_iso3"), ("replications", "partners", "events")),
        ("", ("story_id", "gene_id", "score", "n"), ("published_dna", "gene_ratings")),
        ("", (), ()),
    ],
)
def test_a_sheet_is_one_dataset_or_several_to_ask_about_or_none(sheet, header, found):
    assert columns.datasets(sheet, header) == found
