import math
import xml.etree.ElementTree as ET

import pandas as pd
import pytest

from figures.svg import radar_thumbnail

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*means, alt="A radar"):
    """The picture's root, and how many rings, spokes, lines and dots it has."""
    root = ET.fromstring(radar_thumbnail(pd.DataFrame({"mean": means}), alt=alt))
    frame, lines, dots = root.findall(f"{SVG}g")
    rings, spokes = frame.findall(f"{SVG}circle"), frame.findall(f"{SVG}path")
    return root, [len(rings), len(spokes), len(lines), len(dots)]


@pytest.mark.parametrize(
    ("means", "parts"),
    [
        ((4.0, 3.0, 2.0), [5, 3, 3, 3]),
        ((4.0, math.nan, 2.0), [5, 3, 1, 2]),
        ((math.nan, 3.0, math.nan, 2.0), [5, 4, 0, 2]),
        ((math.nan, math.nan, math.nan), [5, 3, 0, 0]),
        ((), [5, 1, 0, 0]),
    ],
)
def test_an_unrated_gene_has_no_dot_and_no_line_to_its_neighbours(means, parts):
    assert drawn(*means)[1] == parts


def test_dots_lie_on_the_scale_from_0_at_the_centre_to_5_at_the_edge_clockwise_from_the_top():
    root, _ = drawn(5.0, 2.5, 1.0, 5.0)

    dots = [(float(dot.get("cx")), float(dot.get("cy"))) for dot in root.findall(f"{SVG}g")[2]]
    assert dots == [(75, 6), (109.5, 75), (75, 88.8), (6, 75)]


def test_hostile_text_stays_inside_its_attribute():
    root, _ = drawn(4.0, alt='"><script>x</script>')

    assert root.get("aria-label") == '"><script>x</script>'
    assert not list(root.iter(f"{SVG}script"))
