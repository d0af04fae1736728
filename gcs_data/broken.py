"""The rules that typed rows can break, and which rows break them, without a loop over good rows.

The same for a build, an upload and a publish. From the schema: what must not be missing, ranges,
choices, patterns. Beside it: keys and references, days that exist, text without spaces around it,
and scores that follow from what was given.
"""

import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gcs_data import scales
from gcs_data.errors import near_misses
from gcs_data.problems import PATTERNS
from gcs_data.schema import DATE, RATINGS, Dataset, rules

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
    if given.empty:
        return
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
    index: pd.Index | None = None,
) -> Broken:
    rows = positions(fails)
    return Broken(column, rule, rows if index is None else index.to_numpy()[rows], say)


def positions(mask: pd.Series) -> Rows:
    """The positions at which a mask is true."""
    return np.flatnonzero(mask.fillna(False).to_numpy(dtype=bool))
