"""What every SVG map is drawn on: the countries' shapes with their fills, and their centres."""

from collections.abc import Sequence

import pandas as pd

from figures.fills import Fill
from figures.projection import Frame
from figures.shapes import NEAR, STEPS, paths
from figures.svg_map_key import fill_attributes
from figures.svg_page import group, tag

BORDER = 0.6  # Pixels.


def centres(countries: pd.DataFrame, shown: Frame) -> dict[str, tuple[float, float]]:
    """Where each country's centre is in the picture; a country without one is left out."""
    known = countries[countries["lat"].notna() & countries["lon"].notna()]
    return {
        str(code): shown.place(float(lat), float(lon))
        for code, lat, lon in zip(known.index, known["lat"], known["lon"], strict=True)
    }


def areas(
    fills: Sequence[Fill],
    countries: pd.DataFrame,
    shown: Frame,
    *,
    near: float = NEAR,
    apart: bool = True,
) -> str:
    """Every country with a shape, by its fill. Disputed areas have no country."""
    known = {code: path for code, path in paths(shown, near).items() if code in countries.index}
    parts = []
    for fill in reversed(fills):
        codes = [code for code in known if code in set(fill.countries)]
        drawn = [tag("path", d=known[code], data_country=code) for code in codes]
        if codes and not apart:
            drawn = [tag("path", d="".join(known[code] for code in codes))]
        parts.append(group(*drawn, **fill_attributes(fill.colour), data_part=fill.name))
    return group(
        *parts,
        transform=f"scale({1 / STEPS})",
        stroke="#808080",
        stroke_opacity=0.5,
        stroke_width=BORDER * STEPS,
    )
