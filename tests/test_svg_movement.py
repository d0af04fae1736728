"""The arrows from round to round."""

import math
import xml.etree.ElementTree as ET

import pytest
from room_results import movement

from figures.svg_movement import movement_svg
from figures.svg_page import INKS
from words import words

T = words()
SVG = "{http://www.w3.org/2000/svg}"
INK, GREY = INKS["light"].outlines[0], INKS["light"].grey
UP = ("Trust", 2.0, 4.0, 2.0, 1.2, 2.8, 9)
MAYBE = ("Funding", 4.0, 3.0, -1.0, -2.2, 0.2, 9)
FEW = ("Reach", *[math.nan] * 5, 3)


def drawn(*rows, **looks):
    return ET.fromstring(movement_svg(movement(*rows), title="Moved", t=T, **looks))


def parts(root, name):
    return [each for each in root.iter() if each.get("data-part") == name]


def words_of(root):
    return [each.text for each in root.iter(f"{SVG}text")]


def arrow(root):
    """Where the only arrow starts and ends, between the lines of 1 and 5."""
    (one,) = parts(root, "arrow")
    lines = [float(line.get("d")[1:].split()[0]) for line in parts(root, "scale")[0]]
    start = float(one.find(f"{SVG}circle").get("cx"))
    tip = float(one.findall(f"{SVG}path")[-1].get("d")[1:].split()[0])
    return [1 + 4 * (x - lines[0]) / (lines[-1] - lines[0]) for x in (start, tip)]


def test_an_arrow_goes_from_the_first_mean_to_the_second():
    assert arrow(drawn(UP)) == pytest.approx([2, 4], abs=0.01)
    assert arrow(drawn(MAYBE)) == pytest.approx([4, 3], abs=0.01)


def test_a_gene_that_may_not_have_moved_is_grey():
    up, maybe = parts(drawn(UP, MAYBE), "arrow")

    assert [each.find(f"{SVG}circle").get("fill") for each in (up, maybe)] == [INK, GREY]


def test_the_difference_is_written_with_its_sign_and_too_few_has_no_arrow():
    root = drawn(UP, MAYBE, FEW)

    assert [text for text in words_of(root) if text in ("+2.0", "−1.0", "too few")] == [
        "+2.0", "−1.0", "too few",
    ]  # fmt: skip
    assert len(parts(root, "arrow")) == 2


def test_a_mean_that_stood_still_is_a_dot():
    (one,) = parts(drawn(("Trust", 3.0, 3.0, 0.0, -0.5, 0.5, 9)), "arrow")

    assert [each.tag for each in one] == [f"{SVG}circle"]


def test_the_picture_says_what_it_is_and_names_are_whole():
    root = drawn(("A gene with <a name> & more", *UP[1:]), watermark="Illustrative ratings")
    said = words_of(root)

    assert "Moved" in said and "Illustrative ratings" in said
    assert "A gene with <a name> & more" in " ".join(said)


def test_a_width_that_holds_no_label_is_refused():
    with pytest.raises(ValueError, match="at least 300"):
        drawn(UP, width=200)
