"""From the facts in `data/source/*.csv` to the shipped datasets in `data/*.parquet`.

Everything is read, made and checked in memory first; files change only if nothing is wrong.
"""

import csv
import os
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from gcs_data import illustrative, parquet
from gcs_data.checks import Problem, check, typed
from gcs_data.countries import countries
from gcs_data.derive import rating_counts, rating_pairs
from gcs_data.errors import InvalidDataError
from gcs_data.schema import DATASETS

# Written by people; the other datasets are made from these and from packages.
FACTS = ("stories", "genes", "published_dna", "occasions", "replications", "partners", "events", "layers")
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
    target.mkdir(parents=True, exist_ok=True)
    for name, frame in frames.items():
        aside = target / f".{name}.parquet.new"
        aside.write_bytes(parquet.to_bytes(frame, name))
        os.replace(aside, target / f"{name}.parquet")
    return {name: len(frame) for name, frame in frames.items()}


def datasets(source: Path) -> dict[str, pd.DataFrame]:
    """Every dataset that ships, made from the facts in a folder and checked.

    Raises:
        InvalidDataError: As `build`.
    """
    facts, problems = _read_facts(source)
    if not problems:
        facts["countries"] = countries(SHAPES)
        problems = check(facts)
    if problems:
        raise InvalidDataError(problems)
    frames = with_illustrative_ratings(facts)
    made = [name for name in frames if name not in FACTS]
    if problems := check({name: frames[name] for name in made}, frames):
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


def _read_facts(source: Path) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    frames: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    for name in FACTS:
        sheet, torn = _read_sheet(source / f"{name}.csv", name)
        frames[name], bad = typed(name, sheet)
        problems += torn + bad
    if not problems:
        return frames, []
    # Say everything at once: what can be checked beside unreadable cells is checked too.
    unreadable = {(p.dataset, p.row, p.column) for p in problems}
    problems += [
        problem
        for problem in check(frames)
        if (problem.dataset, problem.row, problem.column) not in unreadable
    ]
    return frames, sorted(problems, key=lambda p: (list(DATASETS).index(p.dataset), p.line))


def _read_sheet(path: Path, name: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Read a CSV file as text; a row with too many or too few cells is a problem, never shifted."""
    columns = list(DATASETS[name].columns)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = list(csv.reader(file)) or [[]]
    except FileNotFoundError:
        return pd.DataFrame(columns=columns), [Problem(name, None, columns[0], path.name, "no_file")]
    except UnicodeDecodeError as error:
        return pd.DataFrame(columns=columns), [
            Problem(name, None, columns[0], f"byte {error.start}", "not_utf8")
        ]
    problems = [
        Problem(
            name, number, columns[0], ",".join(row)[:60], "ragged",
            {"found": len(row), "expected": len(header)},
        )
        for number, row in enumerate(rows)
        if len(row) != len(header)
    ]
    even = [(row + [""] * len(header))[: len(header)] for row in rows]
    return pd.DataFrame(even, columns=header, dtype="str"), problems
