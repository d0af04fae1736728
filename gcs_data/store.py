"""The store of releases. Five calls are the door: current, load, publish, history, rollback.

    store = Store("store", shipped=Path("data"))
    stories = load(store, "stories")

Opening a store creates nothing and works on places that cannot be written to.
"""

from collections.abc import Collection, Mapping

import pandas as pd

from gcs_data.manifest import Finding, Release
from gcs_data.releases import Store, current, history, load, release
from gcs_data.upkeep import sweep, verify, writable

__all__ = [
    "Finding",
    "Release",
    "Store",
    "current",
    "history",
    "load",
    "publish",
    "release",
    "rollback",
    "sweep",
    "verify",
    "writable",
]


def publish(
    store: Store,
    frames: Mapping[str, pd.DataFrame],
    *,
    base: int,
    who: str,
    why: str,
    file_name: str | None = None,
    file_sha256: str | None = None,
    drop_occasions: Collection[str] = (),
) -> Release:
    """Make these frames the newest release, all at once or not at all.

    Args:
        store: Where to.
        frames: By dataset. Each replaces its dataset as a whole; but `gene_ratings` replaces the
            occasions it contains and leaves the others. What is derived cannot be given.
        base: The release that the frames were made from; it must still be the current one.
        who: Who publishes.
        why: The reason, for the history.
        file_name: The uploaded file, if there was one, and its SHA-256.
        file_sha256: See `file_name`.
        drop_occasions: Occasions whose ratings go.

    Returns:
        The new release. It is durable once this returns.

    Raises:
        InvalidDataError: With every problem found; nothing was written.
        PublishConflictError: If somebody else was faster; nothing was overwritten.
        GcsDataError: If nothing differs from the base, or a name cannot be published.
        DamagedReleaseError: If the base itself cannot be opened.
        StoreError: If the place cannot be written to; the last release stays readable.
    """
    from gcs_data import publishing  # Here, because readers need not wait for pandera.

    record = Release(0, base=base, who=who, why=why, file_name=file_name, file_sha256=file_sha256)
    return publishing.publish(store, frames, drop_occasions, record)


def rollback(store: Store, to: int, *, base: int, who: str, why: str) -> Release:
    """Make an old release's data the newest release. The ones between stay in the history.

    Raises:
        UnknownReleaseError, DamagedReleaseError: If release `to` is not there or cannot be opened.
        PublishConflictError, GcsDataError, StoreError: As `publish`.
    """
    from gcs_data import publishing

    return publishing.rollback(store, to, Release(0, base=base, who=who, why=why))
