"""Broken rules as problems in the uploader's own coordinates: sheet, cell, header, key."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from gcs_data.checks import Broken, Rows
from gcs_data.incoming.choices import question_id
from gcs_data.incoming.judging import Unclear
from gcs_data.incoming.limits import cell_name
from gcs_data.incoming.rows import Table
from gcs_data.problems import Problem
from gcs_data.schema import DATASETS, Dataset

# Of one rule in one column. What is beyond stands in the way as one problem of the whole column.
MOST_LISTED = 10_000


@dataclass(frozen=True)
class Ground:
    """The rows of a dataset, of one or several sheets, and where each stands."""

    dataset: Dataset
    frame: pd.DataFrame
    tables: Sequence[Table]

    @cached_property
    def sheet_of(self) -> npt.NDArray[np.intp]:
        """For each row, which of the tables it is from."""
        return np.repeat(np.arange(len(self.tables)), [len(table.lines) for table in self.tables])

    @cached_property
    def lines(self) -> npt.NDArray[np.int64]:
        """For each row, its line in its sheet."""
        return np.concatenate([table.lines for table in self.tables])

    @cached_property
    def keys(self) -> list[tuple[object, ...]]:
        """For each row, what identifies it."""
        key = self.frame[list(self.dataset.key)].astype("str").fillna("")
        return list(zip(*(key[name].tolist() for name in key), strict=True))

    def key(self, row: int) -> str:
        return ", ".join(str(part) for part in self.keys[row] if part != "")

    def place(self, row: int) -> str:
        """A row as another row's sentence names it: its line, with its sheet among several."""
        sheet = self.tables[self.sheet_of[row]].sheet.name
        return f"{sheet} {self.lines[row]}" if len(self.tables) > 1 else str(self.lines[row])

    def problems(self, broken: Broken, rows: Rows, asked: Collection[str]) -> Iterator[Problem]:
        """One problem for each row, and one for all beyond `MOST_LISTED`."""
        for row in rows[:MOST_LISTED]:
            yield self._problem(broken, int(row), asked)
        if rest := len(rows[MOST_LISTED:]):
            column = broken.column
            table = self.tables[self.sheet_of[rows[MOST_LISTED]]]
            yield Problem(
                self.dataset.name, None, column, "", "more_problems", {"count": rest},
                at=table.sheet.header_line, sheet=table.sheet.name, header=_header(table, column),
            )  # fmt: skip

    def _problem(self, broken: Broken, row: int, asked: Collection[str]) -> Problem:
        value, values, suggestions = broken.say(row)
        if (other := values.get("other_row")) is not None:
            values = {**values, "other": self.place(other)}
        table, line = self.tables[self.sheet_of[row]], int(self.lines[row])
        question = ""
        if suggestions and isinstance(broken, Unclear):
            question = question_id("value", broken.target, str(value))
        # A row with too few cells has no one cell to look at.
        at = None if broken.rule == "ragged" else table.columns.matched.get(broken.column)
        return Problem(
            self.dataset.name,
            row,
            broken.column,
            value,
            broken.rule,
            values,
            suggestions,
            at=line,
            sheet=table.sheet.name,
            cell="" if at is None else cell_name(line - 1, table.sheet.first_column + at),
            key=self.key(row),
            header=_header(table, broken.column),
            question=question if question in asked else "",
        )


def _header(table: Table, column: str) -> str:
    at = table.columns.matched.get(column)
    return "" if at is None else table.sheet.header[at]


def in_reading_order(problems: Iterable[Problem]) -> list[Problem]:
    """By dataset, sheet and cell; what is wrong with a sheet or a column before its rows."""
    order = {name: number for number, name in enumerate(DATASETS)}

    def place(problem: Problem) -> tuple[int, bool, str, int, int, str]:
        of_row, line, cell = problem.row is not None, problem.line, problem.cell
        return order.get(problem.dataset, -1), of_row, problem.sheet, line, len(cell), cell

    return sorted(problems, key=place)
