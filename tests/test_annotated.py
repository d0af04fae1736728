import os
import zipfile
from io import BytesIO

import openpyxl
import pandas as pd
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font

from exports import annotated as module
from exports import problem_notes
from exports.annotated import annotated
from gcs_data.incoming.limits import Limits
from gcs_data.incoming.sheets import Reading, Sheet
from gcs_data.problems import Problem
from words import words

T = words()
HEADINGS = ["Sheet", "Cell", "Column", "Row", "Value", "Problem", "Suggestion"]
RED = "FFFFC7CE"


def problem(cell="B2", sheet="events", value="20x5", rule="not_whole", **more):
    return Problem("events", 0, "year", value, rule, sheet=sheet, cell=cell, key="a", **more)


def uploaded(rows, name="events"):
    """A workbook as staff have it: a sheet of theirs with its looks, and another one."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = name
    for row in rows:
        sheet.append(row)
    sheet["A1"].font = Font(bold=True)
    book.create_sheet("My notes")["C3"] = "=1+1"
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def reading(rows, kind="xlsx", name="events", **more):
    header, *cells = rows
    frame = pd.DataFrame(cells, dtype="str")
    frame.index = pd.Index(range(2, len(cells) + 2), name="line")
    return Reading("f", "0" * 64, kind, (Sheet(name, tuple(header), 1, frame, **more),))


ROWS = [["event_id", "year"], ["a", "20x5"], ["b", "2020"]]


def opened(*problems, rows=ROWS, kind="xlsx", content=None, **more):
    content = uploaded(rows) if content is None else content
    file = annotated(content, reading(rows, kind, **more), problems, t=T)
    return openpyxl.load_workbook(BytesIO(file))


def listed(book):
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_bad_cell_is_red_and_says_what_is_wrong(kind):
    book = opened(problem(), kind=kind)
    sheet = book["events"]

    assert sheet["B2"].fill.start_color.rgb == RED
    assert sheet["B2"].comment.text == "“20x5” is not a whole number."
    assert sheet["B2"].value == "20x5"
    assert sheet["B3"].comment is None
    assert sheet["B3"].fill.fill_type is None


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_first_sheet_lists_every_problem_with_a_link_to_its_cell(kind):
    book = opened(problem(suggestions=("2015",)), problem("A3", header="Year "), kind=kind)

    assert book.sheetnames[0] == "Problems"
    assert book.active.title == "Problems"
    assert listed(book) == [
        HEADINGS,
        ["events", "B2", "year", "a", "20x5", "“20x5” is not a whole number.", "2015"],
        ["events", "A3", "Year ", "a", "20x5", "“20x5” is not a whole number.", None],
    ]
    assert book["Problems"]["B3"].hyperlink.location == "'events'!A3"


def test_an_xlsx_file_comes_back_with_its_own_sheets_and_looks():
    book = opened(problem())

    assert book.sheetnames == ["Problems", "events", "My notes"]
    assert book["events"]["A1"].font.bold
    assert book["My notes"]["C3"].value == "=1+1"


def test_other_files_come_back_as_a_workbook_with_every_cell_where_it_stood():
    rows = [["event_id", "year"], ["007", "2020"], ["=1+1", "1.5"], ["a", ""]]
    book = opened(problem("D7"), rows=rows, kind="ods", first_column=2)
    sheet = book["events"]

    assert [[cell.value for cell in row[2:]] for row in sheet["A1:D4"]] == [
        ["event_id", "year"],
        ["007", 2020],
        ["=1+1", 1.5],
        ["a", None],
    ]
    assert [cell.data_type for cell in sheet["C"]][:3] == ["s", "s", "s"]
    assert sheet["D7"].fill.start_color.rgb == RED


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_values_that_look_like_formulas_stay_text(kind):
    hostile = "=cmd|' /C calc'!A0"
    book = opened(
        problem(value=hostile, suggestions=("=1+1",), header="=2+2"),
        rows=[["event_id", "year"], ["a", hostile]],
        kind=kind,
        content=uploaded([["event_id", "year"], ["a", "x"]]),
    )

    cells = [cell for row in book["Problems"] for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert hostile in [cell.value for cell in cells]
    if kind == "csv":
        assert (book["events"]["B2"].value, book["events"]["B2"].data_type) == (hostile, "s")


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_two_problems_of_one_cell_are_one_comment(kind):
    book = opened(problem(), problem(rule="missing"), kind=kind)

    assert book["events"]["B2"].comment.text == (
        "“20x5” is not a whole number.\nThis cell must not be empty."
    )


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_an_empty_cell_and_one_outside_the_table_can_be_bad(kind):
    book = opened(problem("B3", rule="missing"), problem("F9"), problem("nowhere"), kind=kind)

    assert [book["events"][cell].fill.start_color.rgb for cell in ("B3", "F9")] == [RED, RED]
    assert len(listed(book)) == 4


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_problem_of_the_whole_file_is_listed_and_marks_no_cell(kind):
    whole = Problem("", None, "", "", "no_dataset")
    book = opened(whole, kind=kind)

    assert listed(book)[1][5] == "No sheet of this file has the columns of one of our datasets."
    assert listed(book)[1][1] is None


def test_without_problems_the_list_is_empty():
    assert listed(opened()) == [HEADINGS]


def test_what_an_earlier_upload_was_told_goes_when_it_is_annotated_again():
    first = annotated(uploaded(ROWS), reading(ROWS), [problem()], t=T)
    book = openpyxl.load_workbook(BytesIO(first))
    book["events"]["A2"].comment = Comment("Ask Amina", "Zoë")
    file = BytesIO()
    book.save(file)

    again = opened(problem("B3"), content=file.getvalue())

    assert again.sheetnames == ["Problems", "events", "My notes"]
    assert again["events"]["B2"].comment is None
    assert again["events"]["B2"].fill.fill_type is None
    assert again["events"]["A2"].comment.text == "Ask Amina"
    assert again["events"]["B3"].fill.start_color.rgb == RED


def test_a_comment_of_the_uploader_stays_below_ours():
    book = openpyxl.load_workbook(BytesIO(uploaded(ROWS)))
    book["events"]["B2"].comment = Comment("Ask Amina", "Zoë")
    file = BytesIO()
    book.save(file)

    assert opened(problem(), content=file.getvalue())["events"]["B2"].comment.text == (
        "“20x5” is not a whole number.\n\nAsk Amina"
    )


def test_a_file_that_the_second_library_cannot_open_comes_back_as_what_was_read():
    book = opened(problem(), content=b"PK no workbook")

    assert book.sheetnames == ["Problems", "events"]
    assert book["events"]["B2"].comment.text == "“20x5” is not a whole number."


def test_a_sheet_that_only_the_reader_found_comes_back_too():
    assert opened(problem(), content=uploaded(ROWS, "other")).sheetnames == ["Problems", "events"]


def test_macros_and_links_to_other_files_do_not_come_back():
    file = BytesIO(uploaded(ROWS))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")

    kept = annotated(file.getvalue(), reading(ROWS), [problem()], t=T)

    assert "xl/vbaProject.bin" not in zipfile.ZipFile(BytesIO(kept)).namelist()


def test_a_bad_cell_in_a_merge_is_listed():
    book = openpyxl.load_workbook(BytesIO(uploaded(ROWS)))
    book["events"].merge_cells("A2:B2")
    file = BytesIO()
    book.save(file)

    assert len(listed(opened(problem(), content=file.getvalue()))) == 2


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_all_problems_are_listed_and_the_first_ones_have_comments(kind, monkeypatch):
    monkeypatch.setattr(problem_notes, "MOST_NOTES", 2)
    book = opened(*(problem(f"B{line}") for line in range(2, 7)), kind=kind)
    column = [book["events"][f"B{line}"] for line in range(2, 7)]

    assert [cell.comment is not None for cell in column] == [True, True, False, False, False]
    assert {cell.fill.start_color.rgb for cell in column} == {RED}
    assert len(listed(book)) == 6


def test_hidden_sheets_stay_hidden_and_a_nameless_one_has_a_name():
    book = opened(problem(sheet=""), kind="csv", name="", hidden=True)

    assert book.sheetnames == ["Problems", "Data"]
    assert book["Data"].sheet_state == "hidden"
    assert book["Data"]["B2"].comment.text == "“20x5” is not a whole number."
    assert book["Problems"]["B2"].hyperlink.location == "'Data'!B2"


def spent():
    """Seconds of the processor, with those of processes that have ended."""
    return sum(os.times()[:4])


@pytest.mark.heavy
def test_ten_times_as_many_problems_cost_no_more_each_to_write():
    def cost(count):
        rows = [["event_id", "year"], *([str(n), "20x5"] for n in range(count))]
        problems = [problem(f"B{line}") for line in range(2, count + 2)]
        content, read = uploaded(rows), reading(rows)
        start = spent()
        annotated(content, read, problems, t=T)
        return spent() - start

    cost(10)  # What only the first workbook costs.
    assert cost(10_000) < 20 * min(cost(1000) for _ in range(3))


def test_a_large_workbook_comes_back_as_what_was_read(monkeypatch):
    monkeypatch.setattr(module, "MOST_CELLS", 3)

    assert opened(problem()).sheetnames == ["Problems", "events"]


def test_a_workbook_that_takes_the_second_library_too_long_comes_back_as_what_was_read(monkeypatch):
    monkeypatch.setattr(module, "LIMITS", Limits(cpu=4, wall=8))
    file = BytesIO(uploaded(ROWS))
    merged = BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(merged, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":  # Seventeen thousand million cells as one.
                merge = b'</sheetData><mergeCells><mergeCell ref="A5:XFD1048576"/></mergeCells>'
                part = part.replace(b"</sheetData>", merge)
            new.writestr(name, part)

    assert opened(problem(), content=merged.getvalue()).sheetnames == ["Problems", "events"]
