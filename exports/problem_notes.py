"""The problems of a file as notes on its cells and as a list, for whichever library writes them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openpyxl.utils.cell import coordinate_to_tuple

from exports.problem_words import sentence, suggestion
from exports.workbook import MOST_COLUMNS, MOST_ROWS
from gcs_data.problems import Problem
from words import Words

# Excel opens a sheet with tens of thousands of comments slowly, and nobody reads them: further
# cells are only coloured. The list has all.
MOST_NOTES = 1000
LONGEST_NOTE = 1000
AUTHOR = "Good Cyber Stories"
RED = "FFC7CE"
WIDTHS = (18, 9, 24, 28, 30, 80, 24)
LINK, SENTENCE = 1, 5  # Columns of the list.
CELL = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")

Notes = dict[tuple[int, int], str]  # By row and column, counted from 0.


def said(problems: Sequence[Problem], titles: Mapping[str, str], t: Words) -> dict[str, Any]:
    """Everything that a workbook says about its problems, as plain data.

    `titles` is what each sheet is called in that workbook, by its name in the problems.
    """
    problems = problems[: MOST_ROWS - 1]
    return {
        "title": t("Problems"),
        "headings": [
            t("Sheet"),
            t("Cell"),
            t("Column"),
            t("Row"),
            t("Value"),
            t("Problem"),
            t("Suggestion"),
        ],
        "widths": WIDTHS,
        "rows": [_row(problem, titles, t) for problem in problems],
        "locations": [
            _location(problem, titles) if number < MOST_NOTES else ""
            for number, problem in enumerate(problems)
        ],
        "link": LINK,
        "sentence": SENTENCE,
        "notes": {
            titles.get(name, name): [(*at, text) for at, text in notes.items()]
            for name, notes in notes_of(problems, t).items()
        },
        "author": AUTHOR,
        "red": RED,
    }


def notes_of(problems: Iterable[Problem], t: Words) -> dict[str, Notes]:
    """What to write on which cell, by sheet; empty for cells that are only coloured."""
    notes: dict[str, Notes] = {}
    written = 0
    for problem in problems:
        at = position(problem.cell)
        if at is None:
            continue
        mine = notes.setdefault(problem.sheet, {})
        if at not in mine:
            written += 1
            mine[at] = _note(problem, t) if written <= MOST_NOTES else ""
        elif mine[at]:
            mine[at] = f"{mine[at]}\n{_note(problem, t)}"[:LONGEST_NOTE]
    return notes


def _note(problem: Problem, t: Words) -> str:
    text = sentence(problem, t)
    if near := suggestion(problem):
        text += " " + t("Did you mean “{suggestion}”?", suggestion=near)
    return text[:LONGEST_NOTE]


def position(cell: str) -> tuple[int, int] | None:
    """Row and column of a cell, counted from 0; None where it names none of a sheet's."""
    if not CELL.fullmatch(cell):
        return None
    row, column = coordinate_to_tuple(cell)
    return (row - 1, column - 1) if row <= MOST_ROWS and column <= MOST_COLUMNS else None


def _row(problem: Problem, titles: Mapping[str, str], t: Words) -> Sequence[str]:
    return (
        titles.get(problem.sheet, problem.sheet),
        problem.cell,
        problem.header or problem.column,
        problem.key,
        str(problem.fields["value"]),
        sentence(problem, t),
        suggestion(problem),
    )


def _location(problem: Problem, titles: Mapping[str, str]) -> str:
    """A problem's cell as links inside a workbook name it; empty where it is in none."""
    if problem.sheet not in titles or position(problem.cell) is None:
        return ""
    quoted = titles[problem.sheet].replace("'", "''")
    return f"'{quoted}'!{problem.cell}"
