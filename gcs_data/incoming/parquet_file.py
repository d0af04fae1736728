"""Parquet files: looked at before anything is unpacked, and plain columns only."""

from collections.abc import Callable, Collection
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gcs_data.incoming.cell_text import as_text
from gcs_data.incoming.limits import (
    MEGABYTE,
    MILLION,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_INFLATED,
    Refused,
    shown,
)
from gcs_data.incoming.sheets import Notice
from gcs_data.incoming.table import Grid, Table, refuse_rows, table

PLAIN = (
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_string_view,
    pa.types.is_integer,
    pa.types.is_floating,
    pa.types.is_decimal,
    pa.types.is_boolean,
    pa.types.is_date,
    pa.types.is_timestamp,
    pa.types.is_null,
)


def read(
    content: bytes, headers: Collection[str], say: Callable[[str, float], None]
) -> tuple[str, Table | None, list[Notice]]:
    """Read a Parquet file as if it were a sheet: names on line 1, the first row on line 2.

    Returns:
        Its kind, its table, and what the uploader should know.

    Raises:
        Refused: If it is damaged, holds too much, or has a column of another type.
    """
    pa.set_cpu_count(1)  # Each thread would take memory of its own, of which there is little.
    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        _check(file)
        say("reading", 0.0)
        columns = file.read(use_threads=False)
        _check_cells(columns)
        grid = _grid(columns, say)
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        if "ncrypt" in str(error):
            raise Refused("upload_password") from error
        raise Refused("upload_damaged") from error
    read, notices = table(grid, headers)
    return "parquet", read, notices


def _check(file: pq.ParquetFile) -> None:
    about = file.metadata
    if about.num_columns > MOST_COLUMNS:
        raise Refused("upload_columns", found=about.num_columns, line=1, most=MOST_COLUMNS)
    refuse_rows(about.num_rows, about.num_columns)
    groups = (about.row_group(number) for number in range(about.num_row_groups))
    if sum(group.total_byte_size for group in groups) > MOST_INFLATED:
        raise Refused("upload_inflated", most=MOST_INFLATED // MEGABYTE)
    for field in file.schema_arrow:
        kind = field.type
        if pa.types.is_dictionary(kind):
            kind = kind.value_type
        if not any(test(kind) for test in PLAIN):
            raise Refused("upload_parquet_type", column=shown(field.name), found=shown(str(kind)))


def _check_cells(columns: pa.Table) -> None:
    if sum(len(column) - column.null_count for column in columns.columns) > MOST_CELLS:
        raise Refused("upload_cells", most=MOST_CELLS // MILLION)


def _grid(columns: pa.Table, say: Callable[[str, float], None]) -> Grid:
    grid = Grid("", list(range(columns.num_rows + 1)), [])
    for number, (name, cells) in enumerate(zip(columns.column_names, columns.columns, strict=True)):
        say("reading", number / columns.num_columns)
        grid.columns.append([name, *_texts(cells, number, grid)])
    return grid


def _texts(cells: pa.ChunkedArray, number: int, grid: Grid) -> list[str]:
    if pa.types.is_dictionary(cells.type):
        cells = cells.cast(cells.type.value_type)
    kind = cells.type
    if pa.types.is_timestamp(kind):
        cells = cells.cast(pa.timestamp("us"), safe=False)  # Python knows no nanoseconds.
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        filled = pc.is_valid(cells).to_pylist()
        grid.dates += [(at + 1, number) for at, is_filled in enumerate(filled) if is_filled]
    return ["" if value is None else _text(value) for value in cells.to_pylist()]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else as_text(value)
