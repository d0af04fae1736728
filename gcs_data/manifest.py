"""What a release is: its manifest as a record, as JSON, and what can be wrong with it."""

import hashlib
import json
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NotRequired, TypedDict

from gcs_data.errors import TEMPLATES

FOLDER = "releases"
_NAME = re.compile(r"(\d{6,})\.json")
DATA_FILE = re.compile(r"[a-z_]+/[0-9a-f]{64}\.parquet")


class File(TypedDict):
    """One Parquet file. `occasion` only where a dataset is kept as one file per occasion.

    `ids_begin` is what all ids of ratings in it begin with, case folded; older releases lack it.
    """

    path: str
    sha256: str
    bytes: int
    rows: int
    occasion: NotRequired[str]
    ids_begin: NotRequired[str]


class Entry(TypedDict):
    """One dataset in a release."""

    rows: int
    files: list[File]


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a release or a file; `code` says it as data."""

    release: int
    path: str
    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return TEMPLATES[self.code].format(path=self.path, **self.values)


@dataclass(frozen=True)
class Release:
    """What was published, when, by whom and why; `datasets` names every file it consists of.

    `base` is the release it was made from (None for release 0), `when` a UTC time as ISO text.
    `passed_over` are damaged releases between it and its base. A damaged release says in
    `damaged` why it cannot be opened; if its manifest is unreadable, all but its number is empty.
    """

    number: int
    base: int | None = None
    who: str = ""
    when: str = ""
    why: str = ""
    file_name: str | None = None
    file_sha256: str | None = None
    schema_version: int = 0
    datasets: Mapping[str, Entry] = field(default_factory=dict)
    passed_over: tuple[int, ...] = ()
    damaged: Finding | None = None

    @property
    def files(self) -> dict[str, File]:
        """Every file of the release by its path."""
        return {file["path"]: file for entry in self.datasets.values() for file in entry["files"]}

    @property
    def unreadable(self) -> bool:
        """Whether not even its manifest can be read, so that nobody knows what it consists of."""
        return self.damaged is not None and self.damaged.code == "manifest_unreadable"


def path_of(number: int) -> str:
    """Where the manifest of a release stands."""
    return f"{FOLDER}/{number:06d}.json"


def numbers(names: Iterable[str]) -> list[int]:
    """The releases whose manifests are among these names, newest first."""
    return sorted((int(m[1]) for name in names if (m := _NAME.fullmatch(name))), reverse=True)


def to_json(release: Release) -> bytes:
    """A manifest as the file that is the release. No two are ever the same."""
    content = {
        "release": release.number,
        "base": release.base,
        "who": release.who,
        "when": release.when,
        "why": release.why,
        "file_name": release.file_name,
        "file_sha256": release.file_sha256,
        "schema_version": release.schema_version,
        "passed_over": list(release.passed_over),
        # By this, a publisher knows its own manifest from one that says the same.
        "id": uuid.uuid4().hex,
        "datasets": release.datasets,
    }
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    return text.encode(errors="replace")  # A name from a command line may hold half a character.


def from_json(number: int, data: bytes) -> Release:
    """The release a manifest describes; `damaged` if it is cut short or says what cannot be."""
    try:
        content = json.loads(data)
        release = Release(
            number=content["release"],
            base=content["base"],
            who=content["who"],
            when=content["when"],
            why=content["why"],
            file_name=content["file_name"],
            file_sha256=content["file_sha256"],
            schema_version=content["schema_version"],
            datasets=content["datasets"],
            passed_over=tuple(content["passed_over"]),
        )
        sound = release.number == number and all(
            entry["rows"] >= 0 and entry["files"] for entry in release.datasets.values()
        )
        for path, file in release.files.items():
            named = DATA_FILE.fullmatch(path) and path.endswith(f"/{file['sha256']}.parquet")
            sound = sound and bool(named) and file["bytes"] > 0
    except (ValueError, KeyError, TypeError, AttributeError):
        sound = False
    return release if sound else Release(number, damaged=unreadable(number))


def unreadable(number: int) -> Finding:
    """What is wrong with a release whose manifest does not parse."""
    return Finding(number, path_of(number), "manifest_unreadable")


def missing_or_cut(release: Release, sizes: Mapping[str, int]) -> list[Finding]:
    """The release's files that are not there, or not with the size they were published with."""
    return [
        Finding(
            release.number,
            path,
            "file_size" if path in sizes else "file_missing",
            {"found": sizes.get(path), "expected": file["bytes"]},
        )
        for path, file in release.files.items()
        if sizes.get(path) != file["bytes"]
    ]


def data_file(dataset: str, data: bytes, rows: int, occasion: str | None = None) -> File:
    """What a manifest says about a Parquet file of a dataset, which is named by its content."""
    sha256 = hashlib.sha256(data).hexdigest()
    file = File(path=f"{dataset}/{sha256}.parquet", sha256=sha256, bytes=len(data), rows=rows)
    if occasion is not None:
        file["occasion"] = occasion
    return file
