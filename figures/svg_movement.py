"""How a room's means moved between two rounds, as arrows in an SVG picture."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from figures.svg_page import GAP, INKS, PAD, Inks, Paper, group, mark, number, picture, tag, text
from figures.svg_text import balanced, widest
from words import Words

NARROWEST = 300
SCORES = (1, 2, 3, 4, 5)
LABEL, LABEL_LINE, VALUE, TICK = 13, 15, 13, 12
ROW, HEAD = 34, 24
LABEL_SHARE = 0.36
SAME = 0.05  # Below this an arrow is shorter than its head: a dot says that nothing moved.


def movement_svg(
    movement: pd.DataFrame,
    *,
    title: str,
    t: Words,
    notes: Sequence[str] = (),
    watermark: str = "",
    width: float = 600,
    paper: Paper = "light",
    alt: str = "",
) -> str:
    """Draw an arrow per gene, from its mean in the first round to its mean in the second.

    Args:
        movement: One row per gene, in the order of the rows, with columns gene (its name), mean_1,
            mean_2, difference, low and high (95 % interval of the difference). Without means
            (NaN), too few people rated the gene twice.
        title, notes, watermark: Inside the picture. Plain text.
        width: Pixels, 300 or more; the height follows.
        paper: As for `figures.svg_radar.radar_svg`.
        alt: What a screen reader says instead; the title if empty. Plain text.

    An arrow is grey where the interval of the difference holds 0: that gene may not have moved.

    Raises:
        ValueError: If the width is too small for labels and scale.
    """
    if width < NARROWEST:
        raise ValueError(f"{width} pixels are too few for the arrows: at least {NARROWEST}.")
    inks, rows = INKS[paper], list(movement.itertuples(index=False))
    labels = [balanced(row.gene, 2, LABEL, most=LABEL_SHARE * width) for row in rows]
    values = [_value(row, t) for row in rows]
    left = PAD + max((widest(lines, LABEL) for lines in labels), default=0.0) + GAP + 8
    right = width - PAD - widest(values, VALUE, bold=True) - GAP - 8
    y, parts = float(HEAD), []
    for row, label, value in zip(rows, labels, values, strict=True):
        high = max(ROW, LABEL_LINE * len(label) + 6)
        at = _At(left, right, y + high / 2)
        parts.append(_row(row, label, value, at, width - PAD, inks))
        y += high
    return picture(
        _scale(_At(left, right, HEAD), y, inks) + "".join(parts),
        width=width,
        height=y,
        title=title,
        notes=[t("From the mean of round 1 to that of round 2. Grey: may not have moved."), *notes],
        watermark=watermark,
        inks=inks,
        alt=alt,
    )


class _At:
    """Where a score is across the picture, and the middle of a row."""

    def __init__(self, left: float, right: float, y: float) -> None:
        self.left, self.right, self.y = left, right, y

    def x(self, score: float) -> float:
        return self.left + (score - SCORES[0]) / (SCORES[-1] - SCORES[0]) * (self.right - self.left)


def _value(row: Any, t: Words) -> str:
    if pd.isna(row.difference):
        return t("too few")
    sign = "+" if row.difference > 0 else "−" if row.difference < 0 else ""
    return sign + t.number(abs(row.difference), 1)


def _scale(at: _At, bottom: float, inks: Inks) -> str:
    lines = (tag("path", d=f"M{number(at.x(score))} {HEAD}V{number(bottom)}") for score in SCORES)
    words = (text(score, at.x(score), HEAD - 8, text_anchor="middle") for score in SCORES)
    return group(*lines, stroke=inks.grid, stroke_opacity=inks.faint, data_part="scale") + group(
        *words, font_size=TICK, fill=inks.soft
    )


def _row(row: Any, label: Sequence[str], value: str, at: _At, end: float, inks: Inks) -> str:
    first = at.y - LABEL_LINE * len(label) / 2 + 11
    named = (
        text(line, at.left - GAP - 8, first + LABEL_LINE * place)
        for place, line in enumerate(label)
    )
    parts = [group(*named, font_size=LABEL, text_anchor="end", fill=inks.text, data_part="label")]
    moved = row.low > 0 or row.high < 0
    parts.append(
        text(
            value,
            end,
            at.y + 5,
            font_size=VALUE,
            font_weight="bold" if moved else None,
            text_anchor="end",
            fill=inks.text if moved else inks.soft,
        )
    )
    if pd.notna(row.mean_1) and pd.notna(row.mean_2):
        parts.append(_arrow(row, at, inks.outlines[0] if moved else inks.grey))
    return group(*parts, data_part="row")


def _arrow(row: Any, at: _At, ink: str) -> str:
    start, tip, y = at.x(row.mean_1), at.x(row.mean_2), at.y
    dot = mark("circle", start, y, 8, fill=ink)
    if abs(row.mean_2 - row.mean_1) < SAME:
        return group(dot, data_part="arrow")
    back = -9 if tip > start else 9
    line = tag("path", d=f"M{number(start)} {number(y)}H{number(tip + back)}")
    head = tag(
        "path",
        d=f"M{number(tip)} {number(y)}L{number(tip + back)} {number(y - 6)}"
        f"L{number(tip + back)} {number(y + 6)}z",
        fill=ink,
    )
    return group(dot, group(line, stroke=ink, stroke_width=3), head, data_part="arrow")
