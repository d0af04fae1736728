"""One sheet's rows with the schema's types, and which cells must not be spoken of again."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from gcs_data.checks import Broken, missing, read_as
from gcs_data.incoming import days, ratings, verdicts
from gcs_data.incoming.choices import Question
from gcs_data.incoming.judging import Answers, Judged
from gcs_data.incoming.meanings import Names
from gcs_data.incoming.notes import Note
from gcs_data.incoming.numbers import excel_date, has_comma, number
from gcs_data.incoming.ratings import Pseudonyms
from gcs_data.incoming.rows import Table
from gcs_data.incoming.verdicts import Judge
from gcs_data.schema import DATE, RATINGS, SLUG, Dataset, rules

Mask = npt.NDArray[np.bool_]
SCORE, AS_GIVEN, SCALE, RATER = "score", "score_as_given", "scale", "rater_id"


@dataclass
class Part:
    """A sheet as rows of a dataset.

    Attributes:
        frame: The dataset's columns in order and its dtypes; missing where a cell was refused.
        settled: For each column, cells of which all is said: refused here, or in a torn row.
        broken: What is wrong with single cells.
        undeclared: Rows whose score has no scale.
        present: The columns that the sheet has, or that follow from those.
    """

    table: Table
    frame: pd.DataFrame
    settled: dict[str, Mask]
    broken: list[Broken] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    undeclared: Mask = field(default_factory=lambda: np.zeros(0, dtype=bool))
    present: tuple[str, ...] = ()


@dataclass(frozen=True)
class Known:
    """What cells may refer to: codes of countries (None where not known), and names by dataset."""

    countries: frozenset[str] | None
    names: Mapping[str, Names]


def part(table: Table, answers: Answers, known: Known, pseudonyms: Pseudonyms) -> Part:
    """Judge every cell of a table and give the columns their types."""
    length = len(table.lines)
    settled = {name: table.torn.copy() for name in table.dataset.columns}
    made = Part(table, pd.DataFrame(index=range(length)), settled, list(table.broken))
    made.notes += table.notes
    for broken in table.broken:
        settled[broken.column][broken.rows] = True
    for name, rows in table.silent.items():
        settled[name][rows] = True
    read = {name: _column(made, name, answers, known) for name in table.dataset.columns}
    if table.dataset.name == RATINGS:
        _rate(made, read, answers.choices.scale, pseudonyms)
    made.frame = pd.DataFrame(read, index=range(length)).astype(table.dataset.dtypes)
    computed = (SCALE, AS_GIVEN) if SCORE in table.text and table.dataset.name == RATINGS else ()
    made.present = tuple(
        name for name in table.dataset.columns if name in table.text or name in computed
    )
    return made


def _column(made: Part, name: str, answers: Answers, known: Known) -> pd.Series:
    """One column with its type; what was refused is noted in `made`."""
    table, rule = made.table, rules(made.table.dataset.columns[name])
    kind = "number" if _is_score(table.dataset, name) else rule["kind"]
    if name not in table.text:
        dtype = "float64" if kind == "number" else table.dataset.dtypes[name]
        return missing(pd.RangeIndex(len(table.lines)), dtype)
    target = rule["refers"] or f"{table.dataset.name}.{name}"
    text = table.text[name].mask(made.settled[name])
    text = _without_dates(made, name, text, answers, target)
    judge, settled = _judges(table, name, text, known)
    if judge is not None:
        judged = answers.judged(table.dataset.name, name, text, target, judge, settled)
        _note(made, name, judged)
        text = judged.text
    elif given := answers.choices.values.get(target):
        text = text.replace(dict(given))
    values, failed = read_as(kind, text)
    rows = np.flatnonzero(failed.to_numpy())
    if len(rows):  # Too large for any number, such as 1e999.
        listed = table.text[name].tolist()
        made.broken.append(Broken(name, f"not_{kind}", rows, lambda row: (listed[row], {}, ())))
        made.settled[name][rows] = True
    return values


def _is_score(dataset: Dataset, name: str) -> bool:
    """Whether numbers with a fraction may become whole ones: scores on another scale."""
    return dataset.name == RATINGS and name == SCORE


def _judges(
    table: Table, name: str, text: pd.Series, known: Known
) -> tuple[Judge | None, Judge | None]:
    """What judges the texts of a column, and what judges an answer, where that is freer."""
    rule = rules(table.dataset.columns[name])
    if rule["refers"] == "countries":
        return verdicts.country(known.countries), None
    if rule["refers"] in known.names:
        return verdicts.reference(rule["refers"], known.names[rule["refers"]]), None
    if rule["choices"]:
        return verdicts.choice(tuple(rule["choices"])), None
    if rule["kind"] == "flag":
        return verdicts.flag, None
    if rule["kind"] in ("whole", "number"):
        said = "not_number" if _is_score(table.dataset, name) else f"not_{rule['kind']}"
        comma = table.sheet.decimal_comma
        mixed = comma and any(has_comma(each) for each in text.dropna().unique())
        year = name.startswith("year")
        return number(said, comma=comma, mixed=mixed, year=year), number(said)
    if rule["pattern"] == DATE:
        return days.day, None
    if table.dataset.name == RATINGS and name == RATER:
        return ratings.rater, None
    return verdicts.pattern(rule["pattern"]), None


def _without_dates(
    made: Part, name: str, text: pd.Series, answers: Answers, target: str
) -> pd.Series:
    """Refuse cells that a spreadsheet turned into a date where an id or a choice was typed."""
    rule, dates = rules(made.table.dataset.columns[name]), made.table.dates[name].to_numpy()
    dates = dates & text.notna().to_numpy()
    if not dates.any() or rule["kind"] in ("whole", "number") or rule["pattern"] == DATE:
        return text
    if not (rule["refers"] or rule["choices"] or rule["pattern"] == SLUG or rule["kind"] == "flag"):
        if not (made.table.dataset.name == RATINGS and name == RATER):
            said = {"column": name, "count": int(dates.sum())}
            made.notes.append(Note("dates_as_text", said))
        return text
    judged = answers.judged(
        made.table.dataset.name,
        name,
        text.where(dates),
        target,
        lambda each, near: excel_date(each, rule["choices"]),
    )
    _note(made, name, judged)
    return text.mask(dates, judged.text)


def _note(made: Part, name: str, judged: Judged) -> None:
    made.broken += judged.unclear
    made.notes += judged.notes
    made.questions += judged.questions
    for unclear in judged.unclear:
        made.settled[name][unclear.rows] = True


def _rate(made: Part, read: dict[str, pd.Series], declared: str, pseudonyms: Pseudonyms) -> None:
    """Names become pseudonyms, and scores one scale."""
    read[RATER], names = ratings.with_pseudonyms(read[RATER], pseudonyms)
    if names:
        made.notes.append(Note("pseudonyms", {"count": names}))
    # What could not be read in one of the three says nothing about the others.
    unread = made.settled[SCALE] & read[SCALE].isna().to_numpy()
    unread |= made.settled[AS_GIVEN] & read[AS_GIVEN].isna().to_numpy()
    found = ratings.scores(read[SCORE], read[AS_GIVEN], read[SCALE], declared, unread)
    read[SCORE], read[AS_GIVEN], read[SCALE] = found.score, found.score_as_given, found.scale
    made.notes += found.notes
    made.broken += found.broken
    for broken in found.broken:
        made.settled[SCORE][broken.rows] = True
    made.undeclared = found.undeclared & ~made.settled[SCORE]
    made.settled[SCORE] |= found.undeclared | unread
    made.settled[SCALE] |= found.scale.isna().to_numpy()
