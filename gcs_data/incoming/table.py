"""A table of text out of rows as they stand: which row is the header, which columns are used."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from gcs_data.folding import folded
from gcs_data.incoming.limits import (
    MILLION,
    MOST_FINDINGS,
    MOST_TABLE,
    MOST_TEXT,
    Refused,
    cell_name,
    shown,
)
from gcs_data.incoming.sheets import Finding, Notice

SEARCHED = 20  # How many filled rows may stand above the header, and a little more.

Merge = tuple[int, int, int, int]


@dataclass
class Table:
    """One sheet before it is a frame: `sheets.Sheet` says what the fields mean."""

    name: str
    header: list[str]
    header_line: int
    columns: list[list[str]]
    lines: list[int]
    first_column: int = 0
    dates: list[tuple[int, int]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    decimal_comma: bool = False
    hidden: bool = False


@dataclass
class Grid:
    """Rows of text as they stand, and what is to be said of single cells; all counted from 0.

    Attributes:
        rows: The number of each row that is there.
        columns: As many cells as there are rows, for each column from the first.
        first_column: The number of the first of them.
    """

    name: str
    rows: list[int]
    columns: list[list[str]]
    first_column: int = 0
    findings: list[tuple[str, int, int | None, str, dict[str, int]]] = field(default_factory=list)
    dates: list[tuple[int, int]] = field(default_factory=list)
    merged: Sequence[Merge] = ()


def header_key(text: str) -> str:
    """A header as it is compared here: letters and digits only, whatever their case or accents."""
    return "".join(folded(text))


def matches(row: Sequence[str], headers: Collection[str]) -> int:
    """How many of the headers asked for stand in a row."""
    return len({header_key(cell) for cell in row} & set(headers))


def table(grid: Grid, headers: Collection[str]) -> tuple[Table | None, list[Notice]]:
    """The table in a grid; None if nothing is filled.

    Args:
        grid: What was read.
        headers: The headers that datasets have, as `header_key` writes them.

    Raises:
        Refused: If it holds too much text, or too many cells are broken.
    """
    refuse_rows(len(grid.rows), len(grid.columns))
    if sum(sum(map(len, column)) for column in grid.columns) > MOST_TEXT:
        raise Refused("upload_inflated", most=MOST_TEXT // MILLION)
    kept = _filled_rows(grid.columns)
    if not kept:
        return None, []
    head = header_position([[c[row] for c in grid.columns] for row in kept[:SEARCHED]], headers)
    notices = _rows_above(grid, kept, head)
    kept = kept[head:]
    columns = grid.columns
    if len(kept) < len(grid.rows):
        columns = [[column[row] for row in kept] for column in columns]
    used = [number for number, column in enumerate(columns) if any(map(str.strip, column))]
    first, last = used[0], used[-1]
    found = Table(
        name=grid.name,
        header=[column[0] for column in columns[first : last + 1]],
        header_line=grid.rows[kept[0]] + 1,
        columns=[column[1:] for column in columns[first : last + 1]],
        lines=[grid.rows[row] + 1 for row in kept[1:]],
        first_column=grid.first_column + first,
    )
    _place(found, grid, last - first)
    return found, notices


def refuse_rows(rows: int, columns: int) -> None:
    """Refuse a table that is too big, be it almost empty."""
    if rows * columns > MOST_TABLE:
        most = MOST_TABLE // MILLION
        raise Refused("upload_rows", rows=rows, columns=columns, most=most)


def _filled_rows(columns: list[list[str]]) -> list[int]:
    """Which rows are not blank."""
    return [
        number
        for number, row in enumerate(zip(*columns, strict=True))
        if row[0].strip() or "".join(row).strip()
    ]


def header_position(rows: list[list[str]], headers: Collection[str]) -> int:
    """Which of the first filled rows is the header: the first, unless it is plainly a title."""
    found = [matches(row, headers) for row in rows]
    best = max(found)
    return found.index(best) if found[0] == 0 and best >= 2 else 0


def _rows_above(grid: Grid, kept: list[int], head: int) -> list[Notice]:
    if not head:
        return []
    values = {"sheet": shown(grid.name), "count": head, "line": grid.rows[kept[head]] + 1}
    return [Notice("rows_above_header", values)]


def _place(found: Table, grid: Grid, last: int) -> None:
    """Say of findings and dates where in the table they are; what is outside is left out."""
    start, first = found.header_line - 1, found.first_column
    end = found.lines[-1] - 1 if found.lines else start

    def inside(row: int, column: int) -> bool:
        return start <= row <= end and 0 <= column - first <= last

    found.dates = [(row + 1, column - first) for row, column in grid.dates if inside(row, column)]
    found.findings = [
        Finding(rule, row + 1, None if column is None else column - first, value, dict(values))
        for rule, row, column, value, values in grid.findings
        if inside(row, first if column is None else column)
    ] + [
        Finding("merged", max(top, start) + 1, max(left - first, 0), _range(top, left, down, right))
        for top, left, down, right in grid.merged
        if start <= down and top <= end and first <= right and left - first <= last
    ]
    if len(found.findings) > MOST_FINDINGS:
        raise Refused("upload_findings", most=MOST_FINDINGS)
    found.findings.sort(key=lambda one: (one.line, -1 if one.column is None else one.column))


def _range(top: int, left: int, down: int, right: int) -> str:
    return f"{cell_name(top, left)}:{cell_name(down, right)}"
