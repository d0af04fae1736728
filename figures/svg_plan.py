"""What a story rests on against what was said, as an SVG picture. See `figures.plan`."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from figures.gene_rows import SCORES
from figures.plan import reading_note
from figures.svg_page import GAP, INKS, PAD, Inks, Paper, group, mark, number, picture, tag, text
from figures.svg_text import balanced, widest
from words import Words

NARROWEST = 300
LABEL, LINE, VALUE, ROW, HEAD = 13, 15, 12, 38, 24
LABEL_SHARE = 0.36
FROM, TO = 0.6, 5.4


def needs_svg(
    rows: pd.DataFrame,
    *,
    title: str,
    t: Words,
    notes: Sequence[str] = (),
    watermark: str = "",
    width: float = 600,
    paper: Paper = "light",
    alt: str = "",
) -> str:
    """Draw one row per gene, as `needs_chart` does.

    Args:
        rows: Columns gene (its name), mean, low, high and level.
        title, notes, watermark: Inside the picture. Plain text.
        t: The words of the visitor's language.
        width: Pixels, 300 or more; the height follows.
        paper: As for `radar_svg`.
        alt: What a screen reader says instead; the title if empty. Plain text.

    Raises:
        ValueError: If the width is too small for labels and scale.
    """
    if width < NARROWEST:
        raise ValueError(f"{width} pixels are too few for the genes: at least {NARROWEST}.")
    inks = INKS[paper]
    each: list[Any] = list(rows.itertuples(index=False))
    names = [balanced(row.gene, 2, LABEL, most=LABEL_SHARE * width) for row in each]
    pitch = max(ROW, LINE * max(map(len, names), default=1) + 6)
    left = PAD + max((widest(lines, LABEL) for lines in names), default=0.0) + GAP

    def x(score: float) -> float:
        return left + (score - FROM) / (TO - FROM) * (width - PAD - left)

    bottom = HEAD + pitch * len(each)
    lines = (tag("path", d=f"M{number(x(score))} {HEAD}V{number(bottom)}") for score in SCORES)
    ticks = (text(score, x(score), HEAD - 8, text_anchor="middle") for score in SCORES)
    scale = group(*lines, stroke=inks.grid, stroke_opacity=inks.faint) + group(
        *ticks, font_size=VALUE, fill=inks.soft
    )
    drawn = [
        _row(row, name, HEAD + pitch * (place + 0.5), x, left, inks, t)
        for place, (row, name) in enumerate(zip(each, names, strict=True))
    ]
    return picture(
        scale + "".join(drawn),
        width=width,
        height=bottom,
        title=title,
        notes=[reading_note(t), *notes],
        watermark=watermark,
        inks=inks,
        alt=alt,
    )


def _row(row: Any, name: Sequence[str], y: float, x: Any, left: float, inks: Inks, t: Words) -> str:
    first = y - LINE * len(name) / 2 + 11
    named = [text(line, left - GAP, first + LINE * place) for place, line in enumerate(name)]
    parts = [group(*named, font_size=LABEL, text_anchor="end", fill=inks.text, data_part="label")]
    known, said = pd.notna(row.mean), pd.notna(row.level)
    if known and said:
        line = tag("path", d=f"M{number(x(row.level))} {number(y)}H{number(x(row.mean))}")
        parts.append(group(line, stroke=inks.grey, stroke_width=2, stroke_opacity=0.6))
    if known:
        if pd.notna(row.low):
            bar = tag("path", d=f"M{number(x(row.low))} {number(y)}H{number(x(row.high))}")
            parts.append(group(bar, stroke=inks.outlines[0], stroke_width=4, data_part="interval"))
        dot = mark("circle", x(row.mean), y, 12)
        parts.append(group(dot, fill=inks.outlines[0], data_part="mean"))
    else:
        parts.append(
            text(
                t("not rated"), x(4.3), y + 4, font_size=VALUE, text_anchor="middle", fill=inks.soft
            )
        )
    if said:
        level = mark("diamond-open", x(row.level), y, 12)
        parts.append(group(level, fill="none", stroke=inks.grey, stroke_width=3, data_part="level"))
    return group(*parts, data_part="row")
