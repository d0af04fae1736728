"""The neighbourhood of a partner as an SVG picture. For what it shows, see `figures.neighbours`."""

from collections.abc import Sequence

from figures.neighbours import GREY, Node, Placed, columns
from figures.svg_page import INKS, PAD, Inks, Paper, group, number, picture, tag, text
from figures.svg_text import wrapped

SIZE, LINE = 12, 15.0


def neighbours_svg(
    stories: Sequence[Node],
    partners: Sequence[Node],
    meets: Sequence[tuple[str, str]],
    *,
    title: str,
    notes: Sequence[str] = (),
    width: float = 760,
    paper: Paper = "light",
    alt: str = "",
) -> str:
    """Draw stories on the left, partners on the right and a line where they meet."""
    inks = INKS[paper]
    left, right, height = columns(stories, partners)
    room = (width - 2 * PAD) * 0.4
    across = {True: PAD, False: width - PAD - room}
    starts = {each.node.id: each.middle for each in left}
    ends = {each.node.id: each.middle for each in right}
    a, b = PAD + room, width - PAD - room
    middle = number((a + b) / 2)
    ways = [
        tag(
            "path",
            d=f"M{number(a)} {number(starts[one])}C{middle} {number(starts[one])} {middle} "
            f"{number(ends[other])} {number(b)} {number(ends[other])}",
        )
        for one, other in meets
    ]
    boxes = [_box(each, across[True], room, inks) for each in left]
    boxes += [_box(each, across[False], room, inks) for each in right]
    return picture(
        group(*ways, fill="none", stroke=GREY, stroke_width=1.3) + "".join(boxes),
        width=width,
        height=height,
        title=title,
        notes=notes,
        inks=inks,
        alt=alt,
    )


def _box(placed: Placed, x: float, width: float, inks: Inks) -> str:
    frame = tag(
        "rect",
        x=x,
        y=placed.top,
        width=width,
        height=placed.height,
        rx=4,
        fill=inks.paper or "none",
        stroke=inks.grey,
    )
    lines = [(line, inks.text) for line in wrapped(placed.node.name, width - 16, SIZE)]
    lines += [(line, inks.soft) for line in wrapped(placed.node.about, width - 16, SIZE)]
    first = placed.middle + 4 - LINE * (len(lines) - 1) / 2
    words = (
        text(line, x + 8, first + LINE * place, fill=ink) for place, (line, ink) in enumerate(lines)
    )
    return frame + group(*words, font_size=SIZE)
