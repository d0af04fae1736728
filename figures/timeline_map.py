"""Where events were held: one mark per country, as large as it held events."""

from collections.abc import Sequence
from math import sqrt

import pandas as pd
import plotly.graph_objects as go

from figures.fills import Fill
from figures.geography import WORLD
from figures.kinds import NO_RECORD
from figures.layout import NEUTRAL, dress, escape
from figures.projection import frame
from figures.svg_map_areas import areas, centres
from figures.svg_page import INKS, Paper, group, mark, picture, tag
from figures.svg_text import escaped
from figures.world import border_notes, lay_out
from words import Words

COLOUR = "#c8691a"
SMALLEST, LARGEST = 8.0, 26.0
MARGIN = 6.0


def sizes(counts: pd.DataFrame) -> list[float]:
    """The width of each mark, its area the number of events, never below 8 pixels."""
    most = max(counts["n"].max(), 1) if len(counts) else 1
    return [max(LARGEST * sqrt(n / most), SMALLEST) for n in counts["n"]]


def notes_of(counts: pd.DataFrame, countries: pd.DataFrame, without: int, t: Words) -> list[str]:
    """What the map cannot place, and what every map says."""
    placed = countries.index[countries["lat"].notna() & countries["lon"].notna()]
    lost = [code for code in counts["country_iso3"] if code not in placed]
    said = [t("A mark stands at the centre of its country: the facts name cities, not places.")]
    if lost:
        names = t.listed([str(countries.at[code, "name"]) for code in lost])
        said.append(t("On record, but the shapes leave it out: {countries}.", countries=names))
    if without:
        said.append(
            t.plural(
                "{n} event has no country on record.",
                "{n} events have no country on record.",
                without,
            )
        )
    return said


def events_map(
    counts: pd.DataFrame,
    *,
    countries: pd.DataFrame,
    title: str,
    t: Words,
    notes: Sequence[str] = (),
    without: int = 0,
    height: int = 420,
) -> go.Figure:
    """Draw where events were held.

    Args:
        counts: One row per country: country_iso3, n and says (what is said of it, lines by
            newline).
        countries: Index country_iso3; columns name, lat and lon.
        title, notes: Inside the picture. Plain text.
        t: The words of the visitor's language.
        without: How many events have no country on record.
        height: Pixels, without title and notes.
    """
    placed = countries.reindex(counts["country_iso3"])
    fig = go.Figure()
    fig.add_choropleth(  # By country, so that disputed areas stay blank.
        locations=list(countries.index),
        z=[1] * len(countries),
        colorscale=[[0, NO_RECORD], [1, NO_RECORD]],
        showscale=False,
        marker={"line": {"width": 0.6, "color": NEUTRAL}},
        hoverinfo="skip",
    )
    fig.add_scattergeo(
        lat=list(placed["lat"]),
        lon=list(placed["lon"]),
        mode="markers",
        marker={"size": sizes(counts), "color": COLOUR, "opacity": 0.85, "line": {"width": 0}},
        customdata=[[code] for code in counts["country_iso3"]],
        hovertext=[escape(says).replace("\n", "<br>") for says in counts["says"]],
        hoverinfo="text",
        showlegend=False,
    )
    lay_out(fig, WORLD, resolution=110)
    return dress(
        fig,
        title=title,
        notes=[*notes_of(counts, countries, without, t), *notes, *border_notes(t)],
        height=height,
        margin={"l": 4, "r": 4},
    )


def events_map_svg(
    counts: pd.DataFrame,
    *,
    countries: pd.DataFrame,
    title: str,
    t: Words,
    notes: Sequence[str] = (),
    without: int = 0,
    width: float = 720,
    paper: Paper = "light",
    alt: str = "",
) -> str:
    """The same map as an SVG picture."""
    inks, shown = INKS[paper], frame(WORLD, width - 2 * MARGIN)
    places = centres(countries, shown)
    land = Fill("land", NO_RECORD, "", tuple(countries.index))
    marks = [
        mark("circle", *places[code], size, tag("title", escaped(says)), data_country=code)
        for code, says, size in zip(
            counts["country_iso3"], counts["says"], sizes(counts), strict=True
        )
        if code in places
    ]
    drawn = areas([land], countries, shown) + group(*marks, fill=COLOUR, fill_opacity="0.85")
    return picture(
        tag("svg", drawn, x=MARGIN, y=0, width=shown.width, height=shown.height),
        width=width,
        height=shown.height,
        title=title,
        notes=[*notes_of(counts, countries, without, t), *notes, *border_notes(t)],
        inks=inks,
        alt=alt,
    )
