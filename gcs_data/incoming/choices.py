"""What the uploader is asked, and what they answered.

A question is a suggestion to confirm: nothing that only looks like ours is taken silently. The
answers are plain data, so that a page can keep them between two runs and a file can hold them.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

LEAVE_OUT = ""  # As an answer about a sheet or a column: it is not ours.


@dataclass(frozen=True)
class Choices:
    """What the uploader confirmed. Made of text only, so `to_json` and `from_json` are exact.

    Attributes:
        datasets: The dataset of each sheet, by the sheet's name; `LEAVE_OUT` for none.
        columns: By sheet, our column for each header as written; `LEAVE_OUT` for none.
        values: What a cell means, by what it refers to and by its text: `{"countries": {"Congo":
            "COD"}}`. Instead of a dataset, a column of its own is named as "stories.year_started".
        scale: The declared scale of scores in rows that do not name one themselves.
        encoding: The encoding of a text file, for the reader.
    """

    datasets: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    scale: str = ""
    encoding: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Choices":
        return cls(**data)


@dataclass(frozen=True)
class Question:
    """A suggestion to confirm.

    Attributes:
        id: The same for the same question about the same file, whatever was answered before.
        kind: dataset, column, value or scale.
        group: Questions that one click may answer together: the column, or what it refers to.
        sheet, dataset, column: What it is about; the column by the schema's name.
        written: What the file says: the sheet's name, the header, the cell's text.
        options: What may have been meant, best first. A column or a sheet may also be left out.
        target: Where the answer is kept in `Choices.values`; empty for other kinds.
        count: How many cells the answer settles.
    """

    id: str
    kind: str
    group: str
    written: str
    options: tuple[str, ...]
    sheet: str = ""
    dataset: str = ""
    column: str = ""
    target: str = ""
    count: int = 1


def question_id(*parts: str) -> str:
    """The same for the same question, whenever it is asked."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def accept(choices: Choices, question: Question, answer: str | None = None) -> Choices:
    """The choices with one question answered; without an answer, by its first suggestion."""
    given = question.options[0] if answer is None else answer
    if question.kind == "scale":
        return replace(choices, scale=given)
    if question.kind == "dataset":
        return replace(choices, datasets={**choices.datasets, question.sheet: given})
    if question.kind == "column":
        columns = _with(choices.columns, question.sheet, question.written, given)
        return replace(choices, columns=columns)
    return replace(choices, values=_with(choices.values, question.target, question.written, given))


def accept_group(choices: Choices, questions: Iterable[Question], group: str) -> Choices:
    """The choices with all of a group answered that have one suggestion and no second."""
    for question in questions:
        if question.group == group and len(question.options) == 1:
            choices = accept(choices, question)
    return choices


def _with(
    answers: Mapping[str, Mapping[str, str]], about: str, written: str, given: str
) -> dict[str, Mapping[str, str]]:
    return {**answers, about: {**answers.get(about, {}), written: given}}
