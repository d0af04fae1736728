"""What can go wrong, in one tree and one place for the wording.

    GcsDataError
    ├── UnknownDatasetError     no dataset has this name
    ├── UnknownReleaseError     no release has this number
    ├── InvalidDataError        rows break the schema; carries every problem
    ├── DamagedReleaseError     a release names a file that is missing or changed
    ├── PublishConflictError    somebody else published first
    └── StoreError              the place cannot be read or written; says why and what to do

Each message names the value, what is allowed and the next step. `code` and `values` say the same
as data, for a page that speaks another language.
"""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any

TEMPLATES = {
    "unknown_dataset": "There is no dataset called “{name}”. The datasets are {known}.",
    "unknown_release": "There is no release {number}. The newest is release {newest}.",
    "no_release_readable": (
        "No release can be read: {reason} "
        "Run “python -m gcs_data build” to write the shipped datasets anew."
    ),
    "invalid_data": "{count} problem(s) found; nothing was written.",
    "damaged_release": (
        "Release {number} cannot be opened: {reason}. "
        "Open another release, or run “python -m gcs_data verify” to see which files are damaged."
    ),
    "publish_conflict": (
        "Release {newest} was published while you worked on release {base}. "
        "Nothing was overwritten: look at what changed since, then publish again."
    ),
    "manifest_unreadable": "its manifest {path} is empty, cut short or not a manifest",
    "file_missing": "{path} is missing",
    "file_size": "{path} has {found} bytes instead of {expected}",
    "file_changed": "{path} is not what was published",
    "nothing_shipped": "there are no datasets in {path}",
    "derived_dataset": (
        "“{name}” is computed from gene_ratings at every publish. Publish gene_ratings instead."
    ),
    "unknown_occasion": "No ratings were given at “{name}”. The occasions are: {known}.",
    "sweep_unsafe": (
        "Release {number} does not say which files are its own: {reason}. Nothing was removed. "
        "Restore the manifest from a backup, then sweep again."
    ),
    "given_twice": "“{name}” is given twice. Give one file for each dataset.",
    "not_parquet": "“{name}” is not a whole Parquet file. Export it again.",
    "wrong_kind": "“{name}” is neither .csv nor .parquet. Save it as “CSV UTF-8”.",
    "nothing_to_publish": "Nothing differs from release {base}, so there is nothing to publish.",
    "store_full": "The disk is full at {place}. Free some space, then publish again. {kept}",
    "store_read_only": "{place} cannot be written to. Make it writable or set GCS_STORE. {kept}",
    "store_gone": "The store at {place} cannot be reached. Check GCS_STORE. {kept}",
    "store_refused": "The store at {place} refused access. Check its permissions and keys. {kept}",
    "store_unsafe": (
        "{place} cannot refuse to overwrite a file, so a publish there could be lost. "
        "Set GCS_STORE to a local folder or an object store with conditional writes. {kept}"
    ),
    "store_failed": "The store at {place} failed: {reason}. {kept}",
}
KEPT = "The last release stays readable."


class GcsDataError(Exception):
    """The base of every error that this package raises on purpose."""

    def __init__(self, code: str, **values: Any) -> None:
        self.code = code
        self.values = values
        super().__init__(TEMPLATES[code].format(**values))


class UnknownDatasetError(GcsDataError):
    """No dataset has this name."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__("unknown_dataset", name=name, known=", ".join(known))


class UnknownReleaseError(GcsDataError):
    """No release has this number."""

    def __init__(self, number: object, newest: int) -> None:
        super().__init__("unknown_release", number=number, newest=newest)


class InvalidDataError(GcsDataError):
    """Rows break the schema. `problems` lists all of them, not the first."""

    def __init__(self, problems: Sequence[object]) -> None:
        self.problems = list(problems)
        super().__init__("invalid_data", count=len(self.problems))

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *map(str, self.problems)])


class DamagedReleaseError(GcsDataError):
    """A release names a file that is missing, cut short or changed."""


class PublishConflictError(GcsDataError):
    """Somebody else published first; nothing was overwritten."""

    def __init__(self, base: int, newest: int) -> None:
        super().__init__("publish_conflict", base=base, newest=newest)


class StoreError(GcsDataError):
    """The place where releases are kept cannot be read or written."""


def near_misses(value: str, known: Iterable[str], most: int = 3) -> list[str]:
    """The known values that look like this one, best first; empty where none does."""
    return get_close_matches(str(value), list(known), n=most, cutoff=0.6)
