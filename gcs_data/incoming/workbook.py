"""Workbooks: calamine reads them, a second look says whether it read everything."""

import io
from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError
from python_calamine import SheetTypeEnum as SheetType
from python_calamine import SheetVisibleEnum as Visible

from gcs_data.incoming import ods, xls, xlsx
from gcs_data.incoming.archive import Archive
from gcs_data.incoming.cell_text import EXACT, as_text, percent
from gcs_data.incoming.compound import Compound
from gcs_data.incoming.limits import MILLION, MOST_TABLE, Refused, place, shown
from gcs_data.incoming.scan import Scan, check_sizes
from gcs_data.incoming.sheets import Notice
from gcs_data.incoming.table import Grid, Table, table

Say = Callable[[str, float], None]

OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
BLANK = " \t\r\n"


def zip_kind(archive: Archive) -> str:
    """Whether a container is an xlsx or an ods.

    Raises:
        Refused: If it is neither, with the sentence for what it is.
    """
    names = archive.names
    mimetype = archive.part("mimetype")
    if mimetype.startswith(OPEN_DOCUMENT):
        if mimetype.startswith(OPEN_DOCUMENT + b"spreadsheet"):
            return "ods"
        raise Refused("upload_other_document")
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Refused("upload_macros")
    if b"macroenabled" in archive.part("[Content_Types].xml").lower():
        raise Refused("upload_macros")
    if "xl/workbook.bin" in archive:
        raise Refused("upload_xlsb")
    if any(name.startswith(("word/", "ppt/", "visio/")) for name in names):
        raise Refused("upload_other_document")
    if any(name.endswith(".iwa") for name in names) or "index/document.iwa" in archive:
        raise Refused("upload_numbers")
    if "_rels/.rels" in archive and any(name.startswith("xl/") for name in names):
        return "xlsx"
    raise Refused("upload_archive")


def look_at_archive(content: bytes) -> tuple[str, list[Scan]]:
    """The kind of a ZIP container and a scan of each sheet; all of it was unpacked and counted."""
    archive = Archive(content)
    kind = zip_kind(archive)
    scans = list(xlsx.sheet_scans(archive) if kind == "xlsx" else ods.sheet_scans(archive))
    archive.count_rest()
    return kind, scans


def look_at_compound(content: bytes) -> tuple[str, list[Scan]]:
    """The same for an OLE container."""
    return "xls", xls.sheet_scans(Compound(content))


def tables(
    content: bytes, kind: str, scans: list[Scan], headers: Collection[str], say: Say
) -> tuple[list[Table], list[str], list[Notice]]:
    """Read every sheet.

    Args:
        content: The workbook.
        kind: xlsx, xls or ods.
        scans: What a look at each sheet found, in the order of the workbook.
        headers: As `table.table`.
        say: Is told the stage, and how much of it is done.

    Returns:
        The tables; the names of sheets without one; what the uploader should know.

    Raises:
        Refused: If it holds too much, is damaged, or the two ways of reading disagree.
    """
    check_sizes(scans)
    book = _opened(content, kind)
    _check_names(book, kind, scans)
    found: list[Table] = []
    skipped: list[str] = []
    notices: list[Notice] = []
    area = 0
    for number, (about, scan) in enumerate(zip(book.sheets_metadata, scans, strict=True)):
        say("reading", number / len(scans))
        if about.typ in (SheetType.MacroSheet, SheetType.Vba):
            raise Refused("upload_macros")
        read: Table | None = None
        more: list[Notice] = []
        if about.typ == SheetType.WorkSheet:
            read, more = table(_grid(book, number, scan), headers)
        if read is None:
            skipped.append(shown(about.name))
            continue
        read.hidden = about.visible != Visible.Visible
        found.append(read)
        area += len(read.lines) * len(read.columns)
        if area > MOST_TABLE:  # Many sheets, none of them too big.
            raise Refused("upload_tables", most=MOST_TABLE // MILLION)
        notices += more
    return found, skipped, notices


def _check_names(book: CalamineWorkbook, kind: str, scans: list[Scan]) -> None:
    """Refuse a workbook whose sheets are not those of the look, or that has two of one name."""
    if kind == "xls" and len(scans) == len(book.sheet_names):
        # Only the reader knows the alphabets of Excel 95.
        for scan, name in zip(scans, book.sheet_names, strict=True):
            scan.sheet = name
    if book.sheet_names != [scan.sheet for scan in scans]:
        raise Refused("upload_damaged")
    seen: set[str] = set()
    for scan in scans:
        if scan.sheet in seen:
            raise Refused("upload_same_sheets", sheet=shown(scan.sheet))
        seen.add(scan.sheet)


def _opened(content: bytes, kind: str) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError:
        raise Refused("upload_password") from None
    except CalamineError as error:
        if kind == "ods" and (plain := ods.without_layout(content)) != content:
            return _opened(plain, "")
        raise Refused("upload_damaged") from error


def _grid(book: CalamineWorkbook, number: int, scan: Scan) -> Grid:
    """One sheet as text, after comparing it with what the look found."""
    try:
        sheet = book.get_sheet_by_index(number)
        first_column = (sheet.start or (0, 0))[1]
        # Rows in which nothing stands are dropped at once: a sheet can have a million of them.
        kept = [(at, row) for at, row in enumerate(sheet.iter_rows()) if row.count("") < len(row)]
        merged = [(*start, *end) for start, end in sheet.merged_cell_ranges or ()]
    except (CalamineError, OverflowError, ValueError) as error:
        raise Refused("upload_damaged") from error
    rows = [at for at, _ in kept]
    raw: list[list[Any]] = [list(cells) for cells in zip(*(row for _, row in kept), strict=True)]
    read = sum(map(_count, raw)) - _known_to_differ(scan, rows, raw, first_column)
    if read != scan.filled:
        raise Refused(
            "upload_disagree", sheet=shown(scan.sheet), read=read, counted=scan.filled
        )  # fmt: skip
    grid = Grid(scan.sheet, rows, [], first_column, merged=scan.merged or merged)
    for column, cells in enumerate(raw, first_column):
        grid.columns.append(_texts(cells, column, grid, scan.percents))
    _write(grid, scan)
    return grid


def _count(cells: list[Any]) -> int:
    """How many cells are filled; text of spaces alone is not."""
    blank = {cell for cell in set(cells) if isinstance(cell, str) and not cell.strip(BLANK)}
    return len(cells) - sum(map(cells.count, blank))


def _known_to_differ(scan: Scan, rows: list[int], raw: list[list[Any]], first_column: int) -> int:
    """How many cells the reader filled of which the look knows better what stands there."""
    if not scan.texts:
        return 0
    position = {row: at for at, row in enumerate(rows)}
    cells = [
        raw[column - first_column][position[row]]
        for row, column in scan.texts
        if row in position and 0 <= column - first_column < len(raw)
    ]
    return _count(cells)


def _texts(cells: list[Any], column: int, grid: Grid, percents: Collection[int]) -> list[str]:
    """A column as text; dates and numbers that lost digits are noted in the grid."""
    kinds = set(map(type, cells)) - {str}
    if not kinds:
        return cells
    if kinds == {float} and not percents:
        different = set(cells)
        if all(isinstance(cell, str) or not abs(cell) >= EXACT for cell in different):
            written = {cell: cell if isinstance(cell, str) else as_text(cell) for cell in different}
            return [written[cell] for cell in cells]
    return [_text(cell, grid.rows[at], column, grid, percents) for at, cell in enumerate(cells)]


def _text(cell: Any, row: int, column: int, grid: Grid, percents: Collection[int]) -> str:
    if isinstance(cell, str):
        return cell
    text = as_text(cell)
    if isinstance(cell, date):
        grid.dates.append((row, column))
    elif isinstance(cell, float | int) and not isinstance(cell, bool):
        if percents and place(row, column) in percents:
            return percent(text)
        if abs(cell) >= EXACT and cell % 1 == 0:
            grid.findings.append(("long_number", row, column, text, {}))
    return text


def _write(grid: Grid, scan: Scan) -> None:
    """Put what the look knows better where it stands, in new rows and columns if need be."""
    grid.findings += [(rule, row, column, value, {}) for rule, row, column, value in scan.findings]
    if not scan.texts:
        return
    if not grid.columns:
        grid.first_column = min(column for _, column in scan.texts)
    left = min(min(column for _, column in scan.texts) - grid.first_column, 0)
    right = max(column for _, column in scan.texts) - grid.first_column + 1
    rows = sorted({*grid.rows, *(row for row, _ in scan.texts)})
    _spread(grid, rows, -left, max(right - len(grid.columns), 0))
    position = {row: at for at, row in enumerate(rows)}
    for (row, column), text in scan.texts.items():
        grid.columns[column - grid.first_column][position[row]] = text


def _spread(grid: Grid, rows: list[int], before: int, after: int) -> None:
    """Make room for more rows and columns; what is there keeps its place."""
    if len(rows) > len(grid.rows):
        old = {row: at for at, row in enumerate(grid.rows)}
        grid.columns = [
            [column[old[row]] if row in old else "" for row in rows] for column in grid.columns
        ]
    grid.rows = rows
    grid.first_column -= before
    grid.columns = [
        *([""] * len(rows) for _ in range(before)),
        *grid.columns,
        *([""] * len(rows) for _ in range(after)),
    ]
