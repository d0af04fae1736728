"""The way that one story took, drawn on the world map, and the country that was chosen."""

import pandas as pd
import plotly.graph_objects as go

from figures.kinds import LINE
from figures.layout import escape, wrapped
from words import Words

ENTRY_LETTERS = 18  # In a line of the legend: two columns fit a phone.
# A click fades all that was not clicked, unless told otherwise. The ring says what is chosen.
STEADY = {"selected": {"marker": {"opacity": 1}}, "unselected": {"marker": {"opacity": 1}}}


def entry(name: str) -> str:
    """A name as the legend shows it: on two lines where it is long."""
    return wrapped(name, ENTRY_LETTERS)


def add_arrowheads(fig: go.Figure, lines: pd.DataFrame) -> None:
    """Say which way each line runs, at its end."""
    # plotly.js 4.1.1 turns the markers of a map's first trace only, so this one comes first.
    # An arrowhead turns to the point before it, which is there but too small to see.
    ends = lines.dropna(subset=["lat"]).groupby("country_iso3", sort=False).tail(2)
    fig.add_scattergeo(
        lat=list(ends["lat"]),
        lon=list(ends["lon"]),
        mode="markers",
        marker={
            "symbol": "arrow",
            "size": [0, 10] * (len(ends) // 2),
            "angleref": "previous",
            "color": LINE,
            "line": {"width": 0},
        },
        hoverinfo="skip",
        name="arrowheads",
        showlegend=False,
    )


def add_lines(fig: go.Figure, lines: pd.DataFrame) -> None:
    """Draw the lines that `origin_lines` gives."""
    fig.add_scattergeo(
        lat=list(lines["lat"]),
        lon=list(lines["lon"]),
        mode="lines",
        line={"width": 1.4, "color": LINE},
        opacity=0.75,
        hoverinfo="skip",
        name="lines",
        showlegend=False,
    )


def add_origin(fig: go.Figure, lines: pd.DataFrame, countries: pd.DataFrame, t: Words) -> None:
    """Mark where the lines begin."""
    origin = str(lines["origin_iso3"].iloc[0])
    fig.add_scattergeo(
        lat=[countries.at[origin, "lat"]],
        lon=[countries.at[origin, "lon"]],
        mode="markers",
        marker={"symbol": "star", "size": 17, "color": LINE, "line": {"width": 0}, "opacity": 1},
        customdata=[[origin]],
        hovertext=[escape(t("It comes from {country}", country=countries.at[origin, "name"]))],
        hoverinfo="text",
        name=entry(t("Comes from {country}", country=countries.at[origin, "name"])),
        showlegend=True,
        **STEADY,
    )


def add_ring(fig: go.Figure, code: str, countries: pd.DataFrame, t: Words) -> None:
    """Ring the chosen country, whether it is on record or not."""
    fig.add_scattergeo(
        lat=[countries.at[code, "lat"]],
        lon=[countries.at[code, "lon"]],
        mode="markers",
        marker={"symbol": "circle-open", "size": 27, "color": LINE, "line": {"width": 3}},
        customdata=[[code]],
        hoverinfo="skip",
        name=entry(t("Chosen: {country}", country=countries.at[code, "name"])),
        showlegend=True,
        **STEADY,
    )
