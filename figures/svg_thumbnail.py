"""Radar and map as thumbnails: an impression for a card, without words."""

from math import cos, pi, sin

import pandas as pd

from figures.fills import record_fills
from figures.geography import WORLD
from figures.kinds import LOOKS, check
from figures.projection import frame
from figures.svg_map_areas import areas, centres
from figures.svg_map_lines import curves, pieces
from figures.svg_page import INKS, document, number, tag
from figures.svg_text import escaped

INK = INKS[None].outlines[0]  # A card's picture cannot ask the page for its colour.
COARSE = 3.0  # Pixels between the points of a map's shapes.


def radar_thumbnail(
    profile: pd.DataFrame, *, alt: str, rating_max: int = 5, size: int = 150
) -> str:
    """A radar without words, for a card: outline, spokes and a dot per rated gene.

    Args:
        profile: One row per gene in the order of the axes, with column mean; NaN is a gap.
        alt: What a screen reader says instead. Plain text.
        rating_max: The outer edge, as on every radar.
        size: Width and height in pixels.
    """
    middle, radius = size / 2, size / 2 - 6
    spokes = max(len(profile), 1)

    def point(place: int, value: float) -> tuple[float, float]:
        angle = 2 * pi * place / spokes - pi / 2
        reach = radius * value / rating_max
        return round(middle + reach * cos(angle), 1), round(middle + reach * sin(angle), 1)

    rings = "".join(
        f'<circle cx="{middle}" cy="{middle}" r="{radius * ring / rating_max:.1f}"/>'
        for ring in range(1, rating_max + 1)
    )
    axes = "".join(
        f'<path d="M{middle} {middle}L{x} {y}"/>'
        for x, y in (point(place, rating_max) for place in range(spokes))
    )
    rated = [
        point(place, float(mean)) if pd.notna(mean) else None
        for place, mean in enumerate(profile["mean"])
    ]
    lines = "".join(
        f'<path d="M{here[0]} {here[1]}L{there[0]} {there[1]}"/>'
        for here, there in zip(rated, rated[1:] + rated[:1], strict=True)
        if here and there
    )
    dots = "".join(f'<circle cx="{p[0]}" cy="{p[1]}" r="3"/>' for p in rated if p)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escaped(alt)}" '
        f'viewBox="0 0 {size} {size}" width="{size}" height="{size}" fill="none" stroke="{INK}">'
        f'<g opacity=".25">{rings}{axes}</g>'
        f'<g stroke-width="2.5" stroke-linejoin="round">{lines}</g>'
        f'<g fill="{INK}" stroke="none">{dots}</g></svg>'
    )


def map_thumbnail(
    marks: pd.DataFrame,
    *,
    countries: pd.DataFrame,
    alt: str,
    lines: pd.DataFrame | None = None,
    width: float = 240,
) -> str:
    """A map without words, for a card; whoever shows it says `border_notes` beside it.

    Args:
        marks, countries, lines: As for `map_svg`.
        alt: What a screen reader says instead. Plain text.
        width: Pixels; the height follows.

    Each country on record has one point, whatever the kind: at this size kinds cannot be told.
    """
    check(marks, countries)
    shown = frame(WORLD, width)
    places = centres(countries, shown)
    points = [places[code] for code in dict.fromkeys(marks["country_iso3"]) if code in places]
    return document(
        areas(record_fills(marks, countries, None), countries, shown, near=COARSE, apart=False),
        curves(pieces(lines, shown), 1.0),
        tag(
            "path",
            d="".join(f"M{number(x)} {number(y)}h0" for x, y in points),
            stroke=LOOKS["participated"].colour,
            stroke_width=5,
            stroke_linecap="round",  # Which makes a dot of a line without length.
            data_part="points",
        ),
        width=shown.width,
        height=shown.height,
        paper="",
        alt=alt,
    )
