"""What is wrong with a set of sheets: every problem at once, as data.

`typed` turns a sheet of text into columns and types, `check` compares typed datasets with the
schema, their keys and each other. The same rules hold for a build and for an upload, so both go
through `broken_rules`, which says which rows break which rule without a loop over good rows.
"""

import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gcs_data import scales
from gcs_data.errors import UnknownDatasetError, near_misses
from gcs_data.problems import MESSAGES, PATTERNS, Problem
from gcs_data.schema import DATASETS, DATE, DTYPES, RATINGS, Dataset, rules

__all__ = ["MESSAGES", "PATTERNS", "Problem", "check", "on_lines", "typed"]

Rows = npt.NDArray[np.intp]
# What to say of one row: the value seen, what else the sentence holds, what may have been meant.
Said = tuple[object, Mapping[str, Any], tuple[str, ...]]
TEXTS = ("text", "list")


@dataclass(frozen=True)
class Broken:
    """A rule that one column breaks: in which rows, and what to say of each."""

    column: str
    rule: str
    rows: Rows
    say: Callable[[int], Said]


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
            Problem(name, int(row), column, text.iloc[row], f"not_{kind}") for row in _rows(bad)
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


def broken_rules(
    dataset: Dataset, frame: pd.DataFrame, ids: Mapping[str, Collection[str]]
) -> Iterator[Broken]:
    """Every rule that a typed frame breaks.

    Args:
        dataset: What the frame should be. It has its columns and dtypes; rows count by position.
        frame: The rows.
        ids: The ids that references may name, by dataset. A reference to a dataset that is not
            here is not followed.
    """
    frame = frame.reset_index(drop=True)
    for name, column in dataset.columns.items():
        yield from _column_rules(name, column, frame[name])
        target = rules(column)["refers"]
        if target in ids:
            yield from _reference_rule(name, frame[name], target, ids[target])
    for key in (dataset.key, *dataset.unique):
        yield from _key_rule(frame, list(key))
    if dataset.name == RATINGS:
        yield from _score_rules(frame)


def _column_rules(name: str, column: Any, values: pd.Series) -> Iterator[Broken]:
    allowed = rules(column)
    if not column.nullable:
        yield _broken(name, "missing", values.isna(), lambda row: ("", {}, ()))
    given = values.dropna()
    for rule in column.checks:
        fails = ~rule(given).check_output
        yield _broken(name, rule.name, fails, _about(rule.name, allowed, values), given.index)
    if allowed["kind"] in TEXTS:
        fails = (given.str.strip() != given) | (given == "")
        yield _broken(name, "untrimmed", fails, _plain(values), given.index)
    if allowed["pattern"] == DATE:
        dates = given[given.str.fullmatch(DATE[1:-1])]
        fails = pd.to_datetime(dates, format="%Y-%m-%d", errors="coerce").isna()
        yield _broken(name, "no_such_day", fails, _plain(values), dates.index)


def _about(rule: str, allowed: Mapping[str, Any], values: pd.Series) -> Callable[[int], Said]:
    """What to say of a value that breaks a rule of the schema."""
    if rule == "span":
        low, high = allowed["span"]
        return _plain(values, {"low": f"{low:g}", "high": f"{high:g}"})
    if rule == "pattern":
        expected = PATTERNS.get(allowed["pattern"], allowed["pattern"])
        return _plain(values, {"expected": expected})
    choices = {"allowed": ", ".join(allowed["choices"])}
    return _plain(values, choices, _nearest(allowed["choices"]))


def _plain(
    values: pd.Series,
    said: Mapping[str, Any] | None = None,
    near: Callable[[str], tuple[str, ...]] = lambda value: (),
) -> Callable[[int], Said]:
    """Say the value itself, and the same of every row."""
    listed = cache(values.tolist)  # Once and only where something is wrong.
    same = said or {}
    return lambda row: (listed()[row], same, near(listed()[row]))


def _nearest(known: Collection[str]) -> Callable[[str], tuple[str, ...]]:
    """The known value that looks most like another; each is looked up once."""
    return cache(lambda value: tuple(near_misses(str(value), known, most=1)))


def _reference_rule(
    name: str, values: pd.Series, target: str, known: Collection[str]
) -> Iterator[Broken]:
    unknown = values.notna() & ~values.isin(known)
    yield _broken(
        name, "unknown_reference", unknown, _plain(values, {"refers": target}, _nearest(known))
    )


def _key_rule(frame: pd.DataFrame, key: list[str]) -> Iterator[Broken]:
    whole = frame[key].notna().all(axis="columns")  # A missing part is a problem of its own.
    alike = frame.loc[whole, key].apply(comparable)
    again = alike.duplicated(keep="first")
    if not again.any():
        return
    group = alike.groupby(key, sort=False).ngroup()
    first = pd.Series(group.index, index=group).groupby(level=0).first().loc[group].to_numpy()
    first_of = dict(zip(alike.index[again], first[again.to_numpy()], strict=True))
    said = " and ".join(key)
    listed = cache(lambda: list(zip(*(frame[name].tolist() for name in key), strict=True)))

    def say(row: int) -> Said:
        value = ", ".join(map(str, listed()[row]))
        other = int(first_of[row])
        return value, {"key": said, "other": other + 2, "other_row": other}, ()

    yield _broken(key[-1], "duplicate", again, say, alike.index)


def _score_rules(frame: pd.DataFrame) -> Iterator[Broken]:
    """A score says on which scale it was given, and follows from what was given."""
    scale, given, score = frame["scale"], frame["score_as_given"], frame["score"]
    allowed = {"allowed": ", ".join(scales.SCALES)}
    yield _broken("scale", "undeclared_scale", scale.isna(), lambda row: ("", allowed, ()))
    foreign = scale.isin(set(scales.SCALES) - {scales.OURS})
    unsaid = foreign & given.isna() & score.notna()
    yield _broken(
        "score_as_given",
        "missing_as_given",
        unsaid,
        lambda row: ("", {"scale": scale.iloc[row]}, ()),
    )
    known = scale.isin(scales.SCALES) & given.notna()
    off = known & ~scales.on_scale(given, scale)
    yield _broken(
        "score_as_given",
        "off_scale",
        off,
        lambda row: (f"{given.iloc[row]:g}", {"scale": scale.iloc[row]}, ()),
    )
    expected = scales.converted(given, scale)
    differs = known & ~off & (expected != score).fillna(False)
    yield _broken(
        "score",
        "score_differs",
        differs,
        lambda row: (
            score.iloc[row],
            {
                "given": f"{given.iloc[row]:g}",
                "scale": scale.iloc[row],
                "expected": expected.iloc[row],
            },
            (),
        ),
    )


def comparable(values: pd.Series) -> pd.Series:
    """Keys as a person reads them: case, spaces and accent composition make no difference."""
    codes, different = pd.factorize(values.astype("str"))
    alike = np.array([same_key(value) for value in different.tolist()], dtype=object)
    return pd.Series(alike[codes], index=values.index, dtype="str")


def same_key(value: str) -> str:
    """One key as `comparable` has it."""
    return " ".join(unicodedata.normalize("NFC", value).casefold().split())


def _broken(
    column: str,
    rule: str,
    fails: pd.Series,
    say: Callable[[int], Said],
    positions: pd.Index | None = None,
) -> Broken:
    rows = _rows(fails)
    return Broken(column, rule, rows if positions is None else positions.to_numpy()[rows], say)


def _rows(mask: pd.Series) -> Rows:
    """The positions at which a mask is true."""
    return np.flatnonzero(mask.fillna(False).to_numpy(dtype=bool))
