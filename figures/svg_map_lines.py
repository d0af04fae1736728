"""The way that one story took, as SVG."""

from collections.abc import Mapping
from math import atan2, degrees, dist, hypot

import pandas as pd

from figures.geography import split
from figures.kinds import LINE
from figures.projection import Frame
from figures.shapes import spaced
from figures.svg_page import group, number, tag

HEAD = 8.0  # The length of an arrowhead.
TENTHS, NEAR = 10, 4.0
Pixels = list[tuple[float, float]]


def curves(ways: Mapping[str, list[Pixels]], thick: float) -> str:
    """Every line, as `pieces` gives them."""
    drawn = [
        tag("path", d="".join(_path(piece) for piece in way), data_country=code)
        for code, way in ways.items()
    ]
    return group(
        *drawn,
        transform=f"scale({1 / TENTHS})",
        fill="none",
        stroke=LINE,
        stroke_width=thick * TENTHS,
        stroke_opacity=0.75,
        data_part="lines",
    )


def arrowheads(ways: Mapping[str, list[Pixels]], clearances: Mapping[str, float]) -> str:
    """Say which way each line runs, at its end, just before the marks of the country."""
    drawn = [_head(way[-1], clearances.get(code, 0.0)) for code, way in ways.items()]
    return group(*drawn, fill=LINE, data_part="arrowheads")


def pieces(lines: pd.DataFrame | None, shown: Frame) -> dict[str, list[Pixels]]:
    """Each country's line that `origin_lines` gives, in pixels; in pieces where the map is cut."""
    if lines is None or lines.empty:
        return {}
    ways = {
        str(code): _cut(list(zip(points["lat"], points["lon"], strict=True)), shown)
        for code, points in lines.groupby("country_iso3", sort=False)
    }
    return {code: way for code, way in ways.items() if way}  # Two centres may be one point.


def _cut(points: list[tuple[float, float]], shown: Frame) -> list[Pixels]:
    """Put a line together that was cut for another map, and cut it at the edge of this one."""
    whole: list[tuple[float, float]] = []
    for lat, lon in points:
        if pd.isna(lat):
            continue
        turned = shown.turned(lon)
        if whole:
            before = whole[-1][1]
            turned = before + (turned - before + 180) % 360 - 180
        if not whole or (lat, turned) != whole[-1]:
            whole.append((lat, turned))
    way: list[Pixels] = [[]]
    for lat, turned in split(whole):
        if pd.isna(lat):
            way.append([])
        else:
            way[-1].append(shown.pixel(lat, turned))
    return [piece for piece in way if len(piece) > 1]


def _path(piece: Pixels) -> str:
    """A piece in tenths of a pixel, without points that are too near to see."""
    x, y = (round(part * TENTHS) for part in piece[0])
    path = f"M{x} {y}l"
    for point in piece[1:]:
        step_x, step_y = round(point[0] * TENTHS) - x, round(point[1] * TENTHS) - y
        if hypot(step_x, step_y) >= NEAR * TENTHS or point == piece[-1]:
            path += spaced(step_x) + spaced(step_y)
            x, y = x + step_x, y + step_y
    return path.replace("l ", "l")


def _head(piece: Pixels, clearance: float) -> str:
    """An arrowhead whose tip stands off the line's end by `clearance`, or less on a short line."""
    end = piece[-1]
    room = max(0.0, min(clearance, dist(piece[0], end) - 2 * HEAD))
    tip = _before(piece, room)
    back = _before(piece, room + HEAD)
    angle = degrees(atan2(tip[1] - back[1], tip[0] - back[0]))
    place = f"translate({number(tip[0])} {number(tip[1])}) rotate({number(angle)})"
    return tag("path", transform=place, d=f"M0 0l{number(-HEAD)} -3.6v7.2z")


def _before(piece: Pixels, away: float) -> tuple[float, float]:
    """Where a line enters the circle of radius `away` round its end."""
    end = piece[-1]
    for inner, outer in zip(piece[::-1], piece[-2::-1], strict=False):
        near, far = dist(inner, end), dist(outer, end)
        if far >= away and far > near:
            part = (away - near) / (far - near)
            return (
                inner[0] + part * (outer[0] - inner[0]),
                inner[1] + part * (outer[1] - inner[1]),
            )
    return piece[0]
