import zipfile
from datetime import datetime
from io import BytesIO

import openpyxl
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from exports import workbook as module
from exports.workbook import sheet_names, workbook

ABOUT = {"What": "Two stories", "Release": "12", "Sources": "https://example.org"}


def opened(content):
    return openpyxl.load_workbook(BytesIO(content))


def cells(sheet):
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_a_read_me_sheet_comes_first_and_then_the_tables_in_their_order():
    book = opened(workbook({"b": pd.DataFrame({"x": [1]}), "a": pd.DataFrame()}, about=ABOUT))

    assert book.sheetnames == ["Read me", "b", "a"]
    assert cells(book["Read me"]) == [list(line) for line in ABOUT.items()]


def test_numbers_flags_text_and_missing_stay_what_they_are():
    table = pd.DataFrame(
        {
            "gene": pd.array(["trust", None], dtype="str"),
            "n": pd.array([23, None], dtype="Int64"),
            "low": [3.25, float("nan")],
            "official": pd.array([True, None], dtype="boolean"),
            "method": ["mean", ""],
            "provenance": ["workshop", "workshop"],
            "release": [12, 12],
        }
    )
    sheet = opened(workbook({"DNA": table}, about={}))["DNA"]

    assert cells(sheet) == [
        ["gene", "n", "low", "official", "method", "provenance", "release"],
        ["trust", 23, 3.25, True, "mean", "workshop", 12],
        [None, None, None, None, None, "workshop", 12],
    ]
    assert [cell.data_type for cell in sheet[2]] == ["s", "n", "n", "b", "s", "s", "n"]


def test_the_header_stays_in_sight_and_columns_are_as_wide_as_their_text():
    table = pd.DataFrame({"n": [1], "title": ["x" * 20], "summary": ["x" * 900]})
    sheet = opened(workbook({"a": table}, about={}))["a"]

    assert sheet.freeze_panes == "A2"
    widths = [sheet.column_dimensions[letter].width for letter in "ABC"]
    assert widths == pytest.approx([8, 21, 60], abs=1)
    assert sheet["A1"].font.bold


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "＝1+1",
        "\t=1",
        "'quoted",
        "=cmd|' /C calc'!A0",
        "{=1}",
        "https://example.org",
        "mailto:a@example.org",
        "0012",
        "1-5",
        "TRUE",
        "#REF!",
        "  spaces  ",
        "two\nlines",
        "<r>not markup & no error</r>",
        "<r></r>",
        "<script>alert(1)</script>",
        "]]>",
        "\u202eright to left",
        "nan",
    ],
)
def test_text_is_text_letter_for_letter_and_never_a_formula_or_a_link(text):
    content = workbook({"a": pd.DataFrame({text: [text]})}, about={text: text})
    book = opened(content)

    for cell in (book["a"]["A1"], book["a"]["A2"], book["Read me"]["B1"]):
        assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)
    assert b"<f>" not in zipfile.ZipFile(BytesIO(content)).read("xl/worksheets/sheet2.xml")


def test_text_that_looks_like_a_formula_stays_text_when_somebody_edits_it():
    sheet = opened(workbook({"a": pd.DataFrame({"x": ["=1+1", "safe"]})}, about={}))["a"]

    assert (sheet["A2"].quotePrefix, sheet["A3"].quotePrefix) == (True, False)


def test_a_number_that_no_spreadsheet_has_is_written_as_text():
    sheet = opened(workbook({"a": pd.DataFrame({"x": [float("inf"), 1.0]})}, about={}))["a"]

    assert [row[0] for row in cells(sheet)] == ["x", "inf", 1]


def test_the_same_tables_are_the_same_bytes_unless_a_time_is_given():
    table = {"a": pd.DataFrame({"x": [1.5, None], "y": ["a", "b"]})}

    assert workbook(table, about=ABOUT) == workbook(table, about=ABOUT)
    given_time = workbook(table, about=ABOUT, created=datetime(2026, 5, 14, 9, 30))
    assert opened(given_time).properties.created == datetime(2026, 5, 14, 9, 30)


def test_the_table_given_is_not_changed():
    table = pd.DataFrame({"x": ["=1"]})
    workbook({"a": table}, about={})

    assert table.equals(pd.DataFrame({"x": ["=1"]}))


def test_text_too_long_for_a_cell_is_cut_visibly():
    sheet = opened(workbook({"a": pd.DataFrame({"x": ["😀" * 20_000, "a" * 32_767]})}, about={}))[
        "a"
    ]

    assert sheet["A2"].value == "😀" * 16_383 + "…"
    assert sheet["A3"].value == "a" * 32_767


def test_a_table_that_no_sheet_can_hold_is_refused_and_not_cut(monkeypatch):
    monkeypatch.setattr(module, "MOST_ROWS", 3)

    assert workbook({"a": pd.DataFrame({"x": [1, 2]})}, about={})
    with pytest.raises(ValueError, match="“a” has 3 rows and 1 columns"):
        workbook({"a": pd.DataFrame({"x": [1, 2, 3]})}, about={})


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (["a", "A", "a"], ["a", "A (2)", "a (3)"]),
        (["x" * 40, "x" * 40], ["x" * 31, "x" * 27 + " (2)"]),
        (["a/b:c", "[1]*?\\"], ["a b c", "1"]),
        (["'quoted'", "", "  ", "History"], ["quoted", "Sheet", "Sheet (2)", "History (2)"]),
        (["😀" * 16], ["😀" * 15]),
        (["x" * 30 + "'y"], ["x" * 30]),
    ],
)
def test_names_of_sheets_are_cleaned_and_unique(wanted, names):
    assert sheet_names(wanted) == names


TEXT = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("=+-@'\t\r\n\0\x0b\ufffe\uffff_x"),
    ),
    max_size=12,
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(-1e300, 1e300, allow_subnormal=False),
    TEXT,
)


def as_read(text):
    """What a program that knows Excel's escapes reads; openpyxl leaves them to whoever asks."""
    return unescape(text) if isinstance(text, str) else text


@settings(max_examples=60)
@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=4), st.lists(TEXT, max_size=3))
@example([("_x0041_", "a\rb")], ["'"])
@example([("<r>&</r>", "<r>\0</r>")], ["\udcff"])
def test_any_table_opens_with_the_same_values(values, names):
    table = pd.DataFrame(values, columns=["=left", "right"], dtype=object)
    book = opened(workbook({**dict.fromkeys(names, table), "last": table}, about={}))

    assert len(book.sheetnames) == len(set(names) | {"last"}) + 1
    rows = cells(book.worksheets[-1])
    for read, written in zip(rows[1:], values, strict=False):
        for seen, meant in zip(read, written, strict=True):
            assert same(seen, meant), (seen, meant)
    assert all(cell.data_type != "f" for row in book.worksheets[-1] for cell in row)


def same(seen, meant):
    if isinstance(meant, str):
        meant = "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in meant)
        return (as_read(seen) or "") == as_read(meant) or seen == meant
    if isinstance(meant, bool) or meant is None:
        return seen is meant
    return seen == pytest.approx(meant, rel=1e-15)
