"""Where the names of the genes stand round a radar, so that none is cut and none covers another."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import cos, pi, sin

from figures.svg_page import group, text
from figures.svg_text import balanced, widest, wrapped

# Letters of this size on so many lines: the first that leave the circle its room.
SIZES = ((13, 2), (12, 2), (12, 3), (11, 3))
LINE = 1.25  # Of the letters' size.
EDGE = 4.0  # What stays free at the picture's sides.
AWAY = 8.0  # From the outer ring to a label, so that a dot on the ring is clear of it.
ROOM = 0.22  # Of the width: what the radius should have at least,
LEAST = 0.14  # and what it must have. Only for that, a word is broken inside.
BESIDE = 0.2  # A spoke this far to a side has its label beside it, others above or below.


@dataclass(frozen=True)
class Label:
    """A gene's name on a few lines, and "not rated" below it where nobody rated it."""

    lines: tuple[str, ...]
    note: tuple[str, ...]
    size: float
    anchor: str
    x: float
    top: float
    width: float

    @property
    def height(self) -> float:
        return LINE * self.size * (len(self.lines) + len(self.note))

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def left(self) -> float:
        return self.x - self.width * {"start": 0, "middle": 0.5, "end": 1}[self.anchor]


def placed(
    names: Sequence[tuple[str, str]], width: float, most: float
) -> tuple[list[Label], float]:
    """Labels round a circle in the middle of `width`, and the circle's radius.

    Args:
        names: What each label says, and what stands below it or nothing. Plain text.
        width: Pixels that circle and labels have together.
        most: The largest that the radius may be.
    """
    half = width / 2 - EDGE
    tried = []
    for size, lines in SIZES:
        labels = [
            _Worded(
                balanced(name, lines, size, most=_room(spoke, len(names), LEAST * width, half)),
                wrapped(note, _room(spoke, len(names), LEAST * width, half), size),
                size,
            )
            for spoke, (name, note) in enumerate(names)
        ]
        radius = min([most, half, *_limits(labels, half)])
        if radius >= ROOM * width and all(len(label.lines) <= lines for label in labels):
            break
        tried.append((radius, labels))
    else:
        radius, labels = max(tried, key=lambda each: each[0])
    return _spread([_at(spoke, labels, radius) for spoke in range(len(labels))]), radius


@dataclass(frozen=True)
class _Worded:
    """A label's text on lines, before it has a place."""

    lines: list[str]
    note: list[str]
    size: float

    @property
    def width(self) -> float:
        return widest([*self.lines, *self.note], self.size)


def _sides(spoke: int, spokes: int) -> tuple[float, float]:
    """How far a spoke runs to the right and up, as shares of its length."""
    angle = 2 * pi * spoke / spokes
    return sin(angle), cos(angle)


def _room(spoke: int, spokes: int, radius: float, half: float) -> float:
    """The width that a label has beside a circle of this radius."""
    right, _ = _sides(spoke, spokes)
    return half - (radius + AWAY) * abs(right) if abs(right) > BESIDE else 1.4 * half


def _limits(labels: Sequence[_Worded], half: float) -> list[float]:
    """The largest radius that leaves each label room."""
    limits = []
    for spoke, label in enumerate(labels):
        right, _ = _sides(spoke, len(labels))
        if abs(right) > BESIDE:
            limits.append((half - label.width) / abs(right) - AWAY)
    return limits


def _at(spoke: int, labels: Sequence[_Worded], radius: float) -> Label:
    said, (right, up) = labels[spoke], _sides(spoke, len(labels))
    anchor = "middle" if abs(right) <= BESIDE else "start" if right > 0 else "end"
    x = (radius + AWAY) * right if anchor != "middle" else 0.0
    label = Label(tuple(said.lines), tuple(said.note), said.size, anchor, x, 0.0, said.width)
    # Above the circle a label ends at its spoke, below it begins there, in between halfway.
    return replace(label, top=-(radius + AWAY) * up - label.height * (1 + up) / 2)


def _spread(labels: Sequence[Label]) -> list[Label]:
    """Move labels away from the circle's waist until none covers another."""
    done: dict[int, Label] = {}
    for spoke in sorted(range(len(labels)), key=lambda s: abs(_sides(s, len(labels))[1])):
        label, up = labels[spoke], _sides(spoke, len(labels))[1] > 0
        for _ in labels:
            for other in done.values():
                if _cover(label, other):
                    top = other.top - label.height if up else other.bottom
                    label = replace(label, top=top)
        done[spoke] = label
    return [done[spoke] for spoke in range(len(labels))]


def _cover(one: Label, other: Label) -> bool:
    beside = one.left < other.left + other.width + 6 and other.left < one.left + one.width + 6
    return beside and one.top < other.bottom - 0.01 and other.top < one.bottom - 0.01


def block(label: Label, *, fill: str, fill_note: str) -> str:
    """The label's lines, the note in italics."""
    written = []
    for place, line in enumerate([*label.lines, *label.note]):
        noted = place >= len(label.lines)
        written.append(
            text(
                line,
                label.x,
                label.top + label.size * (LINE * place + 0.95),
                font_style="italic" if noted else None,
                fill=fill_note if noted else None,
            )
        )
    return group(
        *written, font_size=label.size, text_anchor=label.anchor, fill=fill, data_part="label"
    )
