"""Ordered dots: each gene's mean, how sure it is, and how the ratings spread."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from figures.layout import FAINT, NEUTRAL, dress, escape, mark_as, wrapped
from words import Words

SCORES = (1, 2, 3, 4, 5)
LABEL_WIDTH = 17
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
    _add_unrated(fig, ordered, t)
    fig.update_xaxes(
        range=[0.6, 5.4],
        tickvals=list(SCORES),
        ticktext=[escape(t("1 absent")), "2", "3", "4", escape(t("5 defining"))],
        gridcolor=FAINT,
        zeroline=False,
        fixedrange=True,
        side="top",
    )
    fig.update_yaxes(
        tickvals=list(range(len(ordered))),
        ticktext=[wrapped(gene, LABEL_WIDTH, lines=3) for gene in ordered["gene"]],
        range=[-0.6, len(ordered) + 0.1],  # The uppermost strip is for the watermark.
        gridcolor=FAINT,
        zeroline=False,
        fixedrange=True,
        automargin=False,
        tickfont={"size": 12},
    )
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
    half = (ordered["high"] - ordered["low"]).notna()
    fig.add_scatter(
        x=ordered["mean"].tolist(),
        y=list(range(len(ordered))),
        mode="markers",
        zorder=1,  # Drawn over the spread, though first, so that it has the first colour.
        marker={"size": 12, "symbol": "circle"},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": (ordered["high"] - ordered["mean"]).where(half, 0).tolist(),
            "arrayminus": (ordered["mean"] - ordered["low"]).where(half, 0).tolist(),
            "thickness": 3,
            "width": 6,
        },
        hovertext=[_hover(row, labels, t) for row in ordered.itertuples()],
        hoverinfo="text",
        cliponaxis=False,
        meta={"means": True},
    )


def _add_unrated(fig: go.Figure, ordered: pd.DataFrame, t: Words) -> None:
    places = [place for place, n in enumerate(ordered["n"]) if n == 0]
    if places:
        fig.add_scatter(
            x=[3] * len(places),
            y=places,
            mode="text",
            text=[escape(t("not rated"))] * len(places),
            hoverinfo="skip",
            showlegend=False,
            meta={"unrated": True},
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
