"""What a reader hands on: sheets of text, with where each cell stood."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # The process that reads has no use for pandas, which takes long to load.
    import pandas as pd


@dataclass(frozen=True)
class Finding:
    """Something wrong with a cell or row that shows before anybody knows which dataset it is.

    `line` is the row of the sheet, counted from 1 (the header's own row too); `column` is the
    position in `Sheet.cells`, None where the whole row is meant. `rule` is one of:

    - error_cell: the cell shows `value`, such as #REF! (in `cells` too).
    - not_calculated: a formula, `value`, whose result the file does not hold (in `cells` too).
    - long_number: a whole number of more than 15 digits in a number cell. A spreadsheet keeps 15:
      in a column of text, where it was an identifier, its end is lost. Harmless among numbers.
    - merged: the cells `value`, such as B3:B5, are one; column and line are those of the first.
    - ragged: a row of a text file with `found` cells instead of `expected` (`values`). Those it
      has too many are not in `cells`.
    """

    rule: str
    line: int
    column: int | None
    value: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """One sheet as a person sees it: text only; nothing shifted, renamed or guessed.

    The header is its first filled row, unless that row holds none of the headers asked for and one
    of the next rows holds two or more (a title above a table; a notice says which rows).

    Attributes:
        name: The sheet's name; empty for a text file or Parquet.
        header: The cells of that row, as written: may repeat, may be blank.
        header_line: On which row of the sheet (line of the file) the header stands, from 1.
        cells: Everything below, all text (dtype "str"), "" where empty; blank rows left out.
            Columns are 0, 1, 2 … in the order of `header`; the index, "line", is the row of the
            sheet, or the line of the file on which the row begins. Whole numbers are written
            without a point, dates as 2026-05-14 (13:30:00 behind it where there is a time), yes and
            no as true and false, and what is shown as a percentage as 45%: nobody sees the 0.45.
        first_column: How many empty columns stand left of the table (so cell names are right).
        dates: (line, column) of cells that hold a date, not text that looks like one.
        findings: What is wrong with single cells and rows.
        decimal_comma: Whether numbers may be written 1,5 (a text file separated by semicolons).
        hidden: Whether the sheet is hidden in its workbook.
    """

    name: str
    header: tuple[str, ...]
    header_line: int
    cells: pd.DataFrame
    first_column: int = 0
    dates: frozenset[tuple[int, int]] = frozenset()
    findings: tuple[Finding, ...] = ()
    decimal_comma: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class Notice:
    """Something the uploader should know about the whole file: a code and what it holds.

    - assumed_encoding: `encoding`, and a `sample` of text that depends on it; `read` takes another.
    - other_extension: the name ends in `extension`, but the file is of the kind `kind`.
    - rows_above_header: in `sheet`, `count` filled rows above the header on line `line` were left
      out.
    """

    code: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """A whole file as it was read.

    Attributes:
        file_name: As uploaded, at most 120 characters, none invisible. Never part of a path.
        sha256: Of the uploaded bytes.
        kind: xlsx, xls, ods, csv, tsv or parquet: by content, not by name.
        sheets: Every sheet that holds a table.
        skipped: Names of sheets without one (charts, empty ones).
        notices: Such as an encoding that had to be assumed.
    """

    file_name: str
    sha256: str
    kind: str
    sheets: tuple[Sheet, ...]
    skipped: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
