"""Which column of a sheet is which of ours, and which dataset a sheet holds.

A header is ours if it is exactly a column's name, or that name in other letters' case, with other
punctuation or accents, or one of its everyday names (`synonyms.py`). At an edit distance of at most
2 it is a suggestion to confirm. Nothing else is guessed, and columns never change place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from rapidfuzz.distance import OSA

from gcs_data.folding import folded
from gcs_data.incoming.choices import LEAVE_OUT
from gcs_data.incoming.synonyms import HEADERS, HEADERS_OF, SHEETS
from gcs_data.schema import DATASETS, Dataset, rules

FURTHEST = 2  # Letters by which a suggestion may differ.


@dataclass(frozen=True)
class Columns:
    """How the headers of one sheet fit one dataset. All five are shown together.

    Attributes:
        matched: The position in the sheet of each of our columns that is there.
        read_as: Our column for each header that was matched by more than its exact name.
        suggestions: For headers that only look like ours, which they may be, nearest first.
        unmatched: Headers that are not ours and look like nothing of ours; blank ones too.
        duplicate: Our columns that several headers claim, with these headers. Not matched.
        missing: Our columns that are not in the sheet.
        positions: Where each suggested or unmatched header stands; the first, if it repeats.
    """

    matched: Mapping[str, int] = field(default_factory=dict)
    read_as: Mapping[str, str] = field(default_factory=dict)
    suggestions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unmatched: tuple[str, ...] = ()
    duplicate: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    positions: Mapping[str, int] = field(default_factory=dict)


def match(
    header: Sequence[str], dataset: Dataset, chosen: Mapping[str, str] | None = None
) -> Columns:
    """Match the headers of a sheet with a dataset's columns.

    Args:
        header: As written, in the order of the sheet; may repeat, may be blank.
        chosen: Our column for a header, as the uploader confirmed; `LEAVE_OUT` for none.
    """
    chosen = chosen or {}
    claims: dict[str, list[int]] = {}
    left: list[int] = []
    for position, written in enumerate(header):
        column = chosen.get(written, _column(dataset, written))
        if column is not None and column in dataset.columns:
            claims.setdefault(column, []).append(position)
        else:
            left.append(position)
    matched, duplicate = {}, {}
    for column, positions in claims.items():
        best = [position for position in positions if header[position] == column]
        best = best or [position for position in positions if chosen.get(header[position])]
        best = best or positions
        if len(best) > 1:
            duplicate[column] = tuple(header[position] for position in positions)
            continue
        matched[column] = best[0]
        left += [position for position in positions if position != best[0]]
    taken = matched.keys() | duplicate.keys()
    suggestions: dict[str, tuple[str, ...]] = {}
    for position in sorted(left):
        near = _near(dataset, header[position], frozenset(taken))
        if near and chosen.get(header[position]) != LEAVE_OUT:
            suggestions.setdefault(header[position], near)
    return Columns(
        matched={column: matched[column] for column in dataset.columns if column in matched},
        read_as={header[at]: column for column, at in matched.items() if header[at] != column},
        suggestions=suggestions,
        unmatched=tuple(header[at] for at in sorted(left) if header[at] not in suggestions),
        duplicate=duplicate,
        missing=tuple(column for column in dataset.columns if column not in taken),
        positions={header[at]: at for at in sorted(left, reverse=True)},
    )


def key(text: str) -> str:
    """A name without case, accents, spaces and punctuation."""
    return "".join(folded(text))


@cache
def _names(dataset: str) -> Mapping[str, str]:
    """Our column for everything it may be called in a dataset, as `key` has it."""
    names: dict[str, str] = {}
    columns = DATASETS[dataset].columns
    for column, rule in columns.items():
        own = column == DATASETS[dataset].key[0] and not rules(rule)["refers"]
        synonyms = (
            *HEADERS_OF.get((dataset, column), ()),
            *(() if own else HEADERS.get(column, ())),
        )
        for name in synonyms:
            names.setdefault(key(name), column)
    return names | {key(column): column for column in columns}


def _column(dataset: Dataset, written: str) -> str | None:
    return written if written in dataset.columns else _names(dataset.name).get(key(written))


def _near(dataset: Dataset, written: str, taken: frozenset[str]) -> tuple[str, ...]:
    """The columns, not yet found, that a header may mean; nearest first."""
    plain = key(written)
    nearest: dict[str, int] = {}
    for name, column in _names(dataset.name).items():
        distance = OSA.distance(plain, name, score_cutoff=FURTHEST)
        # Of a short word, two letters may be half of it.
        if (
            column not in taken
            and distance <= FURTHEST
            and 2 * distance < min(len(plain), len(name))
        ):
            nearest[column] = min(distance, nearest.get(column, distance))
    return tuple(sorted(nearest, key=lambda column: nearest[column]))


def datasets(sheet_name: str, header: Sequence[str]) -> tuple[str, ...]:
    """The datasets that a sheet may hold: one if it is clear, several to ask, none if none fits.

    A sheet that is called after a dataset, and has any of its columns, holds it. Another one holds
    the dataset that most of its headers belong to, at least two and half of them, if it has that
    dataset's key or if no other dataset comes near.
    """
    fits = {name: match(header, dataset) for name, dataset in DATASETS.items()}
    found = {name: len(fit.matched) + len(fit.duplicate) for name, fit in fits.items()}
    named = _sheets().get(key(sheet_name), "")
    if found.get(named):
        return (named,)
    written = sum(1 for name in header if key(name))
    half = [name for name in DATASETS if found[name] >= 2 and 2 * found[name] >= written]
    # What we compute is recognised only when it is whole, as we export it.
    half = [name for name in half if not (DATASETS[name].derived and fits[name].missing)]
    keyed = {name for name in half if not set(DATASETS[name].key) & set(fits[name].missing)}
    most = max((found[name] for name in half), default=0)
    best = [name for name in half if found[name] == most]
    best = [name for name in best if name in keyed] or best
    if len(best) == 1 and best[0] not in keyed:
        best = [name for name in half if found[name] >= most - 1]
    hinted = [name for name in best if key(name) in key(sheet_name)]
    return tuple(hinted if len(hinted) == 1 else best)


@cache
def _sheets() -> Mapping[str, str]:
    names = {key(name): dataset for dataset, called in SHEETS.items() for name in called}
    return names | {key(dataset): dataset for dataset in DATASETS}
