"""What the data lack, dataset by dataset, and when each was last changed."""

import pandas as pd

from gcs_data import releases
from gcs_data.changes import changes
from gcs_data.manifest import Release
from gcs_data.releases import Store
from gcs_data.schema import DATASETS, WEB

# The column that says when; datasets without one are not dated by their nature.
DATED = {
    "stories": "year_started",
    "occasions": "held_on",
    "replications": "year",
    "events": "year",
    "layers": "year",
}
# Ratings are counted on pages only as far as nobody can be told by it.
NAMES = tuple(name for name, dataset in DATASETS.items() if dataset.public and not dataset.derived)


def quality(store: Store, release: int | None = None) -> pd.DataFrame:
    """How complete each public dataset that people write is.

    Args:
        store: The store.
        release: Which release; None for the current one.

    Returns:
        One row per dataset, in the schema's order: `dataset`, `rows`; `cells` and how many of
        them are `empty`; `undated` rows; rows `without_source`, and rows whose source is a
        `document` and no web page (these three are missing where the dataset has no such column);
        `release` in which it last changed and `when` (UTC, as ISO text; missing for the shipped
        data).

    Raises:
        UnknownReleaseError, DamagedReleaseError, StoreError: As `load`.
    """
    number = releases.current(store) if release is None else release
    frames = {name: releases.load(store, name, number) for name in NAMES}
    rows = [_lacking(name, frame) for name, frame in frames.items()]
    changed = last_changed(store, number)
    for row in rows:
        row["release"], row["when"] = changed[str(row["dataset"])]
    whole = dict.fromkeys(
        ["rows", "cells", "empty", "undated", "without_source", "document", "release"], "Int64"
    )
    return pd.DataFrame(rows).astype({"dataset": "str", **whole, "when": "str"})


def empty_cells(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """How many cells of each column of a dataset are empty.

    Returns:
        One row per column, in the schema's order: `column`, `required` (such a cell is never
        empty in what is published now) and `empty`.
    """
    return pd.DataFrame(
        {
            "column": list(DATASETS[name].columns),
            "required": [not column.nullable for column in DATASETS[name].columns.values()],
            "empty": [
                int(_column(frame, column).isna().sum()) for column in DATASETS[name].columns
            ],
        }
    )


def last_changed(store: Store, number: int) -> dict[str, tuple[int, str | None]]:
    """In which release each dataset became what it is in release `number`, and when.

    That is the newest release whose entry differs from that of the release it was made from. A
    damaged release in between hides what it changed: then it is the release after it.
    """
    known = {release.number: release for release in releases.history(store)}
    found: dict[str, tuple[int, str | None]] = {}
    release = known.get(number)
    while release is not None and release.number and len(found) < len(NAMES):
        base = known.get(release.base or 0)
        for name in NAMES:
            if name not in found and _differs(store, name, base, release):
                found[name] = (release.number, release.when)
        release = base
    return {name: found.get(name, (0, None)) for name in NAMES}


def _lacking(name: str, frame: pd.DataFrame) -> dict[str, object]:
    empty = empty_cells(frame, name)
    row: dict[str, object] = {
        "dataset": name,
        "rows": len(frame),
        "cells": len(frame) * len(empty),
        "empty": empty["empty"].sum(),
        "undated": None,
        "without_source": None,
        "document": None,
    }
    if name in DATED:
        row["undated"] = _column(frame, DATED[name]).isna().sum()
    if "source_url" in DATASETS[name].columns:
        source = _column(frame, "source_url")
        row["without_source"] = source.isna().sum()
        row["document"] = (~source.dropna().str.match(WEB)).sum()
    return row


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    """A column; a release of an older schema may not have it."""
    return frame[name] if name in frame else pd.Series(pd.NA, index=frame.index, dtype="str")


def _differs(store: Store, name: str, base: Release | None, release: Release) -> bool:
    if base is None or base.damaged is not None:
        return True
    if _content(base, name) == _content(release, name):
        return False
    if base.number:
        return True
    # The shipped files may have been written anew when they moved into the store.
    return bool(changes(name, _frame(store, base, name), _frame(store, release, name)))


def _content(release: Release, name: str) -> set[str]:
    files = release.datasets[name]["files"] if name in release.datasets else []
    return {file["sha256"] for file in files}


def _frame(store: Store, release: Release, name: str) -> pd.DataFrame:
    if name not in release.datasets:
        return pd.DataFrame()
    return releases.load(store, name, release.number)
