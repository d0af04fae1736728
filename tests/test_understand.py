"""From sheets of text to datasets: nothing guessed, nothing lost, everything said at once."""

import dataclasses
import json
import pickle

import pandas as pd
import pytest
from sheets_of_text import file, of_dicts, sheet, written
from tiny_data import PAGE, country, frame, gene, story, tiny

from gcs_data.incoming.choices import LEAVE_OUT, Choices, accept, accept_group
from gcs_data.incoming.examples import EXAMPLE_ID, EXAMPLES
from gcs_data.incoming.sheets import Finding, Notice
from gcs_data.incoming.understand import understand
from gcs_data.people import People
from gcs_data.problems import MESSAGES
from gcs_data.pseudonym import is_pseudonym, pseudonym
from gcs_data.schema import DATASETS

AMINA = pseudonym("Amina", b"key")
STORY = {
    "story_id": "chile-clinics",
    "title": "Clinics",
    "summary": "They help.",
    "lead_organisation": "A university",
    "official": "true",
    "source_url": PAGE,
}
EVENT = {"event_id": "launch-2025", "title": "Launch", "source_url": PAGE}
RATING = {
    "rating_id": "1",
    "story_id": "kenya-cash",
    "gene_id": "trust",
    "score": "4",
    "scale": "1-5",
    "rater_id": AMINA,
    "occasion_id": "room-1",
    "provenance": "workshop",
}
PARTNER = {"story_id": "kenya-cash", "partner": "A bank", "source_url": PAGE}
COUNTRIES = frame(
    "countries",
    *(country(code, code) for code in ("CIV", "COD", "COG", "EST", "KEN", "PER")),
)


@pytest.fixture
def known():
    return tiny() | {"countries": COUNTRIES}


def seen(found):
    return [(p.cell, p.column, p.value, p.rule) for p in found.problems]


def codes(found):
    return [note.code for note in found.notes]


def note(found, code):
    (one,) = [note for note in found.notes if note.code == code]
    return one


def upload(dataset, *rows, **more):
    return file(of_dicts(dataset, *rows, **more))


# Frames


def test_a_sheet_becomes_a_dataset_with_every_column_and_where_its_rows_stood(known):
    found = understand(upload("events", EVENT | {"year": "2025"}, first_line=7), known)

    events = found.frames["events"]
    assert dict(events.dtypes.astype("str")) == DATASETS["events"].dtypes
    assert events.loc[0, ["event_id", "year"]].tolist() == ["launch-2025", 2025]
    assert found.lines["events"].to_dict("list") == {"sheet": ["events"], "line": [7]}
    assert found.present == {"events": ("event_id", "title", "year", "source_url")}
    assert (found.problems, found.questions) == ((), ())


@pytest.mark.parametrize("name", [n for n, d in DATASETS.items() if not d.derived])
def test_the_shipped_datasets_come_back_equal(name):
    known = {name: shipped(name) for name in DATASETS}

    found = understand(file(written(name, known[name])), known)

    assert found.problems == ()
    assert found.questions == ()
    pd.testing.assert_frame_equal(found.frames[name], known[name])


def shipped(name):
    from pathlib import Path

    from gcs_data import parquet

    data = Path(__file__).parents[1] / "data"
    return parquet.from_bytes((data / f"{name}.parquet").read_bytes())


def test_a_derived_dataset_is_left_out_unless_somebody_asks_for_it(known):
    counts = frame("rating_counts")
    reading = file(written("rating_counts", counts))

    assert codes(understand(reading, known)) == ["derived_sheet"]
    asked = understand(reading, known, Choices(datasets={"rating_counts": "rating_counts"}))
    pd.testing.assert_frame_equal(asked.frames["rating_counts"], counts)


def test_rows_may_refer_to_rows_of_another_sheet_of_the_file_in_any_order(known):
    partners = of_dicts("partners", PARTNER | {"story_id": "Clinics"})

    found = understand(file(partners, of_dicts("stories", STORY)), known)

    assert found.problems == ()
    assert found.frames["partners"]["story_id"].tolist() == ["chile-clinics"]


def test_two_sheets_of_one_dataset_are_one_frame_and_know_their_lines(known):
    other = of_dicts("more", EVENT | {"event_id": "b"}, EVENT | {"event_id": "B-", "year": "x"})
    first = of_dicts("events", EVENT | {"year": ""})

    found = understand(file(first, other), known, Choices(datasets={"more": "events"}))

    assert found.frames["events"]["event_id"].tolist() == ["launch-2025", "b", "B-"]
    assert found.lines["events"]["sheet"].tolist() == ["events", "more", "more"]
    assert [(p.sheet, p.cell, p.row, p.rule) for p in found.problems] == [
        ("more", "A3", 2, "pattern"),
        ("more", "D3", 2, "not_whole"),
    ]


def test_two_sheets_of_one_dataset_with_other_columns_are_a_problem(known):
    other = of_dicts("more", EVENT | {"event_id": "b"})
    first = of_dicts("events", EVENT | {"year": "2025"})

    found = understand(file(first, other), known, Choices(datasets={"more": "events"}))

    assert [(p.rule, p.row, p.values["sheets"]) for p in found.problems] == [
        ("sheets_differ", None, "“events”, “more”")
    ]


# Sheets and columns


def test_sheets_that_are_not_ours_are_named(known):
    read_me, hidden = (
        sheet("Read me", ("About", "GCS"), ("a", "b")),
        of_dicts("x", EVENT, hidden=True),
    )

    found = understand(file(read_me, hidden, of_dicts("events", EVENT), skipped=("Chart",)), known)

    assert {(n.code, n.values["value"]) for n in found.notes} == {
        ("no_table", "Chart"),
        ("unused_sheet", "Read me"),
        ("hidden_sheet", "x"),
    }
    assert list(found.frames) == ["events"]
    again = understand(file(hidden), known, Choices(datasets={"x": "events"}))
    assert list(again.frames) == ["events"]


def test_a_file_without_any_sheet_of_ours_says_so(known):
    found = understand(file(sheet("Notes", ("a", "b"), ("c", "d"))), known)

    assert [(p.rule, p.row) for p in found.problems] == [("no_dataset", None)]


def test_a_sheet_that_could_be_two_datasets_is_asked_about_and_not_guessed(known):
    reading = file(sheet("Sheet1", ("story_id", "country_iso3"), ("kenya-cash", "PER")))
    found = understand(reading, known)

    (question,) = found.questions
    assert found.frames == {}
    assert (question.kind, question.options) == ("dataset", ("replications", "partners", "events"))
    assert [(p.rule, p.question) for p in found.problems] == [("unsure_dataset", question.id)]
    answered = understand(reading, known, accept(Choices(), question, "replications"))
    assert list(answered.frames) == ["replications"]
    left_out = understand(reading, known, accept(Choices(), question, LEAVE_OUT))
    assert (left_out.frames, codes(left_out)) == ({}, ["left_out_sheet"])


def test_a_header_that_looks_like_ours_is_asked_about_and_answered_in_one_click(known):
    reading = upload("events", {"event_id": "a", "Titel": "A", "yaer": "2025", "source_url": PAGE})
    found = understand(reading, known)

    assert [(p.cell, p.column, p.value, p.rule, p.row) for p in found.problems] == [
        ("B1", "title", "Titel", "unsure_column", None),
        ("C1", "year", "yaer", "unsure_column", None),
    ]
    assert found.problems[0].message.endswith("Did you mean “title”?")
    assert {q.id for q in found.questions} == {p.question for p in found.problems}

    answered = understand(reading, known, accept_group(Choices(), found.questions, "columns"))
    assert answered.problems == ()
    assert answered.frames["events"].loc[0, ["title", "year"]].tolist() == ["A", 2025]
    assert [(n.values["value"], n.values["means"]) for n in answered.notes] == [
        ("Titel", "title"),
        ("yaer", "year"),
    ]


def test_columns_that_are_missing_repeated_or_not_ours_are_said_together(known):
    header = ("event_id", "year", "year", "", "colour")
    found = understand(file(sheet("events", header, ("a", "2024", "2025", "x", "red"))), known)

    assert seen(found) == [
        ("", "title", "", "missing_column"),
        ("", "source_url", "", "missing_column"),
        ("C1", "year", "year", "repeated_column"),
    ]
    assert [(n.values["value"], n.values["cell"]) for n in found.notes] == [
        ("", "D1"),
        ("colour", "E1"),
    ]


def test_a_required_column_may_be_missing_where_every_row_is_on_record(known):
    on_record = understand(upload("events", {"event_id": "summit-2024", "year": "2023"}), known)
    new = understand(upload("events", {"event_id": "summit-2025", "year": "2023"}), known)

    assert (on_record.problems, on_record.present["events"]) == ((), ("event_id", "year"))
    assert [p.column for p in new.problems] == ["title", "source_url"]


def test_columns_left_of_the_table_count_for_the_name_of_a_cell(known):
    found = understand(upload("events", EVENT | {"year": "x"}, first_column=2, first_line=9), known)

    assert seen(found) == [("F9", "year", "x", "not_whole")]


def test_a_notice_of_the_reader_becomes_a_note(known):
    notice = Notice("assumed_encoding", {"encoding": "cp1252", "sample": "Café"})

    found = understand(file(of_dicts("events", EVENT), notices=(notice,)), known)

    assert "cp1252" in note(found, "assumed_encoding").message


# Problems


def test_every_problem_is_found_at_once_with_cell_header_key_and_value(known):
    rows = [
        EVENT | {"Année": "3000", "Pays": "Peru"},
        EVENT | {"event_id": "b", "title": "", "Année": "two", "Pays": "Atlantis"},
    ]
    found = understand(upload("events", *rows), known)

    assert [(p.cell, p.header, p.key, str(p.value), p.rule) for p in found.problems] == [
        ("D2", "Année", "launch-2025", "3000", "span"),
        ("B3", "title", "b", "", "missing"),
        ("D3", "Année", "b", "two", "not_whole"),
        ("E3", "Pays", "b", "Atlantis", "unknown_reference"),
    ]
    assert str(found.problems[2]) == "events, D3, Année: “two” is not a whole number."


def test_one_cell_has_one_problem_and_is_missing_in_the_frame(known):
    found = understand(
        upload("events", EVENT | {"source_url": "", "title": "x", "year": "x"}), known
    )

    assert seen(found) == [
        ("C2", "source_url", "", "missing"),
        ("D2", "year", "x", "not_whole"),
    ]
    assert found.frames["events"]["year"].isna().tolist() == [True]


def test_rows_with_the_same_key_are_a_problem_that_names_both(known):
    rows = [EVENT, EVENT | {"event_id": "b"}, EVENT]
    found = understand(upload("events", *rows), known)

    assert seen(found) == [("A4", "event_id", "launch-2025", "duplicate")]
    assert found.problems[0].message == "the row on line 2 has the same event_id: launch-2025."


def test_the_other_row_of_a_duplicate_is_named_with_its_sheet_if_there_are_two(known):
    other = of_dicts("more", EVENT)

    found = understand(
        file(of_dicts("events", EVENT), other), known, Choices(datasets={"more": "events"})
    )

    assert [(p.sheet, p.values["other"]) for p in found.problems] == [("more", "events 2")]


def test_keys_that_differ_in_case_and_spaces_are_the_same(known):
    rows = [PARTNER, PARTNER | {"partner": "A  BANK"}]

    assert [p.rule for p in understand(upload("partners", *rows), known).problems] == ["duplicate"]


def test_keys_that_only_look_alike_are_noted_also_against_what_is_on_record(known):
    known["partners"] = frame("partners", {**PARTNER, "partner": "Bank of Kenya"})
    rows = [PARTNER, PARTNER | {"partner": "А bаnk"}, PARTNER | {"partner": "Bаnk of Kenya"}]

    found = understand(upload("partners", *rows), known)

    assert found.problems == ()
    assert [(n.values["value"], n.values["other"], n.values["line"]) for n in found.notes] == [
        ("А bаnk", "A bank", "3"),
        ("Bаnk of Kenya", "Bank of Kenya", "4"),
    ]


def test_an_id_with_a_look_alike_letter_suggests_the_plain_one(known):
    found = understand(upload("stories", STORY | {"story_id": "chilе-clinics"}), known)

    (problem,) = found.problems
    assert (problem.rule, problem.suggestions) == ("pattern", ("chile-clinics",))


def test_a_new_id_that_is_not_written_like_one_suggests_how_and_keeps_its_references(known):
    reading = file(
        of_dicts("stories", STORY | {"story_id": "Chile Clinics"}),
        of_dicts("partners", PARTNER | {"story_id": "Chile Clinics"}),
    )
    found = understand(reading, known)

    assert seen(found) == [("A2", "story_id", "Chile Clinics", "pattern")]
    (question,) = found.questions
    answered = understand(reading, known, accept(Choices(), question))
    assert answered.problems == ()
    assert answered.frames["stories"]["story_id"].tolist() == ["chile-clinics"]
    assert answered.frames["partners"]["story_id"].tolist() == ["chile-clinics"]


@pytest.mark.parametrize(
    ("text", "rule", "suggested"),
    [
        ("2026-02-30", "no_such_day", ()),
        ("14/05/2026", "pattern", ("2026-05-14",)),
        ("5/6/2026", "pattern", ("2026-06-05", "2026-05-06")),
        ("2026/05/14", "pattern", ("2026-05-14",)),
        ("14 mai 2026", "pattern", ("2026-05-14",)),
        ("soon", "pattern", ()),
    ],
)
def test_a_day_that_is_written_otherwise_is_asked_about(known, text, rule, suggested):
    found = understand(
        upload("occasions", {"occasion_id": "a", "title": "A", "held_on": text}), known
    )

    assert [(p.rule, p.suggestions) for p in found.problems] == [(rule, suggested)]


def test_a_day_with_a_time_is_that_day(known):
    row = {"occasion_id": "a", "title": "A", "held_on": "2026-05-14 13:30:00"}
    found = understand(upload("occasions", row), known)

    assert found.frames["occasions"]["held_on"].tolist() == ["2026-05-14"]
    assert (found.problems, codes(found)) == ((), ["times_dropped"])


# Values


def test_country_names_become_codes_and_are_noted_with_their_cells(known):
    names = ["Côte d’Ivoire", "Ivory Coast", "CIV", "civ", "Côte d’Ivoire", "Estonie", ""]
    rows = [EVENT | {"event_id": f"e{n}", "country_iso3": name} for n, name in enumerate(names)]

    found = understand(upload("events", *rows), known)

    read = found.frames["events"]["country_iso3"]
    assert read.fillna("").tolist() == ["CIV", "CIV", "CIV", "CIV", "CIV", "EST", ""]
    assert [(n.values["value"], n.values["means"], n.values["count"]) for n in found.notes] == [
        ("Côte d’Ivoire", "CIV", 2),
        ("Ivory Coast", "CIV", 1),
        ("Estonie", "EST", 1),
    ]
    assert (found.problems, found.questions) == ((), ())


def test_near_misses_are_asked_once_for_all_cells_and_accepted_as_a_group(known):
    names = ["Estonai", "Estonai", "Keneya", "Congo"]
    events = of_dicts(
        "events", *(EVENT | {"event_id": f"e{n}", "country_iso3": c} for n, c in enumerate(names))
    )
    reading = file(events, of_dicts("partners", PARTNER | {"country_iso3": "Estonai"}))
    found = understand(reading, known)

    assert [(q.written, q.options, q.count) for q in found.questions] == [
        ("Estonai", ("EST",), 3),
        ("Keneya", ("KEN",), 1),
        ("Congo", ("COD", "COG"), 1),
    ]
    assert [p.rule for p in found.problems] == ["unknown_reference"] * 4 + ["ambiguous"]
    assert all(p.question in {q.id for q in found.questions} for p in found.problems)
    assert found.frames["events"]["country_iso3"].isna().all()

    choices = accept_group(Choices(), found.questions, "countries")
    assert choices.values == {"countries": {"Estonai": "EST", "Keneya": "KEN"}}
    left = understand(reading, known, choices)
    assert [(p.rule, p.value) for p in left.problems] == [("ambiguous", "Congo")]
    choices = accept(choices, left.questions[0], "COG")
    done = understand(reading, known, choices)
    assert (done.problems, done.questions) == ((), ())
    assert done.frames["events"]["country_iso3"].tolist() == ["EST", "EST", "KEN", "COG"]
    assert done.frames["partners"]["country_iso3"].tolist() == ["EST"]


def test_a_country_that_is_not_on_our_list_is_unknown_whatever_its_name(known):
    found = understand(upload("events", EVENT | {"country_iso3": "France"}), known)

    assert [(p.rule, p.value, p.suggestions) for p in found.problems] == [
        ("unknown_reference", "France", ())
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("TRUE", True), ("Oui", True), ("sí", True), ("SI", True), ("vrai", True),
     ("1", True), ("no", False), ("non", False), ("Falso", False), ("faux", False), ("0", False)],
)  # fmt: skip
def test_yes_and_no_are_read_in_three_languages(known, text, value):
    found = understand(upload("stories", STORY | {"official": text}), known)

    assert (found.frames["stories"]["official"].tolist(), found.problems) == ([value], ())


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("lead_type", "Société civile", "civil_society"),
        ("lead_type", "PRIVATE SECTOR", "private_sector"),
        ("lead_type", "ong", "civil_society"),
        ("language", "French", "fr"),
        ("language", "español", "es"),
        ("language", "EN", "en"),
        ("lead_country_iso3", "perú", "PER"),
    ],
)
def test_closed_columns_are_read_whatever_the_case_and_accents(known, column, text, value):
    found = understand(upload("stories", STORY | {column: text}), known)

    assert (found.frames["stories"][column].tolist(), found.problems) == ([value], ())


@pytest.mark.parametrize(
    ("column", "text", "rule", "suggested"),
    [
        ("lead_type", "goverment", "choice", ("government",)),
        ("lead_type", "sailors", "choice", ()),
        ("official", "maybe", "not_flag", ()),
        ("website", "www.example.org", "pattern", ("https://www.example.org",)),
        ("website", "javascript:alert(1)", "pattern", ()),
        ("language", "Frenhc", "pattern", ("fr",)),
        ("year_started", "2,021", "not_whole", ("2021",)),
        ("year_started", "2021-05-14", "date_not_number", ("2021",)),
        ("year_started", "May-21", "excel_date", ()),
        ("year_started", "50%", "percent", ("50",)),
    ],
)
def test_a_value_that_is_not_ours_is_a_problem_with_a_suggestion(
    known, column, text, rule, suggested
):
    found = understand(upload("stories", STORY | {column: text}), known)

    assert [(p.column, p.value, p.rule, p.suggestions) for p in found.problems] == [
        (column, text, rule, suggested)
    ]


def test_stories_genes_and_occasions_are_known_by_what_they_are_called(known):
    known["genes"] = frame("genes", gene("trust", 1) | {"name": "Trust in others", "letter": "T"})
    row = RATING | {"story_id": "cash BY phone", "gene_id": "t", "occasion_id": "Nairobi"}

    found = understand(upload("gene_ratings", row), known)

    read = found.frames["gene_ratings"].loc[0, ["story_id", "gene_id", "occasion_id"]]
    assert (read.tolist(), found.problems) == (["kenya-cash", "trust", "room-1"], ())


def test_a_title_of_two_stories_lists_both(known):
    known["stories"] = frame("stories", story("a", "Clinics"), story("b", "Clinics"))

    found = understand(upload("partners", PARTNER | {"story_id": "clinics"}), known)

    assert [(p.rule, p.suggestions) for p in found.problems] == [("ambiguous", ("a", "b"))]


def test_what_refers_to_a_dataset_nobody_gave_is_not_followed():
    found = understand(upload("partners", PARTNER | {"country_iso3": "XXX"}), {})

    assert found.problems == ()


# Numbers


def layer(value, **more):
    row = {"layer_id": "x", "country_iso3": "KEN", "year": "2024", "value": value, "unit": "%"}
    return row | {"label": "L", "source_url": PAGE} | more


def test_a_decimal_comma_is_a_number_only_where_semicolons_part_the_cells(known):
    semicolons = upload("layers", layer("1,5"), decimal_comma=True)
    commas = upload("layers", layer("1,5"))

    good, bad = understand(semicolons, known), understand(commas, known)
    assert good.frames["layers"]["value"].tolist() == [1.5]
    assert (good.problems, codes(good)) == ((), ["commas_read"])
    assert [(p.rule, p.suggestions) for p in bad.problems] == [("decimal_comma", ("1.5",))]
    answered = understand(commas, known, accept(Choices(), bad.questions[0]))
    assert answered.frames["layers"]["value"].tolist() == [1.5]


def test_a_point_beside_decimal_commas_may_part_thousands_and_is_asked_about(known):
    rows = [layer("1,5"), layer("1.500", year="2023"), layer("0.25", year="2022")]
    reading = upload("layers", *rows, decimal_comma=True)
    found = understand(reading, known)

    assert [(p.value, p.rule, p.suggestions) for p in found.problems] == [
        ("1.500", "mixed_decimals", ("1.500", "1500"))
    ]
    for answer, value in [("1.500", 1.5), ("1500", 1500.0)]:
        answered = understand(reading, known, accept(Choices(), found.questions[0], answer))
        assert answered.frames["layers"]["value"].tolist() == [1.5, value, 0.25]


@pytest.mark.parametrize("text", ["1e999", "nan", "0x10", "1 500", "--1"])
def test_what_is_no_number_is_a_problem_and_missing(known, text):
    found = understand(upload("layers", layer(text)), known)

    assert [(p.value, p.rule) for p in found.problems] == [(text, "not_number")]


def test_a_whole_number_may_be_written_with_a_zero_behind_the_point(known):
    found = understand(upload("layers", layer("1", year="2024.0")), known)

    assert (found.frames["layers"]["year"].tolist(), found.problems) == ([2024], ())


# Scores and raters


def test_scores_are_converted_from_the_declared_scale_and_kept_as_given(known):
    rows = [
        {k: v for k, v in RATING.items() if k != "scale"} | {"rating_id": str(n), "score": s,
         "rater_id": f"Rater {n}"}
        for n, s in enumerate(["0", "7", "10", "7.5"])
    ]  # fmt: skip
    reading = upload("gene_ratings", *rows)
    found = understand(reading, known)

    (question,) = found.questions
    assert (question.kind, question.options) == ("scale", ("1-5", "0-10", "0-100"))
    assert [(p.rule, p.row, p.question, p.suggestions) for p in found.problems] == [
        ("undeclared_scale", None, question.id, ())
    ]
    assert found.frames["gene_ratings"]["score"].isna().all()

    declared = understand(reading, known, accept(Choices(), question, "0-10"))
    ratings = declared.frames["gene_ratings"]
    assert ratings["score"].tolist() == [1, 4, 5, 4]
    assert ratings["score_as_given"].tolist() == [0, 7, 10, 7.5]
    assert ratings["scale"].tolist() == ["0-10"] * 4
    assert (declared.problems, declared.questions) == ((), ())
    assert note(declared, "scores_converted").values == {"scale": "0-10", "count": 4}
    assert "1 + 4 × (score − 0) / 10" in note(declared, "scale_rule").message
    assert {"scale", "score_as_given"} <= set(declared.present["gene_ratings"])


def test_a_scale_in_the_file_counts_for_its_row_and_not_the_declared_one(known):
    rows = [
        RATING | {"scale": "0 to 100", "score": "87.5"},
        RATING | {"rating_id": "2", "scale": "", "gene_id": "funding", "score": "10"},
    ]
    found = understand(upload("gene_ratings", *rows), known, Choices(scale="0-10"))

    assert found.frames["gene_ratings"]["score"].tolist() == [5, 5]
    assert found.frames["gene_ratings"]["scale"].tolist() == ["0-100", "0-10"]


@pytest.mark.parametrize(
    ("score", "scale", "rule"),
    [
        ("7", "1-5", "off_scale"),
        ("0", "1-5", "off_scale"),
        ("11", "0-10", "off_scale"),
        ("3.5", "1-5", "not_whole"),
        ("high", "1-5", "not_number"),
        ("", "1-5", "missing"),
    ],
)
def test_a_score_that_is_not_on_its_scale_is_one_problem_of_its_cell(known, score, scale, rule):
    found = understand(upload("gene_ratings", RATING | {"score": score, "scale": scale}), known)

    assert [(p.cell, p.rule) for p in found.problems] == [("D2", rule)]
    assert found.frames["gene_ratings"]["score"].isna().all()


@pytest.mark.parametrize("text", ["2026-01-05", "05-Jan", "5-janv.", "Jan-05"])
def test_a_date_in_a_score_says_what_excel_made_of_it(known, text):
    found = understand(upload("gene_ratings", RATING | {"score": text}), known)

    (problem,) = found.problems
    assert (problem.cell, problem.rule, problem.value) == ("D2", "excel_date", text)
    assert problem.message.startswith("Excel turned 1-5 into 5 January.")


def test_a_scale_that_excel_turned_into_a_date_suggests_the_scale_and_nothing_else_is_said(known):
    reading = upload("gene_ratings", RATING | {"scale": "2026-01-05"}, dates=frozenset({(2, 4)}))
    found = understand(reading, known, Choices(scale="0-10"))

    assert [(p.cell, p.rule, p.suggestions) for p in found.problems] == [
        ("E2", "excel_date", ("1-5",))
    ]
    answered = understand(reading, known, accept(Choices(), found.questions[0]))
    assert (answered.frames["gene_ratings"]["score"].tolist(), answered.problems) == ([4], ())


def test_a_converted_score_that_we_exported_is_not_converted_again(known):
    row = RATING | {"score": "4", "score_as_given": "7", "scale": "0-10"}
    good = understand(upload("gene_ratings", row), known)
    bad = understand(upload("gene_ratings", row | {"score": "2"}), known)

    assert good.frames["gene_ratings"].loc[0, ["score", "score_as_given"]].tolist() == [4, 7]
    assert (good.problems, good.notes) == ((), ())
    assert [(p.rule, p.values["expected"]) for p in bad.problems] == [("score_differs", 4)]


def test_names_of_raters_become_pseudonyms_and_appear_nowhere(known, tmp_path):
    people = People(tmp_path)
    rows = [
        RATING | {"rater_id": "Amina Odhiambo", "score": "9"},
        RATING | {"rating_id": "2", "rater_id": "amina  odhiambo"},
        RATING | {"rating_id": "3", "rater_id": "René Duval", "gene_id": "funding"},
        RATING | {"rating_id": "4", "rater_id": AMINA},
    ]
    reading = upload("gene_ratings", *rows)
    reading = dataclasses.replace(
        reading,
        sheets=(
            dataclasses.replace(
                reading.sheets[0],
                findings=(
                    Finding("ragged", 4, None, "3,René Duval,x", {"found": 9, "expected": 8}),
                ),
            ),
        ),
    )
    found = understand(reading, known, pseudonyms=people.remember)

    raters = found.frames["gene_ratings"]["rater_id"]
    assert raters[0] == raters[1] == people.remember(["Amina Odhiambo"])["Amina Odhiambo"]
    assert raters[3] == AMINA
    assert all(is_pseudonym(rater) for rater in raters.dropna())
    assert [p.rule for p in found.problems] == ["off_scale", "duplicate", "ragged"]
    assert note(found, "pseudonyms").values == {"count": 2}
    said = repr(found) + str(list(map(str, found.problems))) + str([n.message for n in found.notes])
    held = pickle.dumps(found).decode("latin-1")
    for trace in ("Odhiambo", "odhiambo", "Duval"):
        assert trace not in said
        assert trace not in held


@pytest.mark.parametrize(
    ("text", "suggested"), [(AMINA[:-1] + "?", None), (AMINA.lower(), (AMINA,)), (AMINA[:-3], ())]
)
def test_what_looks_like_a_pseudonym_and_is_wrong_is_no_name(known, tmp_path, text, suggested):
    wrong = AMINA[:5] + ("A" if AMINA[5] != "A" else "B") + AMINA[6:] if suggested is None else text
    people = People(tmp_path)
    found = understand(
        upload("gene_ratings", RATING | {"rater_id": wrong}), known, pseudonyms=people.remember
    )

    assert [(p.cell, p.rule, p.value, p.suggestions) for p in found.problems] == [
        ("F2", "bad_pseudonym", wrong, suggested or ())
    ]
    assert people.names() == []


# What the reader found


def with_findings(*findings):
    rows = [EVENT | {"year": "2020"}, EVENT | {"event_id": "b", "year": "#REF!"}]
    rows += [EVENT | {"event_id": "c", "year": ""}, EVENT | {"event_id": "", "title": ""}]
    return upload("events", *rows, findings=findings)


def test_an_error_cell_and_a_torn_row_are_one_problem_each(known):
    error = Finding("error_cell", 3, 3, "#REF!")
    torn = Finding("ragged", 5, None, "launch,x", {"found": 2, "expected": 4})

    found = understand(with_findings(error, torn), known)

    assert [(p.cell, p.line, p.row, p.value, p.rule) for p in found.problems] == [
        ("D3", 3, 1, "#REF!", "error_cell"),
        ("", 5, 3, "launch,x", "ragged"),
    ]
    assert found.frames["events"]["year"].fillna(0).tolist() == [2020, 0, 0, 0]


def test_a_merge_is_said_once_and_the_cells_that_it_emptied_are_not_missing(known):
    found = understand(with_findings(Finding("merged", 4, 0, "A4:B5")), known)

    assert [(p.cell, p.rule) for p in found.problems] == [
        ("D3", "not_whole"),
        ("A4", "merged"),
    ]


def test_a_long_number_is_harmless_among_numbers_and_a_problem_in_a_name(known):
    number = understand(with_findings(Finding("long_number", 2, 3, "1e15")), known)
    name = understand(with_findings(Finding("long_number", 2, 1, "1e15")), known)

    assert "long_number" not in [p.rule for p in number.problems]
    assert ("B2", "long_number") in [(p.cell, p.rule) for p in name.problems]


def test_a_finding_in_a_column_that_is_not_used_is_no_problem(known):
    reading = file(
        sheet("events", (*EVENT, "colour"), (*EVENT.values(), "#N/A"),
              findings=(Finding("error_cell", 2, 3, "#N/A"),))
    )  # fmt: skip

    assert understand(reading, known).problems == ()


def test_a_date_in_a_column_of_ids_says_what_excel_made_of_it(known):
    reading = upload("events", EVENT | {"event_id": "2026-03-05"}, dates=frozenset({(2, 0)}))

    (problem,) = understand(reading, known).problems
    assert (problem.cell, problem.rule, problem.values["typed"]) == ("A2", "excel_date", "3-5")


# Rows that are no data


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_of_a_template_is_skipped_and_named(known, name):
    found = understand(upload(name, EXAMPLES[name]), known)

    assert len(found.frames[name]) == 0
    assert found.problems == ()
    assert note(found, "example_skipped").values == {"value": 2}


def test_an_example_that_was_filled_in_is_a_problem_and_not_skipped(known):
    found = understand(upload("events", EXAMPLES["events"] | {"title": "Our launch"}), known)

    assert seen(found) == [("A2", "event_id", EXAMPLE_ID, "example_filled")]
    assert found.frames["events"]["title"].tolist() == ["Our launch"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_shows_what_an_import_would_take(name):
    known = {name: shipped(name) for name in ("stories", "genes", "countries")}
    known["occasions"] = frame("occasions", {"occasion_id": "nairobi-2026", "title": "Nairobi"})
    first = next(iter(DATASETS[name].columns))
    row = EXAMPLES[name] | {first: "a-name" if name not in ("published_dna", "replications",
                                                            "partners") else "glacy"}  # fmt: skip

    assert [str(p) for p in understand(upload(name, row), known).problems] == []


def test_rows_without_anything_of_ours_are_skipped_and_counted(known):
    header = (*EVENT, "remarks")
    rows = [(*EVENT.values(), ""), ("", "", "", "see above")]
    found = understand(file(sheet("events", header, *rows)), known)

    assert len(found.frames["events"]) == 1
    assert note(found, "blank_rows").values == {"count": 1}


def test_a_sheet_with_headers_only_is_noted(known):
    found = understand(file(sheet("events", tuple(EVENT))), known)

    assert (len(found.frames["events"]), codes(found), found.problems) == (0, ["empty_sheet"], ())


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_an_apostrophe_is_text_for_the_reader_took_away_the_one_that_guards(known, kind):
    found = understand(file(of_dicts("events", EVENT | {"title": "'=1+1"}), kind=kind), known)

    assert found.frames["events"]["title"].tolist() == ["'=1+1"]


# Everything


def test_choices_are_plain_data(known):
    choices = Choices(
        datasets={"a": "events", "b": LEAVE_OUT},
        columns={"a": {"Titel": "title"}},
        values={"countries": {"Congo": "COD"}},
        scale="0-10",
        encoding="cp1252",
    )

    assert Choices.from_json(json.loads(json.dumps(choices.to_json()))) == choices


def test_nothing_that_was_handed_in_is_changed(known):
    reading = upload("events", EVENT | {"country_iso3": "Congo"}, EVENT)
    cells, before = reading.sheets[0].cells.copy(), {k: v.copy() for k, v in known.items()}

    understand(reading, known)

    assert reading.sheets[0].cells.equals(cells)
    assert all(known[name].equals(before[name]) for name in known)


def test_thousands_of_one_problem_are_listed_up_to_a_limit_and_the_rest_stands_in_the_way(known):
    rows = [EVENT | {"event_id": f"e{n}", "year": "soon"} for n in range(10_003)]
    found = understand(upload("events", *rows), known)

    assert len(found.problems) == 10_001
    assert found.problems[0].rule == "more_problems"
    assert (found.problems[0].row, found.problems[0].values) == (None, {"count": 3})


def test_every_sentence_can_be_said(known):
    rules = {"unsure_dataset", "sheets_differ", "no_dataset"}
    reading = file(
        of_dicts("gene_ratings", RATING | {"scale": "", "score": "x"}, RATING | {"scale": ""}),
        of_dicts("events", EVENT | {"Titre ": "x", "year": "3000", "country_iso3": "Congo"}),
        of_dicts("layers", layer("1,5"), layer("5%"), layer("x", year="1e3")),
        sheet("Sheet1", ("story_id", "country_iso3"), ("a", "b")),
        sheet("Notes", ("a", "b"), ("c", "d")),
    )
    found = understand(reading, known)

    assert rules & {p.rule for p in found.problems} == {"unsure_dataset"}
    for one in (*found.problems, *found.notes):
        assert "{" not in one.message
    assert {p.rule for p in found.problems} <= set(MESSAGES)
