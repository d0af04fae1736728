"""What a change would look like: datasets after it, what an undo changes, whom it concerns."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from gcs_data import releases
from gcs_data.changes import Changes, between
from gcs_data.derive import rating_counts, rating_pairs
from gcs_data.proposal import Proposal
from gcs_data.releases import Store
from gcs_data.schema import DATASETS, RATINGS, rules

_DERIVED = {"rating_counts": rating_counts, "rating_pairs": rating_pairs}


@dataclass(frozen=True)
class Affected:
    """Whom changes concern.

    Attributes:
        stories: Ids of stories of which, or of whose records, something differs; sorted.
        countries: Codes of the countries of which a record differs; sorted.
        genes: Whether genes themselves differ, and with them the radar of every story.
    """

    stories: tuple[str, ...]
    countries: tuple[str, ...]
    genes: bool


def affected(changes: Mapping[str, Changes]) -> Affected:
    """Whom changes concern: what changed rows are, or refer to, before and after."""
    found: dict[str, set[str]] = {"stories": set(), "countries": set()}
    for name, change in changes.items():
        for target, ids in found.items():
            for column in _columns(name, target):
                for frame in (change.added, change.removed, change.was, change.now):
                    ids |= set(frame[column].dropna())
    genes = bool(changes.get("genes"))
    return Affected(tuple(sorted(found["stories"])), tuple(sorted(found["countries"])), genes)


def _columns(name: str, target: str) -> list[str]:
    """The columns of a dataset that hold ids of another one, or its own."""
    own = [DATASETS[name].key[0]] if name == target else []
    columns = DATASETS[name].columns.items()
    return own + [column for column, rule in columns if rules(rule)["refers"] == target]


def after(store: Store, proposal: Proposal, name: str) -> pd.DataFrame:
    """Any dataset as it would be, what is derived included. Raises as `load`."""
    if name in proposal.frames:
        return proposal.frames[name]
    published = releases.load(store, name, proposal.base)
    if name not in _DERIVED or not proposal.changes.get(RATINGS):
        return published
    touched = proposal.changes[RATINGS].occasions
    ratings = proposal.frames[RATINGS]
    anew = _DERIVED[name](ratings[ratings["occasion_id"].isin(touched)])
    kept = published[~published["occasion_id"].isin(touched)]
    return pd.concat([kept, anew], ignore_index=True)


def undo(store: Store, to: int, base: int | None = None) -> dict[str, Changes]:
    """What going back to a release would change in the current one, or in release `base`.

    Raises:
        UnknownReleaseError, DamagedReleaseError, StoreError: As `load`.
    """
    return between(store, releases.current(store) if base is None else base, to)
