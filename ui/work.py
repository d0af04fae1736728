"""From what was read to what is published: questions, problems, changes, reason."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

import gcs_data
import labels
import settings
from exports.annotated import annotated
from gcs_data import preview
from gcs_data import proposal as proposals
from gcs_data.incoming import remembered
from gcs_data.incoming.choices import Choices
from gcs_data.incoming.ratings import Pseudonyms
from gcs_data.incoming.sheets import Reading
from gcs_data.incoming.understand import Understood, understand
from gcs_data.matching import shaped
from gcs_data.people import People
from gcs_data.proposal import Proposal
from gcs_data.schema import DATASETS, RATINGS
from server.accounts import STAFF
from ui import datasets, notes, problems, publishing, questions
from ui.chart import download
from ui.escape import md
from words import Words


@dataclass
class Work:
    """What a visitor has in hand, kept while the page is open.

    Attributes:
        name: Tells it from everything else in hand: an upload's id, or a form's content.
        reading: What was read.
        content: The file as uploaded; empty for a form.
        choices: What the visitor confirmed.
        made: What was computed last, by what it is, with what it was computed from.
    """

    name: str
    reading: Reading
    content: bytes = b""
    choices: Choices = field(default_factory=Choices)
    made: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    def once(self, what: str, of: Any, compute: Callable[[], Any]) -> Any:
        """A result, computed anew only where it is made from something else than last time."""
        known = self.made.get(what)
        if known is None or known[0] != of:
            self.made[what] = (of, compute())
        return self.made[what][1]


def go_through(work: Work, t: Words) -> None:
    """From what was read to what is published: questions, problems, changes, reason."""
    base = publishing.base_of(work.name)
    if publishing.done(work.name, base, t):
        return
    understood = _understood(work, base)
    notes.draw(work.reading, understood, t)
    questions.draw(understood.questions, work.choices, lambda choices: _answer(work, choices), t)
    open_questions = {question.id for question in understood.questions}
    found = [each for each in understood.problems if each.question not in open_questions]
    problems.draw(found, work.reading, t)
    if understood.problems and work.content:
        _annotated(work, understood, t)
    if understood.questions or not understood.frames:
        return
    several = any(len(frame) > 1 for frame in understood.frames.values())
    leave_out = (bool(understood.problems) and several) and st.checkbox(
        t("Leave out the rows with problems and publish the others"), key=f"leave {work.name}"
    )
    proposal = _proposal(work, understood, base, leave_out, t)
    problems.draw_left_out(proposal.left_out, t)
    others = [each for each in proposal.problems if each not in understood.problems]
    if others:
        problems.draw(others, work.reading, t)
    if not proposal.problems:
        publishing.draw(_review(work, proposal, leave_out), STAFF, t)


def _understood(work: Work, base: int) -> Understood:
    understood: Understood = work.once(
        "understood",
        (base, work.choices),
        lambda: _understand(work, base, _people().preview),
    )
    return understood


def _understand(work: Work, base: int, pseudonyms: Pseudonyms) -> Understood:
    return understand(
        work.reading,
        published([name for name in DATASETS if not DATASETS[name].derived], base),
        work.choices,
        confirmed=remembered.confirmed(_confirmed_folder()),
        pseudonyms=pseudonyms,
    )


def published(names: Collection[str], release: int) -> dict[str, pd.DataFrame]:
    """Datasets as a release has them, ratings too: for staff only."""
    store = datasets.store()
    # A release of an older schema may lack a column.
    return {name: shaped(name, gcs_data.load(store, name, release)) for name in names}


@st.cache_resource(show_spinner=False)
def _people() -> People:
    """The table of raters' names, outside the versioned data."""
    return People(settings.secrets_folder())


def _confirmed_folder() -> Path:
    return settings.secrets_folder() / "confirmed"


def _answer(work: Work, choices: Choices) -> None:
    work.choices = choices


def _proposal(work: Work, understood: Understood, base: int, leave_out: bool, t: Words) -> Proposal:
    """What the file would make of the data, as the visitor ticks."""

    def proposed(removals: frozenset[str]) -> Proposal:
        made: Proposal = work.once(
            f"proposal {sorted(removals)}",
            (base, work.choices, leave_out),
            lambda: proposals.proposed(
                datasets.store(), base, understood, leave_out, removals, reading=work.reading
            ),
        )
        return made

    proposal = proposed(frozenset())
    if not work.content:
        return proposal  # A form says nothing about other records.
    names, removals = labels.datasets(t), set()
    for name, rows in proposal.absent.items():
        if len(rows) and st.checkbox(
            t.plural(
                "{dataset}: also remove {n} row that the file does not hold",
                "{dataset}: also remove {n} rows that the file does not hold",
                len(rows),
                dataset=md(names[name]),
            ),
            key=f"remove {name} {work.name}",
        ):
            removals.add(name)
    return proposed(frozenset(removals)) if removals else proposal


def _annotated(work: Work, understood: Understood, t: Words) -> None:
    download(
        "problems",
        t("Download the file with its problems marked"),
        lambda: annotated(work.content, work.reading, understood.problems, t=t),
        "xlsx",
    )


def _review(work: Work, proposal: Proposal, leave_out: bool) -> publishing.Review:
    store, base, reading = datasets.store(), proposal.base, work.reading

    def before(name: str) -> pd.DataFrame:
        return gcs_data.load(store, name, base)

    def publish(who: str, why: str) -> gcs_data.Release:
        # What was looked at has passing pseudonyms; names are kept only once they are published.
        final = proposal
        if RATINGS in proposal.frames:
            kept = _understand(work, base, _people().remember)
            final = proposals.proposed(
                store, base, kept, leave_out, proposal.removals, reading=reading
            )
        release = proposals.publish(
            store,
            final,
            who=who,
            why=why,
            file_name=reading.file_name or None,
            file_sha256=reading.sha256 or None,
        )
        remembered.remember(_confirmed_folder(), work.choices.values, who)
        return release

    return publishing.Review(
        name=work.name,
        base=base,
        changes=proposal.changes,
        before=before,
        after=lambda name: preview.after(store, proposal, name),
        stories=preview.affected(proposal.changes).stories,
        publish=publish,
    )
