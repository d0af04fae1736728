"""Radar charts of a story's DNA: the whole impression. For values, see `figures.dots`."""

from collections.abc import Sequence
from itertools import cycle
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from figures.layout import GREY, NEUTRAL, dress, escape, mark_as, wrapped
from words import Words

# Colour alone fails on a projector and in grey print.
SYMBOLS = ("circle", "square", "diamond")
DASHES = ("solid", "dash", "dot")
MOST_OUTLINES = 3
LEGEND_ROW, LEGEND_WIDTH = 46, 30  # Pixels; letters a line.
MOST_LABEL_WIDTH = 17
LABEL_WIDTH = 13  # Two lines of this many letters fit beside the circle at 375 px.


def dna_radar(
    profiles: pd.DataFrame,
    *,
    title: str,
    t: Words,
    notes: Sequence[str] = (),
    watermark: str = "",
    rating_max: int = 5,
    height: int = 420,
) -> go.Figure:
    """Draw one outline per story, with one axis per gene.

    Args:
        profiles: One row per story and gene, with columns name (what the legend shows), gene,
            mean, low, high, n. Genes come in the order of the axes, the same for every story.
            A gene that nobody rated has NaN: it is a gap in the outline, "not rated" in its
            label, and never at the centre, which would say that the gene is absent.
        title, notes: Drawn inside the picture. Plain text.
        watermark: Drawn inside the plot area, e.g. that the ratings are made up.
        rating_max: The outer edge, the same for every radar so that shapes compare. The centre
            is 0 and is no score.
        height: Pixels.

    Raises:
        ValueError: For more than three outlines; draw small multiples instead.
    """
    names = list(profiles["name"].unique())
    if len(names) > MOST_OUTLINES:
        raise ValueError(f"A radar holds {MOST_OUTLINES} outlines, not {len(names)}.")
    genes = list(profiles["gene"].unique())
    spokes = np.arange(len(genes)) * 360 / max(len(genes), 1)
    fig = go.Figure()
    stories = [
        profiles[profiles["name"] == name].set_index("gene").reindex(genes).reset_index()
        for name in names
    ]
    # The theme's colours go by the place of a trace, so the outlines come first.
    for story, symbol, dash in zip(stories, cycle(SYMBOLS), cycle(DASHES)):
        _add_outline(fig, story, spokes, symbol, dash, alone=len(names) == 1, t=t)
    for story in stories:
        _add_intervals(fig, story, spokes)
    _add_axes(fig, profiles, genes, spokes, rating_max, t)
    fig.update_layout(
        showlegend=len(names) > 1,
        legend={"orientation": "v", "x": 0, "y": -0.17, "yanchor": "top"},
    )
    mark_as(fig, watermark, left=84, up=38)
    legend = LEGEND_ROW * len(names) if len(names) > 1 else 0
    return dress(
        fig,
        title=title,
        notes=notes,
        height=height + legend,
        margin={"t": 70, "b": 48 + legend, "l": 84, "r": 84},
    )


def _add_axes(
    fig: go.Figure,
    profiles: pd.DataFrame,
    genes: Sequence[str],
    spokes: np.ndarray,
    rating_max: int,
    t: Words,
) -> None:
    """The scale up the first spoke, and a label at each."""
    fig.update_polars(
        bgcolor="rgba(0,0,0,0)",
        radialaxis={
            "range": [0, rating_max],
            "tickvals": list(range(1, rating_max + 1)),
            "angle": 90,
            "tickangle": 90,
            "tickfont": {"size": 11},
            "gridcolor": NEUTRAL,
            "linecolor": NEUTRAL,
        },
        angularaxis={
            "tickmode": "array",
            "tickvals": list(spokes),
            "ticktext": _axis_labels(profiles, genes, t),
            "rotation": 90,
            "direction": "clockwise",
            "gridcolor": NEUTRAL,
            "linecolor": NEUTRAL,
            "tickfont": {"size": 12},
        },
        domain={"x": [0.02, 0.98], "y": [0.02, 0.98]},
    )


def _add_outline(
    fig: go.Figure,
    story: pd.DataFrame,
    spokes: np.ndarray,
    symbol: str,
    dash: str,
    *,
    alone: bool,
    t: Words,
) -> None:
    name = wrapped(story["name"].iloc[0], LEGEND_WIDTH, lines=2)
    closed = [*range(len(story)), 0]  # The outline ends where it began.
    hover = [
        f"<b>{escape(row.gene)}</b><br>{_value(row, t)}" for row in story.iloc[closed].itertuples()
    ]
    complete = story["mean"].notna().all()
    fig.add_scatterpolar(
        r=story["mean"].iloc[closed].tolist(),
        theta=spokes[closed].tolist(),
        name=name,
        legendgroup=name,
        mode="lines+markers",
        marker={"symbol": symbol, "size": 9},
        line={"dash": dash, "width": 2.5},
        connectgaps=False,
        cliponaxis=False,
        fill="toself" if alone and complete else "none",  # Fills hide each other.
        hovertext=hover,
        hoverinfo="text",
    )


def _add_intervals(fig: go.Figure, story: pd.DataFrame, spokes: np.ndarray) -> None:
    """How sure each mean is: a short bar along the spoke. A ring would add area."""
    name = wrapped(story["name"].iloc[0], LEGEND_WIDTH, lines=2)
    radii: list[float | None] = []
    angles: list[float | None] = []
    for angle, low, high in zip(spokes, story["low"], story["high"], strict=True):
        if pd.notna(low):
            radii += [low, high, None]
            angles += [angle, angle, None]
    fig.add_scatterpolar(
        r=radii,
        theta=angles,
        name=name,
        legendgroup=name,
        mode="lines",
        line={"width": 4, "color": GREY},
        connectgaps=False,
        showlegend=False,
        hoverinfo="skip",
        meta={"interval": True},
    )


def _axis_labels(profiles: pd.DataFrame, genes: Sequence[str], t: Words) -> list[str]:
    not_rated = "<br><i>" + escape(t("not rated")) + "</i>"
    unrated = profiles.groupby("gene")["mean"].apply(lambda means: means.isna().all())
    return [_label(gene) + (not_rated if unrated[gene] else "") for gene in genes]


def _label(gene: str) -> str:
    """Two lines; three where two would be too wide to stand beside the circle on a phone."""
    two = wrapped(gene, LABEL_WIDTH)
    widest = max(map(len, two.split("<br>")))
    return two if widest <= MOST_LABEL_WIDTH else wrapped(gene, LABEL_WIDTH, lines=3)


def _value(row: Any, t: Words) -> str:
    if pd.isna(row.mean):
        return escape(t("not rated"))
    text = t("mean {mean}", mean=t.number(row.mean, 1))
    if pd.notna(row.low):
        text += " " + t("({low} to {high})", low=t.number(row.low, 1), high=t.number(row.high, 1))
    return escape(text + ", " + t.plural("{n} rating", "{n} ratings", int(row.n)))
