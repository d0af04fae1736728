"""The empty deck that the library brings, turned into ours: wide, our colours, two layouts."""

import re
from typing import Any

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from exports.slides_text import BELOW, BODY, EDGE, FONT, HEIGHT, OPENING, TITLE, WIDTH, Box
from figures.svg_page import INKS

ACCENTS = (*INKS["light"].outlines, "#7a4fa3", "#5c6b78", "#a03c50")
SMALL_PRINT = (PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.DATE)
_LAYOUTS = ("Title Slide", "Title Only")
_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"


def set_up(book: Any) -> None:
    """Change a new deck: a first layout for the opening, a second for every other slide."""
    book.slide_width, book.slide_height = Pt(WIDTH), Pt(HEIGHT)
    book.element.find(qn("p:sldSz")).attrib.pop("type", None)
    for part, unwanted in ((book.part.package, "thumbnail"), (book.part, "printerSettings")):
        rels = part._rels if unwanted == "thumbnail" else part.rels
        for key in [key for key, rel in rels.items() if rel.reltype.endswith(unwanted)]:
            rels.pop(key)
    for layout in list(book.slide_layouts):
        if layout.name not in _LAYOUTS:
            book.slide_layouts.remove(layout)
    master = book.slide_master
    for page in (master, *book.slide_layouts):
        for shape in list(page.placeholders):
            if shape.placeholder_format.type in SMALL_PRINT:
                shape._element.getparent().remove(shape._element)
    _place(master.placeholders[0], TITLE, MSO_ANCHOR.MIDDLE)
    _place(master.placeholders[1], BODY, MSO_ANCHOR.TOP)
    first, only = book.slide_layouts
    _place(first.placeholders[0], OPENING, MSO_ANCHOR.BOTTOM)
    _place(first.placeholders[1], BELOW, MSO_ANCHOR.TOP)
    _place(only.placeholders[0], TITLE, MSO_ANCHOR.MIDDLE)
    _add_edge(master)
    for level in master.element.iter(qn("a:lvl1pPr")):
        level.set("algn", "l")
    for level in first.element.iter(qn("a:lvl1pPr")):
        level.set("algn", "l")
    for rel in master.part.rels.values():
        if rel.reltype.endswith("/theme"):
            rel.target_part._blob = _theme(rel.target_part.blob)


def _add_edge(master: Any) -> None:
    """A coloured edge at the left of every slide; the library adds no shapes to a master."""
    master.shapes._spTree.append(
        parse_xml(
            f'<p:sp xmlns:p="{_P}" xmlns:a="{_A}"><p:nvSpPr><p:cNvPr id="99" name="Edge"/>'
            f'<p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm><a:off x="0" y="0"/>'
            f'<a:ext cx="{Pt(EDGE / 3)}" cy="{Pt(HEIGHT)}"/></a:xfrm>'
            f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill>'
            f'<a:schemeClr val="accent1"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>'
        )
    )


def _place(shape: Any, box: Box, anchor: Any) -> None:
    shape.left, shape.top, shape.width, shape.height = box.emu
    shape.text_frame.vertical_anchor = anchor


def _theme(blob: bytes) -> bytes:
    """The theme with our font and colours, so that what people add looks like the rest."""
    text = blob.decode("utf-8").replace(
        '<a:latin typeface="Calibri"/>', f'<a:latin typeface="{FONT}"/>'
    )
    for place, ink in enumerate(ACCENTS, 1):
        text = re.sub(
            rf'(<a:accent{place}><a:srgbClr val=")[0-9A-F]{{6}}',
            rf"\g<1>{ink.removeprefix('#').upper()}",
            text,
        )
    return text.encode("utf-8")
