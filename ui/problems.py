"""What is wrong with an upload, as staff see it: by rule, with the first rows drawn."""

from collections.abc import Sequence
from html import escape
from itertools import groupby

import pandas as pd
import streamlit as st

import labels
from exports.problem_words import sentence
from gcs_data.incoming.choices import Question
from gcs_data.incoming.sheets import Reading, Sheet
from gcs_data.problems import Problem
from gcs_data.proposal import LeftOut
from ui.escape import md
from words import Words

DRAWN = 3  # Of each rule.
LISTED = 50
BESIDE = 2  # Columns on each side of the one with the problem.
MOST_LETTERS = 60


def draw(problems: Sequence[Problem], reading: Reading, t: Words) -> None:
    """All problems, grouped by rule and column, each group with its count."""
    if not problems:
        st.success(t("No problems found."), icon=":material/check_circle:")
        return
    st.error(
        t.plural(
            "{n} problem found. Nothing is published before it is solved or left out.",
            "{n} problems found. Nothing is published before they are solved or left out.",
            len(problems),
        ),
        icon=":material/error:",
    )
    sheets = {sheet.name: sheet for sheet in reading.sheets}
    names = labels.datasets(t)
    ordered = sorted(problems, key=_group)
    for (dataset, column, _), found in groupby(ordered, key=_group):
        group = list(found)
        with st.container(border=True):
            st.markdown(
                t(
                    "**{column}** in {dataset}: {count}",
                    column=md(group[0].header or column),
                    dataset=md(names.get(dataset, dataset)),
                    count=t.plural("{n} problem", "{n} problems", len(group)),
                )
            )
            for problem in group[:DRAWN]:
                st.markdown(md(_where(problem, t)) + " " + md(sentence(problem, t)))
                if (sheet := sheets.get(problem.sheet)) is not None:
                    st.html(_surroundings(problem, sheet))
            if len(group) > DRAWN:
                _draw_rest(group[DRAWN:], t)


def _group(problem: Problem) -> tuple[str, str, str]:
    return problem.dataset, problem.column, problem.rule


def _where(problem: Problem, t: Words) -> str:
    """The sheet and the cell, as a person looks for them."""
    place = problem.cell or t("line {n}", n=problem.line)
    return f"{problem.sheet} {place}:" if problem.sheet else f"{place}:"


def _draw_rest(problems: Sequence[Problem], t: Words) -> None:
    lid = st.expander(t.plural("{n} more", "{n} more", len(problems)))
    lines = [f"- {md(_where(p, t))} {md(sentence(p, t))}" for p in problems[:LISTED]]
    lid.markdown("\n".join(lines))
    if len(problems) > LISTED:
        lid.caption(t("The workbook with all problems lists the others."))


def _surroundings(problem: Problem, sheet: Sheet) -> str:
    """The row with a problem, one above and one below, with the bad cell marked. HTML."""
    lines = sheet.cells.index
    at = lines.get_indexer(pd.Index([problem.line]))[0]
    if at < 0:
        return ""
    column = _position(problem, sheet)
    shown = _columns(column, len(sheet.header))
    head = "".join(f"<th>{_cut(sheet.header[each])}</th>" for each in shown)
    rows = "".join(
        f"<tr><th>{lines[row]}</th>"
        + "".join(
            _cell(str(sheet.cells.iat[row, each]), bad=row == at and each == column)
            for each in shown
        )
        + "</tr>"
        for row in range(max(at - 1, 0), min(at + 2, len(lines)))
    )
    return f'<div class="gcs-table"><table><tr><td></td>{head}</tr>{rows}</table></div>'


def _position(problem: Problem, sheet: Sheet) -> int | None:
    written = problem.header or problem.column
    return sheet.header.index(written) if written in sheet.header else None


def _columns(column: int | None, width: int) -> list[int]:
    """Which columns are drawn: the first, which names the row, and those round the problem."""
    near = range((column or 0) - BESIDE, (column or 0) + BESIDE + 1)
    return sorted({0, *near} & set(range(width)))


def _cell(text: str, *, bad: bool) -> str:
    shown = _cut(text)
    return f"<td><mark>{shown or '&nbsp;'}</mark></td>" if bad else f"<td>{shown}</td>"


def _cut(text: str) -> str:
    return escape(text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 1]}…")


def draw_left_out(rows: Sequence[LeftOut], t: Words) -> None:
    """The rows that are not published because somebody chose to leave them out, and why."""
    if not rows:
        return
    lid = st.expander(
        t.plural("{n} row is left out", "{n} rows are left out", len(rows)),
        icon=":material/remove_circle:",
        expanded=True,
    )
    lines = [
        f"- {md(row.key)}: {md(' '.join(sentence(each, t) for each in row.problems))}"
        for row in rows[:LISTED]
    ]
    lid.markdown("\n".join(lines))
    if len(rows) > LISTED:
        lid.caption(t("The first {n} are listed.", n=t.number(LISTED)))


def about(question: Question, t: Words) -> str:
    """What the uploader is asked, as a sentence. Plain text."""
    written = _short(question.written)
    if question.kind == "dataset":
        return t("What does the sheet “{written}” hold?", written=written)
    if question.kind == "column":
        return t("Which column is “{written}”?", written=written)
    if question.kind == "scale":
        return t("On which scale were the scores given?")
    return t.plural(
        "What is meant by “{written}” in {column}? ({n} cell)",
        "What is meant by “{written}” in {column}? ({n} cells)",
        question.count,
        written=written,
        column=question.column,
    )


def _short(text: str) -> str:
    return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 1]}…"
