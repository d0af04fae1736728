"""Making a release: check everything, write its files, then create its manifest.

Creating manifest N, whose name must not exist yet, is the publish, for all datasets at once.
Whatever stops a publisher before that leaves files that no manifest names, which nobody reads.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd

from gcs_data import manifest, place, releases
from gcs_data.checks import Problem, check
from gcs_data.draft import Base, Contents, base_of, datasets_with, new_ratings, no_ratings
from gcs_data.errors import (
    GcsDataError,
    InvalidDataError,
    PublishConflictError,
    UnknownDatasetError,
)
from gcs_data.manifest import Release
from gcs_data.releases import Look, Store
from gcs_data.schema import DATASETS, RATINGS, SCHEMA_VERSION, rules


def publish(
    store: Store,
    frames: Mapping[str, pd.DataFrame],
    drop_occasions: Collection[str],
    record: Release,
) -> Release:
    """See `gcs_data.store.publish`; `record` says base, who, why and the uploaded file."""
    _refuse_wrong_names(frames)
    found = _on_base(store, record.base)
    base = base_of(store, found.newest.number)
    _refuse_unknown_occasions(drop_occasions, base)
    new, same = dict(frames), set[str]()
    if RATINGS in frames:
        new[RATINGS], same = new_ratings(frames[RATINGS], base)
    dropped = set(drop_occasions) - same
    if problems := _problems(new, base, dropped):
        # Of all rows, so that each is called by its place among those that were given.
        raise InvalidDataError(_problems(frames, base, drop_occasions) if same else problems)
    datasets, contents = datasets_with(new, base, dropped)
    record = replace(record, schema_version=SCHEMA_VERSION, datasets=datasets)
    return _commit(found, base, record, contents)


def rollback(store: Store, to: int, record: Release) -> Release:
    """See `gcs_data.store.rollback`."""
    found = _on_base(store, record.base)
    target = base_of(store, to)
    for file in target.release.files.values() if to else ():
        releases.content(store, to, file)  # Nobody wants to go back to a damaged file.
    record = replace(record, schema_version=target.release.schema_version, datasets=target.datasets)
    return _commit(found, base_of(store, found.newest.number), record, target.contents)


def _refuse_wrong_names(frames: Mapping[str, pd.DataFrame]) -> None:
    for name in frames:
        if name not in DATASETS:
            raise UnknownDatasetError(name, DATASETS)
        if DATASETS[name].derived:
            raise GcsDataError("derived_dataset", name=name)


def _refuse_unknown_occasions(drop: Collection[str], base: Base) -> None:
    for occasion in sorted(set(drop) - base.occasions):
        known = ", ".join(sorted(base.occasions))
        raise GcsDataError("unknown_occasion", name=occasion, known=known)


def _on_base(store: Store, base: int | None) -> Look:
    found = releases.look(store)
    if base != found.newest.number:
        raise PublishConflictError(base or 0, found.newest.number)
    return found


def _problems(
    frames: Mapping[str, pd.DataFrame], base: Base, drop_occasions: Collection[str]
) -> list[Problem]:
    """What is wrong with these frames, and with what stays and refers to rows that go."""
    losing = _losing_keys(frames, base)
    stays = {
        name: base.frame(name)
        for name in base.datasets
        if name not in (*frames, RATINGS) and not DATASETS[name].derived
        if _targets(name) & losing
    }
    ratings_lose = RATINGS in base.datasets and bool(_targets(RATINGS) & losing)
    followed = {*frames, *stays, *([RATINGS] if ratings_lose else [])}
    targets = {target for name in followed for target in _targets(name)}
    also = {name: base.frame(name) for name in targets & base.datasets.keys() - frames.keys()}
    problems = check({**frames, **stays}, also)
    if RATINGS not in base.datasets or problems:
        return problems
    given = frames[RATINGS] if RATINGS in frames else no_ratings()
    kept_occasions = base.occasions - {*given["occasion_id"], *drop_occasions}
    # Ratings that stay were checked when they came: all they can lack is what they refer to.
    if ratings_lose and (lacking := _lacking(base, kept_occasions, {**also, **frames})):
        problems = check({RATINGS: base.frame(RATINGS, lacking)}, {**also, **frames})
    return problems + _clashes(given, base, kept_occasions)


def _targets(name: str) -> set[str]:
    """The datasets that a dataset's columns refer to."""
    return {rules(column)["refers"] for column in DATASETS[name].columns.values()} - {"", name}


def _losing_keys(frames: Mapping[str, pd.DataFrame], base: Base) -> set[str]:
    """The datasets among these of which a key goes that others may refer to."""
    keys = {name: DATASETS[name].key[0] for name in frames.keys() & base.datasets.keys()}
    return {
        name
        for name, key in keys.items()
        if name != RATINGS and key in frames[name]
        if set(base.frame(name)[key]) - set(frames[name][key])
    }


def _lacking(base: Base, occasions: Collection[str], known: Mapping[str, pd.DataFrame]) -> set[str]:
    """The occasions with a rating that refers to what is not there any more.

    Counts say it: whatever a rating refers to, its count does.
    """
    if "rating_counts" not in base.datasets:
        return set(occasions)
    counted = base.frame("rating_counts", occasions)
    lacking: set[str] = set()
    for name, column in DATASETS[RATINGS].columns.items():
        if (target := rules(column)["refers"]) in known:
            ids = known[target][DATASETS[target].key[0]]
            lacking |= set(counted.loc[~counted[name].isin(ids), "occasion_id"])
    return lacking


def _clashes(given: pd.DataFrame, base: Base, kept_occasions: Collection[str]) -> list[Problem]:
    """Ratings whose id another occasion has; `check` sees the given occasions only."""
    if given.empty:
        return []
    folded = given["rating_id"].str.casefold()
    clashing = folded.isin(base.taken(set(folded), kept_occasions))
    ids = given["rating_id"].tolist()
    return [
        Problem(RATINGS, row, "rating_id", ids[row], "duplicate", {"key": "rating_id"})
        for row, clash in enumerate(clashing)
        if clash
    ]


def _commit(found: Look, base: Base, record: Release, contents: Contents) -> Release:
    """Write what a release needs and the store may not have, then its manifest."""
    if record.datasets == base.datasets:
        raise GcsDataError("nothing_to_publish", base=record.base)
    where = base.store.place
    release = replace(
        record,
        # A damaged release keeps its name: were it free, a slow publisher could take it, be told
        # that all is well, and lie below this release.
        number=found.highest + 1,
        when=datetime.now(UTC).isoformat(timespec="seconds"),
        passed_over=tuple(damaged.number for damaged in found.damaged),
    )
    new = {path: data for path, data in contents.items() if path in release.files}
    place.step("trying the place")
    place.prove(where, sum(map(len, new.values())))
    _quarantine(found, where)
    for path, data in new.items():
        place.step("keeping a file")
        where.keep(path, data)
    place.step("looking at every file")
    if wrong := manifest.missing_or_cut(release, where.sizes(release.files)):
        raise releases.damaged_error(replace(wrong[0], release=found.newest.number))
    place.step("creating the manifest")
    try:
        where.create(manifest.path_of(release.number), manifest.to_json(release))
    except FileExistsError:
        newest = releases.look(base.store).newest.number
        raise PublishConflictError(found.newest.number, newest) from None
    place.step("published")
    releases.saw(base.store, release.number)
    return release


def _quarantine(found: Look, where: place.Place) -> None:
    """Keep a copy of each manifest that does not parse, for whoever finds out what happened.

    One that only misses files stays as it is: bring the files back and it opens again.
    """
    for release in found.damaged:
        if release.unreadable:
            place.step("copying to quarantine")
            try:
                data = where.read(manifest.path_of(release.number))
            except FileNotFoundError:  # Somebody has just taken it away.
                continue
            where.keep(f"quarantine/{release.number:06d}.json", data)
