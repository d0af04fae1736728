"""Slides as they are made: text in placeholders and boxes, notes, and the file in the end."""

import zipfile
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.util import Pt

from exports.cite import AUTHOR
from exports.slides_master import set_up
from exports.slides_text import (
    BADGE,
    BELOW,
    BETWEEN,
    FOOTER,
    OPENING,
    SMALLEST,
    TITLE,
    Box,
    fitted,
)
from figures.svg_page import INKS
from figures.svg_text import plain

BEGAN = datetime(2000, 1, 1)  # The file's own date, so that equal results are equal files.
ZIPPED = (1980, 1, 1, 0, 0, 0)
TAGS = {"en": "en-GB", "fr": "fr-FR", "es": "es-ES"}
INK = INKS["light"]
WARNING = "#8a2d00"
FOOT = "Provenance"  # What the shape is called.


def colour(ink: str) -> RGBColor:
    """A colour such as `#0072b2`."""
    red, green, blue = bytes.fromhex(ink.removeprefix("#"))
    return RGBColor(red, green, blue)  # type: ignore[no-untyped-call]


class Deck:
    """Slides that are being made. Every text that comes in is made inert here."""

    def __init__(self, *, title: str, language: str, mark: str) -> None:
        self.language, self.mark = TAGS[language], plain(mark)
        self.book = Presentation()
        set_up(self.book)
        about = self.book.core_properties
        about.title, about.language, about.author = plain(title)[:255], self.language, AUTHOR
        about.last_modified_by, about.revision = AUTHOR, 1
        about.created = about.modified = BEGAN

    def opening(self, title: str, lines: Sequence[str], notes: Sequence[str]) -> Any:
        """The first slide: a title and what stands below it."""
        slide = self._added(0, notes)
        head, below = slide.placeholders
        self.write(head, [title], OPENING, (44, 40, 36, 32, 28, 24, 20), bold=True)
        self.write(below, lines, BELOW, (28, 24, 20, SMALLEST), ink=INK.soft)
        return slide

    def slide(self, title: str, *, footer: Sequence[str], notes: Sequence[str]) -> Any:
        """A slide with a title above and its provenance below."""
        slide = self._added(1, notes)
        self.write(slide.shapes.title, [title], TITLE, (30, 28, 26, 24, 22, 20), bold=True)
        last = self.text(slide, footer, FOOTER, (SMALLEST,), ink=INK.soft, anchor=MSO_ANCHOR.BOTTOM)
        last.name = FOOT
        return slide

    def text(
        self,
        slide: Any,
        paragraphs: Sequence[str],
        box: Box,
        sizes: Sequence[int] = (24, 22, 20, SMALLEST),
        *,
        bold: bool = False,
        head: bool = False,
        ink: str = INK.text,
        anchor: Any = MSO_ANCHOR.TOP,
    ) -> Any:
        """Paragraphs in a box, as large as fits; with `head`, the first one is bold."""
        shape = slide.shapes.add_textbox(*box.emu)
        self.write(shape, paragraphs, box, sizes, bold=bold or head, ink=ink)
        for paragraph in shape.text_frame.paragraphs[1 if head else 0 :]:
            for run in paragraph.runs:
                run.font.bold = bold
        shape.text_frame.vertical_anchor = anchor
        return shape

    def write(
        self,
        shape: Any,
        paragraphs: Sequence[str],
        box: Box,
        sizes: Sequence[int],
        *,
        bold: bool = False,
        ink: str = INK.text,
    ) -> None:
        """Fill a shape or a cell; what was in it is replaced."""
        size, said = fitted(paragraphs, box, sizes, bold=bold)
        frame = shape.text_frame
        frame.clear()
        frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        for place, text in enumerate(said):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            paragraph.space_before = Pt(BETWEEN * size if place else 0)
            run = paragraph.add_run()
            run.text = text
            run.font.size, run.font.bold = Pt(size), bold
            run.font.color.rgb = colour(ink)
            run._r.get_or_add_rPr().set("lang", self.language)

    def _added(self, layout: int, notes: Sequence[str]) -> Any:
        slide = self.book.slides.add_slide(self.book.slide_layouts[layout])
        said = slide.notes_slide.notes_text_frame
        said.text = "\n".join(filter(None, map(plain, [self.mark, *notes])))
        for run in (run for paragraph in said.paragraphs for run in paragraph.runs):
            run._r.get_or_add_rPr().set("lang", self.language)
        if self.mark:
            badge = self.text(slide, [self.mark], BADGE, (SMALLEST,), bold=True, ink=WARNING)
            badge.name = "mark"
            badge.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
        return slide

    def to_bytes(self) -> bytes:
        """The deck as a file: equal decks are equal bytes."""
        for slide in self.book.slides:
            for shape in [each for each in slide.shapes if each.name == FOOT]:
                slide.shapes._spTree.append(shape._element)  # Read aloud last.
        file, fixed = BytesIO(), BytesIO()
        self.book.save(file)
        with zipfile.ZipFile(file) as made, zipfile.ZipFile(fixed, "w") as kept:
            for name in made.namelist():
                entry = zipfile.ZipInfo(name, ZIPPED)
                entry.compress_type = zipfile.ZIP_DEFLATED
                kept.writestr(entry, made.read(name))
        return fixed.getvalue()
