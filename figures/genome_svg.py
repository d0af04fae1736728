"""Heat tables as an SVG picture. For what they show and why, see `figures.genome`."""

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from figures.genome import SHADES, check, shade
from figures.svg_page import INKS, PAD, Inks, Paper, group, picture, tag, text
from figures.svg_text import balanced, widest, wrapped
from words import Words

LABEL, LINE, CELL, GAP = 12, 14.5, 58.0, 2.0  # A heading may be twice as wide as a cell.
LABEL_WIDTH = 230.0
BLUE = "#2a7fb5"


def heat_svg(
    values: pd.DataFrame,
    texts: pd.DataFrame,
    *,
    rows: Mapping[str, str],
    columns: Mapping[str, str],
    title: str,
    ends: tuple[str, str],
    t: Words,
    notes: Sequence[str] = (),
    made_up: Collection[str] = (),
    marked: Collection[tuple[str, str]] = (),
    mark_says: str = "",
    watermark: str = "",
    paper: Paper = "light",
    alt: str = "",
) -> str:
    """Draw a heat table with its numbers; arguments as for `heat_table` and `dots_svg`.

    The width follows the number of columns, the height that of the rows. Rows that are made up are
    in italics, besides what the watermark says.

    Raises:
        ValueError: As `figures.genome.check`.
    """
    check(values)
    inks = INKS[paper]
    names = {row: wrapped(rows[row], LABEL_WIDTH, LABEL) for row in map(str, values.index)}
    heads = {column: balanced(columns[column], 4, LABEL, most=2 * CELL) for column in columns}
    side = max([widest(heads[column], LABEL) for column in columns] + [CELL]) + GAP + 4
    left = PAD + LABEL_WIDTH + 8
    top = LINE * max((len(lines) for lines in heads.values()), default=1) + 8
    parts = [
        _lines(heads[column], left + side * (place + 0.5), top - 8, inks.text, "middle")
        for place, column in enumerate(columns)
    ]
    shades, words = values.T.to_dict(), texts.T.to_dict()
    y = top
    for row in map(str, values.index):
        height = max(LINE * len(names[row]), LINE) + 10
        middle = y + height / 2 + LINE * len(names[row]) / 2 - 4
        parts.append(_lines(names[row], PAD, middle, inks.text, "start"))
        for place, column in enumerate(columns):
            said = words[row][column] + (" ◆" if (row, column) in marked else "")
            at = (left + side * place, y, side - GAP, height - GAP)
            parts.append(_cell(shades[row][column], said, at, inks, row in made_up))
        y += height
    explained = t("Palest: {low}. Darkest: {high}.", low=ends[0], high=ends[1])
    marks = t("◆ {meaning}.", meaning=mark_says) if marked else ""
    return picture(
        "".join(parts),
        width=max(left + side * len(columns) + PAD, 420),
        height=y,
        title=title,
        notes=[explained, marks, *notes],
        watermark=watermark,
        inks=inks,
        alt=alt,
    )


def _lines(lines: Sequence[str], x: float, bottom: float, ink: str, anchor: str) -> str:
    """Lines of text above each other, the last on `bottom`."""
    first = bottom - LINE * (len(lines) - 1)
    said = (text(line, x, first + LINE * place) for place, line in enumerate(lines))
    return group(*said, font_size=LABEL, fill=ink, text_anchor=anchor)


def _cell(
    value: float, said: str, at: tuple[float, float, float, float], inks: Inks, made_up: bool
) -> str:
    x, y, width, height = at
    words = text(
        said,
        x + width / 2,
        y + height / 2 + 4,
        font_size=LABEL,
        text_anchor="middle",
        font_style="italic" if made_up else None,
        fill=inks.text,
    )
    if pd.isna(value):
        box = tag(
            "rect",
            x=x,
            y=y,
            width=width,
            height=height,
            rx=2,
            fill="none",
            stroke=inks.grey,
            stroke_dasharray="3 3",
        )
        return box + words
    # Two decimals, which the elements' own numbers do not have.
    opacity = f"{0.08 + 0.62 * shade(value) / (SHADES - 1):.2f}"
    box = tag("rect", x=x, y=y, width=width, height=height, rx=2, fill=BLUE, fill_opacity=opacity)
    return box + words
