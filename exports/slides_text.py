"""Where text stands on a slide, and how large it can be. Points; 72 to the inch.

Type is never smaller than 18 points: a slide is read from the last row. Arial is on every computer
or has a twin of the same widths there.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from pptx.util import Pt

from figures.svg_text import plain, wrapped

FONT = "Arial"
SMALLEST = 18
SIZES = (22, 20, SMALLEST)
WIDTH, HEIGHT, EDGE = 960, 540, 36  # 13.33 by 7.5 inches.
LINE, BETWEEN = 1.2, 0.4  # Of the type's size: from line to line, and more between paragraphs.
NARROWER = 1.08  # Arial's letters beside those of the font that widths are measured in, at least.


class Box(NamedTuple):
    """A place on a slide."""

    left: float
    top: float
    width: float
    height: float

    @property
    def emu(self) -> tuple[Any, Any, Any, Any]:
        return Pt(self.left), Pt(self.top), Pt(self.width), Pt(self.height)


OPENING = Box(EDGE, 130, WIDTH - 2 * EDGE, 160)
BELOW = Box(EDGE, 310, WIDTH - 2 * EDGE, 170)
BADGE = Box(EDGE, 4, WIDTH - 2 * EDGE, 24)
TITLE = Box(EDGE, 28, WIDTH - 2 * EDGE, 66)
BODY = Box(EDGE, 96, WIDTH - 2 * EDGE, 366)
FOOTER = Box(EDGE, 466, WIDTH - 2 * EDGE, 66)


def fitted(
    paragraphs: Sequence[str], box: Box, sizes: Sequence[int], *, bold: bool = False
) -> tuple[int, list[str]]:
    """The largest size at which paragraphs fit into a box, and the paragraphs.

    If even the smallest is too large, what does not fit is left out behind a “…”.
    """
    said = [text for text in map(plain, paragraphs) if text]
    for size in sizes:
        lines = [_lines(text, box.width, size, bold) for text in said]
        if _height([len(each) for each in lines], size) <= box.height:
            return size, said
    return sizes[-1], _cut(said, box, sizes[-1], bold)


def _height(lines: Sequence[int], size: int) -> float:
    return (sum(lines) * LINE + max(len(lines) - 1, 0) * BETWEEN) * size


def _lines(text: str, width: float, size: int, bold: bool) -> list[str]:
    return wrapped(text, width * NARROWER, size, bold=bold)


def _cut(said: Sequence[str], box: Box, size: int, bold: bool) -> list[str]:
    kept: list[str] = []
    room = box.height
    for text in said:
        lines = _lines(text, box.width, size, bold)
        most = int(room // (LINE * size))
        if most < len(lines):
            return [*kept, " ".join(lines[:most])[:-1].rstrip() + "…"] if most > 0 else kept
        kept.append(text)
        room -= (len(lines) * LINE + BETWEEN) * size
    return kept


def taken(
    paragraphs: Sequence[str], box: Box, sizes: Sequence[int], *, bold: bool = False
) -> float:
    """The height in points that paragraphs take of a box."""
    size, said = fitted(paragraphs, box, sizes, bold=bold)
    return _height([len(_lines(text, box.width, size, bold)) for text in said], size)
