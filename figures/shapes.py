"""The countries' shapes as SVG paths. Taken unchanged, only projected and rounded."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from math import hypot
from pathlib import Path
from typing import Any

from figures.projection import Frame

# What Plotly draws its world map from; its source and licence are in NOTICE.md beside it.
SHAPES_FILE = Path(__file__).parent.parent / "assets" / "topojson" / "world_110m.json"
STEPS = 2  # Coordinates are rounded to half a pixel, and written in halves.
NEAR = 2.5  # Pixels. A point nearer than this to the one before it is rounded away.

Point = tuple[float, float]
Cell = tuple[int, int]


@dataclass(frozen=True)
class Topology:
    """Shapes that share their borders.

    `arcs` are lines of longitudes and latitudes. `rings` are each country's outlines as numbers
    of arcs; `~n` is arc n backwards.
    """

    arcs: list[list[Point]]
    rings: dict[str, list[list[int]]]


@cache
def shapes() -> Topology:
    """Every country in the file; read once."""
    return decoded(json.loads(SHAPES_FILE.read_bytes()))


def decoded(topology: dict[str, Any]) -> Topology:
    """The countries of a TopoJSON topology, in degrees.

    Source: the TopoJSON format specification 1.0, sections 2.1.3 (arcs) and 2.1.4 (their numbers).
    """
    wide, high = topology["transform"]["scale"]
    west, south = topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((west + wide * x, south + high * y))
        arcs.append(points)
    rings: dict[str, list[list[int]]] = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        rings.setdefault(shape["id"], []).extend(ring for polygon in polygons for ring in polygon)
    return Topology(arcs, rings)


@lru_cache(maxsize=16)
def paths(frame: Frame, near: float = NEAR) -> dict[str, str]:
    """The `d` of every country that can be seen in the frame, in halves of a pixel.

    Neighbours keep one common border, since borders are rounded before they are joined. An island
    that is rounded to less than a triangle is left out; a country on record has its point anyway.
    """
    topology = shapes()
    thin = [_thinned(arc, frame, near) for arc in topology.arcs]
    drawn = {
        code: "".join(_ring(ring, thin, frame) for ring in rings)
        for code, rings in topology.rings.items()
    }
    return {code: path for code, path in drawn.items() if path}


def _thinned(arc: list[Point], frame: Frame, near: float) -> list[Point]:
    """The points of an arc that are apart in the picture, its ends always among them."""
    kept, (last_x, last_y) = [arc[0]], frame.pixel(arc[0][1], arc[0][0])
    for lon, lat in arc[1:-1]:
        x, y = frame.pixel(lat, lon)
        if hypot(x - last_x, y - last_y) >= near:
            kept.append((lon, lat))
            last_x, last_y = x, y
    return [*kept, arc[-1]]


def _ring(numbers: list[int], arcs: list[list[Point]], frame: Frame) -> str:
    """One outline. Where the cut of the map runs through it, it is drawn on both sides."""
    joined: list[Point] = []
    for number in numbers:
        joined += arcs[number] if number >= 0 else arcs[~number][::-1]
    unbroken = _unbroken(joined, frame)
    west, east = min(unbroken)[0], max(unbroken)[0]
    path = ""
    for turn in (-360, 0, 360):
        if west + turn < 180 and east + turn > -180:
            points = [frame.pixel(lat, lon + turn) for lon, lat in unbroken]
            if _seen(points, frame):
                path += _written(_rounded(points))
    return path


def _unbroken(ring: list[Point], frame: Frame) -> list[Point]:
    """The ring with longitudes from the middle meridian that never jump by a whole turn."""
    lon = frame.turned(ring[0][0])
    points = [(lon, ring[0][1])]
    for (here, _), (there, lat) in zip(ring, ring[1:], strict=False):
        lon += (there - here + 180) % 360 - 180
        points.append((lon, lat))
    return points


def _seen(points: list[Point], frame: Frame) -> bool:
    xs, ys = zip(*points, strict=True)
    across = min(xs) < frame.width and max(xs) > 0
    return bool(across and min(ys) < frame.height and max(ys) > 0)


def _rounded(points: Iterable[Point]) -> list[Cell]:
    """The points in halves of a pixel, without those on a straight line between two others."""
    kept: list[Cell] = []
    for x, y in points:
        cell = (round(x * STEPS), round(y * STEPS))
        if kept and cell == kept[-1]:
            continue
        while len(kept) > 1 and _straight(kept[-2], kept[-1], cell):
            kept.pop()
        kept.append(cell)
    return kept


def _straight(a: Cell, b: Cell, c: Cell) -> bool:
    (x, y), (u, v) = (b[0] - a[0], b[1] - a[1]), (c[0] - b[0], c[1] - b[1])
    return x * v == y * u and x * u + y * v > 0


def _written(cells: list[Cell]) -> str:
    if len(cells) < 4:  # The last one is the first: fewer have no area.
        return ""
    steps = [
        f"{spaced(b[0] - a[0])}{spaced(b[1] - a[1])}"
        for a, b in zip(cells, cells[1:-1], strict=False)
    ]
    return f"M{cells[0][0]} {cells[0][1]}l{''.join(steps).lstrip()}z"


def spaced(step: int) -> str:
    """A number that needs no other sign before it."""
    return f"{step}" if step < 0 else f" {step}"
