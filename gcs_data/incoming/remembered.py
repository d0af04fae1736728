"""What names were confirmed to mean, by whom and when, so that nobody is asked twice.

One small file for each confirmed name, in a folder outside the versioned data: written aside and
renamed, so that none is ever half there and two people who confirm at once lose nothing.
"""

import hashlib
import json
import os
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from gcs_data.incoming.meanings import plain
from gcs_data.schema import DATASETS, rules


@dataclass(frozen=True)
class Remembered:
    """One confirmed meaning. `target` and `written` are as in `Choices.values`."""

    target: str
    written: str
    means: str
    who: str
    when: str


@dataclass(frozen=True)
class Confirmed:
    """Everything that was confirmed, by target and by the text as `plain` has it."""

    meanings: Mapping[tuple[str, str], Remembered] = field(default_factory=dict)

    def meaning(self, target: str, written: str) -> Remembered | None:
        return self.meanings.get((target, plain(written))) if plain(written) else None


def confirmed(folder: Path) -> Confirmed:
    """What the folder holds; a file that cannot be read is no memory, and a new one replaces it."""
    found = {}
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else []:
        try:
            one = Remembered(**json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError):
            continue
        found[one.target, plain(one.written)] = one
    return Confirmed(found)


def remember(
    folder: Path, values: Mapping[str, Mapping[str, str]], who: str, when: datetime | None = None
) -> int:
    """Keep what an uploader confirmed; the newest meaning of a name counts.

    Args:
        folder: Made if it is not there.
        values: As in `Choices.values`. Only names of things that last are kept: countries, rows of
            other datasets, and values of columns that allow a few. A number or a date is not.
        who: Who confirmed it.
        when: Now, unless given.

    Returns:
        How many were kept.
    """
    at = (when or datetime.now(UTC)).isoformat(timespec="seconds")
    lasting = [
        Remembered(target, written, means, who, at)
        for target, meanings in values.items()
        for written, means in meanings.items()
        if _lasts(target) and plain(written) and means
    ]
    folder.mkdir(parents=True, exist_ok=True)
    for one in lasting:
        _write(folder, one)
    return len(lasting)


def forget(folder: Path, target: str, written: str) -> bool:
    """Ask about a name again; says whether it was remembered."""
    path = folder / _file_name(target, written)
    there = path.exists()
    path.unlink(missing_ok=True)
    return there


def _lasts(target: str) -> bool:
    if target in DATASETS:
        return True
    dataset, _, column = target.partition(".")
    if dataset not in DATASETS or column not in DATASETS[dataset].columns:
        return False
    return bool(rules(DATASETS[dataset].columns[column])["choices"])


def _write(folder: Path, one: Remembered) -> None:
    path = folder / _file_name(one.target, one.written)
    aside = folder / f".{uuid.uuid4().hex}.new"
    try:
        with aside.open("x", encoding="utf-8") as file:
            json.dump(asdict(one), file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def _file_name(target: str, written: str) -> str:
    # Never a path built from what somebody wrote.
    name = hashlib.sha256(f"{target}\n{plain(written)}".encode()).hexdigest()
    return f"{name[:40]}.json"
