"""Events over time: a mark per event, those of a year above each other."""

from typing import Any

import pandas as pd

from figures.drawing import Drawing, Label, Line, Mark
from figures.kinds import LINE
from words import Words

MOST_EVENTS = 1_500  # Above this, a mark per year, with how many.
LINKED, ALONE, CHOSEN = "#2a7fb5", "#767d85", "#c8691a"
ROW_HEIGHT, LEAST, MOST_HEIGHT = 20, 120, 520


def timeline_drawing(events: pd.DataFrame, *, series: str = "", t: Words) -> Drawing:
    """One mark per event at its year; those of a year stand above each other.

    Args:
        events: One row per event: title, year (missing where unknown), city, country (its name),
            story (the title of its story, missing for none) and place (how many of its year stand
            below it).
        series: A title; its events are marked in a colour and shape of their own.
        t: The words of the visitor's language.

    What has no year stands at the right. Above `MOST_EVENTS` a year has one mark and its number.
    """
    years = [int(year) for year in events["year"].dropna()]
    first, last = (min(years), max(years)) if years else (0, 0)
    unknown = last + max(round((last - first) * 0.1), 1)
    undated = bool(events["year"].isna().any())
    at = events["year"].astype("float64").fillna(unknown)
    marks, labels = _marks(events.assign(x=at), series, t)
    high = max((mark.y for mark in marks), default=0.0)
    step = max(1, round((last - first) / 4))
    ticks = [(float(year), str(year)) for year in range(first, last + 1, step)] if years else []
    ticks += [(float(unknown), t("no year"))] if undated else []
    shapes = [
        ("circle", LINKED, t("Belongs to a story")),
        ("circle-open", ALONE, t("No story on record")),
        ("diamond", CHOSEN, series),
    ]
    drawn = {mark.symbol for mark in marks}
    shapes = [shape for shape in shapes if shape[0] in drawn and len(events) <= MOST_EVENTS]
    return Drawing(
        x=(first - 0.8, (unknown if undated else last) + 1.6),
        y=(-0.8, high + 1.4),
        height=min(max(round(ROW_HEIGHT * (high + 2)), LEAST), MOST_HEIGHT),
        lines=[Line(((first - 0.8, -0.6), (last + 0.8, -0.6)), LINE, 1)],
        marks=marks,
        labels=labels,
        x_ticks=ticks,
        key=shapes,
        label_room=24,
    )


def _marks(events: pd.DataFrame, series: str, t: Words) -> tuple[list[Mark], list[Label]]:
    if len(events) > MOST_EVENTS:
        counted = events.groupby("x").size()
        return (
            [
                Mark(float(str(x)), 0, t.plural("{n} event", "{n} events", int(n)), size=16)
                for x, n in counted.items()
            ],
            [Label(float(str(x)), 0, t.number(int(n)), "top center") for x, n in counted.items()],
        )
    marks = []
    rows: list[Any] = list(events.itertuples(index=False))
    for row in rows:
        symbol, colour, size = "circle-open", ALONE, 11
        if isinstance(row.story, str):
            symbol, colour = "circle", LINKED
        if series and row.title == series:
            symbol, colour, size = "diamond", CHOSEN, 13
        marks.append(Mark(row.x, row.place, _says(row, t), symbol, size, colour))
    return marks, []


def _says(row: Any, t: Words) -> str:
    where = ", ".join(part for part in (row.city, row.country) if isinstance(part, str))
    year = t("no year on record") if pd.isna(row.year) else str(row.year)
    lines = [row.title, f"{where}, {year}" if where else year]
    if isinstance(row.story, str):
        lines.append(t("Story: {title}", title=row.story))
    return "\n".join(lines)


def timeline_sentence(events: pd.DataFrame, *, series: str = "", t: Words) -> str:
    """How many events there are, from when to when, in how many countries; a series in full."""
    if events.empty:
        return t("No event is on record yet.")
    years = events["year"].dropna()
    clauses = [
        t.plural("{n} event on record", "{n} events on record", len(events)),
        t.plural("in {n} country", "in {n} countries", events["country"].nunique()),
    ]
    if len(years):
        clauses.append(t("{first} to {last}", first=years.min(), last=years.max()))
    if undated := int(events["year"].isna().sum()):
        clauses.append(t.plural("{n} without a year", "{n} without a year", undated))
    text = ", ".join(clauses) + "."
    chosen = events[events["title"] == series]
    if chosen.empty:
        return text
    rows: list[Any] = list(chosen.itertuples(index=False))
    held = [
        t("{place} in {year}", place=place, year=year)
        for row in rows
        for place in [row.city if isinstance(row.city, str) else t("a place not on record")]
        for year in [t("a year not on record") if pd.isna(row.year) else row.year]
    ]
    return f"{text} " + t("“{title}”: {held}.", title=series, held=t.listed(held))
