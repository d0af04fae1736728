"""How much of a file is read, and how a name from outside is shown. Loads nothing else of ours."""

import unicodedata
from dataclasses import dataclass
from typing import Any

MEGABYTE = 2**20
MILLION = 10**6

MOST_UPLOADED = 20 * MEGABYTE
MOST_INFLATED = 200 * MEGABYTE  # As counted while unpacking, over all parts together.
HIGHEST_RATIO, RATIO_FROM = 200, MEGABYTE  # Smaller parts may be as empty as they like.
MOST_PARTS = 2_000
MOST_CELLS = 2 * MILLION  # Filled ones.
MOST_COLUMNS = 200
MOST_AREA = 20 * MILLION  # Cells of a sheet down to the last filled one, empty ones too.
MOST_TABLE = 6 * MILLION  # Cells of a table without its blank rows, empty ones too.
MOST_FINDINGS = 10_000
MOST_TEXT = 64 * MILLION  # Characters; a text that many cells share counts for each.
LONGEST_SHOWN = 120
WIDE = 16_384  # Columns of a sheet.


@dataclass(frozen=True)
class Limits:
    """What the process that reads may use: bytes of address space, and seconds."""

    memory: int = 1_500 * MILLION
    cpu: int = 20
    wall: float = 30


class Refused(Exception):
    """A file cannot be read; `code` and `values` as in `errors.TEMPLATES`, without the name."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def shown(text: str) -> str:
    """A name from outside: at most 120 characters, none that hides, moves or breaks others."""
    seen = "".join(
        "\ufffd" if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") else letter
        for letter in text[: LONGEST_SHOWN + 1]
    )
    return seen if len(seen) <= LONGEST_SHOWN else f"{seen[: LONGEST_SHOWN - 1]}…"


def cell_name(row: int, column: int) -> str:
    """B17 for row 16 and column 1, both counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def place(row: int, column: int) -> int:
    """Row and column, counted from 0, as one number that takes little room in a set."""
    return row * WIDE + column
