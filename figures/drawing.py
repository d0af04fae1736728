"""A chart described once, drawn twice: as a Plotly figure here, as an SVG in `drawing_svg`.

For charts of lines, marks and words on one pair of axes. What they share is decided here, so that
the page and the file cannot disagree.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import plotly.graph_objects as go

from figures.layout import FAINT, dress, escape, mark_as, wrapped

MOST_MARKS = 2_000
LABEL_LETTERS = 17
AXIS = 30  # Pixels that the words of the lower axis take.

Item = TypeVar("Item")
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Line:
    """A line through some points; `dash` is Plotly's: solid, dot, dash."""

    points: tuple[tuple[float, float], ...]
    colour: str
    width: float = 1.5
    dash: str = "solid"


@dataclass(frozen=True)
class Mark:
    """A point with what it says when somebody points at it. Plain text, lines by newline."""

    x: float
    y: float
    says: str
    symbol: str = "circle"
    size: int = 10
    colour: str = "#0072b2"


@dataclass(frozen=True)
class Label:
    """Words at a point: right of it, left of it, above it or in the middle."""

    x: float
    y: float
    text: str
    at: str = "middle right"


@dataclass(frozen=True)
class Drawing:
    """Everything on one pair of axes, in the data's own units. All words are plain text."""

    x: tuple[float, float]
    y: tuple[float, float]
    height: int
    lines: Sequence[Line] = ()
    marks: Sequence[Mark] = ()
    labels: Sequence[Label] = ()
    x_ticks: Sequence[tuple[float, str]] = ()
    y_ticks: Sequence[tuple[float, str]] = ()
    key: Sequence[tuple[str, str, str]] = field(default=())  # Symbol, colour, what it means.
    label_room: int = 122  # Pixels on the left for what the rows are called.

    def __post_init__(self) -> None:
        """Refuse more than a browser draws well."""
        if len(self.marks) + len(self.lines) > MOST_MARKS:
            n = len(self.marks) + len(self.lines)
            raise ValueError(f"{n} marks are too many for one chart: at most {MOST_MARKS}.")


def figure(
    drawing: Drawing, *, title: str, notes: Sequence[str] = (), watermark: str = ""
) -> go.Figure:
    """The drawing as a Plotly figure; title, notes and watermark inside it, as `dress` has them."""
    fig = go.Figure()
    for (colour, width, dash), lines in _grouped(
        drawing.lines, lambda line: (line.colour, line.width, line.dash)
    ).items():
        points = [point for line in lines for point in (*line.points, (None, None))]
        fig.add_scatter(
            x=[x for x, _ in points],
            y=[y for _, y in points],
            mode="lines",
            line={"color": colour, "width": width, "dash": dash},
            hoverinfo="skip",
            showlegend=False,
            cliponaxis=False,
        )
    for (symbol, size, colour), marks in _grouped(
        drawing.marks, lambda each: (each.symbol, each.size, each.colour)
    ).items():
        fig.add_scatter(
            x=[each.x for each in marks],
            y=[each.y for each in marks],
            mode="markers",
            marker={"symbol": symbol, "size": size, "color": colour} | _outline(symbol, colour),
            hovertext=[escape(each.says).replace("\n", "<br>") for each in marks],
            hoverinfo="text",
            showlegend=False,
            cliponaxis=False,
            meta={"marks": True},
        )
    for at, labels in _grouped(drawing.labels, lambda label: label.at).items():
        fig.add_scatter(
            x=[label.x for label in labels],
            y=[label.y for label in labels],
            mode="text",
            text=[escape(label.text) for label in labels],
            textposition=at,
            textfont={"size": 12},
            hoverinfo="skip",
            showlegend=False,
            cliponaxis=False,
        )
    _axes(fig, drawing)
    mark_as(fig, watermark)
    return dress(
        fig,
        title=title,
        notes=notes,
        height=drawing.height + 66 + _key_height(drawing),
        margin={"t": 34, "b": 32 + _key_height(drawing), "l": drawing.label_room, "r": 26},
    )


def _outline(symbol: str, colour: str) -> dict[str, object]:
    return {"line": {"width": 2 if symbol.endswith("open") else 0, "color": colour}}


def _grouped(items: Sequence[Item], key: Callable[[Item], Key]) -> dict[Key, list[Item]]:
    """Items of one look together, in the order of their first: a trace for each."""
    found: dict[Key, list[Item]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found


def _axes(fig: go.Figure, drawing: Drawing) -> None:
    for symbol, colour, name in drawing.key:
        fig.add_scatter(
            x=[None],
            y=[None],
            mode="markers",
            marker={"symbol": symbol, "size": 11, "color": colour} | _outline(symbol, colour),
            name=wrapped(name, 18),
        )
    shared = {"gridcolor": FAINT, "zeroline": False, "fixedrange": True}
    fig.update_xaxes(
        range=list(drawing.x),
        tickvals=[value for value, _ in drawing.x_ticks],
        ticktext=[escape(name) for _, name in drawing.x_ticks],
        **shared,
    )
    fig.update_yaxes(
        range=list(drawing.y),
        tickvals=[value for value, _ in drawing.y_ticks],
        ticktext=[wrapped(name, LABEL_LETTERS, lines=3) for _, name in drawing.y_ticks],
        tickfont={"size": 12},
        automargin=False,
        **shared,
    )
    fig.update_layout(
        showlegend=bool(drawing.key),
        legend={
            "orientation": "h",
            "x": 0,
            "y": -AXIS / drawing.height,  # Below the words of the axis.
            "yanchor": "top",
            "entrywidth": 112,
            "font": {"size": 12},
            "itemclick": False,
            "itemdoubleclick": False,
        },
    )


def _key_height(drawing: Drawing) -> int:
    """The room of the key on a phone, where two entries fit a row."""
    return 36 * -(-len(drawing.key) // 2) if drawing.key else 0
