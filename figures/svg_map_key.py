"""The legend of the SVG map: what its marks and fills mean."""

from collections.abc import Mapping, Sequence

from figures.fills import Fill
from figures.kinds import LINE, LOOKS
from figures.svg_page import PAD, Inks, mark, tag, text
from figures.svg_text import widest, wrapped
from words import Words

TEXT, LINE_HEIGHT, ROW_GAP = 12, 15.0, 7.0
SAMPLE = 26.0
BETWEEN = 18.0
BESIDE = 3.0


def key(
    labels: Mapping[str, str],
    fills: Sequence[Fill],
    *,
    origin: str | None,
    chosen: str | None,
    width: float,
    inks: Inks,
    t: Words,
) -> tuple[str, float]:
    """The entries from left to right, in as many rows as they need, and their height.

    Args:
        labels: What each kind is called.
        fills: What the countries are filled with.
        origin: The name of the country that the lines come from.
        chosen: The name of the country with a ring.
    """
    entries = [
        *((_sample_of(kind), labels[kind]) for kind in LOOKS),
        *((_area(fill.colour), fill.label) for fill in fills),
    ]
    if origin is not None:
        entries.append((star(0, 0), t("Comes from {country}", country=origin)))
    if chosen is not None:
        entries.append((ring(0, 0, 20), t("Chosen: {country}", country=chosen)))
    room, parts = width - 2 * PAD, []
    x = y = high = 0.0
    for sample, name in entries:
        lines = wrapped(name, room - SAMPLE, TEXT)
        wide = SAMPLE + widest(lines, TEXT)
        if x and x + wide > room:
            x, y, high = 0.0, y + high + ROW_GAP, 0.0
        high = max(high, LINE_HEIGHT * len(lines))
        at = f"translate({PAD + x + 9:.1f} {y + LINE_HEIGHT / 2:.1f})"
        parts.append(tag("g", sample, transform=at))
        parts += [
            text(line, PAD + x + SAMPLE, y + LINE_HEIGHT * place + 12)
            for place, line in enumerate(lines)
        ]
        x += wide + BETWEEN
    return tag("g", *parts, font_size=TEXT, fill=inks.text, data_part="key"), y + high


def kind_attributes(kind: str) -> dict[str, str | float | None]:
    """Fill or outline of a kind's marks."""
    look = LOOKS[kind]
    if look.symbol.endswith("open"):
        return {"fill": "none", "stroke": look.colour, "stroke_width": 1.6}
    return {"fill": look.colour}


def fill_attributes(rgba: str) -> dict[str, str | float | None]:
    """A colour of the page's map as attributes that every SVG program knows."""
    *parts, opacity = rgba.removeprefix("rgba(").removesuffix(")").split(",")
    return {
        "fill": "#" + "".join(f"{int(part):02x}" for part in parts),
        "fill_opacity": opacity.strip(),
    }


def star(x: float, y: float) -> str:
    """Where a story comes from."""
    return mark("star", x, y, 17, fill=LINE, data_part="origin")


def ring(x: float, y: float, size: float = 27) -> str:
    """Round the country that was chosen."""
    return mark("circle", x, y, size, fill="none", stroke=LINE, stroke_width=3, data_part="chosen")


def _sample_of(kind: str) -> str:
    return mark(LOOKS[kind].symbol, 0, 0, LOOKS[kind].size, **kind_attributes(kind))


def _area(rgba: str) -> str:
    return tag(
        "rect",
        x=-8,
        y=-6,
        width=16,
        height=12,
        stroke="#808080",
        stroke_opacity=0.5,
        **fill_attributes(rgba),
    )
