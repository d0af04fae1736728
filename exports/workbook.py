"""A view as a workbook (xlsx): a read-me sheet, then one sheet for each table.

Text is written as text cells, which no spreadsheet program runs, so nothing is put before it and
`import(export(table)) == table` needs no rule. Cells that would turn into a formula when somebody
edits them are marked as text for good (Excel's own `quotePrefix`, which is no part of the value).
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter

from exports.csv_file import DANGEROUS

# A spreadsheet's own limits.
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL, LONGEST_NAME = 1_048_576, 16_384, 32_767, 31
NARROWEST, WIDEST, ROWS_MEASURED = 8, 60, 200
ABOUT_WIDTHS = (24, 100)
# A workbook says when it was made; where nobody gives a time, the same table is the same file.
CREATED = datetime(2000, 1, 1)

SURROGATE = re.compile("[\ud800-\udfff]")
UNNAMEABLE = re.compile("[\\[\\]:*?/\\\\\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]+")


def workbook(
    sheets: Mapping[str, pd.DataFrame],
    *,
    about: Mapping[str, str],
    about_name: str = "Read me",
    created: datetime | None = None,
) -> bytes:
    """Write tables as the bytes of an xlsx file.

    Args:
        sheets: Tables by the name of their sheet. Columns are written as they are and in their
            order; the index is not written.
        about: What the read-me sheet says, line by line: heading and text (what it is, release,
            sources, how to read it).
        about_name: What the read-me sheet is called.
        created: The time that the file gives for itself. Without one, equal tables give equal
            bytes.

    Numbers stay numbers (to 16 digits), flags become TRUE and FALSE, missing is an empty cell.
    Names of sheets are cleaned and made unique. Text longer than a cell can hold ends with “…”.

    Raises:
        ValueError: If a table has more rows or columns than a sheet.
    """
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": created or CREATED})
        name, *names = sheet_names([about_name, *sheets])
        _write_about(book, book.add_worksheet(name), about)
        for name, table in zip(names, sheets.values(), strict=True):
            if len(table) >= MOST_ROWS or len(table.columns) > MOST_COLUMNS:
                raise ValueError(
                    f"“{name}” has {len(table)} rows and {len(table.columns)} columns; a sheet "
                    f"holds {MOST_ROWS - 1} and {MOST_COLUMNS}. Export it as CSV or Parquet."
                )
            _write_table(book, book.add_worksheet(name), table)
    return file.getvalue()


def sheet_names(wanted: Iterable[str]) -> list[str]:
    r"""Names that a workbook takes: without `[]:*?/\`, at most 31 long, none twice, none empty."""
    names: list[str] = []
    taken = {"history"}  # Excel keeps that name for itself.
    for name in wanted:
        clean = UNNAMEABLE.sub(" ", name).strip(" '") or "Sheet"
        unique, number = _named(clean), 1
        while _same(unique) in taken:
            number += 1
            unique = _named(clean, f" ({number})")
        taken.add(_same(unique))
        names.append(unique)
    return names


def _named(name: str, suffix: str = "") -> str:
    return _cut(name, LONGEST_NAME - len(suffix)).strip(" '") + suffix


def _same(name: str) -> str:
    return name.lower().casefold()  # Excel does not tell capitals from small letters.


def _cut(text: str, most: int) -> str:
    """The beginning of a text, in the units that Excel counts: an emoji is two."""
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")


def _write_about(book: Any, sheet: Any, about: Mapping[str, str]) -> None:
    as_text = {"valign": "top", "quote_prefix": True}
    heading = book.add_format({"bold": True, **as_text})
    body = book.add_format({"text_wrap": True, **as_text})
    write = Writer(book, sheet)
    for column, width in enumerate(ABOUT_WIDTHS):
        sheet.set_column(column, column, width)
    for row, (name, text) in enumerate(about.items()):
        write.text(row, 0, name, heading)
        write.text(row, 1, text, body)


def _write_table(book: Any, sheet: Any, table: pd.DataFrame) -> None:
    bold = book.add_format({"bold": True, "quote_prefix": True})
    write = Writer(book, sheet)
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(table.columns):
        values = table.iloc[:, column].tolist()
        write.text(0, column, str(name), bold)
        for row, value in enumerate(values, start=1):
            write.value(row, column, value)
        shown = [str(name), *(str(value) for value in values[:ROWS_MEASURED] if not _none(value))]
        width = max(len(text) for text in shown) + 1
        sheet.set_column(column, column, min(max(width, NARROWEST), WIDEST))


def _none(value: object) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or value != value


class Writer:
    """Writes cells of one sheet, each as what it is."""

    def __init__(self, book: Any, sheet: Any) -> None:
        self._book, self._sheet = book, sheet
        self._as_text = book.add_format({"quote_prefix": True})
        self._plain = book.add_format()

    def value(self, row: int, column: int, value: object) -> None:
        if _none(value):
            return
        if isinstance(value, bool | np.bool_):
            self._sheet.write_boolean(row, column, bool(value))
        elif isinstance(value, int | float | np.integer | np.floating) and np.isfinite(value):
            self._sheet.write_number(row, column, value)
        else:
            self.text(row, column, str(value))

    def text(self, row: int, column: int, text: str, looks: Any = None) -> None:
        """Write text that stays text; an empty one leaves the cell empty."""
        text = SURROGATE.sub("\ufffd", text)
        if _cut(text, LONGEST_CELL) != text:
            text = _cut(text, LONGEST_CELL - 1) + "…"
        if looks is None and text.startswith((*DANGEROUS, "'")):
            looks = self._as_text
        if text.startswith("<r>") and text.endswith("</r>"):
            # The library takes such a text for XML of its own making and would not escape it.
            looks = looks or self._plain
            self._sheet.write_rich_string(row, column, "<", self._plain, text[1:], looks)
        elif text:
            self._sheet.write_string(row, column, text, looks)
