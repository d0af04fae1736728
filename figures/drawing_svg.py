"""A `figures.drawing.Drawing` as an SVG picture."""

from collections.abc import Callable, Sequence

from figures.drawing import Drawing
from figures.svg_page import INKS, PAD, Inks, Paper, group, mark, number, picture, tag, text
from figures.svg_text import balanced, escaped, width_of

LABEL_LINE = 15


def svg(
    drawing: Drawing,
    *,
    title: str,
    notes: Sequence[str] = (),
    watermark: str = "",
    width: float = 720,
    paper: Paper = "light",
    alt: str = "",
) -> str:
    """The same drawing as an SVG picture; arguments as for `figures.svg.dots_svg`."""
    inks = INKS[paper]
    room = drawing.label_room + 20
    top, bottom = 14.0, 30.0

    def x(value: float) -> float:
        low, high = drawing.x
        return room + (value - low) / (high - low) * (width - PAD - 24 - room)

    def y(value: float) -> float:
        low, high = drawing.y
        return top + (high - value) / (high - low) * drawing.height

    floor = top + drawing.height
    parts = [_svg_axes(drawing, x, y, top, floor, room, inks)]
    for line in drawing.lines:
        way = "L".join(f"{number(x(a))} {number(y(b))}" for a, b in line.points)
        dashes = {"dash": "6 4", "dot": "2 3"}.get(line.dash)
        parts.append(
            tag(
                "path",
                d=f"M{way}",
                fill="none",
                stroke=line.colour,
                stroke_width=line.width,
                stroke_dasharray=dashes,
            )
        )
    for each in drawing.marks:
        said = tag("title", escaped(each.says))
        look = _svg_look(each.symbol, each.colour)
        parts.append(mark(each.symbol, x(each.x), y(each.y), each.size, said, **look))
    for label in drawing.labels:
        across, up, anchor = _PLACES[label.at]
        at = (x(label.x) + across, y(label.y) + up)
        parts.append(text(label.text, *at, text_anchor=anchor, font_size=12, fill=inks.text))
    below, height = _svg_key(drawing, width, inks)
    parts.append(group(below, transform=f"translate(0 {number(floor + bottom)})"))
    return picture(
        "".join(parts),
        width=width,
        height=floor + bottom + height,
        title=title,
        notes=notes,
        watermark=watermark,
        inks=inks,
        alt=alt,
    )


# Where a label's text begins, in pixels from its point, and which of its ends is there.
_PLACES = {
    "middle right": (15.0, 4.0, "start"),
    "middle left": (-10.0, 4.0, "end"),
    "middle center": (0.0, 4.0, "middle"),
    "top center": (0.0, -10.0, "middle"),
    "bottom center": (0.0, 18.0, "middle"),
}


def _svg_look(symbol: str, colour: str) -> dict[str, str | float | None]:
    if symbol.endswith("open"):
        return {"fill": "none", "stroke": colour, "stroke_width": 2}
    return {"fill": colour}


def _svg_axes(
    drawing: Drawing,
    x: Callable[[float], float],
    y: Callable[[float], float],
    top: float,
    floor: float,
    room: float,
    inks: Inks,
) -> str:
    grid = [f"M{number(x(at))} {number(top)}V{number(floor)}" for at, _ in drawing.x_ticks]
    lines = group(
        *(tag("path", d=way) for way in grid), stroke=inks.grid, stroke_opacity=inks.faint
    )
    words = [
        text(name, x(at), floor + 18, text_anchor="middle", font_size=12, fill=inks.soft)
        for at, name in drawing.x_ticks
    ]
    for at, name in drawing.y_ticks:
        rows = balanced(name, 2, 12, most=room - PAD - 10)
        first = y(at) + 4 - LABEL_LINE * (len(rows) - 1) / 2
        words += [
            text(
                row,
                room - 10,
                first + LABEL_LINE * place,
                text_anchor="end",
                font_size=12,
                fill=inks.text,
            )
            for place, row in enumerate(rows)
        ]
    return lines + "".join(words)


def _svg_key(drawing: Drawing, width: float, inks: Inks) -> tuple[str, float]:
    """What the marks mean, as many beside each other as fit."""
    parts, x, y = [], float(PAD), 10.0
    for symbol, colour, name in drawing.key:
        wide = 24 + width_of(name, 12) + 18
        if x > PAD and x + wide > width - PAD:
            x, y = float(PAD), y + 22
        parts.append(mark(symbol, x + 8, y, 11, **_svg_look(symbol, colour)))
        parts.append(text(name, x + 22, y + 4, font_size=12, fill=inks.text))
        x += wide
    return "".join(parts), y + 14 if drawing.key else 0.0
