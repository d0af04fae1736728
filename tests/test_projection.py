"""The projection and the shapes that the SVG maps are drawn with."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures.geography import REGION_BOUNDS, WORLD
from figures.projection import equal_earth, frame
from figures.shapes import decoded, paths


def test_the_shapes_of_the_world_stay_small():
    assert sum(map(len, paths(frame(WORLD, 708)).values())) < 30_000


def test_equal_earth_has_the_measures_that_its_authors_give():
    right, top = equal_earth(0, 180)[0], equal_earth(90, 0)[1]

    assert equal_earth(0, 0) == (0, 0)
    assert (right, top) == (pytest.approx(2.7066, abs=1e-4), pytest.approx(1.3174, abs=1e-4))
    assert right / top == pytest.approx(2.05458, abs=1e-5)
    assert equal_earth(90, 180)[0] / right == pytest.approx(0.59247, abs=1e-3)


@given(st.floats(-89, 89), st.floats(-179, 179))
def test_equal_earth_keeps_areas(lat, lon):
    tiny = 1e-3
    (x, _), (east, _) = equal_earth(lat, lon), equal_earth(lat, lon + tiny)
    north = (equal_earth(lat + tiny, lon)[1] - equal_earth(lat - tiny, lon)[1]) / 2

    on_globe = math.radians(tiny) ** 2 * math.cos(math.radians(lat))
    assert (east - x) * north == pytest.approx(on_globe, rel=1e-4)


@pytest.mark.parametrize("bounds", [WORLD, *REGION_BOUNDS.values()])
def test_a_frame_holds_what_its_bounds_hold(bounds):
    shown = frame(bounds, 700)

    for lat in (bounds.south, (bounds.south + bounds.north) / 2, bounds.north):
        for share in (0.001, 0.5, 0.999):
            x, y = shown.place(lat, bounds.west + share * (bounds.east - bounds.west))
            assert -1e-6 <= x <= 700 + 1e-6
            assert -1e-6 <= y <= shown.height + 1e-6
    assert shown.place(bounds.north, shown.middle) == pytest.approx((350, 0), abs=1e-6)


def test_a_topology_is_read_as_its_format_says():
    topology = {
        "transform": {"scale": [2, 1], "translate": [-10, 5]},
        "arcs": [[[0, 0], [1, 2], [1, -1]], [[2, 1], [-2, -1]]],
        "objects": {
            "countries": {
                "geometries": [
                    {"id": "AAA", "type": "Polygon", "arcs": [[0, 1]]},
                    {"id": "BBB", "type": "MultiPolygon", "arcs": [[[-1, -2]], [[0, 1]]]},
                ]
            }
        },
    }

    read = decoded(topology)

    assert read.arcs == [[(-10, 5), (-8, 7), (-6, 6)], [(-6, 6), (-10, 5)]]
    assert read.rings == {"AAA": [[0, 1]], "BBB": [[-1, -2], [0, 1]]}
