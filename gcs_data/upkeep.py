"""Looking after the store: is everything still as published, what is left over, can it be used."""

import hashlib
import re
from datetime import UTC, datetime, timedelta

from gcs_data import manifest, parquet, place, releases
from gcs_data.errors import GcsDataError
from gcs_data.manifest import Finding
from gcs_data.releases import Store

LEFT_OVER_AFTER = timedelta(days=1)  # Longer than any publisher needs between file and manifest.
_OURS = re.compile(rf"{manifest.DATA_FILE.pattern}|probe/[0-9a-f]{{32}}|[a-z_]+/\..+\.part")


def verify(store: Store) -> list[Finding]:
    """Read every file of every release and compare it with what was published.

    Returns:
        What is missing, cut short or changed, per release; empty if all is well.

    Raises:
        StoreError: If the store cannot be read.
    """
    findings = _verify_shipped(store)
    checked: dict[str, str | None] = {}
    for release in releases.history(store)[:-1]:
        if release.damaged is not None and release.unreadable:
            findings.append(release.damaged)
        cut = {
            finding.path: finding
            for finding in manifest.missing_or_cut(release, store.place.sizes(release.files))
        }
        for path, file in release.files.items():
            if path not in cut and path not in checked:
                checked[path] = _sha256(store, path)
            if path in cut:
                findings.append(cut[path])
            elif checked[path] != file["sha256"]:
                code = "file_changed" if checked[path] else "file_missing"
                findings.append(Finding(release.number, path, code))
    return sorted(findings, key=lambda finding: (-finding.release, finding.path))


def sweep(store: Store, *, remove: bool = False, now: datetime | None = None) -> list[str]:
    """Name, and with `remove` take away, the left-overs of publishers that never finished.

    A left-over is a file of ours that no manifest names, older than a day. No release loses
    anything, however old it is.

    Raises:
        GcsDataError: If a manifest cannot be read, since its files look like left-overs then.
        StoreError: If the store cannot be read or written.
    """
    old = (now or datetime.now(UTC)) - LEFT_OVER_AFTER
    # Files first, manifests after: what a publisher finished meanwhile is then named.
    written = store.place.everything()
    named: set[str] = set()
    for release in releases.history(store)[:-1]:
        if release.unreadable:
            raise GcsDataError("sweep_unsafe", number=release.number, reason=release.damaged)
        named.update(release.files)
    left = sorted(
        path
        for path, when in written.items()
        if when < old and path not in named and _OURS.fullmatch(path)
    )
    if remove:
        for path in left:
            store.place.remove(path)
    return left


def writable(store: Store) -> None:
    """Try what a publish needs: a create that fails the second time, a sync, free space.

    Raises:
        StoreError: If the place cannot do it. Reading goes on all the same.
    """
    newest = releases.look(store).newest
    release = newest if newest.number else releases.shipped(store)
    place.prove(store.place, sum(file["bytes"] for file in release.files.values()))


def _verify_shipped(store: Store) -> list[Finding]:
    """Release 0 has no manifest; its Parquet files must open."""
    found = releases.shipped(store)
    findings = [found.damaged] if found.damaged else []
    for name in found.datasets:
        path = store.shipped / f"{name}.parquet"
        try:
            parquet.from_bytes(path.read_bytes())
        except ValueError:
            findings.append(Finding(0, path.name, "file_changed"))
    return findings


def _sha256(store: Store, path: str) -> str | None:
    try:
        return hashlib.sha256(store.place.read(path)).hexdigest()
    except FileNotFoundError:
        return None
