"""A room's result on one page of A4: the pictures of the pages as vectors, and what they say.

The page is made of blocks that know their height. It is set in two columns and in three, with
type at its own size first and then smaller, until everything is on one page: nothing is left out.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any, NamedTuple

import pandas as pd
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

import labels
from exports import room_words as said
from exports.cite import AUTHOR
from exports.handout_blocks import INK, SMALL, Block, beside, picture, stack, table, text
from exports.room import RoomResult, by_gene, shown_groups
from exports.svg_pdf import BOLD, REGULAR, register_fonts
from figures.svg import dots_svg, radar_svg
from figures.svg_movement import movement_svg
from figures.svg_text import plain
from words import Words

EDGE, GAP = 34, 14
TITLE, LEAD, HEADING, TEXT = 19, 10.5, 10.5, 9
# Columns, and the pixels of a picture that is set as wide as one. The first is taken if its type
# may stay at GOOD of its size or more, else the one whose type is larger.
LAYOUTS = ((2, 410), (3, 340))
GOOD, SMALLER = 0.9, 0.97
SMALLEST = 0.6  # Below this, which no room of ours needs, pictures become smaller as well.
MOST_GROUPS, MOST_SOURCES = 6, 8


def handout(result: RoomResult, *, t: Words) -> bytes:
    """Write what a room found as a PDF of one page.

    Args:
        result: What the room found. Texts in it may be anything: they are shown letter for letter.
        t: The words of the language that `result` is written in.

    Returns:
        A PDF with embedded fonts, its title and its language: equal bytes for equal results.
    """
    register_fonts()
    scale, page = _fitted(result, t)
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1, lang=result.language, initialFontName=REGULAR)
    canvas.setTitle(f"{plain(result.story)} – {plain(said.when_and_where(result, t))}")
    canvas.setAuthor(AUTHOR)
    canvas.setCreator(AUTHOR)
    canvas.setSubject(plain(said.strongest(result, t)))
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.translate(EDGE, A4[1] - EDGE)
    canvas.scale(scale, -scale)  # From here on y runs downwards, as in a picture.
    page.draw(canvas, 0, 0)
    canvas.save()
    return file.getvalue()


class _Made(NamedTuple):
    """What a page is set from, again and again until it fits."""

    result: RoomResult
    columns: int
    pictures: dict[str, str]
    groups: dict[str, pd.DataFrame]
    t: Words


def _fitted(result: RoomResult, t: Words) -> tuple[float, Block]:
    """The page that fits with the largest type, and its scale."""
    wide, high, groups = A4[0] - 2 * EDGE, A4[1] - 2 * EDGE, shown_groups(result)
    best: tuple[float, Block] | None = None
    for columns, pixels in LAYOUTS:
        made = _Made(result, columns, _pictures(result, pixels, t), groups, t)
        scale, page = 1.0, _page(made, wide, 1.0)
        while page.height * scale > high:
            scale *= SMALLER
            page = _page(made, wide / scale, min(1.0, scale / SMALLEST))
        if best is None or scale > best[0]:
            best = scale, page
        if scale >= GOOD:
            break
    assert best is not None
    return best


def _pictures(result: RoomResult, pixels: float, t: Words) -> dict[str, str]:
    mark = labels.provenances(t)["illustrative"] if result.illustrative else ""
    looks: dict[str, Any] = {"t": t, "watermark": mark, "width": pixels}
    made = {
        "radar": radar_svg(
            _outlines(result, t),
            title=t("The DNA as this room rates it"),
            notes=[t("From 0 at the centre, which is no score, to 5, defining. A gap: not rated.")],
            **looks,
        ),
        "dots": dots_svg(result.last, title=t("How strong each gene is"), **looks),
    }
    if result.moved is not None:
        title = t("What moved from round to round")
        made["arrows"] = movement_svg(result.moved, title=title, **looks)
    return made


def _outlines(result: RoomResult, t: Words) -> pd.DataFrame:
    """The room, and experts where they are the record; a gene that only they rated says so."""
    room = result.last.assign(name=t("This room"))
    if result.record is None or result.record.provenance == "published":
        return room
    record = result.record.profile.set_index("gene").reindex(result.genes).reset_index()
    both = pd.concat([room, record.assign(name=said.shortened(result.record.name, 60))])
    here = {
        gene: t("{gene} (not rated here)", gene=gene)
        for gene, n, other in zip(room["gene"], room["n"], record["mean"], strict=True)
        if n == 0 and pd.notna(other)
    }
    return both[["name", "gene", "mean", "low", "high"]].replace({"gene": here})


def _page(made: _Made, width: float, smaller: float) -> Block:
    """The page at a width, with pictures as wide as a column, or so much smaller."""
    column = (width - GAP * (made.columns - 1)) / made.columns
    columns: list[list[Block]] = [[] for _ in range(made.columns)]
    for block in (*_drawn(made, column, smaller), *_sections(made, column)):
        min(columns, key=lambda blocks: stack(blocks, GAP).height).append(block)
    body = beside([stack(blocks, GAP) for blocks in columns], column + GAP)
    head, foot = _head(made.result, width, made.t), _foot(made, width)
    return stack([head, body, *_groups(made, width), foot], GAP)


def _drawn(made: _Made, column: float, smaller: float) -> Iterator[Block]:
    """The pictures, each with what else is said of it."""
    for name in ("radar", "dots", "arrows"):
        if name in made.pictures:
            shown = picture(made.pictures[name], column * smaller)
            sentence = said.movement_sentence(made.result, made.t) if name == "arrows" else ""
            yield stack([shown, text([sentence], column, TEXT)], 0)


def _head(result: RoomResult, width: float, t: Words) -> Block:
    where = f"{said.when_and_where(result, t)} · {said.turnout(result, t)}"
    mark = said.mark(result, t)
    lines = [
        text([t("What a room found")], width, TEXT, ink=INK.outlines[0], font=BOLD),
        text([said.shortened(result.story, 300)], width, TITLE, font=BOLD),
        text([where], width, TEXT, ink=INK.soft),
        text([mark], width, LEAD, ink="#8a2d00", font=BOLD),
    ]
    return stack([stack(lines, 2), text([said.strongest(result, t)], width, LEAD)], 7)


def _sections(made: _Made, column: float) -> Iterator[Block]:
    """What a room may talk about, and how it stands to the record."""
    result, t = made.result, made.t
    rows = by_gene(result.last)
    for gene in (gene for gene in result.contested if gene in rows):
        asked = said.question(gene, rows[gene].agreement, t)
        camps = text([said.camps(rows[gene], result, t)], column, TEXT)
        yield stack([text([asked], column, TEXT, font=BOLD), camps], 2)
    if record := result.record:
        sentences = said.record_sentences(result, record, t)
        if record.provenance == "published":
            order = record.profile.sort_values("position", na_position="last", kind="stable")
            sentences.append(t("; then ").join(order["gene"]) + ".")
        heading = text([t("This room and the record")], column, HEADING, font=BOLD)
        yield stack([heading, text(sentences, column, TEXT)], 2)


def _groups(made: _Made, width: float) -> list[Block]:
    """Means by group, as a table: a few groups beside each other, the rest below."""
    result, groups, t = made.result, made.groups, made.t
    names, blocks = list(groups), []
    for first in range(0, len(names), MOST_GROUPS):
        some = names[first : first + MOST_GROUPS]
        rows = [[t("Mean (n)"), *(said.shortened(name, 60) for name in some)]]
        for place, gene in enumerate(result.genes):
            rows.append([gene, *(_cell(groups[name].iloc[place], t) for name in some)])
        blocks.append(table(rows, width))
    if not blocks:
        return []
    heading = text([t("Group by group")], width, HEADING, font=BOLD)
    small = text([t("Groups of fewer than five people are not shown.")], width, SMALL)
    return [stack([heading, *blocks, small], 4)]


def _cell(row: Any, t: Words) -> str:
    if pd.isna(row["mean"]):
        return "–"
    return f"{t.number(row['mean'], 1)} ({t.number(int(row['n']))})"


def _foot(made: _Made, width: float) -> Block:
    result, t = made.result, made.t
    shown, more = result.sources[:MOST_SOURCES], len(result.sources) - MOST_SOURCES
    named = "; ".join(said.shortened(source) for source in shown)
    if more > 0:
        named += " " + t.plural("and {n} more", "and {n} more", more)
    lines = [
        said.provenance(result, t) + " " + " ".join(said.method(result, t)),
        *map(said.shortened, result.notes),
        t("Sources of the story's facts: {sources}.", sources=named) if named else "",
        t("Dashboard release {number}. Room {code}.", number=result.release, code=result.code),
    ]
    return text(lines, width, SMALL, ink=INK.soft)
