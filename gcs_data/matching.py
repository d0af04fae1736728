"""Which row of one frame is which row of another: by key, compared as `gcs_data.checks` does."""

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import pandas as pd

from gcs_data.checks import comparable
from gcs_data.errors import UnknownDatasetError
from gcs_data.schema import DATASETS

Rows = npt.NDArray[np.intp]


def shaped(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with exactly the dataset's columns and dtypes, rows counted from 0."""
    if name not in DATASETS:
        raise UnknownDatasetError(name, DATASETS)
    dtypes = DATASETS[name].dtypes
    return frame.reindex(columns=list(dtypes)).astype(dtypes).reset_index(drop=True)


def partners(key: Collection[str], before: pd.DataFrame, after: pd.DataFrame) -> Rows:
    """For each row of `after`, the position of the row of `before` with the same key, or -1.

    A row without its whole key is like no other. Where a frame has a key twice, its first row
    goes with the first of the other frame, its second with the second.
    """
    keys = pd.concat([before[list(key)], after[list(key)]], ignore_index=True)
    ids = np.zeros(len(keys), dtype="int64")
    for name in keys:
        column = pd.factorize(comparable(keys[name].fillna("")))[0]
        ids = pd.factorize(ids * (column.max(initial=0) + 1) + column)[0]
    old, new = ids[: len(before)], ids[len(before) :]
    nth = np.concatenate([_nth(old), _nth(new)])
    ids = pd.factorize(ids * (nth.max(initial=0) + 1) + nth)[0]
    found = pd.Index(ids[: len(before)]).get_indexer(pd.Index(ids[len(before) :]))
    return np.where(keys[len(before) :].notna().all(axis="columns"), found, -1)


def _nth(ids: Rows) -> Rows:
    """How often the same number came before."""
    return np.asarray(pd.Series(ids).groupby(ids).cumcount(), dtype=np.intp)
