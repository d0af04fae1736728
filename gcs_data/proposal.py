"""What an upload would make of the published data, before anybody publishes it.

A `Proposal` is a value that belongs to one release; publishing it on another one is refused, and it
is proposed anew. Rows of the file correct those with the same key or are added. Rows that the file
does not hold stay, unless somebody ticks that they go.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from gcs_data import releases
from gcs_data import store as door
from gcs_data.changes import Changes, changes
from gcs_data.consequences import Merged, Whole, consequences
from gcs_data.errors import InvalidDataError
from gcs_data.incoming.sheets import Reading
from gcs_data.incoming.understand import Understood
from gcs_data.manifest import Release
from gcs_data.matching import partners, shaped
from gcs_data.merging import absent, merged_from
from gcs_data.problems import Problem
from gcs_data.releases import Store
from gcs_data.schema import DATASETS, RATINGS

Bad = Mapping[str, Mapping[int, tuple[Problem, ...]]]  # By dataset and position in the file.


@dataclass(frozen=True)
class LeftOut:
    """A row of the file that is not published, by its position in the file's dataset, and why."""

    dataset: str
    row: int
    problems: tuple[Problem, ...]

    @property
    def key(self) -> str:
        """What identifies the row, as far as it could be read."""
        return self.problems[0].key


@dataclass(frozen=True)
class Proposal:
    """One upload, compared with the release it is meant for.

    Attributes:
        base: The number of that release.
        frames: The datasets of the file as they would become, whole.
        changes: How each of them differs from what is published.
        problems: What stands in the way; with any, nothing can be published.
        left_out: The rows that somebody chose to leave out, because something is wrong with them.
        absent: For each dataset, its published rows that the file does not hold. They go only
            where `removals` names the dataset.
        removals: Datasets of which rows that the file does not hold are removed.
    """

    base: int
    frames: Mapping[str, pd.DataFrame]
    changes: Mapping[str, Changes]
    problems: tuple[Problem, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    absent: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    removals: frozenset[str] = frozenset()

    @property
    def ready(self) -> bool:
        """Whether it can be published: something differs, and nothing stands in the way."""
        return not self.problems and any(self.changes.values())


def proposed(
    store: Store,
    base: int,
    understood: Understood,
    leave_out_bad: bool = False,
    removals: Collection[str] = frozenset(),
    *,
    reading: Reading | None = None,
) -> Proposal:
    """Compare what a file holds with a release.

    Args:
        store: Where the release is.
        base: Its number: the current one, unless somebody only wants to look.
        understood: What the file holds.
        leave_out_bad: Leave out rows with problems, and rows that refer to those. A problem of a
            whole column or sheet still stands in the way.
        removals: Datasets of which published rows that the file does not hold go.
        reading: The file; without it, problems that only show in the whole name no cell.

    Raises:
        UnknownReleaseError, DamagedReleaseError, StoreError: As `load`.
    """
    ground = _Ground(store, base)
    grounds = {
        name: _Overlay(name, ground.frame(name), frame, name in removals)
        for name, frame in understood.frames.items()
    }
    whole = Whole(ground.frame, ground.names, understood, reading)
    bad = _by_row(understood.problems)
    while True:
        left_out = bad if leave_out_bad else {}
        merged = {
            name: each.merged(understood.present[name], left_out.get(name, ()))
            for name, each in grounds.items()
        }
        found = consequences(whole, merged, bad, left_out)
        bad = _with(bad, _by_row(found))
        if not (leave_out_bad and _by_row(found)):
            break
    problems = [*understood.problems, *found]
    if leave_out_bad:
        problems = [problem for problem in problems if problem.row is None]
        problems += _unsure_removals(understood, bad, removals)
    return Proposal(
        base,
        {name: each.frame for name, each in merged.items()},
        {name: each.changes(merged[name].frame) for name, each in grounds.items()},
        tuple(problems),
        tuple(_left_out(bad)) if leave_out_bad else (),
        {name: each.before.iloc[each.missing] for name, each in grounds.items()},
        frozenset(removals),
    )


class _Ground:
    """The datasets of a release, each loaded once."""

    def __init__(self, store: Store, number: int) -> None:
        self._store, self._number = store, number
        held = releases.release(store, number).datasets
        self.names = [name for name in DATASETS if name in held and not DATASETS[name].derived]
        self._frames: dict[str, pd.DataFrame] = {}

    def frame(self, name: str) -> pd.DataFrame:
        """A dataset of the release; without rows where an older one does not have it."""
        if name not in self._frames:
            held = name in self.names
            loaded = releases.load(self._store, name, self._number) if held else pd.DataFrame()
            self._frames[name] = shaped(name, loaded)
        return self._frames[name]


def _by_row(problems: Iterable[Problem]) -> Bad:
    found: dict[str, dict[int, tuple[Problem, ...]]] = {}
    for problem in problems:
        if problem.row is not None:
            rows = found.setdefault(problem.dataset, {})
            rows[problem.row] = (*rows.get(problem.row, ()), problem)
    return found


def _with(bad: Bad, more: Bad) -> Bad:
    return {name: {**bad.get(name, {}), **more.get(name, {})} for name in {**bad, **more}}


class _Overlay:
    """A dataset of the file over the published one. Keys are compared once: they take longest."""

    def __init__(self, name: str, before: pd.DataFrame, given: pd.DataFrame, remove: bool) -> None:
        self._name, self.before, self._given = name, before, given
        self._found = partners(DATASETS[name].key, before, given)
        self.missing = absent(name, before, given, self._found)
        gone = self.missing if remove else np.array([], dtype=np.intp)
        self._stays = np.setdiff1d(np.arange(len(before)), gone)

    def merged(self, present: Collection[str], left_out: Collection[int]) -> Merged:
        """The dataset as it would become without these rows of the file."""
        stays = self.before.iloc[self._stays]
        if not left_out:
            place = np.full(len(self.before) + 1, -1, dtype=np.intp)
            place[self._stays] = np.arange(len(self._stays))
            found = place[self._found]
            return Merged(*merged_from(self._name, stays, self._given, present, found))
        used = np.setdiff1d(np.arange(len(self._given)), list(left_out))
        frame, source = merged_from(self._name, stays, self._given.iloc[used], present)
        positions = np.append(used, -1)  # The last is that of published rows.
        return Merged(frame, positions[source])

    def changes(self, after: pd.DataFrame) -> Changes:
        """How it would differ."""
        found = np.full(len(after), -1, dtype=np.intp)
        found[: len(self._stays)] = self._stays
        return changes(self._name, self.before, after, found)


def _unsure_removals(
    understood: Understood, bad: Bad, removals: Collection[str]
) -> Iterator[Problem]:
    """Where it cannot be told which published row a left-out row is, nothing is removed."""
    for name in sorted(set(removals) & understood.frames.keys()):
        keys = understood.frames[name][list(DATASETS[name].key)]
        unknown = keys.iloc[sorted(bad.get(name, {}))].isna().any(axis="columns").sum()
        if unknown:
            first = DATASETS[name].key[0]
            yield Problem(name, None, first, "", "unsure_removal", {"count": int(unknown)})


def _left_out(bad: Bad) -> Iterator[LeftOut]:
    for name, rows in bad.items():
        yield from (LeftOut(name, row, problems) for row, problems in sorted(rows.items()))


def publish(
    store: Store,
    proposal: Proposal,
    who: str,
    why: str,
    file_name: str | None = None,
    file_sha256: str | None = None,
) -> Release:
    """Publish a proposal on the release it was made for.

    Raises:
        InvalidDataError: If something stands in its way.
        PublishConflictError: If somebody published meanwhile: propose it anew and show that.
        GcsDataError: If it changes nothing.
        DamagedReleaseError, StoreError: As `store.publish`.
    """
    if proposal.problems:
        raise InvalidDataError(proposal.problems)
    frames = {name: proposal.frames[name] for name, found in proposal.changes.items() if found}
    dropped: set[str] = set()
    if RATINGS in frames:
        touched = proposal.changes[RATINGS].occasions
        rows = frames.pop(RATINGS)
        rows = rows[rows["occasion_id"].isin(touched)]
        dropped = touched - set(rows["occasion_id"])
        if len(rows):
            frames[RATINGS] = rows
    return door.publish(
        store,
        frames,
        base=proposal.base,
        who=who,
        why=why,
        file_name=file_name,
        file_sha256=file_sha256,
        drop_occasions=dropped,
    )
