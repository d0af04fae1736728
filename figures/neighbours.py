"""Whom one partner meets: its stories on the left, their other partners on the right.

The picture is made of links, so that a keyboard walks it and a screen reader reads it; only the
lines are an image. `figures.neighbours_svg` draws the same for a file.
"""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from words import Words

# A line of a node holds this many letters on a phone of 375 px; on a desk some room stays free.
LETTERS, LINE, PAD, GAP = 16, 18, 10, 8
LEFT, RIGHT = 43, 57  # Per cent: where the lines begin and end.
GREY = "#808891"

STYLE = f"""<style>
.gcs-net{{position:relative;font-size:14px;line-height:{LINE}px}}
.gcs-net>img{{position:absolute;top:0;left:{LEFT}%;width:{RIGHT - LEFT}%;max-width:none}}
.gcs-net>a{{position:absolute;box-sizing:border-box;width:{LEFT}%;padding:{PAD // 2}px 8px;
display:flex;flex-direction:column;justify-content:center;overflow-wrap:anywhere;
text-decoration:none!important;border-radius:4px;
border:1px solid color-mix(in srgb,currentColor 35%,transparent)}}
.gcs-net>a.gcs-left{{left:0;background:color-mix(in srgb,#2a7fb5 16%,transparent)}}
.gcs-net>a.gcs-right{{left:{RIGHT}%}}
.gcs-net>a:hover,.gcs-net>a:focus-visible{{
background:color-mix(in srgb,currentColor 16%,transparent)}}
.gcs-net>a:focus-visible{{outline:3px solid currentColor;outline-offset:1px}}
.gcs-net small{{font-size:12px;opacity:.85}}
</style>"""


@dataclass(frozen=True)
class Node:
    """A story or a partner: its id, what it is called, what is said below that. Plain text."""

    id: str
    name: str
    about: str = ""


@dataclass(frozen=True)
class Placed:
    """A node with where it stands, in pixels from the top."""

    node: Node
    top: int
    height: int

    @property
    def middle(self) -> float:
        """Where its lines begin or end."""
        return self.top + self.height / 2


def column(nodes: Sequence[Node], least: int = 0) -> list[Placed]:
    """Nodes below each other, each as high as its words, spread over `least` pixels."""
    heights = [
        LINE * (_lines(node.name) + (_lines(node.about) if node.about else 0)) + PAD
        for node in nodes
    ]
    spare = max(least - sum(heights) - GAP * (len(nodes) - 1), 0)
    placed, top = [], spare // (len(nodes) + 1)
    for node, height in zip(nodes, heights, strict=True):
        placed.append(Placed(node, top, height))
        top += height + GAP + spare // (len(nodes) + 1)
    return placed


def _lines(text: str) -> int:
    """How many lines a text takes at most, its words whole where they fit."""
    lines, used = 1, 0
    for word in text.split():
        if used and used + 1 + len(word) > LETTERS:
            lines, used = lines + 1, 0
        used += len(word) + bool(used)
        lines, used = lines + used // (LETTERS + 1), used % (LETTERS + 1)
    return lines


def bottom(placed: Sequence[Placed]) -> int:
    """Where a column ends."""
    return max((each.top + each.height for each in placed), default=0)


def columns(
    stories: Sequence[Node], partners: Sequence[Node]
) -> tuple[list[Placed], list[Placed], int]:
    """Both columns, the shorter spread along the longer, and how high they are."""
    high = max(bottom(column(stories)), bottom(column(partners)))
    left, right = column(stories, high), column(partners, high)
    return left, right, max(bottom(left), bottom(right))


def neighbours_html(
    stories: Sequence[Node],
    partners: Sequence[Node],
    meets: Sequence[tuple[str, str]],
    *,
    story_href: Callable[[str], str],
    partner_href: Callable[[str], str],
    alt: str,
    t: Words,
) -> str:
    """The neighbourhood as HTML that Streamlit's cleaning keeps.

    Args:
        stories: The stories of the chosen partner.
        partners: The partners it meets there.
        meets: (story, partner), by their ids.
        story_href, partner_href: The address that a node leads to.
        alt: What the picture says. Plain text.
        t: The words of the visitor's language.
    """
    left, right, height = columns(stories, partners)
    shared = _shared(stories, meets)
    nodes = [_node(each, "gcs-left", story_href(each.node.id), each.node.name) for each in left]
    nodes += [
        _node(
            each,
            "gcs-right",
            partner_href(each.node.id),
            t(
                "{name}: they meet in {stories}",
                name=each.node.name,
                stories=t.listed(shared[each.node.id]),
            ),
        )
        for each in right
    ]
    data = b64encode(_lines_svg(left, right, meets, height).encode()).decode()
    image = f'<img alt="" style="height:{height}px" src="data:image/svg+xml;base64,{data}">'
    return (
        f'{STYLE}<div class="gcs-net" role="group" aria-label="{escape(alt, quote=True)}" '
        f'style="height:{height}px">{image}{"".join(nodes)}</div>'
    )


def _shared(stories: Sequence[Node], meets: Sequence[tuple[str, str]]) -> Mapping[str, list[str]]:
    titles = {node.id: node.name for node in stories}
    shared: dict[str, list[str]] = {}
    for story, partner in meets:
        shared.setdefault(partner, []).append(titles[story])
    return shared


def _node(placed: Placed, side: str, href: str, says: str) -> str:
    about = f"<small>{escape(placed.node.about)}</small>" if placed.node.about else ""
    return (
        f'<a class="{side}" href="{escape(href, quote=True)}" title="{escape(says, quote=True)}" '
        f'style="top:{placed.top}px;height:{placed.height}px">'
        f"<span>{escape(placed.node.name)}</span>{about}</a>"
    )


def _lines_svg(
    left: Sequence[Placed],
    right: Sequence[Placed],
    meets: Sequence[tuple[str, str]],
    height: int,
) -> str:
    """Only the lines, in a picture that is stretched to whatever width there is."""
    starts = {each.node.id: each.middle for each in left}
    ends = {each.node.id: each.middle for each in right}
    ways = "".join(
        f'<path d="M0 {starts[a]:g}C50 {starts[a]:g} 50 {ends[b]:g} 100 {ends[b]:g}" '
        'vector-effect="non-scaling-stroke"/>'
        for a, b in meets
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 {height}" width="100" '
        f'height="{height}" preserveAspectRatio="none"><g fill="none" stroke="{GREY}" '
        f'stroke-width="1.5">{ways}</g></svg>'
    )
