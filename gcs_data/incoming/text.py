"""Text files: which encoding, which delimiter, which rows. Nothing shifts, nothing is guessed."""

import csv
import io
import re
from collections.abc import Callable, Collection, Iterator
from itertools import islice

from gcs_data.incoming.encodings import ENCODINGS as ENCODINGS
from gcs_data.incoming.encodings import decoded
from gcs_data.incoming.limits import (
    MILLION,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_FINDINGS,
    Refused,
    shown,
)
from gcs_data.incoming.sheets import Notice
from gcs_data.incoming.table import (
    SEARCHED,
    Grid,
    Table,
    header_position,
    matches,
    refuse_rows,
    table,
)

DELIMITERS = (",", ";", "\t", "|")
MOST_BLANK = 1_000  # Blank lines that may stand above a table.
SEP = re.compile(r'"?sep=([,;|\t])"?[ ]*(?:\r\n|\n|\r|$)', re.IGNORECASE)
# What `exports.csv_file` puts a "'" before, and another "'": exactly one is taken away again.
GUARDED = tuple("=+-@\t\r\n\0＝＋－＠'")
# A spreadsheet writes its errors into a text file as text, in its own language.
ERRORS = frozenset(
    "#NULL! #DIV/0! #VALUE! #REF! #NAME? #NUM! #N/A #SPILL! #CALC! #FIELD! #BLOCKED! #CONNECT! "
    "#GETTING_DATA #NUL! #VALEUR! #NOM? #NOMBRE! #¡NULO! #¡DIV/0! #¡VALOR! #¡REF! #¿NOMBRE? "
    "#¡NUM! #N/D".split()
)


def read(
    content: bytes,
    headers: Collection[str],
    encoding: str | None,
    say: Callable[[str, float], None],
) -> tuple[str, Table | None, list[Notice]]:
    """Read a text file.

    Returns:
        Its kind, csv or tsv; its table, None if it is blank; what the uploader should know.

    Raises:
        Refused: If it cannot be read for sure, or holds too much.
    """
    say("looking", 0.5)
    text, notices = decoded(content, encoding)
    skipped = 0
    delimiter = ""
    if found := SEP.match(text):  # Excel's own way to name the delimiter.
        delimiter, skipped, text = found.group(1), 1, text[found.end() :]
    delimiter = delimiter or _delimiter(text, headers)
    say("reading", 0.0)
    grid = _grid(text, delimiter, skipped, headers)
    say("reading", 0.5)
    read, more = table(grid, headers)
    if read is not None:
        read.decimal_comma = delimiter == ";"
    return "tsv" if delimiter == "\t" else "csv", read, [*notices, *more]


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of the line on which it begins, from 0.

    Raises:
        Refused: If quotation marks do not fit together.
    """
    before = csv.field_size_limit(len(text) + 1)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        line = 0
        while True:
            try:
                row = next(rows, None)
            except csv.Error:
                raise Refused("upload_quote", line=line + 1) from None
            if row is None:
                return
            yield line, row
            line = rows.line_num
    finally:
        csv.field_size_limit(before)


def _delimiter(text: str, headers: Collection[str]) -> str:
    """The delimiter whose rows hold most of our headers; else the one that splits rows alike."""
    tried = {delimiter: _first_rows(text, delimiter) for delimiter in DELIMITERS}
    found = {
        delimiter: max((matches(row, headers) for row in rows), default=0)
        for delimiter, rows in tried.items()
    }
    best = max(found.values())
    if best and list(found.values()).count(best) == 1:
        return max(found, key=lambda delimiter: found[delimiter])

    def splits(delimiter: str) -> tuple[bool, int]:
        widths = [len(row) for row in tried[delimiter]]
        if not widths:  # Nothing but this delimiter.
            return True, MOST_COLUMNS
        return len(set(widths)) == 1 and widths[0] > 1, widths[0]

    return max((one for one in DELIMITERS if found[one] == best), key=splits)


def _first_rows(text: str, delimiter: str) -> list[list[str]]:
    """The first filled rows, as far as this delimiter makes sense of them."""
    rows = []
    try:
        for _, row in islice(_rows(text, delimiter), MOST_BLANK):
            if any(map(str.strip, row)):
                rows.append(row)
            if len(rows) == SEARCHED:
                break
    except Refused:
        pass
    return rows


def _grid(text: str, delimiter: str, skipped: int, headers: Collection[str]) -> Grid:
    """All filled rows, each as long as the header; what did not fit is a finding."""
    numbers, rows, filled = [], [], 0
    for line, row in _rows(text, delimiter):
        here = len(row) - row.count("")
        if not here:
            continue
        filled += here
        if filled > MOST_CELLS:
            raise Refused("upload_cells", most=MOST_CELLS // MILLION)
        numbers.append(line + skipped)
        rows.append(row if len(row) <= MOST_COLUMNS else _cut(row, line + skipped))
    first = [at for at, row in enumerate(rows[:MOST_BLANK]) if any(map(str.strip, row))][:SEARCHED]
    head = first[header_position([rows[at] for at in first], headers)] if first else 0
    grid = Grid("", numbers, [])
    refuse_rows(len(rows), len(rows[head]) if rows else 0)
    _note_ragged(grid, rows, head)
    guarded, broken = "'" in text, "#" in text
    for number, cells in enumerate(zip(*rows, strict=True)):
        column = list(map(_unguarded, cells)) if guarded else list(cells)
        if broken and not ERRORS.isdisjoint(column):
            grid.findings += [
                ("error_cell", numbers[at], number, cell, {})
                for at, cell in enumerate(column)
                if cell in ERRORS
            ]
        grid.columns.append(column)
    return grid


def _cut(row: list[str], line: int) -> list[str]:
    """A long row without the empty cells at its end."""
    length = _length(row)
    if length > MOST_COLUMNS:
        raise Refused("upload_columns", found=length, line=line + 1, most=MOST_COLUMNS)
    return row[:length]


def _length(row: list[str]) -> int:
    """How many cells a row has up to the last filled one."""
    length = len(row)
    while length and not row[length - 1].strip():
        length -= 1
    return length


def _note_ragged(grid: Grid, rows: list[list[str]], head: int) -> None:
    """Make every row as long as the header, and note below it which were not."""
    if not rows:
        return
    width, least = len(rows[head]), _length(rows[head])
    for at, row in enumerate(rows):
        if len(row) == width:
            continue
        length = _length(row)
        if at > head and (length > width or len(row) < least):
            values = {"found": max(length, min(len(row), width)), "expected": least}
            grid.findings.append(("ragged", grid.rows[at], None, shown(",".join(row)), values))
            if len(grid.findings) > MOST_FINDINGS:
                raise Refused("upload_findings", most=MOST_FINDINGS)
        rows[at] = row[:width] + [""] * (width - len(row))


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(GUARDED) else cell
