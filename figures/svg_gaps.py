"""The grid of counts as an SVG picture. For what it shows and why, see `figures.gaps`."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from figures.gaps import GLYPHS, INK, check, key_notes, shade
from figures.svg_page import GAP, INKS, PAD, Inks, Paper, group, number, picture, tag, text
from figures.svg_text import balanced, widest, wrapped
from words import Words

NARROWEST = 300
LABEL, LINE, CELL, ROW = 12, 14, 28, 36
LABEL_SHARE = 0.36
HEAD_LONGEST = 150


def count_grid_svg(
    cells: pd.DataFrame,
    *,
    rows: Mapping[str, str],
    columns: Mapping[str, str],
    title: str,
    t: Words,
    notes: Sequence[str] = (),
    width: float = 600,
    paper: Paper = "light",
    alt: str = "",
) -> str:
    """Draw one square per row and column with its number, as `count_grid` does.

    Args:
        cells: Columns row, column, n and state.
        rows, columns, title, notes, t: As for `count_grid`.
        width: Pixels, 300 or more; the height follows.
        paper: As for `radar_svg`.
        alt: What a screen reader says instead; the title if empty. Plain text.

    Raises:
        ValueError: If the width is too small, or as `figures.gaps.check`.
    """
    if width < NARROWEST:
        raise ValueError(f"{width} pixels are too few for the grid: at least {NARROWEST}.")
    check(cells, rows, columns)
    inks = INKS[paper]
    names = [balanced(name, 2, LABEL, most=LABEL_SHARE * width) for name in rows.values()]
    heads = [wrapped(name, HEAD_LONGEST, LABEL) for name in columns.values()]
    left = PAD + max((widest(lines, LABEL) for lines in names), default=0.0) + GAP
    top = max((widest(lines, LABEL) for lines in heads), default=0.0) + GAP
    pitch = min((width - PAD - left) / max(len(columns), 1), 90)
    row = max(ROW, LINE * max(map(len, names), default=1) + 6)
    x = {name: left + pitch * (place + 0.5) for place, name in enumerate(columns)}
    y = {name: top + row * (place + 0.5) for place, name in enumerate(rows)}
    each: Any = cells.itertuples(index=False)
    drawn = [_cell(cell, x[cell.column], y[cell.row], inks) for cell in each]
    height = top + row * len(rows)
    return picture(
        _heads(heads, list(x.values()), top, inks)
        + _names(names, left, list(y.values()), inks)
        + "".join(drawn),
        width=width,
        height=height,
        title=title,
        notes=[*key_notes(cells, t), *notes],
        inks=inks,
        alt=alt,
    )


def _cell(cell: Any, x: float, y: float, inks: Inks) -> str:
    glyph = GLYPHS.get(cell.state)
    square = tag(
        "rect",
        x=x - CELL / 2,
        y=y - CELL / 2,
        width=CELL,
        height=CELL,
        fill="none" if glyph else f"rgb({INK[0]},{INK[1]},{INK[2]})",
        fill_opacity=None if glyph else f"{shade(cell.n)}",
        stroke=inks.grey,
        stroke_opacity="0.4",
    )
    said = text(glyph or cell.n, x, y + 5, font_size=13, text_anchor="middle", fill=inks.text)
    return group(square, said, data_part="cell")


def _heads(heads: Sequence[list[str]], x: Sequence[float], top: float, inks: Inks) -> str:
    words = []
    for lines, at in zip(heads, x, strict=True):
        first = at + 4 - LINE * (len(lines) - 1) / 2
        for place, line in enumerate(lines):
            turn = f"translate({number(first + LINE * place)} {number(top - 6)}) rotate(-90)"
            words.append(group(text(line, 0, 0), transform=turn))
    return group(*words, font_size=LABEL, fill=inks.text, data_part="heads")


def _names(names: Sequence[list[str]], left: float, y: Sequence[float], inks: Inks) -> str:
    words = []
    for lines, at in zip(names, y, strict=True):
        first = at - LINE * len(lines) / 2 + 11
        words += [text(line, left - GAP, first + LINE * p) for p, line in enumerate(lines)]
    return group(*words, font_size=LABEL, text_anchor="end", fill=inks.text, data_part="label")
