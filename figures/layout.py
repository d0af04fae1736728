"""What every figure shares: its title, its notes, its escaping. Colours come from the theme."""

from collections.abc import Sequence
from html import escape as html_escape
from textwrap import wrap

import plotly.graph_objects as go

NEUTRAL = "rgba(128, 128, 128, 0.35)"  # Reads on a light and on a dark page alike.
FAINT = "rgba(128, 128, 128, 0.18)"
GREY = "#767d85"  # 4:1 on the light page and on the dark one.
TEXT_SIZE = 14
# On the narrowest phone we promise (375 px) about this many letters fit a line.
TITLE_WIDTH, TITLE_LINE = 36, 22
NOTES_WIDTH, NOTES_LINE = 54, 16


def escape(text: object) -> str:
    """Make text from data inert in Plotly, which reads `<b>`, `<a href>` and `&…;` as markup.

    `$…$` is MathJax to Plotly only when MathJax is loaded, which it never is here, and `%{` is a
    template only in hover and text templates: a zero-width space keeps that letter for letter.
    """
    return html_escape(str(text), quote=False).replace("%{", "%\u200b{")


def wrapped(text: object, width: int, lines: int = 2) -> str:
    """Break a label into at most `lines` lines without cutting it, escaped for Plotly."""
    words = str(text)
    parts = wrap(words, width, break_long_words=False) or [""]
    while len(parts) > lines:  # A longer line beats a cut word.
        width += 1
        parts = wrap(words, width, break_long_words=False)
    return "<br>".join(escape(part) for part in parts)


def dress(
    fig: go.Figure,
    *,
    title: str,
    notes: Sequence[str] = (),
    height: int = 460,
    margin: dict[str, int] | None = None,
) -> go.Figure:
    """Put title and notes inside the picture, so that a saved PNG still says what it is.

    Args:
        fig: The figure; it is changed and returned. Its height grows by what title and notes need.
        title: What is shown, in words. Plain text, escaped here.
        notes: Provenance, source, release, borders. Plain text, escaped here; they run on as one
            paragraph.
        height: Pixels, of the plot with its margins.
        margin: Room round the plot where it differs from the house's.
    """
    room = {"t": 12, "b": 16, "l": 16, "r": 16} | (margin or {})
    head = [escape(part) for part in wrap(title, TITLE_WIDTH)]
    foot = [escape(part) for part in wrap(" ".join(filter(None, notes)), NOTES_WIDTH)]
    above, below = TITLE_LINE * len(head) + 10, NOTES_LINE * len(foot) + (10 if foot else 0)
    fig.update_layout(
        height=height + above + below,
        margin=room | {"t": room["t"] + above, "b": room["b"] + below},
        font={"size": TEXT_SIZE},
        hoverlabel={"align": "left"},
        dragmode=False,
        modebar={"bgcolor": "rgba(0,0,0,0)", "color": GREY, "activecolor": GREY},
    )
    # As annotations: Plotly cuts the first line of a title that has two.
    _add_text(fig, "title", head, "bottom", room["t"] + 4, room["l"], 17, bold=True)
    if foot:
        _add_text(fig, "notes", foot, "top", -room["b"] - 4, room["l"], 12)
    return fig


def _add_text(
    fig: go.Figure,
    name: str,
    lines: Sequence[str],
    side: str,
    shift: int,
    left: int,
    size: int,
    *,
    bold: bool = False,
) -> None:
    """Text across the top ("bottom" of it on the plot's edge) or foot of the picture."""
    text = "<br>".join(lines)
    fig.add_annotation(
        name=name,
        text=f"<b>{text}</b>" if bold else text,
        xref="paper",
        yref="paper",
        x=0,
        y=1 if side == "bottom" else 0,
        xanchor="left",
        yanchor=side,
        xshift=4 - left,
        yshift=shift,
        showarrow=False,
        align="left",
        font={"size": size},
    )


def mark_as(fig: go.Figure, text: str, *, left: int = 0, up: int = 0) -> None:
    """Say inside the picture what kind of numbers these are, where no outline can cover it.

    Args:
        left, up: How far from the plot's upper left corner, in pixels.
    """
    if text:
        fig.add_annotation(
            name="watermark",
            text=f"<b>{escape(text)}</b>",
            xref="paper",
            yref="paper",
            x=0,
            y=1,
            xanchor="left",
            yanchor="top",
            xshift=4 - left,
            yshift=up,
            showarrow=False,
            font={"size": 13},
            bordercolor=GREY,
            borderwidth=1,
            borderpad=4,
        )
