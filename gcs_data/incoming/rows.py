"""The rows of one sheet that are to be imported, as text in our columns, with where they stand."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from gcs_data.checks import Broken, Said, trimmed
from gcs_data.incoming.columns import Columns
from gcs_data.incoming.examples import EXAMPLE_ID, EXAMPLES
from gcs_data.incoming.meanings import plain
from gcs_data.incoming.notes import Note
from gcs_data.incoming.sheets import Finding, Sheet
from gcs_data.problems import MESSAGES
from gcs_data.schema import RATINGS, Dataset, rules

RATER = "rater_id"  # Its text names people: a problem says only where it stands.
MERGED = re.compile(r"([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)")


@dataclass(frozen=True)
class Table:
    """The rows of a sheet as a dataset's text.

    Attributes:
        text: Our columns that the sheet has; trimmed, missing where empty; rows from 0.
        lines: On which row of the sheet, or line of the file, each stands.
        dates: For each column, whether a cell holds a date.
        broken: What the reader found wrong with cells, by column; row-wide ones in the first.
        torn: Rows with too many or too few cells: nothing else is said of them.
        silent: Cells that a merge has emptied: what to do is said at its first cell. By column.
        notes: What was skipped.
    """

    sheet: Sheet
    dataset: Dataset
    columns: Columns
    text: pd.DataFrame
    lines: npt.NDArray[np.int64]
    dates: pd.DataFrame
    broken: list[Broken] = field(default_factory=list)
    torn: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))
    silent: Mapping[str, npt.NDArray[np.intp]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


def table(sheet: Sheet, dataset: Dataset, columns: Columns) -> Table:
    """Take a sheet's rows apart into what is data and what is not."""
    text = pd.DataFrame(
        {name: trimmed(sheet.cells[at]) for name, at in columns.matched.items()},
        index=sheet.cells.index,
    )
    found = {finding.line for finding in sheet.findings}
    blank = text.isna().all(axis="columns").to_numpy() & ~text.index.isin(found)
    example, changed = _examples(dataset, text)
    stays = ~blank & ~example
    notes = [
        Note("example_skipped", {"value": int(line)}, sheet.name) for line in text.index[example]
    ]
    if blank.any():
        notes.append(Note("blank_rows", {"count": int(blank.sum())}, sheet.name))
    lines = text.index.to_numpy(dtype="int64")[stays]
    text = text[stays].reset_index(drop=True)
    broken, torn = _findings(sheet, dataset, columns, lines)
    still = np.flatnonzero(changed[stays])
    if len(still):
        first = next(iter(dataset.columns))
        broken.append(Broken(first, "example_filled", still, lambda row: (EXAMPLE_ID, {}, ())))
    dates = _dates(sheet, columns, lines)
    silent = _emptied(sheet, columns, lines)
    return Table(sheet, dataset, columns, text, lines, dates, broken, torn, silent, notes)


def _examples(dataset: Dataset, text: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Which rows are a template's example, and which have only kept its name."""
    nowhere = np.zeros(len(text), dtype=bool)
    first = next(iter(dataset.columns))
    if first not in text or dataset.name not in EXAMPLES:
        return nowhere, nowhere
    named = (text[first].str.casefold() == EXAMPLE_ID).fillna(False).to_numpy(dtype=bool)
    same = named.copy()
    for row in np.flatnonzero(named):
        cells = text.iloc[row].dropna()
        same[row] = all(
            plain(cell) == plain(EXAMPLES[dataset.name].get(str(name), ""))
            for name, cell in cells.items()
        )
    return same, named & ~same


def _dates(sheet: Sheet, columns: Columns, lines: np.ndarray) -> pd.DataFrame:
    marks = pd.DataFrame(False, index=range(len(lines)), columns=list(columns.matched))
    ours = {at: name for name, at in columns.matched.items()}
    row_of = {int(line): row for row, line in enumerate(lines)} if sheet.dates else {}
    rows: dict[str, list[int]] = {}
    for line, at in sheet.dates:
        if at in ours and line in row_of:
            rows.setdefault(ours[at], []).append(row_of[line])
    for name, at_rows in rows.items():
        marks.loc[at_rows, name] = True
    return marks


def _findings(
    sheet: Sheet, dataset: Dataset, columns: Columns, lines: np.ndarray
) -> tuple[list[Broken], np.ndarray]:
    """The reader's findings in our columns, as broken rules; and which rows are torn."""
    ours = {at: name for name, at in columns.matched.items()}
    row_of = {int(line): row for row, line in enumerate(lines)} if sheet.findings else {}
    torn = np.zeros(len(lines), dtype=bool)
    first = next(iter(columns.matched), next(iter(dataset.columns)))
    by_rule: dict[tuple[str, str], dict[int, Finding]] = {}
    for finding in sheet.findings:
        row = row_of.get(finding.line)
        name = first if finding.column is None else ours.get(finding.column)
        if row is None or name is None or _harmless(finding, dataset, name):
            continue
        torn[row] |= finding.column is None
        by_rule.setdefault((name, finding.rule), {}).setdefault(row, finding)
    broken = [
        Broken(
            name,
            said_as(rule),
            np.array(sorted(found), dtype=np.intp),
            _said(found, hidden=dataset.name == RATINGS and (name == RATER or rule == "ragged")),
        )
        for (name, rule), found in by_rule.items()
    ]
    return broken, torn


def _emptied(sheet: Sheet, columns: Columns, lines: np.ndarray) -> dict[str, npt.NDArray[np.intp]]:
    """The cells inside merges, without the first of each, which alone can hold something."""
    emptied: dict[str, list[npt.NDArray[np.intp]]] = {}
    for finding in sheet.findings:
        area = MERGED.fullmatch(finding.value) if finding.rule == "merged" else None
        if area is None or finding.column is None:
            continue
        wide = _number(area[3]) - _number(area[1]) + 1
        inside = np.flatnonzero((lines >= int(area[2])) & (lines <= int(area[4])))
        for name, at in columns.matched.items():
            if finding.column <= at < finding.column + wide:
                first = at == finding.column
                emptied.setdefault(name, []).append(
                    inside[lines[inside] != finding.line] if first else inside
                )
    return {name: np.unique(np.concatenate(rows)) for name, rows in emptied.items()}


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def said_as(rule: str) -> str:
    """The rule of a finding, where there is a sentence for it."""
    return rule if rule in MESSAGES else "unreadable_cell"


def _harmless(finding: Finding, dataset: Dataset, name: str) -> bool:
    kind = rules(dataset.columns[name])["kind"]
    return finding.rule == "long_number" and kind in ("whole", "number")


def _said(found: Mapping[int, Finding], hidden: bool) -> Callable[[int], Said]:
    def say(row: int) -> Said:
        finding = found[row]
        return "" if hidden else finding.value, finding.values, ()

    return say
