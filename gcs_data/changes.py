"""What a release, or an upload, changes: rows added, removed and changed, by key.

Pure functions of frames. Missing equals missing; the order of rows does not count. Keys compare as
`gcs_data.checks` does, so another spelling of a key is a change of that cell, not another row.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from gcs_data import releases
from gcs_data.manifest import Release
from gcs_data.matching import Rows, partners, shaped
from gcs_data.releases import Store
from gcs_data.schema import DATASETS


@dataclass(frozen=True)
class Changes:
    """How a dataset differs from what it was.

    Attributes:
        name: The dataset.
        added: Its new rows, in their order.
        removed: The rows that are gone.
        changed: One row per cell that differs: the key columns (as they were spelt), `column`,
            `old` and `new` as values (None where missing). In the order of the new rows.
        unchanged: How many rows are as they were.
        was: The rows with such a cell, whole, as they were.
        now: The same rows as they are, in the same order.
    """

    name: str
    added: pd.DataFrame
    removed: pd.DataFrame
    changed: pd.DataFrame
    unchanged: int
    was: pd.DataFrame
    now: pd.DataFrame

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(len(self.added) or len(self.removed) or len(self.now))

    @property
    def counts(self) -> dict[str, int]:
        """How many rows are added, changed, removed and unchanged."""
        return {
            "added": len(self.added),
            "changed": len(self.now),
            "removed": len(self.removed),
            "unchanged": self.unchanged,
        }

    @property
    def occasions(self) -> set[str]:
        """Of ratings: the occasions in which something differs."""
        frames = (self.added, self.removed, self.was, self.now)
        return {each for frame in frames for each in frame["occasion_id"].dropna().unique()}


def changes(
    name: str, before: pd.DataFrame, after: pd.DataFrame, found: Rows | None = None
) -> Changes:
    """Compare two states of a dataset.

    Args:
        name: The dataset.
        before: What it was, and what it becomes. Columns that only one of them has are compared
            with missing; columns that are not the dataset's are not looked at.
        after: See `before`.
        found: For each row of `after`, which row of `before` it is (-1: none), where that is
            known already; else keys are compared.

    Raises:
        UnknownDatasetError: If there is no such dataset.
    """
    before, after = shaped(name, before), shaped(name, after)
    if found is None:
        found = partners(DATASETS[name].key, before, after)
    both = np.flatnonzero(found >= 0)
    was = before.iloc[found[both]].reset_index(drop=True)
    now = after.iloc[both].reset_index(drop=True)
    differ = np.column_stack([_differ(was[column], now[column]) for column in was])
    rows: np.ndarray = np.asarray(differ.any(axis=1))
    gone = np.setdiff1d(np.arange(len(before)), found[both])
    return Changes(
        name=name,
        added=after.iloc[np.flatnonzero(found < 0)].reset_index(drop=True),
        removed=before.iloc[gone].reset_index(drop=True),
        changed=_cells(DATASETS[name].key, was, now, differ),
        unchanged=int((~rows).sum()),
        was=was[rows].reset_index(drop=True),
        now=now[rows].reset_index(drop=True),
    )


def between(store: Store, old: int, new: int) -> dict[str, Changes]:
    """What release `new` changed against release `old`; only datasets in which something differs.

    Derived datasets follow from ratings and are left out. Only files that differ are read.

    Raises:
        UnknownReleaseError, DamagedReleaseError, StoreError: If one of them cannot be read.
    """
    first, second = releases.release(store, old), releases.release(store, new)
    for found in (first, second):
        if found.damaged is not None:
            raise releases.damaged_error(found.damaged)
    compared = {
        name: _between(store, first, second, name)
        for name, dataset in DATASETS.items()
        if not dataset.derived
    }
    return {name: found for name, found in compared.items() if found}


def _differ(was: pd.Series, now: pd.Series) -> np.ndarray:
    equal = (was == now).fillna(False).to_numpy(dtype=bool)
    return np.asarray(~(equal | (was.isna() & now.isna()).to_numpy()))


def _cells(
    key: Collection[str], was: pd.DataFrame, now: pd.DataFrame, differ: np.ndarray
) -> pd.DataFrame:
    """The cells that differ, one row each."""
    rows, columns = np.nonzero(differ)
    cells: dict[str, Any] = {name: was[name].to_numpy(dtype=object)[rows] for name in key}
    old = np.empty(len(rows), dtype=object)
    new = np.empty(len(rows), dtype=object)
    for at, name in enumerate(was):
        here = columns == at
        old[here] = _values(was[name])[rows[here]]
        new[here] = _values(now[name])[rows[here]]
    names = np.array(list(was), dtype=object)[columns]
    # A dataset may itself have a column of one of these names; none does in its key.
    return pd.DataFrame({**cells, "column": names, "old": old, "new": new}, dtype=object)


def _values(column: pd.Series) -> np.ndarray:
    values = column.astype(object)
    return values.where(column.notna(), None).to_numpy(dtype=object)


def _between(store: Store, first: Release, second: Release, name: str) -> Changes:
    was, now = _files(first, name), _files(second, name)
    same = was.keys() & now.keys()
    kept = sum(was[sha]["rows"] for sha in same)
    before, after = (
        _frame(store, found, name, [file for sha, file in files.items() if sha not in same])
        for found, files in ((first, was), (second, now))
    )
    compared = changes(name, before, after)
    return Changes(**{**vars(compared), "unchanged": compared.unchanged + kept})


def _files(found: Release, name: str) -> Mapping[str, Any]:
    """A dataset's files by their content; a release of an older schema may have none."""
    if name not in found.datasets:
        return {}
    return {file["sha256"]: file for file in found.datasets[name]["files"]}


def _frame(
    store: Store, found: Release, name: str, files: Collection[Mapping[str, Any]]
) -> pd.DataFrame:
    if not files:
        return pd.DataFrame()
    if found.number == 0:
        return releases.load(store, name, 0)
    occasions = {file["occasion"] for file in files if "occasion" in file}
    return releases.frame(store, found, name, occasions or None)
