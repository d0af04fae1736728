"""Workbooks of Excel 97 and 95: the same promises as for newer ones."""

import struct

import pytest
from bad_files import (
    HEADER,
    compound,
    encrypted_workbook,
    record,
    xls,
    xls_error,
    xls_header,
    xls_number,
    xls_shared,
    xls_text,
)
from reading_files import cells, findings, refusal, sheet

from gcs_data.incoming.read import read_here

DATE, PERCENT = 14, 9
FORMULA, STRING, MERGED, DATE1904, FILEPASS = 0x0006, 0x0207, 0x00E5, 0x0022, 0x002F


def formula(row, column, result):
    """A formula record; its eight bytes of result are a number, or say what follows."""
    return record(FORMULA, struct.pack("<HHH", row, column, 0) + result + bytes(8))


def stories(*records, **more):
    return xls(("Stories", xls_header() + b"".join(records)), **more)


def test_a_sheet_is_text_with_the_row_of_each_line():
    read = sheet(
        stories(xls_text(1, 0, "kenya"), xls_text(1, 1, "Café €"), xls_number(1, 2, 2024)), "a.xls"
    )

    assert (read.name, read.header, read.header_line) == ("Stories", HEADER, 1)
    assert read.cells.to_numpy().tolist() == [["kenya", "Café €", "2024"]]


def test_excel_95_is_read_too():
    content = xls(
        ("Stories", xls_header(biff5=True) + xls_text(1, 0, "Café", biff5=True)), biff5=True
    )

    assert cells(content, "a.xls") == [["Café", "", ""]]


def test_the_name_of_a_sheet_of_excel_95_may_be_in_another_alphabet():
    name, russian = "Истории".encode("cp1251").decode("latin-1"), record(0x0042, b"\xe3\x04")
    content = xls((name, xls_header(biff5=True)), biff5=True, before=russian)

    assert sheet(content, "a.xls").name == "Истории"


def test_shared_texts_may_go_on_in_another_record():
    first, second = "kenya " * 200, "é" * 10
    whole = struct.pack("<IIHB", 2, 2, len(first), 0) + first.encode("latin-1")
    cut = 500
    settings = record(0x00FC, whole[:cut])
    settings += record(
        0x003C, b"\0" + whole[cut:] + struct.pack("<HB", 10, 1) + second.encode("utf-16-le")
    )
    content = stories(xls_shared(1, 0, 0), xls_shared(1, 1, 1), before=settings)

    assert cells(content, "a.xls") == [[first, second, ""]]


def test_an_empty_shared_text_is_no_disagreement():
    content = stories(xls_shared(1, 0, 0), xls_shared(1, 1, 1), shared=("", "x"))

    assert cells(content, "a.xls") == [["", "x", ""]]


def test_dates_are_marked_and_both_calendars_honoured():
    read = sheet(stories(xls_number(1, 2, 46156, 1), formats=(0, DATE)), "a.xls")
    assert (read.cells.to_numpy().tolist(), read.dates) == ([["", "", "2026-05-14"]], {(2, 2)})

    later = record(DATE1904, b"\1\0")
    content = stories(xls_number(1, 2, 44694, 1), formats=(0, DATE), before=later)
    assert cells(content, "a.xls") == [["", "", "2026-05-14"]]


@pytest.mark.parametrize("format", [PERCENT, "0.0%"])
def test_a_percentage_is_text_as_it_is_shown(format):
    content = stories(xls_number(1, 2, 0.45, 1), formats=(0, format))

    assert cells(content, "a.xls") == [["", "", "45%"]]


def test_error_cells_are_findings():
    content = stories(
        xls_text(1, 0, "kenya"),
        xls_error(1, 1, 0x2A),
        formula(1, 2, b"\2\0\x07\0\0\0\xff\xff"),
    )

    assert findings(content, "a.xls") == [
        ("error_cell", 2, 1, "#N/A"), ("error_cell", 2, 2, "#DIV/0!"),
    ]  # fmt: skip


def test_formulas_give_their_kept_results():
    content = stories(
        formula(1, 0, b"\0\0\0\0\0\0\xff\xff"),
        record(STRING, struct.pack("<HB", 5, 0) + b"kenya"),
        formula(1, 1, b"\3\0\0\0\0\0\xff\xff"),
        formula(1, 2, struct.pack("<d", 2024)),
    )

    assert cells(content, "a.xls") == [["kenya", "", "2024"]]


def test_merged_cells_are_findings():
    content = stories(
        xls_text(1, 1, "Cash"),
        xls_text(2, 0, "x"),
        record(MERGED, struct.pack("<5H", 1, 1, 2, 1, 1)),
    )

    assert findings(content, "a.xls") == [("merged", 2, 1, "B2:B3")]


def test_hidden_sheets_are_marked():
    assert read_here(stories(state=1), "a.xls").sheets[0].hidden


def test_passwords_have_their_sentence():
    assert refusal(encrypted_workbook(), "a.xlsx") == "upload_password"
    locked = record(FILEPASS, b"\1\0" + bytes(50))
    assert refusal(stories(before=locked), "a.xls") == "upload_password"


def test_macros_and_other_documents_have_theirs():
    assert refusal(stories(folders=("_VBA_PROJECT_CUR",)), "a.xls") == "upload_macros"
    assert refusal(compound({"WordDocument": b"x"}), "a.xls") == "upload_other_document"
    assert refusal(compound({"PowerPoint Document": b"x"}), "a.xls") == "upload_other_document"
    assert refusal(compound({"Contents": b"x"}), "a.xls") == "upload_unknown"


@pytest.mark.parametrize("start", [b"\x09\0\x04\0", b"\x09\x02\x06\0", b"\x09\x08\x08\0"])
def test_workbooks_older_than_excel_95_have_theirs(start):
    assert refusal(start + bytes(60), "a.xls") == "upload_old_excel"


def test_a_container_that_is_cut_short_is_damaged():
    content = stories(xls_text(1, 0, "kenya"))

    assert refusal(content[:700], "a.xls", here=False) == "upload_damaged"


def test_more_than_200_columns_are_refused():
    assert refusal(stories(xls_number(1, 200, 1)), "a.xls") == "upload_sheet_columns"
    assert len(sheet(stories(xls_number(1, 199, 1)), "a.xls").header) == 200
