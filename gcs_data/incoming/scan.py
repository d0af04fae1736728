"""What a second look at a sheet found; the reader's own result is held against it."""

from dataclasses import dataclass, field

from gcs_data.incoming.limits import (
    MILLION,
    MOST_AREA,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_FINDINGS,
    Refused,
    cell_name,
    place,
    shown,
)


@dataclass
class Scan:
    """One sheet, all places counted from 0.

    Attributes:
        sheet: Its name.
        filled: How many cells hold something. Blank text and errors do not count: the reader hands
            both on as empty.
        findings: Rule, row, column and value of the cells that the reader loses or cannot know.
        texts: What stands in cells that the reader leaves empty or takes for something else.
        percents: Places (`limits.place`) of numbers that are shown as percentages.
        merged: First row and column, last row and column; only where the reader does not say.
        last_row, last_column: The cell farthest down and right that is more than a format.
    """

    sheet: str
    filled: int = 0
    findings: list[tuple[str, int, int, str]] = field(default_factory=list)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    percents: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    last_row: int = 0
    last_column: int = 0

    def reach(self, row: int, column: int) -> None:
        """Note that something stands here.

        Raises:
            Refused: If that is beyond the last column that is read.
        """
        if column >= MOST_COLUMNS:
            cell = cell_name(row, column)
            raise Refused(
                "upload_sheet_columns", sheet=shown(self.sheet), cell=cell, most=MOST_COLUMNS
            )
        self.last_row = max(self.last_row, row)
        self.last_column = max(self.last_column, column)

    def fill(self, row: int, column: int) -> None:
        """Note that the reader must find something here. Raises as `reach`."""
        self.reach(row, column)
        self.filled += 1

    def percent(self, row: int, column: int) -> None:
        """Note that the number here is shown as a percentage."""
        self.percents.add(place(row, column))

    def found(self, rule: str, row: int, column: int, value: str) -> None:
        """Note a cell that the reader leaves empty. Raises as `reach`."""
        self.reach(row, column)
        self.findings.append((rule, row, column, value))
        self.texts[row, column] = value
        if len(self.findings) > MOST_FINDINGS:
            raise Refused("upload_findings", most=MOST_FINDINGS)


def check_sizes(scans: list[Scan]) -> None:
    """Refuse a workbook that holds too much, before anything makes room for it.

    Raises:
        Refused: For too many filled cells in all, or a cell far from all others.
    """
    filled = 0
    for scan in scans:
        filled += scan.filled
        if filled > MOST_CELLS:
            most = MOST_CELLS // MILLION
            raise Refused("upload_sheet_cells", sheet=shown(scan.sheet), most=most)
        if (scan.last_row + 1) * (scan.last_column + 1) > MOST_AREA:
            raise Refused("upload_far_cell", sheet=shown(scan.sheet), row=scan.last_row + 1)
