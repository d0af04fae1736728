"""One story's demands against what a visitor said, as a chart with all that belongs to it."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

import labels
from figures.plan import needs_chart
from figures.svg_plan import needs_svg
from gcs_data.statistics import METHOD
from ui import datasets
from ui.chart import chart
from ui.plan import Context, gaps_of, verdicts
from ui.plan_said import as_example, gap_words
from words import Words, words


def draw_story(context: Context, story_id: str, gene_ids: tuple[str, ...], t: Words) -> None:
    """One story's demands against what was said, as a chart with its sentence and table."""
    rows = gaps_of(context, story_id, gene_ids)
    said = needs_sentence(rows, datasets.titles(context.release)[story_id], context, t)
    table = rows.assign(method=METHOD, provenance=context.provenance)
    chart(
        "plan-needs",
        picture(context, story_id, gene_ids),
        svg=lambda: needs_svg(rows, **_inside(context, story_id), alt=said),
        sentence=said,
        table=table.assign(verdict=table["verdict"].map(verdicts(t))),
        headings={
            "story_id": None,
            "gene_id": None,
            "occasion_id": None,
            "gene": t("Gene"),
            "n": t("Ratings"),
            "mean": st.column_config.NumberColumn(t("Rests on it"), format="%.1f"),
            "low": st.column_config.NumberColumn(t("Low"), format="%.1f"),
            "high": st.column_config.NumberColumn(t("High"), format="%.1f"),
            "level": t("You said"),
            "gap": st.column_config.NumberColumn(t("Difference"), format="%.1f"),
            "verdict": t("In words"),
            "method": t("Method"),
            "provenance": t("Provenance"),
        },
    )


@st.cache_resource(show_spinner=False, max_entries=256)
def picture(context: Context, story_id: str, gene_ids: tuple[str, ...]) -> go.Figure:
    """The chart of a story; drawn once."""
    return needs_chart(
        gaps_of(context, story_id, gene_ids),
        labels=verdicts(words(context.language)),
        **_inside(context, story_id),
    )


def _inside(context: Context, story_id: str) -> dict[str, Any]:
    t, title = words(context.language), datasets.titles(context.release)[story_id]
    return {
        "title": t("What “{title}” rests on, and what you said", title=title),
        "notes": [
            labels.provenances(t)[context.provenance] + ".",
            t("A conversation aid, not a score."),
            t("Good Cyber Stories, release {number}.", number=context.release),
        ],
        "watermark": labels.provenances(t)["illustrative"] if context.illustrative else "",
        "t": t,
    }


def needs_sentence(rows: pd.DataFrame, title: str, context: Context, t: Words) -> str:
    """What the chart of a story says. Plain text."""
    clauses = [t("{name}: {value}", name=a, value=b) for a, b in gap_words(rows, t)]
    said = t("“{title}”, gene by gene. {clauses}.", title=title, clauses=". ".join(clauses))
    return as_example(said, context, t)
