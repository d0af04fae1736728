"""A dataset as a file that an import reads back just as it is: CSV, xlsx or Parquet."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from exports.csv_file import csv_bytes
from exports.workbook import LONGEST_CELL, workbook
from gcs_data import parquet
from gcs_data.errors import GcsDataError
from gcs_data.schema import DATASETS
from words import Words

FORMATS = ("csv", "xlsx", "parquet")


def dataset_file(
    name: str,
    frame: pd.DataFrame,
    format: str,
    *,
    t: Words,
    about: Mapping[str, str] | None = None,
) -> bytes:
    """Write a dataset's frame as a file.

    Args:
        name: The dataset.
        frame: Its rows, with the schema's columns and dtypes.
        format: One of `FORMATS`.
        t: The words of the read-me sheet that a workbook begins with.
        about: More lines of that sheet: heading and text.

    Raises:
        GcsDataError: If a text is longer than a cell of a workbook holds.
    """
    if format == "parquet":
        return parquet.to_bytes(frame, name)
    frame = parquet.plain(frame, name)
    if format == "csv":
        return csv_bytes(frame)
    _refuse_long_text(name, frame)
    first = {t("Dataset"): name, t("What it holds"): t(DATASETS[name].about)}
    numbers = list(frame.select_dtypes("float64"))
    table = frame.astype(dict.fromkeys(numbers, object))
    for column in numbers:
        table[column] = [_number(value) for value in frame[column]]
    return workbook({name: table}, about={**first, **(about or {})}, about_name=t("Read me"))


def _number(value: float) -> float | str | None:
    """A number; as text where the 16 digits that are written would not give it back."""
    if np.isnan(value):
        return None
    return value if float(f"{value:.16G}") == value else repr(value)


def _refuse_long_text(name: str, frame: pd.DataFrame) -> None:
    columns: list[str] = list(frame.select_dtypes("str"))
    for column in columns:
        # A letter counts once, an emoji twice: so many that it may, and then exactly.
        long = frame[column][frame[column].str.len() > LONGEST_CELL // 2].dropna()
        lengths = [len(text.encode("utf-16-le", "surrogatepass")) // 2 for text in long]
        if lengths and max(lengths) > LONGEST_CELL:
            raise GcsDataError(
                "cell_too_long",
                dataset=name,
                column=column,
                length=max(lengths),
                most=LONGEST_CELL,
            )
