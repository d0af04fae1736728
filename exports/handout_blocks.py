"""Blocks of a printed page. They know their height before they are drawn: a page can be tried."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from reportlab.lib.colors import HexColor
from reportlab.pdfbase import pdfmetrics

from exports.svg_pdf import BOLD, REGULAR, draw, size, write
from figures.svg_page import INKS, PAD
from figures.svg_text import plain

LINE, BETWEEN = 1.32, 0.35  # Of the type's size: from line to line, and more between paragraphs.
SMALL = 7.5
INK = INKS["light"]


class Block(NamedTuple):
    """Something on the page: its height, and how it is drawn from its upper left corner."""

    height: float
    draw: Callable[[Any, float, float], None]


def stack(blocks: Sequence[Block], gap: float) -> Block:
    """Blocks below each other."""
    shown = [block for block in blocks if block.height]

    def drawn(canvas: Any, x: float, y: float) -> None:
        for block in shown:
            block.draw(canvas, x, y)
            y += block.height + gap

    return Block(sum(b.height for b in shown) + gap * max(len(shown) - 1, 0), drawn)


def beside(blocks: Sequence[Block], offset: float) -> Block:
    """Blocks side by side, each so far from the one before."""

    def drawn(canvas: Any, x: float, y: float) -> None:
        for place, block in enumerate(blocks):
            block.draw(canvas, x + place * offset, y)

    return Block(max(block.height for block in blocks), drawn)


def picture(svg: str, width: float) -> Block:
    """A picture without the room round it, which a column has of its own."""
    wide, high = size(svg)
    scale = width / (wide - 2 * PAD)
    away = PAD * scale
    return Block(
        high * scale - 1.5 * away,
        lambda canvas, x, y: draw(canvas, svg, x - away, y - away, wide * scale),
    )


def text(
    paragraphs: Sequence[str],
    width: float,
    points: float,
    *,
    ink: str = INK.text,
    font: str = REGULAR,
) -> Block:
    """Paragraphs with a little room between them; empty ones are left out."""
    said_lines = [broken(plain(one), width, font, points) for one in paragraphs if one]
    between = points * BETWEEN

    def drawn(canvas: Any, x: float, y: float) -> None:
        canvas.setFillColor(HexColor(ink))
        for lines in said_lines:
            for line in lines:
                y += LINE * points
                write(canvas, line, x, y - 0.3 * points, font, points)
            y += between

    lines = sum(map(len, said_lines))
    return Block(LINE * points * lines + between * max(len(said_lines) - 1, 0), drawn)


def table(rows: Sequence[Sequence[str]], width: float) -> Block:
    """A table whose first column is as wide as two others; the first row is its head."""
    one = width / (len(rows[0]) + 1)
    widths = [2 * one, *[one] * (len(rows[0]) - 1)]
    blocks = []
    for place, row in enumerate(rows):
        font = REGULAR if place else BOLD
        cells = [
            text([cell], wide - 4, SMALL, font=font) for cell, wide in zip(row, widths, strict=True)
        ]
        blocks.append(_row(cells, widths))
    return stack(blocks, 0.1)


def _row(cells: Sequence[Block], widths: Sequence[float]) -> Block:
    high = max(cell.height for cell in cells) + 2

    def drawn(canvas: Any, x: float, y: float) -> None:
        canvas.setStrokeColor(HexColor(INK.grid))
        canvas.setLineWidth(0.5)
        canvas.line(x, y + high, x + sum(widths), y + high)
        for cell, wide in zip(cells, widths, strict=True):
            cell.draw(canvas, x, y)
            x += wide

    return Block(high, drawn)


def broken(text: str, width: float, font: str, points: float) -> list[str]:
    """Text on lines no wider than `width`; a word that is wider is broken inside."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if pdfmetrics.stringWidth(longer, font, points) <= width:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if lines[-1] and pdfmetrics.stringWidth(lines[-1] + letter, font, points) > width:
                lines.append("")
            lines[-1] += letter
    return lines
