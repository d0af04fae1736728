"""Our own SVG pictures on a page of a PDF: as vectors, with text that can be selected.

It knows what `figures.svg_page` writes and nothing else; what it does not know is an error and not
a hole in a picture.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FONTS = Path(__file__).with_name("fonts")
REGULAR, BOLD = "NotoSans-Regular", "NotoSans-Bold"
UNKNOWN = "\N{REPLACEMENT CHARACTER}"
SLANT = 0.2  # Stands in for an italic, which is only used for "not rated".
_PARTS = re.compile(r"[MLHVhvlz]|-?\d+(?:\.\d+)?")
_MOVED = re.compile(r"translate\((-?[\d.]+) (-?[\d.]+)\)")
_NAMESPACE = "{http://www.w3.org/2000/svg}"
_SILENT = {"title"}
# What an element takes from the groups that it stands in.
_INHERITED = {
    "fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray",
    "stroke-linejoin", "font-size", "font-weight", "font-style", "text-anchor", "paint-order",
}  # fmt: skip

Style = Mapping[str, str]


def register_fonts() -> None:
    """Make the two fonts known; they are embedded in each file that uses them."""
    for name in (REGULAR, BOLD):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{name}.ttf")))


def drawable(text: str) -> str:
    """Text in letters that the fonts have; "�" stands for any other."""
    known = pdfmetrics.getFont(REGULAR).face.charToGlyph
    text = text.replace("\N{MINUS SIGN}", "\N{EN DASH}")
    return "".join(
        letter if ord(letter) in known else "\N{REPLACEMENT CHARACTER}" for letter in text
    )


def size(svg: str) -> tuple[float, float]:
    """Width and height of a picture, in its own pixels."""
    _, _, width, height = map(float, ET.fromstring(svg).attrib["viewBox"].split())
    return width, height


def draw(canvas: Any, svg: str, x: float, y: float, width: float) -> None:
    """Draw a picture with its upper left corner at x, y.

    Args:
        canvas: A canvas whose y runs downwards.
        svg: What a function of `figures.svg` returned.
        x, y, width: In the canvas's own units.
    """
    root = ET.fromstring(svg)
    canvas.saveState()
    canvas.translate(x, y)
    scale = width / float(root.attrib["viewBox"].split()[2])
    canvas.scale(scale, scale)
    for child in root:
        if child.get("width") != "100%":  # The ground; paper has its own.
            _draw(canvas, child, {"fill": "#000000", "stroke": "none", "font-size": "16"})
    canvas.restoreState()


def _draw(canvas: Any, element: ET.Element, outer: Style) -> None:
    name = element.tag.removeprefix(_NAMESPACE)
    if name in _SILENT:
        return
    style = {**outer, **{k: v for k, v in element.attrib.items() if k in _INHERITED}}
    canvas.saveState()
    if moved := element.get("transform"):
        found = _MOVED.fullmatch(moved)
        assert found, f"“{moved}” is no move that our pictures make."
        canvas.translate(float(found[1]), float(found[2]))
    if name == "g":
        for child in element:
            _draw(canvas, child, style)
    elif name == "text":
        _write(canvas, element, style)
    else:
        path = canvas.beginPath()
        _SHAPES[name](path, element)
        _paint(canvas, path, style)
    canvas.restoreState()


def _number(element: ET.Element, name: str) -> float:
    return float(element.get(name, "0"))


def _circle(path: Any, element: ET.Element) -> None:
    path.circle(_number(element, "cx"), _number(element, "cy"), _number(element, "r"))


def _rect(path: Any, element: ET.Element) -> None:
    box = [_number(element, name) for name in ("x", "y", "width", "height")]
    path.roundRect(*box, _number(element, "rx")) if element.get("rx") else path.rect(*box)


def _path(path: Any, element: ET.Element) -> None:
    parts = _PARTS.findall(element.get("d", ""))
    x = y = 0.0
    command, place = "", 0
    while place < len(parts):
        if parts[place].isalpha():
            command, place = parts[place], place + 1
            if command == "z":
                path.close()
            continue
        if command in "HVhv":
            step, place = float(parts[place]), place + 1
            x = {"H": step, "h": x + step}.get(command, x)
            y = {"V": step, "v": y + step}.get(command, y)
        else:
            x, y, place = float(parts[place]), float(parts[place + 1]), place + 2
        (path.moveTo if command == "M" else path.lineTo)(x, y)


_SHAPES = {"circle": _circle, "rect": _rect, "path": _path}


def _paint(canvas: Any, path: Any, style: Style) -> None:
    fill, stroke = (style.get(name, "none") != "none" for name in ("fill", "stroke"))
    if fill:
        canvas.setFillColor(_colour(style, "fill"))
    if stroke:
        canvas.setStrokeColor(_colour(style, "stroke"))
        canvas.setLineWidth(float(style.get("stroke-width", "1")))
        canvas.setLineJoin(1 if style.get("stroke-linejoin") == "round" else 0)
        canvas.setDash([float(part) for part in style.get("stroke-dasharray", "").split()])
    canvas.drawPath(path, stroke=int(stroke), fill=int(fill))


def _colour(style: Style, name: str) -> Color:
    ink = HexColor(style[name])
    return Color(ink.red, ink.green, ink.blue, float(style.get(f"{name}-opacity", "1")))


def _write(canvas: Any, element: ET.Element, style: Style) -> None:
    text, points = drawable(element.text or ""), float(style["font-size"])
    font = BOLD if style.get("font-weight") == "bold" else REGULAR
    wide = pdfmetrics.stringWidth(text, font, points)
    x = _number(element, "x") - wide * {"middle": 0.5, "end": 1}.get(
        style.get("text-anchor", ""), 0
    )
    y = _number(element, "y")
    if style.get("paint-order"):  # Ground round the letters, so that no line runs through them.
        canvas.setFillColor(_colour({**style, "fill": style["stroke"]}, "fill"))
        canvas.rect(x - 1.5, y - 0.8 * points, wide + 3, points, stroke=0, fill=1)
    canvas.setFillColor(_colour(style, "fill"))
    write(canvas, text, x, y, font, points, slanted=style.get("font-style") == "italic")


def write(
    canvas: Any, text: str, x: float, y: float, font: str, points: float, *, slanted: bool = False
) -> None:
    """One line of text on the baseline y of a canvas whose y runs downwards."""
    text = drawable(text)
    line = canvas.beginText()
    line.setFont(font, points)
    line.setTextTransform(1, 0, SLANT if slanted else 0, -1, x, y)
    line.textOut(text)
    canvas.drawText(line)
