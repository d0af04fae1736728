"""The projector's charts: the figures of every other page, written larger.

A chart is a mapping. Either `figure` (data and layout for Plotly, without a template, which is
where the page puts its colours) and `least`: the width and height, in pixels, that its text needs;
the page draws it that large and magnifies it until it fills its place. Or `svg`: a picture for a
light page and one for a dark page. `beside` says that what is said of it has room beside it.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

import labels
from figures.dots import dna_dots
from figures.layout import NOTES_LINE, wrapped
from figures.radar import dna_radar
from figures.svg import Paper, dots_svg
from figures.svg_movement import movement_svg
from words import Words

TEXT, TICKS = 16, 12
RADAR_HEIGHT, RADAR_WIDTH, RADAR_FOOT, LEGEND_LINE = (
    385,
    470,
    72,
    27,
)  # Three lines of a label fit into the foot.
DOTS_ROW, DOTS_WIDTH, DOTS_LABELS, DOTS_LETTERS = 27, 700, 270, 34
PICTURE = 440

Chart = Mapping[str, Any]


def radar(profiles: pd.DataFrame, t: Words) -> Chart:
    """The radar of one profile or several; see `figures.radar.dna_radar`."""
    outlines = profiles["name"].nunique()
    legend = LEGEND_LINE * outlines if outlines > 1 else 0
    chart = _chart(dna_radar(profiles, title="", t=t), RADAR_WIDTH, RADAR_HEIGHT + legend)
    layout = chart["figure"]["layout"]
    layout["polar"]["angularaxis"]["tickfont"]["size"] = TEXT
    layout["polar"]["radialaxis"]["tickfont"]["size"] = TICKS
    margin = layout["margin"] | {"b": RADAR_FOOT + legend}
    below = RADAR_FOOT / (RADAR_HEIGHT - margin["t"] - RADAR_FOOT)
    layout |= {"margin": margin, "legend": layout["legend"] | {"font": {"size": TEXT}, "y": -below}}
    return chart


def dots(profile: pd.DataFrame, t: Words) -> Chart:
    """The ordered dots of a profile; see `figures.dots.dna_dots`.

    A slide is wide and low: labels have one line if they can, rows are lower and so are bubbles.
    """
    chart = _chart(dna_dots(profile, title="", t=t, labels=labels.agreement(t)), DOTS_WIDTH, 0)
    data, layout = chart["figure"]["data"], chart["figure"]["layout"]
    for trace in data:
        if trace.get("meta", {}).get("spread"):
            trace["marker"]["sizeref"] = 2 / DOTS_ROW**2
    margin = layout["margin"]
    for note in layout["annotations"]:
        note["xshift"] += margin["l"] - DOTS_LABELS
        note["text"] = note["text"].replace("<br>", " ")
    margin |= {"l": DOTS_LABELS, "r": 60, "b": margin["b"] - NOTES_LINE}
    ordered = profile.sort_values("mean", ascending=True, na_position="first", kind="stable")
    layout["yaxis"] |= {
        "ticktext": [wrapped(gene, DOTS_LETTERS) for gene in ordered["gene"]],
        "range": [-0.6, len(ordered) - 0.4],  # There is no watermark here to leave room for.
    }
    for axis in ("xaxis", "yaxis"):
        layout[axis]["tickfont"] = {"size": TEXT - 2}
    chart["least"][1] = margin["t"] + margin["b"] + DOTS_ROW * (len(profile) + 0.2)
    return chart


def one_gene(profile: pd.DataFrame, t: Words, alt: str) -> Chart:
    """The dots of a single gene, as pictures: seven of them cost less than one figure."""
    return _pictures(
        lambda paper: dots_svg(profile, title="", t=t, width=PICTURE, paper=paper, alt=alt)
    )


def arrows(movement: pd.DataFrame, t: Words, alt: str) -> Chart:
    """The arrows of two rounds, as pictures."""
    return _pictures(
        lambda paper: movement_svg(movement, title="", t=t, width=PICTURE, paper=paper, alt=alt)
    )


def _pictures(drawn: Callable[[Paper], str]) -> Chart:
    return {"svg": {"light": drawn("light"), "dark": drawn("dark")}, "beside": True}


def _chart(fig: go.Figure, width: int, height: int) -> dict[str, Any]:
    """A figure as JSON. It is changed there: Plotly's own objects take seconds for it."""
    drawn = json.loads(fig.to_json())
    layout = drawn["layout"]
    layout.pop("template", None)
    layout.pop("height", None)
    named = layout.get("annotations", [])
    layout["annotations"] = [each for each in named if each.get("name") != "title"]
    return {"figure": drawn, "least": [width, height], "beside": "polar" in layout}
