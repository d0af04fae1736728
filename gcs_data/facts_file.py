"""Small sheets of facts beside the datasets: few rows, reviewed by people, each with its source.

They ship empty where nobody has said anything yet; then they are their own templates.
"""

import csv
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from gcs_data.errors import FactsFileError
from gcs_data.schema import SOURCE

Row = Mapping[str, str]


@dataclass(frozen=True)
class Column:
    """What a cell may hold: one of some values, or text of a pattern."""

    name: str
    known: Collection[str] = ()
    pattern: str = ""
    required: bool = True

    def allows(self, value: str) -> bool:
        """Whether the cell may stand there."""
        if not value:
            return not self.required
        if self.known:
            return value in self.known
        return not self.pattern or bool(re.match(self.pattern, value))


SOURCE_URL = Column("source_url", pattern=SOURCE)


def read(path: Path, columns: Collection[Column]) -> list[Row]:
    """The rows of a file of facts, every cell checked. A file that is not there has none.

    Raises:
        FactsFileError: If the header is another one, or at the first cell that is not allowed. It
            names file, line, column and value.
    """
    names = [column.name for column in columns]
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = next(reader, [])
            if header != names:
                raise FactsFileError(path.name, 1, "", ",".join(header))
            lines = [(reader.line_num, cells) for cells in reader if cells]
    except FileNotFoundError:
        return []
    except (UnicodeDecodeError, csv.Error) as error:
        raise FactsFileError(path.name, 1, "", str(error)) from error
    return [_row(path.name, line, cells, columns) for line, cells in lines]


def _row(file: str, line: int, cells: list[str], columns: Collection[Column]) -> Row:
    if len(cells) != len(columns):
        raise FactsFileError(file, line, "", ",".join(cells))
    for column, cell in zip(columns, cells, strict=True):
        if not column.allows(cell.strip()):
            raise FactsFileError(file, line, column.name, cell)
    return {column.name: cell.strip() for column, cell in zip(columns, cells, strict=True)}
