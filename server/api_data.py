"""The datasets as the data API reads them: of one release, public, kept in memory for a while."""

import math
import time
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

import pandas as pd

import gcs_data
import settings
from exports.csv_file import csv_bytes
from gcs_data import parquet, query
from gcs_data.schema import DATASETS, rules

NOTE = (
    "Each record names its source in source_url; the terms of that source apply. Name the release "
    "when you cite. No record does not mean no: what is missing is null, and never 0."
)
ILLUSTRATIVE_NOTE = (
    "The ratings marked “illustrative” are made up by a seeded generator, to show how the charts "
    "work. They say nothing about any story."
)


def store() -> gcs_data.Store:
    """Where releases are kept."""
    return gcs_data.Store(settings.store(), shipped=settings.data_folder())


def frame(name: str, number: int) -> pd.DataFrame:
    """A dataset of a release. It is shared: never change it.

    Raises:
        GcsDataError: If there is no such release, or it cannot be opened.
    """
    return _frame(store(), number, name, settings.illustrative())


# Bounded, because a visitor writes the number of the release.
@lru_cache(maxsize=96)
def _frame(place: gcs_data.Store, number: int, name: str, illustrative: bool) -> pd.DataFrame:
    loaded = gcs_data.load(place, name, number)
    dtypes = DATASETS[name].dtypes
    if list(loaded) != list(dtypes):  # A release from before a column was added.
        loaded = loaded.reindex(columns=list(dtypes)).astype(dtypes)
    return loaded if illustrative else query.without_illustrative(loaded)


def dataset_file(name: str, number: int, format: str) -> bytes:
    """A whole dataset of a release as one CSV or Parquet file. Raises as `frame`."""
    return _dataset_file(store(), number, name, settings.illustrative(), format)


@lru_cache(maxsize=48)
def _dataset_file(
    place: gcs_data.Store, number: int, name: str, illustrative: bool, format: str
) -> bytes:
    return written(_frame(place, number, name, illustrative), name, format)


def written(table: pd.DataFrame, name: str, format: str) -> bytes:
    """A table as a file. Only a dataset's own columns make a Parquet file."""
    return parquet.to_bytes(table, name) if format == "parquet" else csv_bytes(table)


def history(minute: float | None = None) -> Sequence[gcs_data.Release]:
    """All releases, newest first, as they were at most a minute ago."""
    place = store()
    at = time.monotonic() // 60 if minute is None else minute
    return _history(place, gcs_data.current(place), at)


@lru_cache(maxsize=2)
def _history(place: gcs_data.Store, _newest: int, _minute: float) -> Sequence[gcs_data.Release]:
    return gcs_data.history(place)


def records(table: pd.DataFrame, lists: Collection[str] = ()) -> list[dict[str, Any]]:
    """The rows as JSON has them: missing is null, numbers are numbers, a list is a list."""
    columns = {
        str(name): [_cell(value, name in lists) for value in table[name].astype(object)]
        for name in table
    }
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _cell(value: Any, is_list: bool) -> Any:
    if value is None or value is pd.NA:
        return None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return query.items(value) if is_list else value


def dataset_records(name: str, rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a dataset as JSON; its list columns are lists."""
    return records(rows, list_columns(name))


def list_columns(name: str) -> set[str]:
    """The columns of a dataset that hold lists."""
    return {c for c, column in DATASETS[name].columns.items() if rules(column)["kind"] == "list"}


def one(name: str, number: int, **wanted: str) -> dict[str, Any] | None:
    """The first row of a dataset with these values, as JSON; None if there is none."""
    found = dataset_records(name, fitting(frame(name, number), **wanted).head(1))
    return found[0] if found else None


def fitting(table: pd.DataFrame, **wanted: str) -> pd.DataFrame:
    """The rows that have these values."""
    for column, value in wanted.items():
        table = table[table[column] == value]
    return table


def envelope(number: int, provenances: Collection[str] = ()) -> Mapping[str, Any]:
    """What every answer carries: the release, whose ratings it holds, and how to read it."""
    note = f"{NOTE} {ILLUSTRATIVE_NOTE}" if "illustrative" in provenances else NOTE
    return {"release": number, "provenance": list(provenances), "note": note}


def provenances_in(table: pd.DataFrame) -> list[str]:
    """Whose ratings these rows are, each once; none where rows are no ratings."""
    return sorted(table["provenance"].unique()) if "provenance" in table else []
