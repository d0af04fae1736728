"""Reading releases: which is the newest, what is in it, and what can no longer be opened.

Release 0 is the shipped folder of Parquet files. The others are manifests in the store; see
`gcs_data.manifest`. Nothing here writes, and nothing here imports pandera: a page must open fast.
"""

import hashlib
import logging
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from gcs_data import manifest, parquet, place
from gcs_data.errors import (
    DamagedReleaseError,
    StoreError,
    UnknownDatasetError,
    UnknownReleaseError,
)
from gcs_data.manifest import Entry, File, Finding, Release

LOOK_AGAIN = 2.0  # Seconds for which the newest release's number is believed.
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Store:
    """Where releases are: `location` is a folder or a URL, `shipped` the folder of release 0.

    `engine` counts the ratings that are published; see `gcs_data.engines`.
    """

    location: str | Path
    shipped: Path
    engine: str = field(default="duckdb", compare=False)  # The same place whoever counts.

    @property
    def place(self) -> place.Place:
        return place.opened(str(self.location))


@dataclass(frozen=True)
class Look:
    """What a look into the store found: the newest release that opens, and damage above it.

    `highest` is the highest number taken. The number of a damaged release is never given again:
    it may have been acknowledged, and somebody may have cited it.
    """

    newest: Release
    highest: int
    damaged: tuple[Release, ...]


# When each store was last looked into, and what was current. The only state of this package.
_looked: dict[Store, tuple[float, int]] = {}


def current(store: Store) -> int:
    """The number of the newest release that opens, at most two seconds old; 0 is the shipped one.

    Where the store cannot be reached any more, it stays what it was and the log says why.

    Raises:
        StoreError: If the store cannot be read and never was in this process.
    """
    looked = _looked.get(store)
    if looked and time.monotonic() - looked[0] < LOOK_AGAIN:
        return looked[1]
    try:
        return look(store).newest.number
    except StoreError as error:
        if looked is None:
            raise
        _log.warning("%s", error)
        saw(store, looked[1])
        return looked[1]


def look(store: Store) -> Look:
    """Find the newest release that opens, by name; only damaged ones and it are read.

    Raises:
        StoreError: If the store cannot be read, or all its releases are gone since the last look.
    """
    numbers = manifest.numbers(store.place.names(manifest.FOLDER))
    if not numbers and _looked.get(store, (0.0, 0))[1] > 0:
        raise place.store_error("store_gone", store.place.name)
    damaged = []
    newest = Release(0)
    for number in numbers:
        found = _manifest(store, number)
        if found.damaged is None:
            newest = found
            break
        damaged.append(found)
    saw(store, newest.number)
    return Look(newest, max(numbers, default=0), tuple(damaged))


def saw(store: Store, number: int) -> None:
    """Remember which release is current, so that a publish is seen at once in its own process."""
    _looked[store] = (time.monotonic(), number)


def release(store: Store, number: int) -> Release:
    """One release, damaged or not.

    Raises:
        UnknownReleaseError: If there is none with this number.
        StoreError: If the store cannot be read.
    """
    if number == 0:
        return shipped(store)
    taken = manifest.numbers(store.place.names(manifest.FOLDER))
    if number not in taken:
        raise UnknownReleaseError(number, current(store))
    return _manifest(store, number)


def history(store: Store) -> list[Release]:
    """All releases, newest first, down to the shipped one; damaged ones say so.

    Raises:
        StoreError: If the store cannot be read.
    """
    numbers = manifest.numbers(store.place.names(manifest.FOLDER))
    return [*(_manifest(store, number) for number in numbers), shipped(store)]


def load(store: Store, dataset: str, release: int | None = None) -> pd.DataFrame:
    """One dataset of a release (None: the current one), with the dtypes it was published with.

    Ratings and what is counted from them come grouped by occasion.

    Raises:
        UnknownReleaseError, UnknownDatasetError: If there is no such release or dataset.
        DamagedReleaseError: If a file of it is missing, cut short or changed.
        StoreError: If the store cannot be read.
    """
    number = current(store) if release is None else release
    if number == 0:
        return parquet_frame(_shipped_data(store, dataset), Finding(0, dataset, "file_changed"))
    found = _manifest(store, number)
    if found.damaged is not None:
        if number not in manifest.numbers(store.place.names(manifest.FOLDER)):
            raise UnknownReleaseError(number, current(store))
        if dataset not in found.datasets:
            raise damaged_error(found.damaged)
    return frame(store, found, dataset)


def frame(
    store: Store,
    release: Release,
    dataset: str,
    occasions: Collection[str] | None = None,
    columns: Sequence[str] | None = None,
) -> pd.DataFrame:
    """One dataset of a published release; of a dataset per occasion, only these occasions.

    Raises:
        UnknownDatasetError, DamagedReleaseError, StoreError: As `load`.
    """
    if dataset not in release.datasets:
        raise UnknownDatasetError(dataset, release.datasets)
    files = release.datasets[dataset]["files"]
    wanted = [f for f in files if occasions is None or f.get("occasion") in occasions]
    frames = [
        parquet_frame(content(store, release.number, file), _changed(release.number, file), columns)
        for file in wanted or files[:1]
    ]
    if not wanted:
        return frames[0].iloc[:0]
    return pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]


def content(store: Store, number: int, file: File) -> bytes:
    """A data file's content, just as it was published.

    Raises:
        DamagedReleaseError: If it is missing or differs from what was published.
        StoreError: If the store cannot be read.
    """
    try:
        data = store.place.read(file["path"])
    except FileNotFoundError:
        raise damaged_error(Finding(number, file["path"], "file_missing")) from None
    if len(data) != file["bytes"]:
        sizes = {"found": len(data), "expected": file["bytes"]}
        raise damaged_error(Finding(number, file["path"], "file_size", sizes))
    if hashlib.sha256(data).hexdigest() != file["sha256"]:
        raise damaged_error(_changed(number, file))
    return data


def parquet_frame(
    data: bytes, otherwise: Finding, columns: Sequence[str] | None = None
) -> pd.DataFrame:
    """The frame in a Parquet file. Raises DamagedReleaseError with the finding if it is none."""
    try:
        return parquet.from_bytes(data, columns)
    except ValueError:
        raise damaged_error(otherwise) from None


def damaged_error(finding: Finding) -> DamagedReleaseError:
    """What is wrong with a release, to raise."""
    return DamagedReleaseError("damaged_release", number=finding.release, reason=finding)


def shipped(store: Store) -> Release:
    """Release 0, the folder that was shipped. Its files are named by their dataset."""
    from gcs_data.schema import SCHEMA_VERSION

    datasets = {}
    damaged = None
    for path in _shipped_files(store):
        data = path.read_bytes()
        try:
            rows = parquet.rows(data)
        except ValueError:
            damaged = damaged or Finding(0, path.name, "file_changed")
            continue
        sha256 = hashlib.sha256(data).hexdigest()
        file = File(path=path.name, sha256=sha256, bytes=len(data), rows=rows)
        datasets[path.stem] = Entry(rows=rows, files=[file])
    if not datasets:
        damaged = damaged or Finding(0, str(store.shipped), "nothing_shipped")
    return Release(
        0, who="shipped", schema_version=SCHEMA_VERSION, datasets=datasets, damaged=damaged
    )


def _shipped_files(store: Store) -> list[Path]:
    return sorted(store.shipped.glob("[a-z]*.parquet"))


def _shipped_data(store: Store, dataset: str) -> bytes:
    names = {path.stem: path for path in _shipped_files(store)}
    try:
        return names[dataset].read_bytes()
    except (KeyError, FileNotFoundError):
        from gcs_data.schema import DATASETS  # Only now: whoever reads need not wait for pandera.

        if dataset not in DATASETS:
            raise UnknownDatasetError(dataset, DATASETS) from None
        missing = Finding(0, f"{dataset}.parquet", "file_missing")
        raise DamagedReleaseError("no_release_readable", reason=f"{missing}.") from None


def _manifest(store: Store, number: int) -> Release:
    try:
        data = store.place.read(manifest.path_of(number))
    except FileNotFoundError:
        return Release(number, damaged=manifest.unreadable(number))
    found = manifest.from_json(number, data)
    if found.damaged is None:
        wrong = manifest.missing_or_cut(found, store.place.sizes(found.files))
        found = replace(found, damaged=wrong[0] if wrong else None)
    return found


def _changed(number: int, file: File) -> Finding:
    return Finding(number, file["path"], "file_changed")
