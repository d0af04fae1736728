"""What a release will consist of: the base's files, and new ones for whatever differs.

Ratings, and what is counted from them, are kept as one file per occasion: a room adds files and
rewrites none.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from gcs_data import manifest, parquet, releases
from gcs_data.derive import rating_counts, rating_pairs
from gcs_data.manifest import Entry, File, Release
from gcs_data.releases import Store
from gcs_data.schema import DATASETS, PER_OCCASION, RATINGS

Contents = dict[str, bytes]
_DERIVED = {"rating_counts": rating_counts, "rating_pairs": rating_pairs}


@dataclass(frozen=True)
class Base:
    """A release as a manifest has it, and the content of those of its files not in the store."""

    store: Store
    release: Release
    datasets: dict[str, Entry]
    contents: Contents

    def frame(self, name: str, occasions: Collection[str] | None = None) -> pd.DataFrame:
        """One dataset; of ratings, only these occasions. Raises as `releases.frame`."""
        if self.release.number:
            return releases.frame(self.store, self.release, name, occasions)
        frame = releases.load(self.store, name, 0)
        if occasions is None:
            return frame
        return frame[frame["occasion_id"].isin(list(occasions))].reset_index(drop=True)

    @property
    def occasions(self) -> set[str]:
        files = self.datasets[RATINGS]["files"] if RATINGS in self.datasets else []
        return {file["occasion"] for file in files if "occasion" in file}


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

    A frame that equals the base's keeps the base's files.
    """
    datasets, contents = dict(base.datasets), dict(base.contents)
    for name, given in frames.items():
        frame = parquet.plain(given, name)
        if name == RATINGS or (name in datasets and frame.equals(base.frame(name))):
            continue
        datasets[name], new = _entry(name, [(None, frame)])
        contents |= new
    if RATINGS in frames or drop_occasions:
        given = frames[RATINGS] if RATINGS in frames else base.frame(RATINGS, ())
        for name, (entry, new) in _rating_entries(given, base, drop_occasions).items():
            datasets[name] = entry
            contents |= new
    return datasets, contents


def _by_occasion(frame: pd.DataFrame) -> list[tuple[str | None, pd.DataFrame]]:
    return [
        (str(occasion), rows.reset_index(drop=True))
        for occasion, rows in frame.groupby("occasion_id")
    ]


def _entry(
    name: str, parts: Sequence[tuple[str | None, pd.DataFrame]], kept: Collection[File] = ()
) -> tuple[Entry, Contents]:
    """A dataset's entry made from new frames, by occasion, and kept files."""
    if not parts and not kept:  # Without rows, a dataset still has its columns.
        parts = [(None, pd.DataFrame(columns=list(DATASETS[name].columns)))]
    files, contents = list(kept), {}
    for occasion, frame in parts:
        data = parquet.to_bytes(frame, name)
        file = manifest.data_file(name, data, len(frame), occasion)
        files.append(file)
        contents[file["path"]] = data
    files.sort(key=lambda file: file.get("occasion", ""))
    return Entry(rows=sum(file["rows"] for file in files), files=files), contents


def _rating_entries(
    given: pd.DataFrame, base: Base, drop_occasions: Collection[str]
) -> dict[str, tuple[Entry, Contents]]:
    """The entries of ratings and of what is counted from them; other occasions' files stay."""
    parts = _by_occasion(parquet.plain(given, RATINGS))
    changed = [
        (occasion, rows)
        for occasion, rows in parts
        if occasion not in base.occasions or not rows.equals(base.frame(RATINGS, {str(occasion)}))
    ]
    same = dict(parts).keys() - dict(changed).keys()
    gone = {*dict(changed), *drop_occasions} - same
    new = {RATINGS: changed}
    for name, derive in _DERIVED.items():
        rated = [rows for _, rows in changed]
        new[name] = _by_occasion(derive(pd.concat(rated, ignore_index=True))) if rated else []
    entries = {}
    for name, frames in new.items():
        files = base.datasets[name]["files"] if name in base.datasets else []
        kept = [f for f in files if "occasion" in f and f["occasion"] not in gone]
        entries[name] = _entry(name, frames, kept)
    return entries
