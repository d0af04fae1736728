"""The ordered dots as an SVG picture. For what they show and why, see `figures.dots`."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import pandas as pd

from figures.dots import ROW_HEIGHT
from figures.gene_rows import SCORES
from figures.svg_page import GAP, INKS, PAD, Inks, Paper, group, mark, number, picture, tag, text
from figures.svg_text import balanced, widest, width_of
from words import Words

NARROWEST = 300
LABEL, LABEL_LINE, VALUE, TICK = 13, 15, 13, 12
FROM, TO = 0.6, 5.4  # The scale with room for half a bubble at its ends, as on the page.
HEAD = 24
LARGEST, SMALLEST = 19.0, 3.0  # Radius of a bubble that holds every rater, and of the least.
LABEL_SHARE = 0.34


def dots_svg(
    profile: pd.DataFrame,
    *,
    title: str,
    t: Words,
    notes: Sequence[str] = (),
    watermark: str = "",
    width: float = 600,
    paper: Paper = "light",
    alt: str = "",
) -> str:
    """Draw one row per gene, the strongest at the top, as `dna_dots` does, and write the numbers.

    Args:
        profile: One row per gene, with columns gene (its name), n, mean, low, high and n_1 to n_5.
        title, notes, watermark: Inside the picture. Plain text.
        width: Pixels, 300 or more; the height follows.
        paper: As for `radar_svg`.
        alt: What a screen reader says instead; the title if empty. Plain text.

    The mean and how many rated stand at the end of each row: a picture has no hover text.

    Raises:
        ValueError: If the width is too small for labels and scale.
    """
    if width < NARROWEST:
        raise ValueError(f"{width} pixels are too few for the dots: at least {NARROWEST}.")
    inks = INKS[paper]
    ordered = profile.sort_values("mean", ascending=True, na_position="first", kind="stable")
    rows = list(ordered.iloc[::-1].itertuples(index=False))
    labels = [balanced(row.gene, 2, LABEL, most=LABEL_SHARE * width) for row in rows]
    values = [_value(row, t) for row in rows]
    ends = [t("1 absent"), *map(t.number, SCORES[1:-1]), t("5 defining")]
    grid = _grid(labels, values, width)
    y, parts = float(HEAD), []
    for row, label, value in zip(rows, labels, values, strict=True):
        height = max(ROW_HEIGHT, LABEL_LINE * len(label) + 10)
        parts.append(_row(row, label, value, y + height / 2, grid, inks, t))
        y += height
    return picture(
        _scale(ends, grid, y, inks) + "".join(parts),
        width=width,
        height=y,
        title=title,
        notes=[
            t("Dot: mean. Bar: its 95 % interval. Grey bubbles: how many gave each score."),
            *notes,
        ],
        watermark=watermark,
        inks=inks,
        alt=alt,
    )


@dataclass(frozen=True)
class _Grid:
    """Where a score is across the picture, and where labels and values stand."""

    left: float
    right: float
    values: float

    def x(self, score: float) -> float:
        return self.left + (score - FROM) / (TO - FROM) * (self.right - self.left)


def _grid(labels: Sequence[list[str]], values: Sequence[tuple[str, str]], width: float) -> _Grid:
    wide = max((widest(lines, LABEL) for lines in labels), default=0.0)
    said = max((widest(pair, VALUE, bold=True) for pair in values), default=0.0)
    return _Grid(PAD + wide + GAP, width - PAD - said - GAP / 2, width - PAD)


def _value(row: Any, t: Words) -> tuple[str, str]:
    if row.n == 0:
        return "", ""
    return t.number(row.mean, 1), t("n = {n}", n=t.number(int(row.n)))


def _scale(ends: Sequence[str], grid: _Grid, bottom: float, inks: Inks) -> str:
    lines = (tag("path", d=f"M{number(grid.x(score))} {HEAD}V{number(bottom)}") for score in SCORES)
    words = [
        text(said, _tick(place, ends, grid), HEAD - 8, text_anchor="middle")
        for place, said in enumerate(ends)
    ]
    return group(*lines, stroke=inks.grid, stroke_opacity=inks.faint, data_part="scale") + group(
        *words, font_size=TICK, fill=inks.soft
    )


def _tick(place: int, ends: Sequence[str], grid: _Grid) -> float:
    """The middle of a score's words: above its line, or beside it where the next is too near."""
    x, half = grid.x(SCORES[place]), width_of(ends[place], TICK) / 2
    if place == 0:
        x = min(x, grid.x(SCORES[1]) - half - GAP)
    if place == len(SCORES) - 1:
        x = max(x, grid.x(SCORES[-2]) + half + GAP)
    return min(max(x, PAD + half), grid.values - half)


def _row(
    row: Any,
    label: Sequence[str],
    value: tuple[str, str],
    y: float,
    grid: _Grid,
    inks: Inks,
    t: Words,
) -> str:
    first = y - LABEL_LINE * len(label) / 2 + 11
    named = [
        text(line, grid.left - GAP, first + LABEL_LINE * place) for place, line in enumerate(label)
    ]
    parts = [group(*named, font_size=LABEL, text_anchor="end", fill=inks.text, data_part="label")]
    if row.n == 0:
        said = text(
            t("not rated"),
            grid.x(3),
            y + 4,
            font_size=LABEL,
            font_style="italic",
            text_anchor="middle",
            fill=inks.soft,
        )
        return group(*parts, said, data_part="row")
    mean, n = value
    numbers = [
        text(mean, grid.values, y - 1, font_size=VALUE, font_weight="bold", fill=inks.text),
        text(n, grid.values, y + 13, font_size=VALUE - 1, fill=inks.soft),
    ]
    parts += [_spread(row, y, grid, inks), *_mean(row, y, grid, inks)]
    return group(*parts, group(*numbers, text_anchor="end"), data_part="row")


def _spread(row: Any, y: float, grid: _Grid, inks: Inks) -> str:
    """A bubble per score, its area the share of raters who gave it."""
    bubbles = []
    for score in SCORES:
        if count := int(getattr(row, f"n_{score}")):
            radius = max(LARGEST * sqrt(count / row.n), SMALLEST)
            bubbles.append(tag("circle", cx=grid.x(score), cy=y, r=radius))
    return group(*bubbles, fill=inks.grey, fill_opacity=0.35, data_part="spread")


def _mean(row: Any, y: float, grid: _Grid, inks: Inks) -> list[str]:
    ink, parts = inks.outlines[0], []
    if pd.notna(row.low):
        low, high, at = number(grid.x(row.low)), number(grid.x(row.high)), number(y)
        ends = f"M{low} {number(y - 6)}v12M{high} {number(y - 6)}v12"
        bar = tag("path", d=f"M{low} {at}H{high}{ends}", stroke=ink, stroke_width=3)
        parts.append(group(bar, data_part="interval"))
    parts.append(group(mark("circle", grid.x(row.mean), y, 12), fill=ink, data_part="mean"))
    return parts
