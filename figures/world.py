"""The world map: where stories are on record, by kind, and the way one of them took."""

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from figures.fills import (
    GROUND,
    GROUND_MARGIN,
    Context,
    Fill,
    context_fills,
    context_notes,
    record_fills,
)
from figures.geography import WORLD, Bounds
from figures.kinds import LOOKS, Look, check, counts
from figures.layout import NEUTRAL, dress, escape
from figures.world_lines import STEADY, add_arrowheads, add_lines, add_origin, add_ring, entry
from words import Words

MOST_MARKS = 2_000
CLEAR = "rgba(0,0,0,0)"
SHAPES = "United Nations geodata through plotly.js 4.1.1 (September 2026)"
# Pixels of the legend: two columns on a phone of 375 px, one row on a desk.
ENTRY_WIDTH = 112
ROW_HEIGHT, LINE_HEIGHT = 21, 16


def world_map(
    marks: pd.DataFrame,
    *,
    countries: pd.DataFrame,
    labels: Mapping[str, str],
    title: str,
    t: Words,
    lines: pd.DataFrame | None = None,
    chosen: str | None = None,
    region: Bounds | None = None,
    context: Context | None = None,
    notes: Sequence[str] = (),
    height: int = 460,
) -> go.Figure:
    """Draw one mark per country and kind, on countries that are filled by yes or no.

    Args:
        marks: One row per country and kind: country_iso3, kind and n, the number of records.
        countries: Every country: index country_iso3, columns name, lat and lon.
        labels: What each kind is called.
        title: What is shown, in words. Plain text, drawn inside the picture.
        notes: Provenance, source, release: plain text, drawn below the map with what the shapes do
            and do not say.
        t: The words of the visitor's language.
        lines: One story's lines, as `origin_lines` gives them.
        chosen: The code of the country that gets a ring.
        region: The part of the world to show; all of it but Antarctica by default.
        context: Figures that fill the countries instead of yes or no.
        height: Pixels, without title and notes.

    Every point carries [country, kind, n] as customdata, every area [country], so that a click can
    be read. A size says which kind, never how many: the number is in the hover text. A country
    whose centre nobody gives cannot be drawn, and is named below the map.

    Raises:
        ValueError: If there are more marks than a browser draws well, or a mark names a country
            or a kind that is not known and would silently be missing.
    """
    check(marks, countries)
    _check_number(marks, lines)
    fig = go.Figure()
    if lines is not None and len(lines):
        add_arrowheads(fig, lines)
    hovers = _hovers(marks, countries, labels, context, t)
    fills = fills_of(marks, countries, context, t)
    _add_areas(fig, fills, hovers)
    if lines is not None and len(lines):
        add_lines(fig, lines)
    if context is not None:
        _add_grounds(fig, marks, countries)
    for kind, look in LOOKS.items():
        _add_marks(fig, marks[marks["kind"] == kind], look, countries, hovers, labels[kind])
    _add_keys(fig, fills)
    if lines is not None and len(lines):
        add_origin(fig, lines, countries, t)
    if chosen in countries.index:
        add_ring(fig, str(chosen), countries, t)
    _frame(fig, region)
    return dress(
        fig,
        title=title,
        notes=[*own_notes(marks, countries, t, context), *notes, *border_notes(t)],
        height=height,
        margin={"l": 4, "r": 4, "b": _legend_height(fig)},
    )


def border_notes(t: Words) -> list[str]:
    """What every map and every export of a map says about its borders."""
    return [
        t("The boundaries and names shown do not imply official endorsement or acceptance."),
        t("Shapes: {source}. Disputed areas are left blank.", source=SHAPES),
    ]


def _check_number(marks: pd.DataFrame, lines: pd.DataFrame | None) -> None:
    drawn = len(marks) + (0 if lines is None else lines["country_iso3"].nunique())
    if drawn > MOST_MARKS:
        raise ValueError(
            f"{drawn} marks are too many for one map: at most {MOST_MARKS}. "
            "Add them up by country and kind first."
        )


def fills_of(
    marks: pd.DataFrame, countries: pd.DataFrame, context: Context | None, t: Words
) -> list[Fill]:
    """What a map fills its countries with."""
    if context is None:
        return record_fills(marks, countries, t)
    return context_fills(context, countries, t)


def own_notes(
    marks: pd.DataFrame, countries: pd.DataFrame, t: Words, context: Context | None = None
) -> list[str]:
    """What a map says about itself: what no record means, and what it cannot place."""
    placed = countries.index[countries["lat"].notna() & countries["lon"].notna()]
    lost = sorted(set(marks["country_iso3"]) - set(placed))
    notes = [t("No record: we have not found one; it does not mean no.")]
    if lost:
        names = t.listed([str(countries.at[code, "name"]) for code in lost])
        notes.insert(0, t("On record, but the shapes leave it out: {countries}.", countries=names))
    if marks.empty:
        notes.insert(0, t("Nothing on record fits this choice."))
    return notes if context is None else [*context_notes(context, countries, t), *notes]


def _hovers(
    marks: pd.DataFrame,
    countries: pd.DataFrame,
    labels: Mapping[str, str],
    context: Context | None,
    t: Words,
) -> dict[str, str]:
    """What is said of each country: its name and its records, a line per kind, strongest first."""
    known = counts(marks)
    hovers = {}
    for code, name in zip(countries.index, countries["name"], strict=True):
        lines = [
            t("{name}: {value}", name=labels[kind], value=t.number(n))
            for kind, n in known.get(code, [])
        ]
        lines = lines or [t("No record: we have not found one.")]
        if context is not None:
            lines.append(context.figure(code, t))
        hovers[code] = "<br>".join([f"<b>{escape(name)}</b>", *map(escape, lines)])
    return hovers


def _add_areas(fig: go.Figure, fills: Sequence[Fill], hovers: Mapping[str, str]) -> None:
    for fill in fills:
        fig.add_choropleth(
            locations=list(fill.countries),
            z=[1] * len(fill.countries),
            zmin=0,
            zmax=1,
            colorscale=[[0, fill.colour], [1, fill.colour]],
            showscale=False,
            marker={"line": {"width": 0.6, "color": NEUTRAL}},
            customdata=[[code] for code in fill.countries],
            hovertext=[hovers[code] for code in fill.countries],
            hoverinfo="text",
            name=fill.name,
            showlegend=False,
            **STEADY,
        )


def _add_grounds(fig: go.Figure, marks: pd.DataFrame, countries: pd.DataFrame) -> None:
    sizes = ground_sizes(marks)
    places = countries.loc[list(sizes)]
    fig.add_scattergeo(
        lat=list(places["lat"]),
        lon=list(places["lon"]),
        mode="markers",
        marker={"size": list(sizes.values()), "color": GROUND, "opacity": 1, "line": {"width": 0}},
        hoverinfo="skip",
        name="ground",
        showlegend=False,
        **STEADY,
    )


def ground_sizes(marks: pd.DataFrame) -> dict[str, int]:
    """How wide the white ground under a country's marks is, in pixels."""
    return {
        code: max(LOOKS[kind].size for kind, _ in kinds) + GROUND_MARGIN
        for code, kinds in counts(marks).items()
    }


def _add_keys(fig: go.Figure, fills: Sequence[Fill]) -> None:
    """What the fills mean. Plotly's legend has no entry for an area; points nowhere have one."""
    for fill in fills:
        fig.add_scattergeo(
            lat=[None],
            lon=[None],
            mode="markers",
            marker={"symbol": "square", "size": 14, "color": fill.colour, "line": {"width": 0}},
            name=entry(fill.label),
            showlegend=True,
        )


def _add_marks(
    fig: go.Figure,
    rows: pd.DataFrame,
    look: Look,
    countries: pd.DataFrame,
    hovers: Mapping[str, str],
    name: str,
) -> None:
    places = countries.loc[rows["country_iso3"]]
    fig.add_scattergeo(
        lat=list(places["lat"]),
        lon=list(places["lon"]),
        mode="markers",
        marker={
            "symbol": look.symbol,
            "size": look.size,
            "color": look.colour,
            "opacity": 1,
            "line": {"width": 1.6 if look.symbol.endswith("open") else 0, "color": look.colour},
        },
        customdata=rows[["country_iso3", "kind", "n"]].astype(object).to_numpy().tolist(),
        hovertext=[hovers[code] for code in rows["country_iso3"]],
        hoverinfo="text",
        name=entry(name),
        showlegend=True,
        **STEADY,
    )


def _legend_height(fig: go.Figure) -> int:
    """The room that the legend takes on a phone; on a desk some of it stays free."""
    names = [trace.name for trace in fig.data if trace.showlegend]
    rows = [names[first : first + 2] for first in range(0, len(names), 2)]
    more_lines = sum(any("<br>" in name for name in row) for row in rows)
    return 14 + ROW_HEIGHT * len(rows) + LINE_HEIGHT * more_lines


def _frame(fig: go.Figure, region: Bounds | None) -> None:
    # The finer shapes are six times the download, and only a region shows the difference.
    lay_out(fig, region or WORLD, resolution=110 if region is None else 50)
    fig.update_layout(
        plot_bgcolor=CLEAR,
        hovermode="closest",
        hoverlabel={"bgcolor": "#31333f", "bordercolor": "#31333f", "font": {"color": "#ffffff"}},
        legend={
            "orientation": "h",
            "x": 0,
            "y": 0,
            "yanchor": "top",
            "entrywidth": ENTRY_WIDTH,
            "font": {"size": 12},
            "itemclick": False,  # A filter is the page's business, and part of its address.
            "itemdoubleclick": False,
        },
    )


def lay_out(fig: go.Figure, shown: Bounds, *, resolution: int) -> None:
    """Set what every map of ours shares: equal areas, coastlines, and nothing drawn by itself."""
    fig.update_geos(
        projection={"type": "equal earth"},
        resolution=resolution,
        lonaxis={"range": [shown.west, shown.east], "showgrid": False},
        lataxis={"range": [shown.south, shown.north], "showgrid": False},
        bgcolor=CLEAR,
        showframe=False,
        showland=False,
        showocean=False,
        showlakes=False,
        showcountries=False,
        showcoastlines=True,
        coastlinecolor=NEUTRAL,
        coastlinewidth=0.6,
    )
