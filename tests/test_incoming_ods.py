"""OpenDocument spreadsheets: the same promises as for workbooks of Excel."""

import pytest
from bad_files import HEADER, ODS_TYPE, ods, ods_cell, ods_row, ods_table, zipped
from reading_files import cells, findings, refusal, sheet

from gcs_data.incoming.read import read_here

HEADS = ods_row(*HEADER)


def one_cell(cell):
    """The text of a single cell below the header “title”."""
    content = ods(ods_table(ods_row("title", "year_started"), ods_row(cell, 2024)))
    return cells(content, "stories.ods")[0][0]


def test_a_sheet_is_text_with_the_row_of_each_line():
    read = sheet(ods(ods_table(HEADS, ods_row("kenya", "Cash", 2024))), "stories.ods")

    assert (read.name, read.header, read.header_line) == ("Stories", HEADER, 1)
    assert read.cells.to_numpy().tolist() == [["kenya", "Cash", "2024"]]
    assert read.cells.index.tolist() == [2]


@pytest.mark.parametrize(
    ("attributes", "text"),
    [
        ('office:value-type="percentage" office:value="0.45"', "45%"),
        ('office:value-type="currency" office:value="3.5"', "3.5"),
        ('office:value-type="date" office:date-value="2026-05-14"', "2026-05-14"),
        ('office:value-type="date" office:date-value="2026-05-14T10:30:00"', "2026-05-14 10:30:00"),
        ('office:value-type="time" office:time-value="PT10H30M00S"', "10:30:00"),
        ('office:value-type="time" office:time-value="PT36H30M05S"', "36:30:05"),
        ('office:value-type="boolean" office:boolean-value="true"', "true"),
    ],
)
def test_every_type_of_cell_is_text(attributes, text):
    assert one_cell(ods_cell("as shown", attributes)) == text


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<text:p>a</text:p><text:p>b</text:p>", "a\nb"),
        ('<text:p>a<text:s text:c="3"/>b</text:p>', "a   b"),
        ("<text:p>a<text:line-break/>b<text:tab/>c</text:p>", "a\nb\tc"),
        ("<text:p><text:span>a</text:span> <text:a>b</text:a></text:p>", "a b"),
        (
            "<office:annotation><dc:date>2020</dc:date><text:p>A note</text:p></office:annotation>"
            "<text:p>a</text:p>",
            "a",
        ),
    ],
)
def test_text_keeps_its_lines_and_spaces_and_notes_are_not_text(inside, text):
    assert one_cell(ods_cell(attributes='office:value-type="string"', inside=inside)) == text


def test_a_note_on_an_empty_cell_leaves_it_empty():
    note = "<office:annotation><text:p>A note</text:p></office:annotation>"

    assert one_cell(ods_cell(inside=note)) == ""


def test_text_without_a_type_is_text_all_the_same():
    assert one_cell(ods_cell("untyped")) == "untyped"


def test_dates_are_marked():
    date = 'office:value-type="date" office:date-value="2026-01-05"'
    read = sheet(ods(ods_table(ods_row("score"), ods_row(ods_cell("1-5", date)))), "a.ods")

    assert read.dates == {(2, 0)}


@pytest.mark.parametrize(
    "attributes",
    [
        'table:formula="of:=1/0" office:value-type="string" office:string-value="" '
        'calcext:value-type="error"',
        'table:formula="of:=1/0" office:value-type="float" office:value="0" '
        'calcext:value-type="error"',
        'table:formula="of:=1/0" office:value-type="string"',
    ],
)
def test_an_error_cell_is_a_finding_not_an_empty_cell(attributes):
    content = ods(ods_table(HEADS, ods_row("kenya", ods_cell("#DIV/0!", attributes), 2024)))

    assert findings(content, "a.ods") == [("error_cell", 2, 1, "#DIV/0!")]
    assert cells(content, "a.ods") == [["kenya", "#DIV/0!", "2024"]]


def test_a_formula_gives_its_kept_result_and_without_one_is_a_finding():
    kept = ods_cell("2", 'table:formula="of:=1+1" office:value-type="float" office:value="2"')
    lost = ods_cell(attributes='table:formula="of:=[.A1]"')
    empty = ods_cell(attributes='table:formula="of:=[.A1]" office:value-type="string"')
    content = ods(ods_table(HEADS, ods_row(kept, lost, empty)))

    assert findings(content, "a.ods") == [("not_calculated", 2, 1, "=[.A1]")]
    assert cells(content, "a.ods")[0][::2] == ["2", ""]


def test_repeats_count_and_empty_ones_at_the_end_are_normal():
    content = ods(
        ods_table(
            ods_row(*HEADER, ods_cell(times=16381)),
            ods_row(ods_cell("x", 'office:value-type="string"', times=2), 2024, times=3),
            ods_row(ods_cell(times=16384), times=1_048_572),
        )
    )
    read = sheet(content, "a.ods")

    assert read.cells.to_numpy().tolist() == [["x", "x", "2024"]] * 3
    assert read.cells.index.tolist() == [2, 3, 4]


def test_a_gap_of_rows_keeps_line_numbers_right():
    content = ods(
        ods_table(
            ods_row(ods_cell(), times=3),
            ods_row(ods_cell(), *HEADER),
            ods_row(ods_cell(), times=5),
            ods_row(ods_cell(), "kenya", "Cash", 2024),
        )
    )
    read = sheet(content, "a.ods")

    assert (read.header_line, read.first_column, read.cells.index.tolist()) == (4, 1, [10])


def test_merged_cells_are_findings():
    spanned = (
        'office:value-type="string" table:number-columns-spanned="1" table:number-rows-spanned="2"'
    )
    content = ods(
        ods_table(
            HEADS,
            ods_row("kenya", ods_cell("Cash", spanned), 2024),
            ods_row("peru", ods_cell(covered=True), 2025),
        )
    )

    assert findings(content, "a.ods") == [("merged", 2, 1, "B2:B3")]


def test_hidden_sheets_are_marked():
    hidden = (
        '<style:style style:name="ta2" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    content = ods(
        ods_table(HEADS), ods_table(ods_row("x"), name="Lists", style="ta2"), styles=hidden
    )

    assert [one.hidden for one in read_here(content, "a.ods").sheets] == [False, True]


def test_a_file_with_line_breaks_between_its_elements_is_read():
    table = ods_table(HEADS, ods_row("kenya", "a b", 2024))
    spread = table.replace("><", ">\n  <")

    assert cells(ods(spread), "a.ods") == [["kenya", "a b", "2024"]]


def test_the_template_of_a_spreadsheet_is_one_and_a_text_document_is_none():
    text = "application/vnd.oasis.opendocument.text"

    assert cells(ods(ods_table(HEADS), mimetype=f"{ODS_TYPE}-template"), "a.ots") == []
    assert refusal(ods(ods_table(HEADS), mimetype=text), "a.ods") == "upload_other_document"


def test_a_password_has_its_sentence():
    secret = "<manifest:encryption-data/>"

    assert refusal(ods(ods_table(HEADS), manifest=secret), "a.ods") == "upload_password"
    whole = {"mimetype": ODS_TYPE, "encrypted-package": b"\1" * 99}
    assert refusal(zipped(whole), "a.ods") == "upload_password"


def test_two_sheets_of_one_name_are_refused():
    assert refusal(ods(ods_table(HEADS), ods_table(HEADS)), "a.ods") == "upload_same_sheets"
