"""From sheets of text to typed datasets, with every problem, question and note at once.

Nothing is guessed: what is certain is taken and noted, what only looks like ours is a question, the
rest is a problem. Nothing is written.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from gcs_data.incoming import whole
from gcs_data.incoming.choices import Choices, Question
from gcs_data.incoming.columns import Columns
from gcs_data.incoming.judging import Answers
from gcs_data.incoming.located import Ground, in_reading_order
from gcs_data.incoming.meanings import Names
from gcs_data.incoming.notes import Note
from gcs_data.incoming.parts import Known, Part, part
from gcs_data.incoming.placing import placed
from gcs_data.incoming.ratings import Pseudonyms
from gcs_data.incoming.remembered import Confirmed
from gcs_data.incoming.rows import table
from gcs_data.incoming.sheets import Reading
from gcs_data.people import passing
from gcs_data.problems import Problem
from gcs_data.schema import DATASETS, Dataset, rules

# What others refer to comes first, so that a sheet may name rows of another sheet of its file.
COUNTRIES = "countries"
FIRST = (COUNTRIES, "stories", "genes", "occasions")
# What people call a row, beside its id.
CALLED = {
    "stories": ("title", "title_original"),
    "genes": ("name", "letter"),
    "occasions": ("title",),
}


@dataclass(frozen=True)
class Understood:
    """What a file holds.

    Attributes:
        frames: Its rows by dataset: the schema's columns in order and its dtypes, rows from 0.
            A cell with a problem is missing there, or as it was written where others refer to it.
        present: By dataset, the columns that the file has, or that follow from those it has. What
            is not here was not in the file and says nothing about published values.
        lines: By dataset, for each row its `sheet` and its `line` there.
        columns: By sheet, how its headers were matched.
        datasets: By sheet, what it was read as.
        problems: Everything to fix, in the order of datasets and lines. A row counts as in its
            frame; without a row, a whole column or sheet is meant.
        questions: What to confirm; `choices.accept` answers one, `accept_group` several.
        notes: What was left out, converted or read as ours.
    """

    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    present: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lines: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    columns: Mapping[str, Columns] = field(default_factory=dict)
    datasets: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    questions: tuple[Question, ...] = ()
    notes: tuple[Note, ...] = ()


def understand(
    reading: Reading,
    known: Mapping[str, pd.DataFrame],
    choices: Choices | None = None,
    *,
    confirmed: Confirmed | None = None,
    pseudonyms: Pseudonyms = passing,
) -> Understood:
    """Understand a file.

    Args:
        reading: The file as it was read.
        known: The current datasets, which its rows may refer to and correct. A reference to a
            dataset that is neither here nor in the file is not followed.
        choices: What the uploader confirmed so far.
        confirmed: What was confirmed earlier (`remembered.confirmed`).
        pseudonyms: Gives each rater's name its pseudonym: `People.remember` to keep new ones,
            `People.preview` to look only. Without it, names get passing ones.

    Returns:
        Everything at once. No problem, question or note holds a rater's name.
    """
    choices = choices or Choices()
    answers = Answers(choices, confirmed or Confirmed())
    found = placed(reading, choices)
    problems, notes = list(found.problems), list(found.notes)
    asked = {question.id: question for question in found.questions}
    rows = {name: frame for name, frame in known.items() if name in DATASETS}
    grounds: dict[str, tuple[Ground, list[Part]]] = {}
    for name in _in_order({dataset.name for _, dataset, _ in found.sheets}):
        dataset = DATASETS[name]
        tables = [table(s, d, at) for s, d, at in found.sheets if d.name == name]
        names = _names(dataset, rows)
        parts = [part(each, answers, names, pseudonyms) for each in tables]
        frame = pd.concat([each.frame for each in parts], ignore_index=True)
        grounds[name] = Ground(dataset, frame, tables), parts
        rows[name] = pd.concat([frame, rows[name]]) if name in rows else frame
        _ask(asked, parts)
    ids = {name: set(frame[DATASETS[name].key[0]].dropna()) for name, frame in rows.items()}
    for name, (ground, parts) in grounds.items():
        problems += whole.column_problems(ground, parts, known.get(name))
        problems += whole.row_problems(ground, parts, ids, asked)
        notes += whole.notes(ground, parts, known.get(name))
    return Understood(
        frames={name: ground.frame for name, (ground, _) in grounds.items()},
        present={name: _present(parts) for name, (_, parts) in grounds.items()},
        lines={name: _lines(ground) for name, (ground, _) in grounds.items()},
        columns={sheet.name: at for sheet, _, at in found.sheets},
        datasets={sheet.name: dataset.name for sheet, dataset, _ in found.sheets},
        problems=tuple(in_reading_order(problems)),
        questions=tuple(asked.values()),
        notes=tuple(notes),
    )


def _in_order(names: set[str]) -> list[str]:
    return [name for name in dict.fromkeys((*FIRST, *DATASETS)) if name in names]


def _names(dataset: Dataset, rows: Mapping[str, pd.DataFrame]) -> Known:
    """What a dataset's cells may refer to, of what is known and of the sheets before it."""
    targets = {rules(column)["refers"] for column in dataset.columns.values()} & rows.keys()
    names = {
        target: Names(
            rows[target][DATASETS[target].key[0]].dropna(),
            (
                pair
                for column in CALLED[target]
                for pair in _pairs(rows[target], column, DATASETS[target].key[0])
            ),
        )
        for target in targets - {COUNTRIES}
    }
    codes = rows[COUNTRIES]["country_iso3"].dropna() if COUNTRIES in targets else None
    return Known(None if codes is None else frozenset(codes), names)


def _pairs(frame: pd.DataFrame, name: str, key: str) -> Iterable[tuple[str, str]]:
    named = frame[[name, key]].dropna()
    return zip(named[name].tolist(), named[key].tolist(), strict=True)


def _ask(asked: dict[str, Question], parts: Iterable[Part]) -> None:
    """Add the questions of a dataset; what is asked already only has more cells."""
    for each in parts:
        questions = list(each.questions)
        if each.undeclared.any():
            questions.append(whole.scale_question(int(each.undeclared.sum())))
        for question in questions:
            before = asked.get(question.id)
            count = question.count + (before.count if before else 0)
            asked[question.id] = replace(before or question, count=count)


def _present(parts: Iterable[Part]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for each in parts for name in each.present))


def _lines(ground: Ground) -> pd.DataFrame:
    names = [table.sheet.name for table in ground.tables]
    return pd.DataFrame({"sheet": [names[at] for at in ground.sheet_of], "line": ground.lines})
