"""What shows only in the whole of a dataset: columns that are missing, rows against the schema."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from gcs_data.checks import Broken, broken_rules
from gcs_data.incoming.choices import Question, question_id
from gcs_data.incoming.located import Ground
from gcs_data.incoming.lookalikes import look_alikes
from gcs_data.incoming.notes import Note
from gcs_data.incoming.parts import SCORE, Part
from gcs_data.matching import partners
from gcs_data.problems import Problem
from gcs_data.scales import SCALES
from gcs_data.schema import ISO3, RATINGS, SLUG, rules


def column_problems(
    ground: Ground, parts: list[Part], known: pd.DataFrame | None
) -> Iterator[Problem]:
    """What stands in the way of whole columns or sheets."""
    name = ground.dataset.name
    if len({frozenset(each.table.columns.matched) for each in parts}) > 1:
        sheets = [each.table.sheet for each in parts]
        said = {"sheets": ", ".join(f"“{sheet.name}”" for sheet in sheets)}
        first = next(iter(ground.dataset.columns))
        yield Problem(
            name, None, first, "", "sheets_differ", said,
            at=sheets[-1].header_line, sheet=sheets[-1].name,
        )  # fmt: skip
    for number, each in enumerate(parts):
        yield from _missing_columns(ground, number, each, known)
        if each.undeclared.any():
            yield _problem(each, SCORE, "undeclared_scale", scale_question(0).id)


def _missing_columns(
    ground: Ground, number: int, each: Part, known: pd.DataFrame | None
) -> Iterator[Problem]:
    """Required columns that a sheet lacks, unless all its rows are on record and keep theirs."""
    columns = each.table.columns
    asked = {column for near in columns.suggestions.values() for column in near}
    missing = [
        name
        for name, rule in ground.dataset.columns.items()
        if not rule.nullable and name not in each.present
    ]
    for name in missing:
        each.settled[name][:] = True  # Said once, not for every row.
    keyless = [name for name in missing if name in ground.dataset.key]
    if missing and not keyless and not _new_rows(ground, number, known):
        return
    for name in missing:
        if name not in asked and name not in columns.duplicate:
            yield _problem(each, name, "missing_column")


def _problem(each: Part, column: str, rule: str, question: str = "") -> Problem:
    sheet, said = each.table.sheet, {}
    at = each.table.columns.matched.get(column)
    if rule == "undeclared_scale":
        said = {"allowed": ", ".join(SCALES)}
    return Problem(
        each.table.dataset.name, None, column, "", rule, said,
        at=sheet.header_line, sheet=sheet.name, question=question,
        header="" if at is None else sheet.header[at],
    )  # fmt: skip


def scale_question(count: int) -> Question:
    """On which scale the scores were given. No answer comes first."""
    return Question(
        question_id("scale"), "scale", "scale", "", tuple(SCALES),
        dataset=RATINGS, column=SCORE, count=count,
    )  # fmt: skip


def _new_rows(ground: Ground, number: int, known: pd.DataFrame | None) -> bool:
    """Whether any row of a sheet is not on record yet."""
    rows = ground.frame[ground.sheet_of == number]
    if known is None:
        return not rows.empty
    return bool((partners(ground.dataset.key, known, rows) < 0).any())


def row_problems(
    ground: Ground, parts: list[Part], ids: Mapping[str, Collection[str]], asked: Collection[str]
) -> Iterator[Problem]:
    """What is wrong with single cells and rows; of one cell, only the first thing."""
    torn = np.concatenate([each.table.torn for each in parts])
    said = {name: torn.copy() for name in ground.dataset.columns}
    start = 0
    for each in parts:
        for broken in (_moved(broken, start) for broken in each.broken):
            whole_row = broken.rule == "ragged"
            rows = broken.rows if whole_row else broken.rows[~said[broken.column][broken.rows]]
            said[broken.column][rows] = True
            yield from ground.problems(broken, rows, asked)
        start += len(each.frame)
    settled = {
        name: np.concatenate([each.settled[name] for each in parts])
        for name in ground.dataset.columns
    }
    for broken in broken_rules(ground.dataset, ground.frame, ids):
        rows = broken.rows[~settled[broken.column][broken.rows]]
        target = rules(ground.dataset.columns[broken.column])["refers"]
        if broken.rule == "pattern" and target in ids:
            # An id of this file that is not written like one is said where it is given.
            values = ground.frame[broken.column].iloc[rows]
            rows = rows[~values.isin(ids[target]).to_numpy()]
        settled[broken.column][rows] = True
        yield from ground.problems(broken, rows, asked)


def _moved(broken: Broken, start: int) -> Broken:
    """The same in a frame in which other rows come first."""
    if not start:
        return broken
    say = broken.say
    return replace(broken, rows=broken.rows + start, say=lambda row: say(row - start))


def notes(ground: Ground, parts: list[Part], known: pd.DataFrame | None) -> Iterator[Note]:
    """What was converted, skipped or read as ours, and keys that only look alike."""
    name = ground.dataset.name
    for each in parts:
        sheet = each.table.sheet
        if each.frame.empty:
            yield Note("empty_sheet", {"value": sheet.name or name}, sheet.name, name)
        yield from (replace(note, sheet=sheet.name, dataset=name) for note in each.notes)
    for column in ground.dataset.key:
        if rules(ground.dataset.columns[column])["pattern"] not in (SLUG, ISO3):
            yield from _look_alikes(ground, column, known)


def _look_alikes(ground: Ground, column: str, known: pd.DataFrame | None) -> Iterator[Note]:
    written = ground.frame[column].dropna()
    if written.dtype != "str" or written.str.isascii().all():
        return
    before = [] if known is None else known[column].dropna().tolist()
    first = written.drop_duplicates()
    row_of = dict(zip(first.tolist(), first.index, strict=True))
    for key, other in look_alikes([*before, *row_of]):
        if key in row_of:
            row = int(row_of[key])
            sheet = ground.tables[ground.sheet_of[row]].sheet.name
            said = {"value": key, "other": other, "line": ground.place(row)}
            yield Note("look_alike", said, sheet, ground.dataset.name)
