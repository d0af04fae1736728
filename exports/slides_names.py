"""Where names stand in a chart: round a radar, beside bars, in the legend.

Programs place them by rules of their own; the room is measured here, so that no name is cut and
none is left out.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import ceil, pi, sin

from exports.slides_sheet import Numbers
from exports.slides_text import NARROWER, SMALLEST, Box
from figures.svg_text import balanced, widest, wrapped

LINE = 22  # Points from line to line of a name.
NEAR, FAR = 175, 330  # Points for a name round a radar, with words beside the radar and without.
BESIDE = 0.3  # A spoke this far to a side has its name beside it, others above or below.
LABEL_MOST = 0.5  # Of the chart's width, for names beside bars.
LEGEND_LINE, LEGEND_MARK = 26, 34  # Points: the height of a line, and a mark with its room.
SCALE_ROW = 30
ROWS_HEIGHT = 240  # Points for the rows of a chart, below words and above a legend.

Shares = tuple[float, float, float, float]


def around(genes: Sequence[str], gaps: Sequence[str], width: float) -> list[str]:
    """Names round a radar on short lines, each with what is said below it ("" for nothing)."""
    labels = []
    for spoke, (gene, gap) in enumerate(zip(genes, gaps, strict=True)):
        aside = abs(sin(2 * pi * spoke / len(genes))) > BESIDE
        most = width if aside else min(width, NEAR)
        if aside and width == FAR:  # There is room for both in two lines.
            labels.append("\n".join(balanced(f"{gene} {gap}", 2, SMALLEST, most=most)))
        else:
            lines = balanced(gene, 2, SMALLEST, most=most)
            labels.append("\n".join([*lines, *wrapped(gap, most, SMALLEST)]))
    return labels


def circle(numbers: Numbers, box: Box) -> Shares:
    """The room that the names round a radar leave it: x, y, width, height."""
    lines = [gene.split("\n") for gene in numbers.genes]
    half = len(lines) // 2
    above = LINE * len(lines[0]) + 12
    below = LINE * max(map(len, lines[half : half + 1 + len(lines) % 2])) + 12
    aside = min(max(widest(each, SMALLEST) for each in lines), 0.36 * box.width)
    high = box.height - above - below - legend_height(numbers, box)
    return aside / box.width, above / box.height, 1 - 2 * aside / box.width, high / box.height


def rows(numbers: Numbers, box: Box) -> Shares:
    """The room that names beside bars, the scale and the legend leave the bars."""
    wide = max(widest(label_lines(gene, box), SMALLEST) for gene in numbers.genes)
    left, top = (wide / NARROWER + 14) / box.width, SCALE_ROW / box.height
    return left, top, 0.97 - left, 1 - top - (legend_height(numbers, box) + 6) / box.height


def legend_height(numbers: Numbers, box: Box) -> float:
    """The points that a legend below the chart takes: its names stand in columns."""
    if len(numbers.series) < 2:
        return 0
    one = widest([name for name, _ in numbers.series], SMALLEST) + LEGEND_MARK
    return LEGEND_LINE * ceil(len(numbers.series) / max(int(box.width // one), 1))


def label_lines(gene: str, box: Box) -> list[str]:
    """A name beside bars: on one line if that fits, else on as few as possible."""
    most = LABEL_MOST * box.width * NARROWER
    one = wrapped(gene, most, SMALLEST)
    return one if len(one) < 2 else balanced(gene, len(one), SMALLEST, most=most)


def pages(genes: Sequence[str], box: Box) -> Iterator[slice]:
    """Which rows of a chart stand on one slide, so that names have room."""
    lines = [len(label_lines(gene, box)) for gene in genes]
    # A name is in the middle of its row: it may use what its neighbours leave.
    need = max((one + other) / 2 * LINE for one, other in pairwise([*lines, lines[-1]]))
    count = ceil(len(genes) / max(ROWS_HEIGHT // need, 1))
    each = ceil(len(genes) / count)
    yield from (slice(first, first + each) for first in range(0, len(genes), each))
