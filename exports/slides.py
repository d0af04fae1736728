"""A room's result as PowerPoint slides: native charts, text as text, reading sentences as notes.

Everything on a slide can be edited. Each slide that shows numbers says on itself whose they are,
how many gave them, when, and where the facts come from, because slides are copied one by one.
"""

from collections.abc import Iterable
from itertools import islice
from math import ceil

import pandas as pd
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Pt

from exports import room_words as said
from exports.addresses import web_host
from exports.room import COUNTS, Record, RoomResult, by_gene, shown_groups
from exports.slides_charts import bars, radar, spread
from exports.slides_deck import INK, Deck
from exports.slides_made import KNOWN, Made
from exports.slides_sheet import Numbers
from exports.slides_text import BODY, EDGE, SIZES, SMALLEST, Box, fitted
from words import Words

MOST_GROUPS = 3
MOST_TO_DISCUSS = 3
BELOW, ABOVE = "interval_below", "interval_above"


def presentation(result: RoomResult, *, t: Words) -> bytes:
    """Write what a room found as a PowerPoint file.

    Args:
        result: What the room found. Texts in it may be anything: they are shown letter for letter
            and never run.
        t: The words of the language that `result` is written in.

    Returns:
        A pptx file: equal bytes for equal results. What was not asked or not found (a record,
        groups, a second round, genes that divide the room) has no slide.
    """
    deck = Deck(title=result.story, language=result.language, mark=said.mark(result, t))
    made = Made(deck, result, t)
    deck.opening(
        said.shortened(result.story, 300), [said.when_and_where(result, t)], made.notes([])
    )
    _summary(made)
    _whole(made)
    _means(made)
    _spread(made)
    if result.record:
        _record(made, result.record)
    _groups(made)
    _contested(made)
    _movement(made)
    _method(made)
    return deck.to_bytes()


def _summary(made: Made) -> None:
    t, result = made.t, made.result
    lines = [
        said.strongest(result, t),
        t("Story: {title}", title=said.shortened(result.story)),
        t("Occasion: {occasion}", occasion=said.when_and_where(result, t)),
        said.turnout(result, t),
    ]
    slide = made.slide(t("The result at a glance"), lines, *result.notes)
    made.deck.text(slide, [*lines, *map(said.shortened, result.notes)], BODY, (26, 24, *SIZES))


def _whole(made: Made) -> None:
    t, result = made.t, made.result
    how = t("From 0 at the centre, which is no score, to 5, defining. A gap: not rated.")
    title = t("The DNA of {title}", title=said.shortened(result.story))
    sentences = [said.strongest(result, t)]
    slide, place, labels, told = made.circle(title, sentences, how, t("(not rated)"))
    series = [(t("This room"), result.last["mean"].tolist())]
    radar(slide, place, Numbers(labels, series, made.beside(result.last)), **told)


def _means(made: Made) -> None:
    t, result = made.t, made.result
    how = t("Bar: mean. Line: its 95 % interval, from five ratings on.")
    ordered = result.last.sort_values("mean", ascending=False, na_position="last", kind="stable")
    for rows, labels, part in made.pages(ordered):
        title = t("How strong each gene is") + part
        slide, place, told = made.wide(title, [], how, [said.strongest(result, t)])
        ends = {BELOW: rows["mean"] - rows["low"], ABOVE: rows["high"] - rows["mean"]}
        beside = made.beside(rows).assign(**ends)
        numbers = Numbers(labels, [(t("Mean"), rows["mean"].tolist())], beside)
        bars(slide, place, numbers, interval=(BELOW, ABOVE), **told)


def _spread(made: Made) -> None:
    t, result = made.t, made.result
    how = t("How many gave each score. Most people at one score: the room agrees.")
    sentences = said.spread_sentences(result, t)
    names = [t("1 absent"), *(t.number(score) for score in (2, 3, 4)), t("5 defining")]
    for rows, labels, part in made.pages(result.last):
        title = t("How far the room agrees") + part
        slide, place, told = made.wide(title, [], how, sentences)
        counts = rows[COUNTS].where(rows["n"] > 0)
        series = [(name, counts[one].tolist()) for name, one in zip(names, COUNTS, strict=True)]
        spread(slide, place, Numbers(labels, series, made.beside(rows)), **told)


def _record(made: Made, record: Record) -> None:
    t, result = made.t, made.result
    if record.provenance == "published":
        _orders(made, record)
        return
    title, sentences = t("This room and the record"), said.record_sentences(result, record, t)
    how = t("Two groups of people: this room, and {record}.", record=said.shortened(record.name))
    slide, place, labels, told = made.circle(title, sentences, how, t("(not rated here)"))
    other = record.profile.set_index("gene").reindex(result.genes).reset_index()
    series = [
        (t("This room"), result.last["mean"].tolist()),
        (said.shortened(record.name, 60), other["mean"].tolist()),
    ]
    beside = made.beside(result.last).join(other[KNOWN].add_prefix("record_"))
    radar(slide, place, Numbers(labels, series, beside), **told)


def _orders(made: Made, record: Record) -> None:
    """The published order and the room's, side by side: an order is not put on the scale."""
    t, result = made.t, made.result
    room = result.last.dropna(subset="mean").sort_values("mean", ascending=False, kind="stable")
    published = record.profile.sort_values("position", na_position="last", kind="stable")
    columns = [
        [said.shortened(record.name, 60), *_numbered(published["gene"])],
        [
            t("This room, by mean"),
            *_numbered(f"{row.gene} ({t.number(row.mean, 1)})" for row in by_gene(room).values()),
        ],
    ]
    sentences = said.record_sentences(result, record, t)
    slide, place, _ = made.wide(t("This room and the record"), sentences, "")
    rows = max(map(len, columns))
    height = min(place.height / rows, 40)
    table = slide.shapes.add_table(rows, 2, *place.emu).table
    for line in table.rows:
        line.height = Pt(height)
    for column, texts in enumerate(columns):
        for row, text in enumerate(texts):
            cell, box = table.cell(row, column), Box(0, 0, place.width / 2 - 16, height)
            ink = "#ffffff" if row == 0 else INK.text
            made.deck.write(cell, [text], box, (SMALLEST,), bold=row == 0, ink=ink)
            cell.margin_left = cell.margin_right = Pt(8)
            cell.margin_top = cell.margin_bottom = 0
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE


def _numbered(texts: Iterable[str]) -> list[str]:
    return [f"{place}. {text}" for place, text in enumerate(texts, 1)]


def _groups(made: Made) -> None:
    t, result = made.t, made.result
    groups = iter(shown_groups(result).items())
    how = t("Groups of fewer than five people are not shown. No bar: too few rated the gene.")
    while some := list(islice(groups, MOST_GROUPS)):
        sentences = said.group_sentences(some, result, t)
        for rows, labels, part in made.pages(result.last):
            slide, place, told = made.wide(t("Group by group") + part, [], how, sentences)
            series, beside = [], [made.beside(rows)]
            for name, frame in some:
                short = said.shortened(name, 60)
                mine = frame.set_index("gene").reindex(rows["gene"]).reset_index()
                series.append((short, mine["mean"].tolist()))
                beside.append(mine[KNOWN].add_prefix(f"{short} "))
            numbers = Numbers(labels, series, pd.concat(beside, axis="columns"))
            bars(slide, place, numbers, **told)


def _contested(made: Made) -> None:
    t, result = made.t, made.result
    rows = by_gene(result.last)
    genes = [gene for gene in result.contested if gene in rows]
    each = ceil(len(genes) / max(ceil(len(genes) / MOST_TO_DISCUSS), 1))
    for first in range(0, len(genes), max(each, 1)):
        talk = [
            (said.question(gene, rows[gene].agreement, t), said.camps(rows[gene], result, t))
            for gene in genes[first : first + each]
        ]
        slide = made.slide(t("Where the room is divided"), [" ".join(pair) for pair in talk])
        height = BODY.height / MOST_TO_DISCUSS
        one = Box(EDGE, BODY.top, BODY.width, height - SMALLEST)
        size = min(fitted(pair, one, SIZES, bold=True)[0] for pair in talk)
        for place, pair in enumerate(talk):
            box = one._replace(top=BODY.top + place * height)
            made.deck.text(slide, pair, box, (size,), head=True)


def _movement(made: Made) -> None:
    t, result = made.t, made.result
    if result.moved is None:
        return
    sentences = [said.movement_sentence(result, t)]
    how = t("Only a difference whose 95 % interval leaves out 0 is named.")
    for rows, labels, part in made.pages(result.moved):
        title = t("What moved from round to round") + part
        slide, place, told = made.wide(title, sentences, how)
        series = [
            (t("Round {number}", number=number), rows[f"mean_{number}"].tolist())
            for number in (1, 2)
        ]
        bars(slide, place, Numbers(labels, series, rows), **told)


def _method(made: Made) -> None:
    t, result = made.t, made.result
    lines = [*said.method(result, t), *map(said.shortened, result.notes)]
    named = dict.fromkeys(web_host(each) or said.shortened(each) for each in result.sources)
    if named:
        lines.append(t("Sources of the story's facts: {sources}.", sources="; ".join(named)))
    lines.append(t("Room {code}.", code=result.code))
    slide = made.slide(t("Sources and method"), lines)
    made.deck.text(slide, lines, BODY, (22, 20, SMALLEST))
