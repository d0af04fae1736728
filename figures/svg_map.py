"""The world map as an SVG picture. For what it shows and why, see `figures.world`."""

from collections.abc import Mapping, Sequence

import pandas as pd

from figures.fills import GROUND, Context, Fill
from figures.geography import WORLD, Bounds
from figures.kinds import LOOKS, check
from figures.projection import Frame, frame
from figures.svg_map_areas import areas, centres
from figures.svg_map_key import BESIDE, key, kind_attributes, ring, star
from figures.svg_map_lines import arrowheads, curves, pieces
from figures.svg_page import GAP, INKS, Paper, group, mark, number, picture, tag
from figures.svg_text import escaped
from figures.world import MOST_MARKS, border_notes, fills_of, ground_sizes, own_notes
from words import Words

NARROWEST = 300
MARGIN = 6.0


def map_svg(
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
    width: float = 720,
    paper: Paper = "light",
    alt: str = "",
) -> str:
    """Draw one mark per country and kind, on countries filled by yes or no, as `world_map` does.

    Args:
        marks: One row per country and kind: country_iso3, kind and n, the number of records.
        countries: Every country: index country_iso3, columns name, lat and lon.
        labels: What each kind is called.
        title, notes: Inside the picture. Plain text. What no record means, the sentence on borders
            and the source of the shapes are always added.
        lines: One story's lines, as `origin_lines` gives them.
        chosen: The code of the country that gets a ring.
        region: The part of the world to show; all of it but Antarctica by default. A region too
            has the coarse shapes of the whole world.
        context: Figures that fill the countries instead of yes or no.
        width: Pixels, 300 or more; the height follows.
        paper: As for `radar_svg`.
        alt: What a screen reader says instead; the title if empty. Plain text.

    Each mark carries its country and number as a tooltip for whoever opens the file in a browser.

    Raises:
        ValueError: If a mark names a country or kind that is not known, if there are more marks
            than the page's map draws, or if the width is too small.
    """
    check(marks, countries)
    if len(marks) > MOST_MARKS:
        raise ValueError(f"{len(marks)} marks are too many for one map: at most {MOST_MARKS}.")
    if width < NARROWEST:
        raise ValueError(f"{width} pixels are too few for a map: at least {NARROWEST}.")
    ringed = chosen if chosen is not None and chosen in countries.index else None
    inks, shown = INKS[paper], frame(region or WORLD, width - 2 * MARGIN)
    fills = fills_of(marks, countries, context, t)
    below, height = key(
        labels,
        fills,
        origin=_origin(lines, countries),
        chosen=str(countries.at[ringed, "name"]) if ringed else None,
        width=width,
        inks=inks,
        t=t,
    )
    grounds = {} if context is None else ground_sizes(marks)
    drawn = _drawn(marks, countries, shown, lines, ringed, fills, grounds, labels=labels, t=t)
    return picture(
        tag("svg", drawn, x=MARGIN, y=0, width=shown.width, height=shown.height)
        + group(below, transform=f"translate(0 {number(shown.height + GAP)})"),
        width=width,
        height=shown.height + GAP + height,
        title=title,
        notes=[*own_notes(marks, countries, t, context), *notes, *border_notes(t)],
        inks=inks,
        alt=alt,
    )


def _drawn(
    marks: pd.DataFrame,
    countries: pd.DataFrame,
    shown: Frame,
    lines: pd.DataFrame | None,
    chosen: str | None,
    fills: Sequence[Fill],
    grounds: Mapping[str, int],
    *,
    labels: Mapping[str, str],
    t: Words,
) -> str:
    ways = pieces(lines, shown)
    parts = [areas(fills, countries, shown), curves(ways, 1.4)]
    parts.append(arrowheads(ways, _clearances(marks)))
    names = dict(zip(countries.index, countries["name"], strict=True))
    places = centres(countries, shown)
    discs = [
        mark("circle", *places[code], size) for code, size in grounds.items() if code in places
    ]
    if discs:
        parts.append(group(*discs, fill=GROUND, data_part="ground"))
    columns = (marks["country_iso3"], marks["kind"], marks["n"])
    placed = [row for row in zip(*columns, strict=True) if row[0] in places]
    for kind, look in LOOKS.items():
        of_kind = [
            mark(
                look.symbol,
                *places[code],
                look.size,
                tag("title", escaped(f"{names[code]}: {labels[kind]} {t.number(n)}")),
                data_country=code,
            )
            for code, its_kind, n in placed
            if its_kind == kind
        ]
        parts.append(group(*of_kind, **kind_attributes(kind), data_part=kind))
    if lines is not None and len(lines):
        origin = str(lines["origin_iso3"].iloc[0])
        parts.append(star(*places[origin]))
    if chosen in places:
        parts.append(ring(*places[chosen]))
    return "".join(parts)


def _origin(lines: pd.DataFrame | None, countries: pd.DataFrame) -> str | None:
    if lines is None or lines.empty:
        return None
    return str(countries.at[str(lines["origin_iso3"].iloc[0]), "name"])


def _clearances(marks: pd.DataFrame) -> dict[str, float]:
    """How far from each country's centre a line ends, so that no mark hides its arrowhead."""
    sizes = marks["kind"].map({kind: look.size for kind, look in LOOKS.items()})
    outermost = sizes.groupby(marks["country_iso3"]).max()
    return {str(code): float(size) / 2 + BESIDE for code, size in outermost.items()}
