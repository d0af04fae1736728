"""The radar as an SVG picture. For what it shows and why, see `figures.radar`."""

from collections.abc import Sequence
from math import cos, pi, sin
from typing import Any

import pandas as pd

from figures.radar import MOST_OUTLINES, SYMBOLS
from figures.svg_page import GAP, INKS, PAD, Inks, Paper, group, mark, number, picture, tag, text
from figures.svg_radar_labels import Label, block, placed
from figures.svg_text import wrapped
from words import Words

DASHES = (None, "9 6", "2 5")  # In the order of Plotly's solid, dash and dot.
NARROWEST = 240
MOST_RADIUS = 200.0
LEGEND, LEGEND_LINE, SAMPLE = 13, 18, 44

Point = tuple[float, float]


def radar_svg(
    profiles: pd.DataFrame,
    *,
    title: str,
    t: Words,
    notes: Sequence[str] = (),
    watermark: str = "",
    rating_max: int = 5,
    width: float = 600,
    paper: Paper = "light",
    alt: str = "",
) -> str:
    """Draw one outline per story, with one axis per gene, as `dna_radar` does.

    Args:
        profiles: One row per story and gene, with columns name (what the legend shows), gene,
            mean, low, high. Genes come in the order of the axes. NaN is a gap in the outline.
        title, notes, watermark: Inside the picture. Plain text.
        rating_max: The outer edge, the same for every radar.
        width: Pixels, 240 or more; the height follows.
        paper: "light" or "dark" puts the picture on that ground; None leaves it transparent, in
            inks that have 3:1 on either.
        alt: What a screen reader says instead; the title if empty. Plain text.

    Raises:
        ValueError: For more than three outlines, or a width too small for any label.
    """
    names, genes = list(profiles["name"].unique()), list(profiles["gene"].unique())
    if len(names) > MOST_OUTLINES:
        raise ValueError(f"A radar holds {MOST_OUTLINES} outlines, not {len(names)}.")
    if width < NARROWEST:
        raise ValueError(f"{width} pixels are too few for a radar: at least {NARROWEST}.")
    inks = INKS[paper]
    labels, radius = placed(_labels(profiles, genes, t), width, MOST_RADIUS)
    top = min([label.top for label in labels], default=-radius) - 2
    bottom = max([radius, *(label.bottom for label in labels)]) + 2
    dial = _Dial(radius, rating_max, max(len(genes), 1))
    drawing = [_scale(dial, inks)]
    for place, name in enumerate(names):
        story = profiles[profiles["name"] == name].set_index("gene").reindex(genes)
        drawing.append(_outline(story, dial, place, inks, alone=len(names) == 1))
    drawing += [_numbers(dial, inks), *(_label(label, inks) for label in labels)]
    legend, more = _legend(names, width, bottom - top + GAP, inks)
    return picture(
        group(*drawing, transform=f"translate({number(width / 2)} {number(-top)})") + legend,
        width=width,
        height=bottom - top + more,
        title=title,
        notes=notes,
        watermark=watermark,
        inks=inks,
        alt=alt,
    )


class _Dial:
    """Where a value of a gene is, from the centre at 0, 0; clockwise from the top."""

    def __init__(self, radius: float, rating_max: int, spokes: int) -> None:
        self.radius, self.rating_max, self.spokes = radius, rating_max, spokes

    def point(self, place: int, value: float) -> Point:
        angle = 2 * pi * place / self.spokes
        reach = self.radius * value / self.rating_max
        return reach * sin(angle), -reach * cos(angle)


def _scale(dial: _Dial, inks: Inks) -> str:
    rings = (
        tag("circle", r=dial.radius * ring / dial.rating_max)
        for ring in range(1, dial.rating_max + 1)
    )
    spokes = (
        tag("path", d=f"M0 0{_line(dial.point(place, dial.rating_max))}")
        for place in range(dial.spokes)
    )
    return group(
        *rings, *spokes, fill="none", stroke=inks.grid, stroke_opacity=inks.faint, data_part="scale"
    )


def _numbers(dial: _Dial, inks: Inks) -> str:
    """The scale's numbers, left of the upper spoke, on the paper's ground over any outline."""
    written = (
        text(value, -5, dial.point(0, value)[1] + 4) for value in range(1, dial.rating_max + 1)
    )
    return group(
        *written,
        font_size=11,
        text_anchor="end",
        fill=inks.soft,
        stroke=inks.paper or None,
        stroke_width=3 if inks.paper else None,
        paint_order="stroke" if inks.paper else None,
    )


def _outline(story: pd.DataFrame, dial: _Dial, place: int, inks: Inks, *, alone: bool) -> str:
    means = [None if pd.isna(mean) else float(mean) for mean in story["mean"]]
    ink, complete = inks.outlines[place], bool(means) and None not in means
    bars = [
        tag("path", d=f"M{_pair(dial.point(spoke, low))}{_line(dial.point(spoke, high))}")
        for spoke, (low, high) in enumerate(zip(story["low"], story["high"], strict=True))
        if pd.notna(low)
    ]
    marks = [
        mark(SYMBOLS[place], *dial.point(spoke, mean), 9)
        for spoke, mean in enumerate(means)
        if mean is not None
    ]
    line = tag(
        "path",
        d=_closed(means, dial),
        fill=ink if alone and complete else "none",
        fill_opacity=0.18,
        stroke=ink,
        stroke_width=2.5,
        stroke_linejoin="round",
        stroke_dasharray=DASHES[place],
        data_part="outline",
    )
    return group(
        line,
        # With one outline the bars are grey, as on the page; with several, whose they are counts.
        group(
            *bars,
            stroke=inks.grey if alone else ink,
            stroke_width=4,
            stroke_opacity=None if alone else 0.5,
            data_part="intervals",
        ),
        group(*marks, fill=ink, data_part="means"),
    )


def _closed(means: Sequence[float | None], dial: _Dial) -> str:
    """The outline back to where it began, begun anew after each gap."""
    path, drawing = "", False
    for spoke, mean in enumerate([*means, *means[:1]]):
        if mean is not None:
            point = dial.point(spoke % len(means), mean)
            path += _line(point) if drawing else f"M{_pair(point)}"
        drawing = mean is not None
    return path


def _pair(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"


def _line(point: Point) -> str:
    return f"L{_pair(point)}"


def _labels(profiles: pd.DataFrame, genes: Sequence[Any], t: Words) -> list[tuple[str, str]]:
    unrated = profiles.groupby("gene")["mean"].apply(lambda means: means.isna().all())
    return [(str(gene), t("not rated") if unrated[gene] else "") for gene in genes]


def _label(label: Label, inks: Inks) -> str:
    return block(label, fill=inks.text, fill_note=inks.soft)


def _legend(names: Sequence[str], width: float, y: float, inks: Inks) -> tuple[str, float]:
    """Whose outline is whose, a story below the other, and the height that takes."""
    if len(names) < 2:
        return "", 0
    parts, height = [], float(GAP)
    for place, name in enumerate(names):
        ink, middle = inks.outlines[place], y + height + LEGEND_LINE / 2 - GAP
        line = tag(
            "path",
            d=f"M{PAD} {number(middle)}h{SAMPLE - 10}",
            stroke=ink,
            stroke_width=2.5,
            stroke_dasharray=DASHES[place],
        )
        parts += [line, mark(SYMBOLS[place], PAD + (SAMPLE - 10) / 2, middle, 9, fill=ink)]
        for part in wrapped(name, width - 2 * PAD - SAMPLE, LEGEND):
            parts.append(
                text(part, PAD + SAMPLE, y + height + 13 - GAP, font_size=LEGEND, fill=inks.text)
            )
            height += LEGEND_LINE
    return group(*parts, data_part="legend"), height
