"""What is wrong with a set of sheets: every problem at once, as data.

A `Problem` says which sheet, row and column, which value, which rule, and what is allowed. Its
wording stands in one place (`MESSAGES`), so that a page can say the same in another language.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
import pandera.errors

from gcs_data.errors import UnknownDatasetError, near_misses
from gcs_data.schema import (
    DATASETS,
    DATE,
    ISO3,
    LANGUAGE,
    LETTER,
    PSEUDONYM,
    SLUG,
    SOURCE,
    WEB,
    Dataset,
    rules,
)

MESSAGES = {
    "unknown_column": "there is no column called “{column}” here. The columns are {allowed}.",
    "missing_column": "the column “{column}” is missing.",
    "repeated_column": "the column “{column}” is there twice.",
    "missing": "this cell must not be empty.",
    "not_whole": "“{value}” is not a whole number.",
    "not_number": "“{value}” is not a number.",
    "not_flag": "“{value}” is neither true nor false.",
    "choice": "“{value}” is not one of {allowed}.",
    "span": "{value} is not between {low} and {high}.",
    "pattern": "“{value}” is not written as expected: {expected}.",
    "duplicate": "another row has the same {key}: {value}.",
    "unknown_reference": "“{value}” is not in {refers}.",
    "no_file": "the file “{value}” is missing.",
    "not_utf8": "the file is not UTF-8 text ({value}). Save it as “CSV UTF-8”.",
    "empty_file": "the file “{value}” is empty; its first line must name the columns.",
    "broken": "the file cannot be read from here on ({value}). Look for a quotation mark too many.",
    "ragged": "this row has {found} cells instead of {expected}: “{value}”.",
    "type": "“{value}” has the wrong type; expected {expected}.",
}
PATTERNS = {
    SLUG: "small letters and digits with hyphens, like “glacy-plus”",
    SOURCE: "a web address that starts with https://",
    WEB: "a web address that starts with https://",
    ISO3: "three capital letters, like EST",
    DATE: "a date like 2026-05-14",
    LETTER: "one capital letter",
    LANGUAGE: "two small letters, like fr",
    PSEUDONYM: "a pseudonym: r- and 20 characters",
}


@dataclass(frozen=True)
class Problem:
    """One thing to fix, in the coordinates of the sheet it came from.

    `row` counts data rows from 0; None where the whole column is meant. `line` is the line of
    a CSV file, or of a sheet: `at` where the reader knew it (a cell can hold line breaks), else
    as in a sheet in which row 0 stands on line 2.
    """

    dataset: str
    row: int | None
    column: str
    value: object
    rule: str
    values: Mapping[str, Any] = field(default_factory=dict)
    suggestions: tuple[str, ...] = ()
    at: int | None = None

    @property
    def line(self) -> int:
        if self.at is not None:
            return self.at
        return 1 if self.row is None else self.row + 2

    @property
    def message(self) -> str:
        text = MESSAGES[self.rule].format(value=self.value, column=self.column, **self.values)
        if self.suggestions:
            text += f" Did you mean “{self.suggestions[0]}”?"
        return text

    def __str__(self) -> str:
        return f"{self.dataset}.csv, line {self.line}, {self.column}: {self.message}"


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
            empty: Any = pd.Series(pd.NA, index=sheet.index, dtype=object)
            columns[column] = empty.astype(dtype)
            continue
        text = sheet[column].astype("str").str.strip()
        text = text.mask(text == "")
        kind = rules(dataset.columns[column])["kind"]
        columns[column], bad = _READERS[kind](text)
        problems += [
            Problem(name, row, column, text.iloc[row], f"not_{kind}") for row in _rows(bad)
        ]
    frame = pd.DataFrame(columns).reset_index(drop=True)
    return frame, on_lines(problems, sheet.index) if sheet.index.name == "line" else problems


def on_lines(problems: Iterable[Problem], lines: pd.Index) -> list[Problem]:
    """Say of each problem on which line of its file it stands; `lines` has one number per row."""
    return [
        problem if problem.row is None else replace(problem, at=int(lines[problem.row]))
        for problem in problems
    ]


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
    known = {**(also or {}), **frames}
    problems: list[Problem] = []
    for name, frame in frames.items():
        dataset = _dataset(name)
        if shape := _shape_problems(dataset, frame):
            problems += shape
            continue
        found = [
            *_schema_problems(dataset, frame),
            *_key_problems(dataset, frame),
            *_reference_problems(dataset, frame, known),
        ]
        order = list(dataset.columns)
        problems += sorted(found, key=lambda p: (p.line, order.index(p.column)))
    return problems


def _dataset(name: str) -> Dataset:
    if name not in DATASETS:
        raise UnknownDatasetError(name, DATASETS)
    return DATASETS[name]


def _shape_problems(dataset: Dataset, frame: pd.DataFrame) -> list[Problem]:
    missing = [
        Problem(dataset.name, None, column, "", "missing_column")
        for column in dataset.columns
        if column not in frame.columns
    ]
    return [*_unknown_columns(dataset, frame), *_repeated_columns(dataset, frame), *missing]


def _unknown_columns(dataset: Dataset, frame: pd.DataFrame) -> Iterable[Problem]:
    for column in frame.columns:
        if column not in dataset.columns:
            near = tuple(near_misses(str(column), dataset.columns, most=1))
            allowed = {"allowed": ", ".join(dataset.columns)}
            yield Problem(dataset.name, None, str(column), column, "unknown_column", allowed, near)


def _repeated_columns(dataset: Dataset, frame: pd.DataFrame) -> Iterable[Problem]:
    for column in frame.columns[frame.columns.duplicated()]:
        yield Problem(dataset.name, None, str(column), column, "repeated_column")


def _schema_problems(dataset: Dataset, frame: pd.DataFrame) -> Iterable[Problem]:
    # pandera reports by index label; ours are positions.
    positions = frame.reset_index(drop=True)[list(dataset.columns)]
    try:
        dataset.schema.validate(positions, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        for case in errors.failure_cases.itertuples():
            yield _schema_problem(dataset, positions, case)


def _schema_problem(dataset: Dataset, frame: pd.DataFrame, case: Any) -> Problem:
    column = str(case.column)
    row = None if pd.isna(case.index) else int(case.index)
    value = case.failure_case if row is None else frame[column].iloc[row]
    allowed = rules(dataset.columns[column])
    # pandera reports a check by its number in the column, or a rule of its own by its name.
    broken = case.check
    if pd.notna(case.check_number):
        broken = dataset.columns[column].checks[int(case.check_number)].name
    if broken == "not_nullable":
        return Problem(dataset.name, row, column, "", "missing")
    if broken == "choice":
        near = tuple(near_misses(str(value), allowed["choices"], most=1))
        choices = {"allowed": ", ".join(allowed["choices"])}
        return Problem(dataset.name, row, column, value, "choice", choices, near)
    if broken == "span":
        low, high = allowed["span"]
        return Problem(
            dataset.name, row, column, value, "span", {"low": f"{low:g}", "high": f"{high:g}"}
        )
    if broken == "pattern":
        expected = PATTERNS.get(allowed["pattern"], allowed["pattern"])
        return Problem(dataset.name, row, column, value, "pattern", {"expected": expected})
    return Problem(dataset.name, row, column, value, "type", {"expected": allowed["kind"]})


def _key_problems(dataset: Dataset, frame: pd.DataFrame) -> Iterable[Problem]:
    for names in (dataset.key, *dataset.unique):
        key = list(names)
        whole = frame[key].notna().all(axis="columns")  # A missing part is a problem of its own.
        again = frame[key].astype("str").map(_comparable).duplicated(keep="first")
        for row in _rows(again & whole):
            value = ", ".join(str(frame[name].iloc[row]) for name in key)
            said = {"key": " and ".join(key)}
            yield Problem(dataset.name, row, key[-1], value, "duplicate", said)


def _comparable(value: object) -> str:
    """A key as a person reads it: case, spaces and accent composition make no difference."""
    return " ".join(unicodedata.normalize("NFC", str(value)).casefold().split())


def _reference_problems(
    dataset: Dataset, frame: pd.DataFrame, known: Mapping[str, pd.DataFrame]
) -> Iterable[Problem]:
    for name, column in dataset.columns.items():
        target = rules(column)["refers"]
        if target not in known:
            continue
        ids = set(known[target][DATASETS[target].key[0]].dropna())
        for row in _rows(frame[name].notna() & ~frame[name].isin(ids)):
            value = frame[name].iloc[row]
            yield Problem(
                dataset.name,
                row,
                name,
                value,
                "unknown_reference",
                {"refers": target},
                tuple(near_misses(str(value), ids, most=1)),
            )


def _rows(mask: pd.Series) -> list[int]:
    return [row for row, bad in enumerate(mask.fillna(False)) if bad]
