"""From the facts in `data/source/*.csv` to the shipped datasets in `data/*.parquet`.

Everything is read, made and checked in memory first; files change only if nothing is wrong.
"""

import csv
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

import pandas as pd

from gcs_data import illustrative, parquet
from gcs_data.checks import Problem, check, on_lines, typed
from gcs_data.countries import countries
from gcs_data.derive import rating_counts, rating_pairs
from gcs_data.errors import InvalidDataError
from gcs_data.schema import DATASETS

# Written by people; the other datasets are made from these and from packages.
FACTS = (
    "stories",
    "genes",
    "published_dna",
    "occasions",
    "replications",
    "partners",
    "events",
    "layers",
)
SHAPES = Path(__file__).parents[1] / "assets" / "topojson"


def build(source: Path, target: Path) -> dict[str, int]:
    """Check the facts and write every shipped dataset.

    Args:
        source: The folder with one CSV file per dataset of `FACTS`.
        target: The folder that gets one Parquet file per dataset.

    Returns:
        The number of rows of each dataset written.

    Raises:
        InvalidDataError: If a row breaks the schema. It lists every problem with file, line,
            column and value, and nothing has been written.
    """
    frames = datasets(source)
    files = {name: parquet.to_bytes(frame, name) for name, frame in frames.items()}
    target.mkdir(parents=True, exist_ok=True)
    aside = {name: target / f".{name}.parquet.new" for name in files}
    try:
        for name, content in files.items():  # All of them first: a disk can be full half-way.
            aside[name].write_bytes(content)
        for name in files:
            os.replace(aside[name], target / f"{name}.parquet")
    finally:
        for path in aside.values():
            path.unlink(missing_ok=True)
    return {name: len(frame) for name, frame in frames.items()}


def datasets(source: Path) -> dict[str, pd.DataFrame]:
    """Every dataset that ships, made from the facts in a folder and checked.

    Raises:
        InvalidDataError: As `build`.
    """
    facts = _facts(source)
    frames = with_illustrative_ratings(facts)
    made = {name: frame for name, frame in frames.items() if frame is not facts.get(name)}
    if problems := check(made, frames):
        raise InvalidDataError(problems)  # A generator of ours broke our own schema.
    return {name: frames[name] for name in DATASETS}


def with_illustrative_ratings(facts: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Add made-up ratings, the occasion they belong to, and what is counted from them."""
    made_up = illustrative.ratings(facts["stories"], facts["genes"], facts["published_dna"])
    occasion = pd.DataFrame([illustrative.occasion()]).reindex(
        columns=list(DATASETS["occasions"].columns)
    )
    occasions = pd.concat([facts["occasions"], occasion.astype(DATASETS["occasions"].dtypes)])
    return {
        **facts,
        "occasions": occasions.reset_index(drop=True),
        "gene_ratings": made_up,
        "rating_counts": rating_counts(made_up),
        "rating_pairs": rating_pairs(made_up),
    }


def _facts(source: Path) -> dict[str, pd.DataFrame]:
    """What people wrote, and the countries, checked.

    Raises:
        InvalidDataError: If anything is wrong; it says everything at once.
    """
    frames = {"countries": countries(SHAPES)}
    lines: dict[str, pd.Index] = {}
    problems: list[Problem] = []
    for name in FACTS:
        sheet, torn = read_sheet(source / f"{name}.csv", name)
        frame, bad = typed(name, sheet)
        problems += torn or bad if sheet.empty else torn + bad
        # Where the sheet or its key is missing, every reference to it would look wrong.
        if set(DATASETS[name].key) <= set(sheet.columns):
            frames[name], lines[name] = frame, sheet.index
    known = {(p.dataset, p.row, p.column) for p in problems}
    ragged = {(p.dataset, p.row) for p in problems if p.rule == "ragged"}
    for problem in check(frames):
        at, column = (problem.dataset, problem.row), problem.column
        if at not in ragged and not known & {(*at, column), (problem.dataset, None, column)}:
            problems += on_lines([problem], lines[problem.dataset])
    if problems:
        problems.sort(key=lambda problem: (FACTS.index(problem.dataset), problem.line))
        raise InvalidDataError(problems)
    return frames


def read_sheet(path: Path, name: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Read a CSV file as text; a row with too many or too few cells is a problem, never shifted.

    Returns:
        The sheet, whose index "line" says on which line of the file each row begins, and the
        problems. A file that cannot be read is a sheet without columns. Blank lines are no rows.
    """
    column = next(iter(DATASETS[name].columns))
    rows: list[tuple[int, list[str]]] = []
    torn: Problem | None = None
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            torn = _read_rows(file, name, rows)
    except FileNotFoundError:
        return _no_sheet(), [Problem(name, None, column, path.name, "no_file")]
    except UnicodeDecodeError as error:
        return _no_sheet(), [Problem(name, None, column, f"byte {error.start}", "not_utf8")]
    if not rows:
        return _no_sheet(), [torn or Problem(name, None, column, path.name, "empty_file")]
    (_, header), *body = rows
    problems = [
        Problem(
            name,
            number,
            column,
            ",".join(cells)[:60],
            "ragged",
            {"found": len(cells), "expected": len(header)},
            at=line,
        )
        for number, (line, cells) in enumerate(body)
        if len(cells) != len(header)
    ]
    even = [(cells + [""] * len(header))[: len(header)] for _, cells in body]
    index = pd.Index([line for line, _ in body], name="line", dtype="int64")
    sheet = pd.DataFrame(even, columns=header, index=index, dtype="str")
    return sheet, problems + ([torn] if torn else [])


def _read_rows(file: TextIO, name: str, rows: list[tuple[int, list[str]]]) -> Problem | None:
    """Add the rows of a CSV file with the lines they begin on; what stops the reading, if so."""
    # Strict: otherwise a quotation mark that is never closed swallows all rows below it.
    reader = csv.reader(file, strict=True)
    line = 1
    try:
        for cells in reader:
            if cells:
                rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        column = next(iter(DATASETS[name].columns))
        return Problem(name, None, column, str(error), "broken", at=line)
    return None


def _no_sheet() -> pd.DataFrame:
    return pd.DataFrame(index=pd.Index([], name="line", dtype="int64"))
