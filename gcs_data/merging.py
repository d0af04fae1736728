"""What a dataset becomes when a file's rows are put on it: rows are added or correct others."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from gcs_data.matching import Rows, partners, shaped
from gcs_data.schema import DATASETS, RATINGS


def merged(
    name: str,
    before: pd.DataFrame,
    given: pd.DataFrame,
    present: Collection[str],
    remove_missing: bool = False,
) -> pd.DataFrame:
    """What a dataset becomes when a file's rows are put on it.

    A row with a known key corrects that row and keeps the key's published spelling; others are
    added. An empty cell empties the published one; a column that the file does not have keeps it.

    Args:
        name: The dataset.
        before: The dataset as published.
        given: The file's rows, with the dataset's columns.
        present: The columns that the file has.
        remove_missing: Remove published rows that the file does not hold; of ratings, only those
            of occasions that the file holds.

    Returns:
        The published rows in their order, then the added ones in theirs; the schema's dtypes.

    Raises:
        UnknownDatasetError: If there is no such dataset.
    """
    if remove_missing:
        before = without(before, absent(name, before, given))
    return merged_from(name, before, given, present)[0]


def merged_from(
    name: str,
    before: pd.DataFrame,
    given: pd.DataFrame,
    present: Collection[str],
    found: Rows | None = None,
) -> tuple[pd.DataFrame, Rows]:
    """As `merged`, and for each row the position of the file's row in it; -1 where there is none.

    `found` says which published row each of the file's is, where that is known already.

    Raises:
        UnknownDatasetError: If there is no such dataset.
    """
    before, given = shaped(name, before), shaped(name, given)
    key = DATASETS[name].key
    if found is None:
        found = partners(key, before, given)
    known = found >= 0
    whole = before.copy()
    for column in present:
        if column in whole and column not in key:
            values = whole[column].array.copy()
            values[found[known]] = given[column].array[known]
            whole[column] = values
    source = np.full(len(before), -1, dtype=np.intp)
    source[found[known]] = np.flatnonzero(known)
    whole = pd.concat([whole, given[~known]], ignore_index=True)
    return whole, np.concatenate([source, np.flatnonzero(~known)])


def absent(name: str, before: pd.DataFrame, given: pd.DataFrame, found: Rows | None = None) -> Rows:
    """The positions of published rows that a file does not hold; `found` as in `merged_from`.

    Of ratings, only rows of occasions that the file holds: an upload of one room says nothing
    about the others.
    """
    before, given = shaped(name, before), shaped(name, given)
    if found is None:
        found = partners(DATASETS[name].key, before, given)
    missing = np.ones(len(before), dtype=bool)
    missing[found[found >= 0]] = False
    if name == RATINGS:
        missing &= before["occasion_id"].isin(given["occasion_id"].unique().tolist()).to_numpy()
    return np.flatnonzero(missing)


def without(frame: pd.DataFrame, rows: Collection[int] | Rows) -> pd.DataFrame:
    """The frame without the rows at these positions, counted anew from 0."""
    stays = np.ones(len(frame), dtype=bool)
    stays[list(rows)] = False
    return frame[stays].reset_index(drop=True)
