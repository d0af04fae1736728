"""What a release will consist of: the base's files, and new ones for whatever differs.

Ratings, and what is counted from them, are kept as one file per occasion: a room adds files and
rewrites none, and ratings that stay are neither read nor counted again.
"""

import os
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from gcs_data import counts, manifest, parquet, releases
from gcs_data.manifest import Entry, File, Release
from gcs_data.releases import Store
from gcs_data.schema import DATASETS, PER_OCCASION, RATINGS

Contents = dict[str, bytes]


@dataclass(frozen=True)
class Base:
    """A release as a manifest has it, and the content of those of its files not in the store."""

    store: Store
    release: Release
    datasets: dict[str, Entry]
    contents: Contents

    def frame(
        self,
        name: str,
        occasions: Collection[str] | None = None,
        columns: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """One dataset; of ratings, only these occasions. Raises as `releases.frame`."""
        if self.release.number:
            return releases.frame(self.store, self.release, name, occasions, columns)
        frame = releases.load(self.store, name, 0)
        if occasions is None:
            return frame
        return frame[frame["occasion_id"].isin(list(occasions))].reset_index(drop=True)

    @property
    def occasions(self) -> set[str]:
        files = self.datasets[RATINGS]["files"] if RATINGS in self.datasets else []
        return {file["occasion"] for file in files if "occasion" in file}

    def taken(self, ids: Collection[str], occasions: Collection[str]) -> set[str]:
        """Which of these rating ids, case folded, ratings of these occasions have.

        A file says how all its ids begin, so of most files nothing has to be read: a publish
        costs the same however many ratings there are.
        """
        ordered, found = sorted(ids), set()
        for file in self.datasets[RATINGS]["files"]:
            if file.get("occasion") not in occasions:
                continue
            begin = file.get("ids_begin", "")
            place = bisect_left(ordered, begin)
            if place < len(ordered) and ordered[place].startswith(begin):
                kept = self.frame(RATINGS, {file["occasion"]}, ["rating_id"])["rating_id"]
                found |= set(kept.str.casefold()).intersection(ids)
        return found


def base_of(store: Store, number: int) -> Base:
    """A release to start from or to go back to.

    Raises:
        UnknownReleaseError, DamagedReleaseError, StoreError: If it is not there, or not whole.
    """
    release = releases.release(store, number)
    if release.damaged is not None:
        raise releases.damaged_error(release.damaged)
    if number:
        return Base(store, release, dict(release.datasets), {})
    base = Base(store, release, {}, {})
    for name in DATASETS:
        if name not in release.datasets:
            continue
        # A release points at nothing outside the store, so the shipped files move in.
        frame = releases.load(store, name, 0)
        parts = _by_occasion(frame) if name in PER_OCCASION else [(None, frame)]
        base.datasets[name], contents = _entry(name, parts)
        base.contents.update(contents)
    return base


def datasets_with(
    frames: Mapping[str, pd.DataFrame], base: Base, drop_occasions: Collection[str]
) -> tuple[dict[str, Entry], Contents]:
    """The datasets of a release that puts these checked frames on a base, and their new files.

    A frame that equals the base's keeps the base's files. Ratings are those that `new_ratings`
    left.

    Raises:
        GcsDataError: If the store's engine cannot count.
    """
    datasets, contents = dict(base.datasets), dict(base.contents)
    for name, given in frames.items():
        frame = parquet.plain(given, name)
        if name == RATINGS or (name in datasets and frame.equals(base.frame(name))):
            continue
        datasets[name], new = _entry(name, [(None, frame)])
        contents |= new
    if RATINGS in frames or drop_occasions:
        given = frames[RATINGS] if RATINGS in frames else no_ratings()
        for name, (entry, new) in _rating_entries(given, base, drop_occasions).items():
            datasets[name] = entry
            contents |= new
    return datasets, contents


def new_ratings(given: pd.DataFrame, base: Base) -> tuple[pd.DataFrame, set[str]]:
    """The given ratings without the occasions that stand in the base just so, and those."""
    dataset = DATASETS[RATINGS]
    if [*zip(given, given.dtypes.astype("str"), strict=True)] != [*dataset.dtypes.items()]:
        return given, set()  # What is wrong with it, the checks say.
    known = given[given["occasion_id"].isin(base.occasions)]
    same = {
        str(occasion)
        for occasion, rows in _by_occasion(known)
        if rows.equals(base.frame(RATINGS, {str(occasion)}))
    }
    return (given[~given["occasion_id"].isin(same)] if same else given), same


def no_ratings() -> pd.DataFrame:
    """The dataset `gene_ratings` without a row."""
    dtypes = DATASETS[RATINGS].dtypes
    return pd.DataFrame(columns=list(dtypes)).astype(dtypes)


def _by_occasion(frame: pd.DataFrame) -> Iterator[tuple[str | None, pd.DataFrame]]:
    for occasion, rows in frame.groupby("occasion_id"):
        yield str(occasion), rows.reset_index(drop=True)


def _entry(
    name: str, parts: Iterable[tuple[str | None, pd.DataFrame]], kept: Collection[File] = ()
) -> tuple[Entry, Contents]:
    """A dataset's entry made from new frames, by occasion, and kept files."""
    files, contents = list(kept), {}

    def add(occasion: str | None, frame: pd.DataFrame) -> None:
        data = parquet.to_bytes(frame, name)
        file = manifest.data_file(name, data, len(frame), occasion)
        if name == RATINGS and occasion is not None:
            ids = frame["rating_id"].str.casefold()
            file["ids_begin"] = os.path.commonprefix([ids.min(), ids.max()])
        files.append(file)
        contents[file["path"]] = data

    for occasion, frame in parts:
        add(occasion, frame)
    if not files:  # Without rows, a dataset still has its columns.
        add(None, pd.DataFrame(columns=list(DATASETS[name].columns)))
    files.sort(key=lambda file: file.get("occasion", ""))
    return Entry(rows=sum(file["rows"] for file in files), files=files), contents


def _rating_entries(
    given: pd.DataFrame, base: Base, drop_occasions: Collection[str]
) -> dict[str, tuple[Entry, Contents]]:
    """The entries of ratings and of what is counted from them; other occasions' files stay."""
    gone = {*given["occasion_id"], *drop_occasions}

    def kept(name: str) -> list[File]:
        files = base.datasets[name]["files"] if name in base.datasets else []
        return [f for f in files if "occasion" in f and f["occasion"] not in gone]

    rated = _by_occasion(parquet.plain(given, RATINGS))
    entries = {RATINGS: _entry(RATINGS, rated, kept(RATINGS))}
    new = entries[RATINGS][1] if len(given) else {}
    with counts.written(new.values()) as files:
        counted = counts.from_files(files, base.store.engine) if files else {}
    for name in counts.DERIVED:
        parts = _by_occasion(counted[name]) if counted else ()
        entries[name] = _entry(name, parts, kept(name))
    return entries
