"""Lines over the globe and the parts of it that a map can show."""

from dataclasses import dataclass
from math import floor, hypot, isnan, pi, sin

import pandas as pd

STEPS = 24  # Points on a line: enough for a smooth curve, few enough for a hundred lines.
BEND = 0.16  # How far a line leaves its chord, as a share of its length.
MOST_BEND = 14.0  # Degrees. A line across an ocean must not bulge off the map.
HIGHEST = 82.0  # Degrees. Nearer to a pole an equal-area map squeezes every line flat.
LINE_COLUMNS = ["origin_iso3", "country_iso3", "lat", "lon"]

Point = tuple[float, float]  # Latitude, longitude.


@dataclass(frozen=True)
class Bounds:
    """A part of the world, in degrees. `east` may pass 180: Oceania lies on both sides of it."""

    west: float
    east: float
    south: float
    north: float


# Cut in the Bering Strait, which leaves the Pacific states together. Antarctica has no story and
# would take a tenth of the height.
WORLD = Bounds(-169, 191, -57, 84)
REGION_BOUNDS = {
    "africa": Bounds(-28, 62, -37, 39),
    "americas": Bounds(-142, -32, -57, 73),
    "asia": Bounds(24, 152, -13, 57),
    "europe": Bounds(-26, 62, 33, 72),
    "oceania": Bounds(110, 240, -49, 24),
}


def origin_lines(marks: pd.DataFrame, origin: str, countries: pd.DataFrame) -> pd.DataFrame:
    """Where one story went: a curved line from its origin to every other marked country.

    Args:
        marks: One story's marks, with column country_iso3.
        origin: The code of the country that the story comes from.
        countries: Index country_iso3, columns lat and lon.

    Returns:
        The points of the lines in order, columns `LINE_COLUMNS`. A point without lat and lon ends
        each line, and stands where a line passes the edge of the world map. A country whose centre
        is not known has no line.
    """
    start = _centre(origin, countries)
    rows: list[tuple[str, str, float, float]] = []
    for code in sorted(set(marks["country_iso3"]) - {origin}):
        end = _centre(code, countries)
        if start is None or end is None:
            continue
        rows += [(origin, code, lat, lon) for lat, lon in split(curve(start, end))]
        rows.append((origin, code, float("nan"), float("nan")))
    return pd.DataFrame(rows, columns=LINE_COLUMNS).astype(
        {"origin_iso3": "str", "country_iso3": "str", "lat": "float64", "lon": "float64"}
    )


def curve(start: Point, end: Point, steps: int = STEPS) -> list[Point]:
    """A line that leaves its chord to the north, and to the west where the chord runs north.

    It takes the shorter way round, so longitudes may pass 180. A great circle would be straight
    along a meridian and the equator, and would send many lines over the pole.
    """
    (lat, lon), (end_lat, end_lon) = start, end
    up, along = end_lat - lat, (end_lon - lon + 180) % 360 - 180
    length = hypot(up, along)
    if not length:
        return [start, start]
    bend = min(BEND * length, MOST_BEND)
    side = -1 if along < 0 or (not along and up < 0) else 1
    points = []
    for step in range(steps + 1):
        part = step / steps
        away = bend * sin(part * pi) * side
        high = lat + up * part + away * along / length
        points.append((max(-HIGHEST, min(HIGHEST, high)), lon + along * part - away * up / length))
    points[0], points[-1] = start, (end_lat, lon + along)
    return points


def split(line: list[Point]) -> list[Point]:
    """Cut a line where it passes 180 degrees, with a gap: (nan, nan).

    Longitudes may pass 180 in the line and stay within 180 in the result.
    """
    pieces: list[Point] = []
    for (lat, lon), (next_lat, next_lon) in zip(line, line[1:] + line[-1:], strict=True):
        turn, next_turn = _turn(lon), _turn(next_lon)
        pieces.append((lat, lon - 360 * turn))
        if turn != next_turn:
            edge = 360 * max(turn, next_turn) - 180
            at = lat + (next_lat - lat) * (edge - lon) / (next_lon - lon)
            side = 180.0 if next_lon > lon else -180.0
            pieces += [(at, side), (float("nan"), float("nan")), (at, -side)]
    return pieces


def _turn(lon: float) -> int:
    """How many times round the globe a longitude is from the map that runs from -180 to 180."""
    return floor((lon + 180) / 360)


def _centre(code: str, countries: pd.DataFrame) -> Point | None:
    if code not in countries.index:
        return None
    lat, lon = countries.loc[code, ["lat", "lon"]].to_numpy(dtype=float)
    return None if isnan(lat) or isnan(lon) else (float(lat), float(lon))
