"""What a story rests on, against what somebody said of their own context, gene by gene."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from figures.gene_rows import add_unrated, frame, interval
from figures.layout import GREY, NEUTRAL, dress, escape, mark_as
from words import Words

ROW_HEIGHT, TITLE_ROOM = 42, 34


def needs_chart(
    rows: pd.DataFrame,
    *,
    title: str,
    t: Words,
    labels: Mapping[str, str],
    notes: Sequence[str] = (),
    watermark: str = "",
) -> go.Figure:
    """Draw one row per gene: what the story rests on, its interval, and what was said.

    Args:
        rows: One row per gene, in the order of the axes, with columns gene (its name), n, mean,
            low, high, level and verdict, as `gcs_data.plan.gaps` gives them. NaN is not drawn.
        labels: What each verdict is called.
        title, notes, watermark: Inside the picture. Plain text.
        t: The words of the visitor's language.
    """
    fig = go.Figure()
    places = list(range(len(rows)))
    _add_needs(fig, rows, labels, t)
    fig.add_scatter(
        x=_broken(rows["level"], rows["mean"]),
        y=_broken(pd.Series(places), pd.Series(places)),
        mode="lines",
        line={"width": 2, "color": NEUTRAL},
        hoverinfo="skip",
        showlegend=False,
        meta={"gaps": True},
    )
    fig.add_scatter(
        x=rows["level"].tolist(),
        y=places,
        mode="markers",
        name=escape(t("What you said")),
        marker={"symbol": "diamond-open", "size": 13, "line": {"width": 3}, "color": GREY},
        hoverinfo="skip",
        cliponaxis=False,
        meta={"levels": True},
    )
    add_unrated(fig, rows["mean"], 4.3, t)
    # The uppermost strip is for the watermark.
    frame(fig, rows["gene"].tolist(), (len(rows) - 0.4, -1.1), t)
    fig.update_layout(
        legend={"orientation": "h", "x": 0, "y": 0, "yanchor": "top", "xanchor": "left"},
        legend_itemclick=False,
        legend_itemdoubleclick=False,
    )
    mark_as(fig, watermark)
    return dress(
        fig,
        title=title,
        notes=[reading_note(t), *notes],
        height=90 + ROW_HEIGHT * (len(rows) + 1),
        margin={"t": TITLE_ROOM, "b": 44, "l": 122, "r": 30},
    )


def reading_note(t: Words) -> str:
    """How to read the marks."""
    return t(
        "Dot: the mean of what the story rests on; bar: its 95 % interval. Diamond: what you said."
    )


def _broken(first: pd.Series, second: pd.Series) -> list[float | None]:
    """Two ends of each line, with a gap behind it."""
    ends: list[float | None] = []
    for a, b in zip(first, second, strict=True):
        ends += [None if pd.isna(a) else float(a), None if pd.isna(b) else float(b), None]
    return ends


def _add_needs(fig: go.Figure, rows: pd.DataFrame, labels: Mapping[str, str], t: Words) -> None:
    each: Any = rows.itertuples(index=False)
    fig.add_scatter(
        x=rows["mean"].tolist(),
        y=list(range(len(rows))),
        mode="markers",
        name=escape(t("What the story rests on")),
        zorder=1,  # Over the lines, though first, so that it has the first colour.
        marker={"size": 12, "symbol": "circle"},
        error_x=interval(rows),
        hovertext=[_hover(row, labels, t) for row in each],
        hoverinfo="text",
        cliponaxis=False,
        meta={"needs": True},
    )


def _hover(row: Any, labels: Mapping[str, str], t: Words) -> str:
    if pd.isna(row.mean):
        return ""
    lines = [t("rests on it at {mean} of 5", mean=t.number(row.mean, 1))]
    if pd.notna(row.low):
        lines.append(
            t("95 % interval {low} to {high}", low=t.number(row.low, 1), high=t.number(row.high, 1))
        )
    if pd.notna(row.level):
        lines.append(t("you said {level}", level=t.number(row.level)))
    lines.append(labels[row.verdict])
    return f"<b>{escape(row.gene)}</b><br>" + "<br>".join(escape(line) for line in lines)
