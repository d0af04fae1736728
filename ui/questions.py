"""What an uploader is asked, with an answer in one click."""

from collections.abc import Callable, Sequence
from itertools import groupby

import streamlit as st

import labels
from gcs_data.incoming.choices import LEAVE_OUT, Choices, Question, accept, accept_group
from ui import datasets, problems
from ui.escape import md
from words import Words

MOST_ASKED = 20
MOST_OPTIONS = 6

Answer = Callable[[Choices], None]  # Takes the choices as they are after an answer.


def draw(questions: Sequence[Question], choices: Choices, answered: Answer, t: Words) -> None:
    """Every question with what may have been meant as buttons; a group can be answered at once."""
    if not questions:
        return
    st.warning(
        t.plural(
            "{n} question: something looks like ours, but is not the same. Nothing is guessed.",
            "{n} questions: some things look like ours, but are not the same. Nothing is guessed.",
            len(questions),
        ),
        icon=":material/help:",
    )
    ordered = sorted(questions[:MOST_ASKED], key=lambda question: question.group)
    for group, found in groupby(ordered, key=lambda question: question.group):
        asked = list(found)
        with st.container(border=True):
            for question in asked:
                _ask(question, choices, answered, t)
            clear = [question for question in asked if len(question.options) == 1]
            if len(clear) > 1:
                st.button(
                    t("Yes to all of these"),
                    icon=":material/done_all:",
                    key=f"all of {group}",
                    on_click=lambda group=group: answered(accept_group(choices, questions, group)),
                )
    if len(questions) > MOST_ASKED:
        st.caption(t("{n} more are asked after these.", n=t.number(len(questions) - MOST_ASKED)))


def _ask(question: Question, choices: Choices, answered: Answer, t: Words) -> None:
    st.markdown(md(problems.about(question, t)))
    options = [*question.options[:MOST_OPTIONS]]
    if question.kind in ("dataset", "column"):
        options.append(LEAVE_OUT)
    with st.container(horizontal=True):
        for option in options:
            st.button(
                md(_option(question, option, t)),
                key=f"answer {question.id} {option}",
                on_click=lambda option=option: answered(accept(choices, question, option)),
            )


def _option(question: Question, option: str, t: Words) -> str:
    """What an answer is called. Plain text."""
    if option == LEAVE_OUT:
        return t("Leave it out")
    named = {
        "dataset": labels.datasets(t),
        "countries": datasets.country_names(t.language),
        "stories": datasets.titles(),
        "genes": datasets.gene_names(t),
    }.get(question.target or question.kind, {})
    return f"{named[option]} ({option})" if option in named else option
