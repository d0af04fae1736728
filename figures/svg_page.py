"""What every SVG picture shares: its elements, its inks, and the page round its drawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Literal

from figures.svg_text import escaped, widest, wrapped

Paper = Literal["light", "dark"] | None
PAD = 16
TITLE, TITLE_LINE = 17, 23
NOTE, NOTE_LINE = 12, 16.5
MARK, MARK_LINE, MARK_PAD = 13, 17, 7  # The watermark's letters, and the room round them.
GAP = 12


@dataclass(frozen=True)
class Inks:
    """The colours of a picture. All but `grid` have 3:1 on the paper they are for."""

    paper: str
    text: str
    soft: str
    grey: str
    grid: str
    faint: float  # The opacity of the grid.
    outlines: tuple[str, str, str]


# On a paper of its own a picture has the chart colours of that theme. Without one it cannot know
# the page it lands on: these are 3:1 on white and on near-black, which is enough for marks and for
# large text; a picture with small text should be given its paper.
INKS: dict[Paper, Inks] = {
    "light": Inks(
        "#ffffff", "#14212e", "#3d4b57", "#767d85", "#c9ced3", 1, ("#0072b2", "#d87818", "#004824")
    ),
    "dark": Inks(
        "#0f1a24", "#eef3f7", "#c3ced8", "#8e959c", "#3b4854", 1, ("#56b4e9", "#e47818", "#24f0c0")
    ),
    None: Inks(
        "", "#767d85", "#767d85", "#767d85", "#808080", 0.4, ("#2a7fb5", "#c8691a", "#a4549e")
    ),
}


def number(value: float) -> str:
    """A coordinate to a tenth of a pixel, as short as it goes."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def tag(name: str, *children: str, **attributes: str | float | None) -> str:
    """An element; `stroke_width=2` is written `stroke-width="2"` and None is left out.

    Attributes are escaped here. Children are XML already: text comes from `text` or `escaped`.
    """
    written = "".join(
        f' {key.replace("_", "-")}="{escaped(value) if isinstance(value, str) else number(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = "".join(children)
    return f"<{name}{written}>{inner}</{name}>" if inner else f"<{name}{written}/>"


def group(*children: str, **attributes: str | float | None) -> str:
    """Elements that share attributes; nothing at all where there are none."""
    return tag("g", *children, **attributes) if any(children) else ""


def text(words: object, x: float, y: float, **attributes: str | float | None) -> str:
    """One line of plain text on the baseline y, escaped here."""
    return tag("text", escaped(words), x=x, y=y, **attributes)


def picture(
    drawing: str,
    *,
    width: float,
    height: float,
    title: str,
    notes: Sequence[str],
    inks: Inks,
    watermark: str = "",
    alt: str = "",
) -> str:
    """A whole picture: title, watermark, drawing and notes below each other, none cut.

    Args:
        drawing: Elements in a space of `width` and `height` pixels that begins at 0, 0.
        width, height: Pixels; the picture becomes as much higher as its text needs.
        title, notes, watermark: Plain text, inside the picture so that a saved file still says
            what it is. The notes run on as one paragraph.
        alt: What a screen reader says instead; the title if empty. Plain text.
    """
    room = width - 2 * PAD
    y, parts = float(PAD), []
    for line in wrapped(title, room, TITLE, bold=True):
        y += TITLE_LINE
        parts.append(text(line, PAD, y - 6, font_size=TITLE, font_weight="bold", fill=inks.text))
    if marked := wrapped(watermark, room - 2 * MARK_PAD, MARK, bold=True):
        y += 8
        parts.append(_watermark(marked, y, inks))
        y += MARK_LINE * len(marked) + MARK_PAD
    y += GAP
    parts.append(group(drawing, transform=f"translate(0 {number(y)})"))
    y += height + GAP
    for line in wrapped(" ".join(filter(None, notes)), room, NOTE):
        y += NOTE_LINE
        parts.append(text(line, PAD, y - 4, font_size=NOTE, fill=inks.soft))
    return document(
        *parts, width=width, height=y + PAD, paper=inks.paper, alt=alt or title, title=title
    )


def _watermark(lines: Sequence[str], y: float, inks: Inks) -> str:
    """What kind of numbers these are, in a box."""
    box = tag(
        "rect",
        x=PAD,
        y=y,
        width=widest(lines, MARK, bold=True) + 2 * MARK_PAD,
        height=MARK_LINE * len(lines) + MARK_PAD,
        rx=3,
        fill="none",
        stroke=inks.grey,
    )
    inside = (
        text(line, PAD + MARK_PAD, y + MARK_LINE * (place + 1) - 0.5)
        for place, line in enumerate(lines)
    )
    return group(
        box,
        group(*inside, font_size=MARK, font_weight="bold", fill=inks.text),
        data_part="watermark",
    )


def document(
    *children: str, width: float, height: float, paper: str, alt: str, title: str = ""
) -> str:
    """The root of a picture: an image with a name to a screen reader."""
    ground = tag("rect", width="100%", height="100%", fill=paper) if paper else ""
    return tag(
        "svg",
        tag("title", escaped(title)) if title else "",
        ground,
        *children,
        xmlns="http://www.w3.org/2000/svg",
        role="img",
        aria_label=alt,
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
        font_family="sans-serif",
    )


def mark(
    symbol: str,
    x: float,
    y: float,
    size: float,
    *children: str,
    **attributes: str | float | None,
) -> str:
    """A point, drawn as Plotly draws the symbol of that name and size.

    `-open` symbols are outlines: the group they stand in gives them a stroke and no fill.
    """
    if symbol.startswith("circle"):  # Half the bytes of a path, and most marks are circles.
        return tag("circle", *children, cx=x, cy=y, r=size / 2, **attributes)
    return tag(
        "path",
        *children,
        transform=f"translate({number(x)} {number(y)})",
        d=_SYMBOLS[symbol.removesuffix("-open")](size / 2),
        **attributes,
    )


def _square(r: float) -> str:
    n = number
    return f"M{n(-r)} {n(-r)}h{n(2 * r)}v{n(2 * r)}h{n(-2 * r)}z"


def _diamond(r: float) -> str:
    d = number(1.3 * r)
    return f"M0 -{d}L{d} 0L0 {d}L-{d} 0z"


def _star(r: float) -> str:
    points = []
    for corner in range(10):
        reach = 1.4 * r * (1 if corner % 2 == 0 else 0.382)
        angle = corner * pi / 5
        points.append(f"{number(reach * sin(angle))} {number(-reach * cos(angle))}")
    return "M" + "L".join(points) + "z"


_SYMBOLS = {"square": _square, "diamond": _diamond, "star": _star}
