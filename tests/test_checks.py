import pandas as pd
import pytest
from tiny_data import country, frame, gene, ratings, story, tiny

from gcs_data.checks import MESSAGES, PATTERNS, Problem, check, on_lines, typed
from gcs_data.errors import UnknownDatasetError
from gcs_data.schema import DATASETS, rules

EVENT = {"event_id": "summit-2024", "title": "A summit", "source_url": "https://example.org/page"}


def sheet(*rows):
    return pd.DataFrame(list(rows), dtype="str")


def said(problems):
    return [(p.row, p.column, p.value, p.rule) for p in problems]


def test_good_sheets_have_no_problems():
    assert check(tiny()) == []


def test_a_sheet_becomes_its_columns_and_types_and_an_empty_cell_is_missing_not_empty_text():
    cells = {"event_id": " a ", "title": "A", "year": "2024", "city": "", "source_url": "x"}
    events, problems = typed("events", sheet(cells))

    assert problems == []
    assert dict(events.dtypes.astype("str")) == DATASETS["events"].dtypes
    assert events.loc[0, ["event_id", "year"]].tolist() == ["a", 2024]
    assert events[["city", "country_iso3", "story_id"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("dataset", "column", "text", "value"),
    [
        ("events", "year", "+2024", 2024),
        ("events", "year", "-3", -3),
        ("layers", "value", "1.5e3", 1500.0),
        ("layers", "value", "-0.25", -0.25),
        ("genes", "in_default_dna", "TRUE", True),
        ("genes", "in_default_dna", "false", False),
        ("stories", "title", "007", "007"),
        ("stories", "title", "NA", "NA"),
    ],
)
def test_a_cell_is_read_as_its_columns_type(dataset, column, text, value):
    read, problems = typed(dataset, sheet({name: text for name in DATASETS[dataset].columns}))

    assert read[column].iloc[0] == value
    assert not [p for p in problems if p.column == column]


@pytest.mark.parametrize(
    ("dataset", "column", "text", "rule"),
    [
        ("events", "year", "2024.5", "not_whole"),
        ("events", "year", "two", "not_whole"),
        ("events", "year", "1" * 16, "not_whole"),
        ("events", "year", "٢٠٢٤", "not_whole"),
        ("layers", "value", "1,5", "not_number"),
        ("layers", "value", "1e999", "not_number"),
        ("layers", "value", "nan", "not_number"),
        ("genes", "in_default_dna", "yes", "not_flag"),
    ],
)
def test_a_cell_of_another_type_is_a_problem_and_missing_not_guessed(dataset, column, text, rule):
    read, problems = typed(dataset, sheet({column: text}))

    assert said(p for p in problems if p.column == column) == [(0, column, text, rule)]
    assert read[column].isna().tolist() == [True]


def test_a_sheet_without_required_columns_or_with_others_says_each():
    _, problems = typed("events", sheet({"event_id": "a", "titel": "A", "source_url": "x"}))

    assert said(problems) == [
        (None, "titel", "titel", "unknown_column"),
        (None, "title", "", "missing_column"),
    ]
    assert str(problems[0]).endswith("country_iso3, story_id, source_url. Did you mean “title”?")


def test_a_column_that_is_there_twice_is_a_problem_not_a_crash():
    twice = pd.DataFrame([["a", "A", "B"]], columns=["event_id", "title", "title"], dtype="str")

    events, problems = typed("events", twice)

    assert (None, "title", "title", "repeated_column") in said(problems)
    assert events["title"].tolist() == ["A"]
    doubled = tiny()["events"].loc[:, ["event_id", *DATASETS["events"].columns]]
    assert said(check({"events": doubled})) == [(None, "event_id", "event_id", "repeated_column")]


@pytest.mark.parametrize("column", ["", "nothing-like-it"])
def test_an_unknown_column_without_a_near_miss_suggests_nothing(column):
    (problem,) = check({"events": tiny()["events"].assign(**{column: "x"})})

    assert (problem.rule, problem.suggestions) == ("unknown_column", ())


@pytest.mark.parametrize(
    ("dataset", "row", "column", "rule"),
    [
        ("events", EVENT | {"title": None}, "title", "missing"),
        ("events", EVENT | {"year": 1949}, "year", "span"),
        ("events", EVENT | {"event_id": "A Summit"}, "event_id", "pattern"),
        ("events", EVENT | {"source_url": "javascript:x"}, "source_url", "pattern"),
        ("stories", story("a") | {"lead_type": "ngo"}, "lead_type", "choice"),
        ("stories", story("a") | {"language": "English"}, "language", "pattern"),
        ("genes", gene("a", 0), "position", "span"),
        ("countries", country("Ken", "Kenya"), "country_iso3", "pattern"),
        ("occasions", {"occasion_id": "a", "title": "A", "held_on": "May"}, "held_on", "pattern"),
    ],
)
def test_a_row_that_breaks_a_rule_is_named_by_row_and_column(dataset, row, column, rule):
    problems = check({dataset: frame(dataset, row)})

    assert [(p.row, p.column, p.rule) for p in problems] == [(0, column, rule)]


@pytest.mark.parametrize("title", ["", " ", " A", "A\n", "\u00a0A"])
def test_text_that_a_sheet_could_not_give_back_is_a_problem(title):
    problems = check({"events": frame("events", EVENT | {"title": title})})

    assert said(problems) == [(0, "title", title, "untrimmed")]


@pytest.mark.parametrize("day", ["2026-02-29", "2026-04-31"])
def test_a_day_that_no_calendar_has_is_a_problem(day):
    row = {"occasion_id": "a", "title": "A", "held_on": day}

    assert said(check({"occasions": frame("occasions", row)})) == [
        (0, "held_on", day, "no_such_day")
    ]
    assert check({"occasions": frame("occasions", row | {"held_on": "2028-02-29"})}) == []


@pytest.mark.parametrize(
    ("changes", "column", "value", "rule"),
    [
        ({"scale": None}, "scale", "", "undeclared_scale"),
        ({"scale": "0-10"}, "score_as_given", "", "missing_as_given"),
        ({"scale": "0-10", "score_as_given": 11}, "score_as_given", "11", "off_scale"),
        ({"score_as_given": 4.5}, "score_as_given", "4.5", "off_scale"),
        ({"scale": "0-10", "score_as_given": 7}, "score", 5, "score_differs"),
        ({"score_as_given": 4}, "score", 5, "score_differs"),
    ],
)
def test_a_score_that_does_not_follow_from_what_was_given_is_a_problem(
    changes, column, value, rule
):
    rating = ratings("room-1", 5).assign(**changes).astype(DATASETS["gene_ratings"].dtypes)

    assert said(check({"gene_ratings": rating})) == [(0, column, value, rule)]


def test_a_score_that_was_converted_by_the_rule_passes():
    rating = ratings("room-1", 4).assign(scale="0-10", score_as_given=7.0)

    assert check({"gene_ratings": rating.astype(DATASETS["gene_ratings"].dtypes)}) == []


def test_a_column_of_the_wrong_type_is_one_problem_of_the_column():
    events = tiny()["events"].astype({"year": "float64"})

    assert said(check({"events": events})) == [(None, "year", "float64", "type")]


def test_columns_of_numbers_that_are_not_in_a_sheet_are_missing():
    layers, _ = typed("layers", sheet({"layer_id": "a"}))

    assert layers["value"].isna().tolist() == [True]
    assert dict(layers.dtypes.astype("str")) == DATASETS["layers"].dtypes


@pytest.mark.parametrize(
    ("column", "value", "suggested"),
    [("story_id", "kenya-cahs", ("kenya-cash",)), ("country_iso3", "KNE", ("KEN",))],
)
def test_a_reference_to_nothing_suggests_the_nearest(column, value, suggested):
    frames = tiny()
    frames["events"] = frame("events", EVENT | {column: value})

    (problem,) = check(frames)

    assert (problem.rule, problem.value, problem.suggestions) == (
        "unknown_reference",
        value,
        suggested,
    )


def test_an_unknown_choice_suggests_the_nearest_and_lists_what_is_allowed():
    (problem,) = check({"stories": frame("stories", story("a") | {"lead_type": "goverment"})})

    assert problem.suggestions == ("government",)
    assert "government, intergovernmental, private_sector" in problem.message


def test_a_reference_to_a_dataset_that_was_not_given_is_not_followed():
    assert check({"events": frame("events", EVENT | {"story_id": "nowhere"})}) == []


def test_a_reference_may_point_to_datasets_that_are_not_checked_themselves():
    broken = frame("stories", story("a") | {"title": None})

    assert check({"events": frame("events", EVENT | {"story_id": "a"})}, {"stories": broken}) == []


@pytest.mark.parametrize("other", ["the ministry", "The  Ministry", "THE\u00a0MINISTRY"])
def test_keys_that_differ_in_case_or_spaces_only_are_the_same(other):
    assert duplicates_of("The Ministry", other) == [
        (1, "partner", f"kenya-cash, {other}", "duplicate")
    ]


def test_keys_that_differ_in_how_an_accent_is_composed_are_the_same():
    assert len(duplicates_of("\u00c9cole", "E\u0301cole")) == 1


def test_keys_that_differ_in_an_accent_are_not_the_same():
    assert duplicates_of("École", "Ecole") == []


def duplicates_of(first, second):
    row = {"story_id": "kenya-cash", "source_url": "https://example.org/page"}
    rows = [row | {"partner": first}, row | {"partner": second}]
    return said(check({"partners": frame("partners", *rows)}))


def test_a_duplicate_names_the_line_of_the_row_it_repeats():
    rows = [EVENT, EVENT | {"event_id": "b"}, EVENT | {"event_id": "SUMMIT-2024"}]
    problems = check({"events": frame("events", *rows)})

    (repeated,) = [p for p in problems if p.rule == "duplicate"]
    assert repeated.message == "the row on line 2 has the same event_id: SUMMIT-2024."
    (moved,) = on_lines([repeated], pd.Index([5, 8, 13]))
    assert (moved.line, moved.values["other"]) == (13, 5)


def test_rows_without_a_key_are_missing_it_and_not_each_others_duplicates():
    rows = [EVENT | {"event_id": None}] * 2

    assert said(check({"events": frame("events", *rows)})) == [
        (0, "event_id", "", "missing"),
        (1, "event_id", "", "missing"),
    ]


def test_every_problem_is_found_at_once_in_the_order_of_rows_and_columns():
    frames = tiny()
    frames["events"] = frame(
        "events",
        EVENT | {"title": None, "year": 3000},
        EVENT | {"event_id": "SUMMIT 2024", "country_iso3": "XXX"},
    )

    assert [(p.line, p.column, p.rule) for p in check(frames)] == [
        (2, "title", "missing"),
        (2, "year", "span"),
        (3, "event_id", "pattern"),
        (3, "country_iso3", "unknown_reference"),
    ]


def test_rows_are_counted_by_place_not_by_index_label():
    events = frame("events", EVENT, EVENT | {"event_id": "b", "title": None})
    events.index = [7, 7]

    assert said(check({"events": events})) == [(1, "title", "", "missing")]


def test_checking_does_not_change_the_frames():
    frames = tiny()
    before = {name: table.copy() for name, table in frames.items()}

    check(frames)

    assert all(frames[name].equals(before[name]) for name in frames)


def test_an_unknown_dataset_is_named_with_the_known_ones():
    with pytest.raises(UnknownDatasetError, match="no dataset called “story”.*stories, genes"):
        check({"story": pd.DataFrame()})
    with pytest.raises(UnknownDatasetError):
        typed("story", pd.DataFrame())


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (
            Problem("events", 0, "year", 3000, "span", {"low": 1950, "high": 2100}),
            "events.csv, line 2, year: 3000 is not between 1950 and 2100.",
        ),
        (
            Problem("events", 0, "title", "", "missing", at=9),
            "events.csv, line 9, title: this cell must not be empty.",
        ),
        (
            Problem("events", None, "title", "", "missing_column"),
            "events.csv, line 1, title: the column “title” is missing.",
        ),
        (
            Problem(
                "events", 1, "story_id", "gaicy", "unknown_reference",
                {"refers": "stories"}, ("glacy",),
            ),
            "events.csv, line 3, story_id: “gaicy” is not in stories. Did you mean “glacy”?",
        ),
    ],
)  # fmt: skip
def test_a_problem_says_file_line_column_and_value(problem, text):
    assert str(problem) == text


def test_a_problem_of_an_upload_says_sheet_cell_and_header_as_they_are_written():
    problem = Problem(
        "events", 3, "year", "x" * 200, "not_whole", at=17, sheet="Events 2024", cell="B17",
        header="Année",
    )  # fmt: skip

    assert str(problem) == f"Events 2024, B17, Année: “{'x' * 119}…” is not a whole number."
    assert problem.line == 17


def test_lines_come_from_the_file_where_a_cell_holds_line_breaks():
    title, row = Problem("genes", None, "name", "", "missing"), Problem("genes", 1, "name", "", "x")

    assert [p.line for p in on_lines([title, row], pd.Index([2, 6]))] == [1, 6]


def test_every_pattern_is_explained_in_words():
    patterns = {
        rules(column)["pattern"]
        for dataset in DATASETS.values()
        for column in dataset.columns.values()
    }

    assert patterns - {""} == set(PATTERNS)


def test_a_value_with_braces_is_shown_not_filled_in():
    problem = Problem("events", 0, "year", "{values.__class__}", "not_whole")

    assert problem.message == "“{values.__class__}” is not a whole number."
    assert "not_whole" in MESSAGES
