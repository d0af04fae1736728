"""Colours that a colour-blind minister tells apart, and text that is read from the back row."""

import itertools
import tomllib

import numpy as np
import pytest
from test_build import ROOT

CONFIG = ROOT / ".streamlit" / "config.toml"
THEMES = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"]
BOTH = pytest.mark.parametrize("theme", ["light", "dark"])
# Machado, Oliveira and Fernandes (2009), "A physiologically-based model for simulation of color
# vision deficiency", severity 1.0, on linear RGB.
SIGHT = {
    "full": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
# CIE Lab distance; about 2 is just visible side by side. A palette of ten that reaches much more
# in all four has colours nobody would hang on a wall; markers, dashes and labels differ as well.
APART = 15
FIRST_THREE_APART = 20  # As many outlines as a radar holds.
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)


def linear(colour):
    shares = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    return np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """The contrast of WCAG 2: from 1 to 21."""
    dark, light = sorted(0.05 + float(TO_XYZ[1] @ linear(colour)) for colour in (one, other))
    return light / dark


def lab(rgb):
    shares = TO_XYZ @ np.clip(rgb, 0, 1) / np.array([0.95047, 1, 1.08883])
    x, y, z = np.where(shares > 216 / 24389, np.cbrt(shares), (24389 / 27 * shares + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def nearest(colours, sight):
    seen = [lab(SIGHT[sight] @ linear(colour)) for colour in colours]
    return min(float(np.linalg.norm(a - b)) for a, b in itertools.combinations(seen, 2))


def test_contrast_is_what_wcag_says():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@BOTH
def test_ten_chart_colours_each_stand_out_from_the_page(theme):
    colours, page = THEMES[theme]["chartCategoricalColors"], THEMES[theme]["backgroundColor"]

    assert len(set(colours)) == 10
    assert {
        colour: contrast(colour, page) for colour in colours if contrast(colour, page) < 3
    } == {}


@BOTH
@pytest.mark.parametrize("sight", SIGHT)
def test_no_two_chart_colours_look_alike_to_anyone(theme, sight):
    colours = THEMES[theme]["chartCategoricalColors"]

    assert nearest(colours, sight) >= APART
    assert nearest(colours[:3], sight) >= FIRST_THREE_APART


@BOTH
def test_text_is_read_from_the_back_row(theme):
    looks = THEMES[theme]
    for ground in ("backgroundColor", "secondaryBackgroundColor"):
        assert contrast(looks["textColor"], looks[ground]) >= 7
        assert contrast(looks["grayTextColor"], looks[ground]) >= 4.5
        assert contrast(looks["linkColor"], looks[ground]) >= 4.5


@BOTH
def test_white_text_is_read_on_the_main_button(theme):
    assert contrast(THEMES[theme]["primaryColor"], "#ffffff") >= 4.5
