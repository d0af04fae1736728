"""Ordered dots: each gene's mean, how sure it is, and how the ratings spread."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from figures.gene_rows import SCORES, add_unrated, frame, interval
from figures.layout import NEUTRAL, dress, escape, mark_as
from words import Words

ROW_HEIGHT = 46


def dna_dots(
    profile: pd.DataFrame,
    *,
    title: str,
    t: Words,
    labels: dict[str, str],
    notes: Sequence[str] = (),
    watermark: str = "",
) -> go.Figure:
    """Draw one row per gene, the strongest at the top, genes that nobody rated at the bottom.

    Args:
        profile: One row per gene, with columns gene (its name), n, mean, median, low, high, n_1 to
            n_5 and agreement, as `gcs_data.gene_profile` gives them.
        labels: What each value of `agreement` is called.
        title, notes, watermark: Drawn inside the picture. Plain text.

    Behind each row the spread of ratings: one bubble per score, its area the share of raters who
    gave it. That is another thing than the interval, which shrinks as more people rate. Below five
    ratings there is no interval (NaN), and it is not drawn.
    """
    ordered = profile.sort_values("mean", ascending=True, na_position="first", kind="stable")
    fig = go.Figure()
    _add_means(fig, ordered, labels, t)
    _add_spread(fig, ordered, t)
    add_unrated(fig, ordered["mean"], 3, t)
    # The uppermost strip is for the watermark.
    frame(fig, ordered["gene"].tolist(), (-0.6, len(ordered) + 0.1), t)
    fig.update_layout(showlegend=False)
    mark_as(fig, watermark)
    return dress(
        fig,
        title=title,
        notes=[
            t("Dot: mean. Bar: its 95 % interval. Grey bubbles: how many gave each score."),
            *notes,
        ],
        height=80 + ROW_HEIGHT * (len(ordered) + 1),
        margin={"t": 34, "b": 8, "l": 122, "r": 30},
    )


def _add_spread(fig: go.Figure, ordered: pd.DataFrame, t: Words) -> None:
    rows = [
        (place, score, count / row["n"], count)
        for place, (_, row) in enumerate(ordered.iterrows())
        for score in SCORES
        if (count := int(row[f"n_{score}"]))
    ]
    fig.add_scatter(
        x=[score for _, score, _, _ in rows],
        y=[place for place, _, _, _ in rows],
        mode="markers",
        marker={
            "size": [share for _, _, share, _ in rows],
            "sizemode": "area",
            "sizeref": 1 / 38**2 * 2,
            "sizemin": 3,
            "color": NEUTRAL,
            "line": {"width": 0},
        },
        hovertext=[
            escape(t.plural("{n} rating of {score}", "{n} ratings of {score}", count, score=score))
            for _, score, _, count in rows
        ],
        hoverinfo="text",
        cliponaxis=False,
        meta={"spread": True},
    )


def _add_means(fig: go.Figure, ordered: pd.DataFrame, labels: dict[str, str], t: Words) -> None:
    fig.add_scatter(
        x=ordered["mean"].tolist(),
        y=list(range(len(ordered))),
        mode="markers",
        zorder=1,  # Drawn over the spread, though first, so that it has the first colour.
        marker={"size": 12, "symbol": "circle"},
        error_x=interval(ordered),
        hovertext=[_hover(row, labels, t) for row in ordered.itertuples()],
        hoverinfo="text",
        cliponaxis=False,
        meta={"means": True},
    )


def _hover(row: Any, labels: dict[str, str], t: Words) -> str:
    if row.n == 0:
        return ""
    lines = [
        t(
            "mean {mean}, median {median}",
            mean=t.number(row.mean, 1),
            median=t.number(row.median, 1),
        )
    ]
    if pd.notna(row.low):
        lines.append(
            t("95 % interval {low} to {high}", low=t.number(row.low, 1), high=t.number(row.high, 1))
        )
    lines.append(t.plural("{n} rating", "{n} ratings", int(row.n)) + ", " + labels[row.agreement])
    return f"<b>{escape(row.gene)}</b><br>" + "<br>".join(escape(line) for line in lines)
