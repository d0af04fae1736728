"""One row per gene on the scale from 1 to 5: what the dots and a plan's chart share."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from figures.layout import FAINT, escape, wrapped
from words import Words

SCORES = (1, 2, 3, 4, 5)
LABEL_WIDTH = 17


def frame(fig: go.Figure, genes: Sequence[str], rows: tuple[float, float], t: Words) -> None:
    """Draw the scale above and the names of the genes beside their rows.

    Args:
        genes: What stands beside rows 0, 1, and so on. Plain text.
        rows: Which rows stand at the lower and at the upper edge of the picture.
    """
    common = {"gridcolor": FAINT, "zeroline": False, "fixedrange": True}
    fig.update_xaxes(
        range=[0.6, 5.4],
        tickvals=list(SCORES),
        ticktext=[escape(t("1 absent")), "2", "3", "4", escape(t("5 defining"))],
        side="top",
        **common,
    )
    fig.update_yaxes(
        tickvals=list(range(len(genes))),
        ticktext=[wrapped(gene, LABEL_WIDTH, lines=3) for gene in genes],
        range=list(rows),
        automargin=False,
        tickfont={"size": 12},
        **common,
    )


def interval(rows: pd.DataFrame) -> dict[str, Any]:
    """The bar of each mean, from columns mean, low and high; none where these are NaN."""
    sure = (rows["high"] - rows["low"]).notna()
    return {
        "type": "data",
        "symmetric": False,
        "array": (rows["high"] - rows["mean"]).where(sure, 0).tolist(),
        "arrayminus": (rows["mean"] - rows["low"]).where(sure, 0).tolist(),
        "thickness": 3,
        "width": 6,
    }


def add_unrated(fig: go.Figure, means: pd.Series, at: float, t: Words) -> None:
    """Say "not rated" in each row without a mean, at this score."""
    places = [place for place, mean in enumerate(means) if pd.isna(mean)]
    if places:
        fig.add_scatter(
            x=[at] * len(places),
            y=places,
            mode="text",
            text=[escape(t("not rated"))] * len(places),
            hoverinfo="skip",
            showlegend=False,
            meta={"unrated": True},
        )
