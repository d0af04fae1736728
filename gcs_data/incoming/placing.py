"""Which sheet of a file holds which dataset, and what has to be asked about sheets and columns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gcs_data.incoming import columns
from gcs_data.incoming.choices import LEAVE_OUT, Choices, Question, question_id
from gcs_data.incoming.columns import Columns
from gcs_data.incoming.limits import cell_name
from gcs_data.incoming.notes import Note
from gcs_data.incoming.rows import said_as
from gcs_data.incoming.sheets import Reading, Sheet
from gcs_data.problems import Problem
from gcs_data.schema import DATASETS, Dataset


@dataclass
class Placed:
    """The sheets whose dataset is clear, and what was found on the way.

    `columns` and `datasets` are by the name of the sheet, as `Understood` has them.
    """

    sheets: list[tuple[Sheet, Dataset, Columns]] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def cell(sheet: Sheet, line: int, position: int) -> str:
    """B17 for a position in `Sheet.cells`."""
    return cell_name(line - 1, sheet.first_column + position)


def placed(reading: Reading, choices: Choices) -> Placed:
    """Find the dataset of every sheet, and our columns in it."""
    found = Placed()
    found.notes += [Note(notice.code, notice.values) for notice in reading.notices]
    found.notes += [Note("no_table", {"value": name}, name) for name in reading.skipped]
    for sheet in reading.sheets:
        called = sheet.name or reading.file_name
        chosen = choices.datasets.get(sheet.name)
        if chosen == LEAVE_OUT:
            found.notes.append(Note("left_out_sheet", {"value": called}, sheet.name))
        elif chosen in DATASETS:
            _place(found, sheet, DATASETS[chosen], choices)
        elif sheet.hidden:
            found.notes.append(Note("hidden_sheet", {"value": called}, sheet.name))
        else:
            possible = columns.datasets(called, sheet.header)
            _place_by_name_and_headers(found, sheet, called, possible, choices)
    if not (found.sheets or found.problems):
        name = reading.file_name
        found.problems.append(Problem("", None, "", name, "no_dataset", sheet=name))
    return found


def _place_by_name_and_headers(
    found: Placed, sheet: Sheet, called: str, possible: tuple[str, ...], choices: Choices
) -> None:
    if not possible:
        found.notes.append(Note("unused_sheet", {"value": called}, sheet.name))
    elif len(possible) > 1:
        asked = Question(
            question_id("dataset", sheet.name), "dataset", "datasets", called, possible, sheet.name
        )
        allowed = {"allowed": ", ".join(possible)}
        found.questions.append(asked)
        found.problems.append(
            Problem(
                "", None, "", called, "unsure_dataset", allowed, possible,
                at=sheet.header_line, sheet=sheet.name, question=asked.id,
            )
        )  # fmt: skip
    elif DATASETS[possible[0]].derived:
        found.notes.append(Note("derived_sheet", {"value": called}, sheet.name, possible[0]))
    else:
        _place(found, sheet, DATASETS[possible[0]], choices)


def _place(found: Placed, sheet: Sheet, dataset: Dataset, choices: Choices) -> None:
    matched = columns.match(sheet.header, dataset, choices.columns.get(sheet.name))
    found.sheets.append((sheet, dataset, matched))
    found.questions += _column_questions(sheet, dataset, matched)
    found.problems += _column_problems(sheet, dataset, matched)
    found.notes += _column_notes(sheet, dataset, matched)


def _column_questions(sheet: Sheet, dataset: Dataset, matched: Columns) -> Iterator[Question]:
    for written, near in matched.suggestions.items():
        yield Question(
            question_id("column", sheet.name, written),
            "column", "columns", written, near, sheet.name, dataset.name, near[0],
        )  # fmt: skip


def _column_problems(sheet: Sheet, dataset: Dataset, matched: Columns) -> Iterator[Problem]:
    for written, near in matched.suggestions.items():
        yield _of_header(
            sheet, dataset, near[0], written, "unsure_column", matched.positions[written],
            suggestions=near, question=question_id("column", sheet.name, written),
        )  # fmt: skip
    for column, headers in matched.duplicate.items():
        rule = "repeated_column" if len(set(headers)) == 1 else "same_column"
        last = len(sheet.header) - 1 - sheet.header[::-1].index(headers[-1])
        said = {"headers": ", ".join(f"“{header}”" for header in headers)}
        yield _of_header(sheet, dataset, column, column, rule, last, said)
    ours = {position: column for column, position in matched.matched.items()}
    for finding in sheet.findings:
        if finding.line == sheet.header_line and finding.column in ours:
            column, value = ours[finding.column], finding.value
            yield _of_header(
                sheet, dataset, column, value, said_as(finding.rule), finding.column, finding.values
            )


def _of_header(
    sheet: Sheet,
    dataset: Dataset,
    column: str,
    value: str,
    rule: str,
    position: int,
    values: Mapping[str, Any] | None = None,
    suggestions: tuple[str, ...] = (),
    question: str = "",
) -> Problem:
    line = sheet.header_line
    return Problem(
        dataset.name, None, column, value, rule, values or {}, suggestions,
        at=line, sheet=sheet.name, cell=cell(sheet, line, position),
        header=sheet.header[position], question=question,
    )  # fmt: skip


def _column_notes(sheet: Sheet, dataset: Dataset, matched: Columns) -> Iterator[Note]:
    for written, column in matched.read_as.items():
        if columns.key(written) != columns.key(column):
            said = {"value": written, "means": column}
            yield Note("column_read_as", said, sheet.name, dataset.name)
    for written in dict.fromkeys(matched.unmatched):
        position = matched.positions[written]
        if written or (sheet.cells[position] != "").any():
            at = cell(sheet, sheet.header_line, position)
            yield Note("unused_column", {"value": written, "cell": at}, sheet.name, dataset.name)
