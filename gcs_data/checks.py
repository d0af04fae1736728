"""What is wrong with a set of sheets: every problem at once, as data.

`typed` turns a sheet of text into columns and types, `check` compares typed datasets with the
schema, their keys and each other. The same rules hold for a build and for an upload, so both go
through `broken_rules`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from gcs_data.broken import Broken, Rows, Said, broken_rules, comparable, positions, same_key
from gcs_data.errors import UnknownDatasetError, near_misses
from gcs_data.problems import MESSAGES, PATTERNS, Problem
from gcs_data.schema import DATASETS, DTYPES, Dataset, rules

__all__ = ["MESSAGES", "PATTERNS", "Broken", "Problem", "Rows", "Said"]
__all__ += ["broken_rules", "check", "comparable", "on_lines", "same_key", "typed"]


def typed(name: str, sheet: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    """Turn a sheet of text into a dataset's columns and types.

    Args:
        name: The dataset.
        sheet: All text, as read; empty cells are "" or missing. An index called "line" says on
            which line of its file each row stands.

    Returns:
        The frame, with the dataset's columns in order and its dtypes and rows counted from 0, and
        the problems of cells that cannot be read as their type (they are missing in the frame).

    Raises:
        UnknownDatasetError: If there is no such dataset.
    """
    dataset = _dataset(name)
    problems = [*_unknown_columns(dataset, sheet), *_repeated_columns(dataset, sheet)]
    sheet = sheet.loc[:, ~sheet.columns.duplicated()]
    columns = {}
    for column, dtype in dataset.dtypes.items():
        if column not in sheet:
            if not dataset.columns[column].nullable:
                problems.append(Problem(name, None, column, "", "missing_column"))
            columns[column] = missing(sheet.index, dtype)
            continue
        text = trimmed(sheet[column])
        kind = rules(dataset.columns[column])["kind"]
        columns[column], bad = read_as(kind, text)
        problems += [
            Problem(name, int(row), column, text.iloc[row], f"not_{kind}") for row in positions(bad)
        ]
    frame = pd.DataFrame(columns).reset_index(drop=True)
    return frame, on_lines(problems, sheet.index) if sheet.index.name == "line" else problems


def on_lines(problems: Iterable[Problem], lines: pd.Index) -> list[Problem]:
    """Say of each problem on which line of its file it stands; `lines` has one number per row."""
    return [_on_line(problem, lines) for problem in problems]


def _on_line(problem: Problem, lines: pd.Index) -> Problem:
    row, other = problem.row, problem.values.get("other_row")
    if row is None:
        return problem
    if other is not None:
        problem = replace(problem, values={**problem.values, "other": int(lines[other])})
    return replace(problem, at=int(lines[row]))


def missing(index: pd.Index, dtype: str) -> pd.Series:
    """A column in which nothing stands."""
    empty: Any = pd.Series(None, index=index, dtype=object)
    column: pd.Series = empty.astype(dtype)
    return column


def trimmed(cells: pd.Series) -> pd.Series:
    """The text of cells without the spaces around it; what is empty is missing."""
    text = cells.astype("str").str.strip()
    return text.mask(text == "")


def read_as(kind: str, text: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Text as a column of a kind of the schema, and which cells cannot be read so."""
    return _READERS[kind](text)


def _read_text(text: pd.Series) -> tuple[pd.Series, pd.Series]:
    return text.astype("str"), pd.Series(False, index=text.index)


def _read_whole(text: pd.Series) -> tuple[pd.Series, pd.Series]:
    good = text.str.fullmatch(r"[+-]?[0-9]{1,15}", na=False)
    return text.where(good).str.removeprefix("+").astype("Int64"), text.notna() & ~good


def _read_number(text: pd.Series) -> tuple[pd.Series, pd.Series]:
    good = text.str.fullmatch(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?", na=False)
    values = text.where(good).str.removeprefix("+").astype("float64")
    good &= np.isfinite(values)  # 1e999 is written like a number.
    return values.where(good), text.notna() & ~good


def _read_flag(text: pd.Series) -> tuple[pd.Series, pd.Series]:
    values = text.str.lower().map({"true": True, "false": False}).astype("boolean")
    return values, text.notna() & values.isna()


_READERS = {
    "text": _read_text,
    "list": _read_text,
    "whole": _read_whole,
    "number": _read_number,
    "flag": _read_flag,
}


def check(
    frames: Mapping[str, pd.DataFrame], also: Mapping[str, pd.DataFrame] | None = None
) -> list[Problem]:
    """Check typed datasets against the schema, their keys and each other.

    Args:
        frames: The datasets to check, by name.
        also: Datasets that references may point to and that are not checked themselves.
            A reference to a dataset given in neither is not followed.

    Returns:
        Every problem, in the order of datasets, rows and columns. Empty means none.

    Raises:
        UnknownDatasetError: If a name is not a dataset's.
    """
    ids = {
        name: set(frame[DATASETS[name].key[0]].dropna())
        for name, frame in {**(also or {}), **frames}.items()
        if name in DATASETS and DATASETS[name].key[0] in frame
    }
    problems: list[Problem] = []
    for name, frame in frames.items():
        dataset = _dataset(name)
        if shape := _shape_problems(dataset, frame):
            problems += shape
            continue
        found = [
            Problem(name, int(row), broken.column, value, broken.rule, values, near)
            for broken in broken_rules(dataset, frame, ids)
            for row in broken.rows
            for value, values, near in [broken.say(row)]
        ]
        order = list(dataset.columns)
        problems += sorted(found, key=lambda p: (p.line, order.index(p.column)))
    return problems


def _dataset(name: str) -> Dataset:
    if name not in DATASETS:
        raise UnknownDatasetError(name, DATASETS)
    return DATASETS[name]


def _shape_problems(dataset: Dataset, frame: pd.DataFrame) -> list[Problem]:
    absent = [
        Problem(dataset.name, None, column, "", "missing_column")
        for column in dataset.columns
        if column not in frame.columns
    ]
    wrong = [
        Problem(dataset.name, None, name, str(frame[name].dtype), "type", {"expected": kind})
        for name, kind in ((n, rules(column)["kind"]) for n, column in dataset.columns.items())
        if name in frame.columns and not isinstance(frame[name], pd.DataFrame)
        if str(frame[name].dtype) != DTYPES[kind]
    ]
    return [
        *_unknown_columns(dataset, frame),
        *_repeated_columns(dataset, frame),
        *absent,
        *wrong,
    ]


def _unknown_columns(dataset: Dataset, frame: pd.DataFrame) -> Iterable[Problem]:
    for column in frame.columns:
        if column not in dataset.columns:
            near = tuple(near_misses(str(column), dataset.columns, most=1))
            allowed = {"allowed": ", ".join(dataset.columns)}
            yield Problem(dataset.name, None, str(column), column, "unknown_column", allowed, near)


def _repeated_columns(dataset: Dataset, frame: pd.DataFrame) -> Iterable[Problem]:
    for column in frame.columns[frame.columns.duplicated()]:
        yield Problem(dataset.name, None, str(column), column, "repeated_column")
