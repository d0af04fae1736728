"""One column of text, each different text judged once: what is taken, refused, asked and noted."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

import numpy as np
import pandas as pd

from gcs_data.checks import Broken, Said
from gcs_data.incoming.choices import Choices, Question, question_id
from gcs_data.incoming.notes import Note
from gcs_data.incoming.remembered import Confirmed
from gcs_data.incoming.verdicts import Judge, Verdict

# In that many different texts of a column near misses are looked for and asked about at once.
MOST_ASKED = 1000


@dataclass(frozen=True)
class Unclear(Broken):
    """Cells that were not taken; an answer kept under `target` in `Choices.values` settles them."""

    target: str = ""


@dataclass(frozen=True)
class Judged:
    """A column after every text was judged.

    Attributes:
        text: In the schema's spelling; missing where refused.
        unclear: The cells that were refused, by rule.
        notes: What was read as something else.
        questions: What was refused and has suggestions, one question for each different text.
    """

    text: pd.Series
    unclear: Sequence[Unclear]
    notes: Sequence[Note]
    questions: Sequence[Question]


@dataclass(frozen=True)
class Answers:
    """What was answered about values: now by the uploader, or earlier by somebody else."""

    choices: Choices
    confirmed: Confirmed = field(default_factory=Confirmed)

    def judged(
        self,
        dataset: str,
        column: str,
        text: pd.Series,
        target: str,
        judge: Judge,
        settled: Judge | None = None,
    ) -> Judged:
        """Judge every text of a column.

        Args:
            dataset: The dataset and its column.
            column: See `dataset`.
            text: What the cells say; missing where empty.
            target: As in `Choices.values`.
            judge: What makes a verdict of a text.
            settled: The same for an answer, where that may be read more freely.
        """
        given = self.choices.values.get(target, {})
        codes, different = pd.factorize(text)
        written: list[str] = different.tolist()
        verdicts: list[Verdict] = []
        who: dict[int, Mapping[str, str]] = {}
        refused = 0
        for place, each in enumerate(written):
            if (answer := given.get(each)) is not None:
                verdict = (settled or judge)(answer, True)
            else:
                verdict = judge(each, refused < MOST_ASKED)
                if verdict.rule and (earlier := self.confirmed.meaning(target, each)):
                    again = judge(earlier.means, False)
                    if not again.rule:
                        verdict = Verdict(again.text, note="remembered")
                        who[place] = {"who": earlier.who, "when": earlier.when[:10]}
            refused += bool(verdict.rule)
            verdicts.append(verdict)
        rows = _Rows(column, written, verdicts, codes, text.index)
        return Judged(
            rows.text(), rows.unclear(target), rows.notes(who), rows.questions(dataset, target)
        )


@dataclass(frozen=True)
class _Rows:
    """Verdicts on the different texts of a column, and which cell holds which text."""

    column: str
    written: list[str]
    verdicts: list[Verdict]
    codes: np.ndarray  # -1 where a cell is empty.
    index: pd.Index

    def text(self) -> pd.Series:
        taken = [v.text if v.keep or not v.rule else None for v in self.verdicts]
        values = np.array([*taken, None], dtype=object)  # The last is that of empty cells.
        return pd.Series(values[self.codes], index=self.index, dtype="str")

    def unclear(self, target: str) -> list[Unclear]:
        rules = np.array([*(verdict.rule for verdict in self.verdicts), ""], dtype=object)
        found: Collection[str] = dict.fromkeys(rule for rule in rules if rule)
        by_cell = rules[self.codes]

        def say(row: int) -> Said:
            verdict = self.verdicts[self.codes[row]]
            return self.written[self.codes[row]], verdict.values, verdict.suggestions

        return [
            Unclear(self.column, rule, np.flatnonzero(by_cell == rule), say, target)
            for rule in found
        ]

    @cached_property
    def counts(self) -> np.ndarray:
        """How many cells hold each text."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.written))

    def questions(self, dataset: str, target: str) -> list[Question]:
        asked = (place for place, verdict in enumerate(self.verdicts) if verdict.suggestions)
        return [
            Question(
                id=question_id("value", target, self.written[place]),
                kind="value",
                group=target,
                written=self.written[place],
                options=self.verdicts[place].suggestions,
                dataset=dataset,
                column=self.column,
                target=target,
                count=int(self.counts[place]),
            )
            for place in islice(asked, MOST_ASKED)
        ]

    def notes(self, who: Mapping[int, Mapping[str, str]]) -> list[Note]:
        together: Counter[str] = Counter()
        notes = []
        for place, verdict in enumerate(self.verdicts):
            if verdict.note in ("read_as", "remembered"):
                said = {"value": self.written[place], "means": verdict.text, "column": self.column}
                values = {**said, **who.get(place, {}), "count": int(self.counts[place])}
                notes.append(Note(verdict.note, values))
            elif verdict.note:
                together[verdict.note] += int(self.counts[place])
        for code, count in together.items():
            notes.append(Note(code, {"column": self.column, "count": count}))
        return notes
