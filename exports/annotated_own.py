"""An uploaded xlsx file with comments on its bad cells, and otherwise as it was.

Imports no other module of ours: it runs in a process that starts for one file.
"""

from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink

LONGEST_CELL = 32_767
BLUE = "FF0563C1"


def annotated(content: bytes, said: dict[str, Any]) -> bytes:
    """The workbook with its problems. What we write is text, never a formula.

    Macros and links to other workbooks do not come back.

    Args:
        content: The workbook.
        said: As `problem_notes.said` gives it.

    Raises:
        Exception: Whatever a file can do to the library.
        KeyError: If it has no sheet of a problem's name.
    """
    book = openpyxl.load_workbook(BytesIO(content), keep_links=False, rich_text=True)
    red = PatternFill("solid", start_color=f"FF{said['red']}", end_color=f"FF{said['red']}")
    _forget_earlier_notes(book, said, red)
    for name, notes in said["notes"].items():
        for row, column, text in notes:
            _write_note(book[name].cell(row + 1, column + 1), text, said["author"], red)
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = False  # Else whatever is typed goes to every sheet.
    _write_list(book.create_sheet(_free(said["title"], book.sheetnames), 0), said)
    book.active = 0
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _forget_earlier_notes(book: Any, said: dict[str, Any], red: Any) -> None:
    """Take away what we wrote on an earlier upload, if this is such a file."""
    headings = said["headings"]
    ours = [
        sheet
        for sheet in book.worksheets
        if [cell.value for cell in next(sheet.iter_rows(1, 1, 1, len(headings)))] == headings
    ]
    if not ours:
        return
    for sheet in ours:
        book.remove(sheet)
    for sheet in book.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if cell.comment is not None and cell.comment.author == said["author"]:
                cell.comment = None
            if cell.fill == red:
                cell.fill = PatternFill()


def _write_note(cell: Any, text: str, author: str, red: Any) -> None:
    if isinstance(cell, MergedCell):
        return  # It shows nothing; the list has it.
    cell.fill = red
    if text:
        theirs = cell.comment.text if cell.comment is not None else ""
        cell.comment = Comment(_writable("\n\n".join(filter(None, (text, theirs)))), author)
        cell.comment.width, cell.comment.height = 320, 120


def _free(title: str, taken: list[str]) -> str:
    lower = {name.lower() for name in taken}
    numbered = (f"{title} ({number})" for number in range(2, len(taken) + 3))
    return next(name for name in (title, *numbered) if name.lower() not in lower)


def _write_list(sheet: Any, said: dict[str, Any]) -> None:
    sheet.freeze_panes = "A2"
    for column, (heading, width) in enumerate(
        zip(said["headings"], said["widths"], strict=True), start=1
    ):
        _write_text(sheet.cell(1, column), heading)
        sheet.cell(1, column).font = Font(bold=True)
        sheet.column_dimensions[sheet.cell(1, column).column_letter].width = width
    blue, wrapped = Font(color=BLUE, underline="single"), Alignment(wrap_text=True, vertical="top")
    for row, (texts, location) in enumerate(
        zip(said["rows"], said["locations"], strict=True), start=2
    ):
        for column, text in enumerate(texts, start=1):
            if text:
                _write_text(sheet.cell(row, column), text)
        sheet.cell(row, said["sentence"] + 1).alignment = wrapped
        if location:
            cell = sheet.cell(row, said["link"] + 1)
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=location)
            cell.font = blue


def _write_text(cell: Any, text: str) -> None:
    cell.value = _writable(text)
    cell.data_type = "s"  # Else text that starts with “=” would become a formula.
    cell.quotePrefix = text.startswith(("=", "+", "-", "@", "'"))


def _writable(text: str) -> str:
    return str(ILLEGAL_CHARACTERS_RE.sub("\ufffd", text))[:LONGEST_CELL]
