"""Files on their way into the data: read, understood and compared, as one proposal.

What a page does step by step, for a command line or a script in one call.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gcs_data.errors import GcsDataError, UnknownDatasetError
from gcs_data.incoming import columns
from gcs_data.incoming.choices import LEAVE_OUT, Choices
from gcs_data.incoming.ratings import Pseudonyms
from gcs_data.incoming.read import read
from gcs_data.incoming.remembered import Confirmed
from gcs_data.incoming.sheets import Reading
from gcs_data.incoming.understand import Understood, understand
from gcs_data.matching import shaped
from gcs_data.people import People
from gcs_data.problems import Problem
from gcs_data.proposal import Proposal, proposed, publish
from gcs_data.releases import Store, current, load, release
from gcs_data.schema import DATASETS, RATINGS
from gcs_data.store import Release


@dataclass(frozen=True)
class Wishes:
    """How files are to be taken.

    Attributes:
        dataset: What they hold, where their columns do not say so.
        scale: The scale of scores in rows that do not name one.
        leave_out_bad: Publish the good rows only.
        replace: Remove published rows that the files do not hold.
    """

    dataset: str = ""
    scale: str = ""
    leave_out_bad: bool = False
    replace: bool = False


@dataclass(frozen=True)
class Upload:
    """Files as one: what was read, what was understood, and what it would change."""

    reading: Reading
    understood: Understood
    proposal: Proposal


def together(files: Sequence[Path]) -> Reading:
    """Read files as if they were one workbook. Its sheets are called after them.

    Raises:
        OSError: If a file cannot be opened.
        UnreadableFileError: If one cannot be read for sure.
        GcsDataError: If two have the same name.
    """
    readings: list[Reading] = []
    for path in files:
        if path.name in (reading.file_name for reading in readings):
            raise GcsDataError("given_twice", name=path.name)
        readings.append(read(path.read_bytes(), path.name))
    alone = len(readings) == 1
    return Reading(
        file_name="; ".join(reading.file_name for reading in readings),
        sha256="; ".join(reading.sha256 for reading in readings),
        kind=readings[0].kind,
        sheets=tuple(
            replace(sheet, name=_called(reading.file_name, sheet.name, alone))
            for reading in readings
            for sheet in reading.sheets
        ),
        skipped=tuple(name for reading in readings for name in reading.skipped),
        notices=tuple(notice for reading in readings for notice in reading.notices),
    )


def _called(file: str, sheet: str, alone: bool) -> str:
    if not sheet:
        return file
    return sheet if alone else f"{file}: {sheet}"


def upload(
    store: Store,
    reading: Reading,
    wishes: Wishes,
    people: People,
    confirmed: Confirmed,
    base: int | None = None,
) -> Upload:
    """Understand what was read and compare it with a release (None: the current one).

    Nothing is written; raters who are not known yet get passing pseudonyms.

    Raises:
        UnknownDatasetError: If `wishes` names a dataset that people cannot give.
        GcsDataError: As `proposed`.
    """
    number = current(store) if base is None else base
    return _upload(store, reading, wishes, people.preview, confirmed, number)


def publish_upload(
    store: Store,
    found: Upload,
    wishes: Wishes,
    people: People,
    confirmed: Confirmed,
    *,
    who: str,
    why: str,
) -> Release:
    """Publish an upload as it was looked at. Raises as `proposal.publish`."""
    final = found
    if RATINGS in found.understood.frames and found.proposal.ready:
        # What was looked at has passing pseudonyms; only what is published keeps names.
        base = found.proposal.base
        final = _upload(store, found.reading, wishes, people.remember, confirmed, base)
    reading = found.reading
    return publish(store, final.proposal, who, why, reading.file_name, reading.sha256)


def _upload(
    store: Store,
    reading: Reading,
    wishes: Wishes,
    pseudonyms: Pseudonyms,
    confirmed: Confirmed,
    number: int,
) -> Upload:
    known = {
        name: shaped(name, load(store, name, number))
        for name in release(store, number).datasets
        if name in DATASETS and not DATASETS[name].derived
    }
    choices = Choices(datasets=_datasets(reading, wishes.dataset), scale=wishes.scale)
    understood = understand(reading, known, choices, confirmed=confirmed, pseudonyms=pseudonyms)
    removals = frozenset(understood.frames) if wishes.replace else frozenset()
    proposal = proposed(store, number, understood, wishes.leave_out_bad, removals, reading=reading)
    return Upload(reading, understood, proposal)


def _datasets(reading: Reading, wanted: str) -> dict[str, str]:
    """The dataset of each sheet, where it was named: that of sheets with any of its columns."""
    if not wanted:
        return {}
    by_hand = [name for name, dataset in DATASETS.items() if not dataset.derived]
    if wanted not in by_hand:
        raise UnknownDatasetError(wanted, by_hand)
    return {
        sheet.name: wanted if columns.match(sheet.header, DATASETS[wanted]).matched else LEAVE_OUT
        for sheet in reading.sheets
    }


def as_json(found: Upload) -> dict[str, Any]:
    """What was found, as plain data."""
    return {
        "file": found.reading.file_name,
        "sha256": found.reading.sha256,
        "release": found.proposal.base,
        "problems": [_problem(problem) for problem in found.proposal.problems],
        "left_out": [
            {
                "dataset": row.dataset,
                "key": row.key,
                "problems": [_problem(problem) for problem in row.problems],
            }
            for row in found.proposal.left_out
        ],
        "notes": [
            {"code": note.code, "sheet": note.sheet, "message": note.message}
            for note in found.understood.notes
        ],
        "changes": {name: each.counts for name, each in found.proposal.changes.items()},
    }


def _problem(problem: Problem) -> Mapping[str, object]:
    return {
        "dataset": problem.dataset,
        "sheet": problem.sheet,
        "cell": problem.cell,
        "line": problem.at,
        "column": problem.column,
        "header": problem.header,
        "key": problem.key,
        "value": str(problem.fields["value"]),
        "rule": problem.rule,
        "message": problem.message,
        "suggestions": list(problem.suggestions),
    }
