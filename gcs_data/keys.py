"""When two rows are the same row: keys compared as a person reads them."""

import unicodedata
from collections.abc import Sequence

import numpy as np
import pandas as pd


def comparable(value: object) -> str:
    """A key as a person reads it: case, spaces and accent composition make no difference."""
    return " ".join(unicodedata.normalize("NFC", str(value)).casefold().split())


def partners(names: Sequence[str], before: pd.DataFrame, after: pd.DataFrame) -> np.ndarray:
    """For each row of `after`, the position of the row of `before` with the same key, or -1.

    Args:
        names: The columns that make the key. A row without one of them is like no other.
        before: Both frames have these columns; any index. Where a frame has a key twice, the
            first row goes with the first of the other frame, the second with the second.
        after: See `before`.
    """
    keys = pd.concat([before[list(names)], after[list(names)]], ignore_index=True)
    ids = _numbered(keys)
    old, new = ids[: len(before)], ids[len(before) :]
    nth = pd.concat([_nth(old), _nth(new)], ignore_index=True).to_numpy()
    ids = pd.factorize(ids * (nth.max(initial=0) + 1) + nth)[0]
    found = pd.Index(ids[: len(before)]).get_indexer(pd.Index(ids[len(before) :]))
    return np.where(keys[len(before) :].notna().all(axis="columns"), found, -1)


def _numbered(keys: pd.DataFrame) -> np.ndarray:
    """One number per row, the same for the same key."""
    ids = np.zeros(len(keys), dtype="int64")
    for name in keys:
        values, distinct = pd.factorize(keys[name].astype("str"), use_na_sentinel=False)
        alike = pd.factorize(np.array([comparable(value) for value in distinct], dtype=object))[0]
        column = alike[values] if len(values) else values
        ids = pd.factorize(ids * (column.max(initial=0) + 1) + column)[0]
    return ids


def _nth(ids: np.ndarray) -> pd.Series:
    return pd.Series(ids).groupby(ids).cumcount()
