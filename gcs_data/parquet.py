"""One dataset as one plain Parquet file, the same bytes for the same frame.

Files are named by their content, so equal frames must give equal bytes; and a reader gets back
the dtypes that were written (pandas keeps them in the file) without knowing our schema.
"""

import io
from collections.abc import Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq


def plain(frame: pd.DataFrame, dataset: str) -> pd.DataFrame:
    """The frame with the dataset's columns in order, its dtypes, and rows counted from 0.

    Raises:
        UnknownDatasetError: If there is no such dataset.
        KeyError: If a column is missing.
        TypeError, ValueError: If a value does not fit its column; `checks.check` says which.
    """
    from gcs_data.errors import UnknownDatasetError
    from gcs_data.schema import DATASETS  # Here, because readers need not wait for pandera.

    if dataset not in DATASETS:
        raise UnknownDatasetError(dataset, DATASETS)
    dtypes = DATASETS[dataset].dtypes
    return frame[list(dtypes)].astype(dtypes).reset_index(drop=True)


def to_bytes(frame: pd.DataFrame, dataset: str) -> bytes:
    """Write a dataset's frame as a Parquet file that any reader opens.

    Returns:
        The file. Missing cells are nulls. Raises what `plain` raises.
    """
    table = pa.Table.from_pandas(plain(frame, dataset), preserve_index=False)
    # One copy of each column in one piece: how a frame was put together must not show in the file.
    table = table.combine_chunks()
    file = io.BytesIO()
    pq.write_table(table, file, compression="snappy")
    return file.getvalue()


def from_bytes(data: bytes, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """The frame that `to_bytes` was given, dtypes included; an all-missing column keeps its own.

    With `columns`, only those are read.

    Raises:
        ValueError: If it is not a whole Parquet file, or has no such column.
    """
    try:
        # Arrow's threads may still be at work when a short process ends, which then aborts
        # (apache/arrow issues 34314 and 39162); files as small as ours do not need them.
        table = pq.ParquetFile(pa.BufferReader(data)).read(columns, use_threads=False)
        # In the order that was asked for, which `read` does not keep.
        table = table if columns is None else table.select(list(columns))
        frame: pd.DataFrame = table.to_pandas(use_threads=False)
    except (pa.ArrowException, OSError, KeyError) as error:
        raise ValueError(f"not a whole Parquet file ({error})") from error
    return frame


def rows(data: bytes) -> int:
    """How many rows a Parquet file holds; reads its footer only. Raises as `from_bytes`."""
    try:
        return int(pq.read_metadata(pa.BufferReader(data)).num_rows)
    except (pa.ArrowException, OSError) as error:
        raise ValueError(f"not a whole Parquet file ({error})") from error
