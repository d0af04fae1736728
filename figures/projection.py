"""Equal Earth, the projection of the map, for pictures that no library projects."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from figures.geography import Bounds

A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
M = sqrt(3) / 2
STEPS = 24  # Points along each side of a frame; its sides are curved.


def equal_earth(lat: float, lon: float) -> tuple[float, float]:
    """Project a point of the unit sphere; equal areas stay equal.

    Source: B. Šavrič, T. Patterson and B. Jenny (2019, online 2018), "The Equal Earth map
    projection", International Journal of Geographical Information Science 33(3), 454-465,
    equations 1 to 4 and the coefficients of their table.

    Args:
        lat: Degrees.
        lon: Degrees from the middle meridian, -180 to 180.

    Returns:
        x to the east and y to the north, both 0 in the middle; x reaches 2.7066 and y 1.3174.
    """
    theta = asin(M * sin(radians(lat)))
    square = theta * theta
    sixth = square**3
    x = (
        radians(lon)
        * cos(theta)
        / (M * (A1 + 3 * A2 * square + sixth * (7 * A3 + 9 * A4 * square)))
    )
    return x, theta * (A1 + A2 * square + sixth * (A3 + A4 * square))


@dataclass(frozen=True)
class Frame:
    """A part of the world as a rectangle of pixels, its upper left corner at 0, 0.

    Like Plotly, it turns the globe so that the middle of its longitudes is in the middle: the cut
    through the Pacific is then where `Bounds` begins.
    """

    middle: float
    scale: float
    left: float
    top: float
    width: float
    height: float

    def turned(self, lon: float) -> float:
        """Degrees from the middle meridian, -180 to 180."""
        return (lon - self.middle + 180) % 360 - 180

    def place(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a point of the globe is."""
        return self.pixel(lat, self.turned(lon))

    def pixel(self, lat: float, turned: float) -> tuple[float, float]:
        """Where a point is whose longitude is counted from the middle meridian."""
        x, y = equal_earth(lat, turned)
        return x * self.scale - self.left, self.top - y * self.scale


def frame(bounds: Bounds, width: float) -> Frame:
    """The frame that shows these bounds in a given width."""
    middle = (bounds.west + bounds.east) / 2
    half = (bounds.east - bounds.west) / 2
    sides = [bounds.south + (bounds.north - bounds.south) * i / STEPS for i in range(STEPS + 1)]
    points = [equal_earth(lat, lon) for lat in sides for lon in (-half, half)]
    if bounds.south < 0 < bounds.north:
        points.append(equal_earth(0, half))
    # A parallel is a straight line on this projection, so the sides hold the extremes of y.
    reach, top = max(x for x, _ in points), max(y for _, y in points)
    scale = width / (2 * reach)
    height = (top - min(y for _, y in points)) * scale
    return Frame(middle, scale, -reach * scale, top * scale, width, height)
