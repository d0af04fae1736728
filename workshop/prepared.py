"""Statements of SQLAlchemy, compiled once and then run by the driver itself.

A ballot takes eight statements. SQLAlchemy needs about as long to prepare each execution as SQLite
needs for all eight, and the core that writes is the core that answers. Only what a ballot needs
goes this way.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ClauseElement, ColumnElement, Connection, Dialect, bindparam

Values = Mapping[str, Any]
SIZES = (1, 4, 16, 64, 256, 1024)


def run(connection: Connection, statement: ClauseElement, values: Values) -> list[tuple[Any, ...]]:
    """Run a statement and return its rows, as the driver has them; none if it returns none."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(_text(connection.dialect, statement), values)
        return list(cursor.fetchall()) if cursor.description else []
    finally:
        cursor.close()


def run_many(connection: Connection, statement: ClauseElement, rows: Sequence[Values]) -> None:
    """Run a statement once for each row of values."""
    cursor = connection.connection.cursor()
    try:
        cursor.executemany(_text(connection.dialect, statement), rows)
    finally:
        cursor.close()


def size_for(values: Sequence[Any]) -> int:
    """How many places a statement has for these values: few sizes, so few statements."""
    return next(size for size in SIZES if size >= len(values))


def is_one_of(column: ColumnElement[str], size: int) -> ColumnElement[bool]:
    """Whether a column has one of `size` values, which `listed` hands in."""
    return column.in_([bindparam(f"in_{place}") for place in range(size)])


def listed(values: Sequence[str]) -> dict[str, str]:
    """The values for `is_one_of`, the last one repeated where there are fewer than places."""
    size = size_for(values)
    padded = [*values, *[values[-1]] * (size - len(values))]
    return {f"in_{place}": value for place, value in enumerate(padded)}


@cache
def _text(dialect: Dialect, statement: ClauseElement) -> str:
    return str(statement.compile(dialect=dialect))
