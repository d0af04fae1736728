"""Summits, workshops and launches: over time, on the map and as a list, for their page."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from figures.drawing import figure
from figures.drawing_svg import svg
from figures.timeline import timeline_drawing, timeline_sentence
from figures.timeline_map import events_map, events_map_svg
from gcs_data import partners, query
from ui import address, datasets, parts
from ui.chart import chart
from ui.kept import kept
from ui.spread import height
from words import Words

A_PAGE = 60
MOST_NAMED = 3


def draw(t: Words) -> None:
    """The timeline, the map and the list; one series of events can be picked out."""
    if datasets.frame("events").empty:
        st.info(t("No event is on record yet."), icon=":material/info:")
        return
    series = address.select(
        "series", t("Series of events"), _series(t), placeholder=t("All events alike")
    )
    _draw("timeline", _timeline(series or "", t), _headings(t))
    st.header(t("Where they were held"), anchor="where")
    _draw(
        "events-map",
        _map(series or "", height(420), t),
        {"country_iso3": None, "country": t("Country"), "n": t("Events")},
    )
    st.header(t("List"), anchor="list")
    slot = st.container()
    page = address.page_number(max(-(-len(_shown(series or "", t)) // A_PAGE), 1))
    slot.html(_list(series or "", page, t))


@kept
def _named(t: Words) -> pd.DataFrame:
    """The events by year, with the names of countries and stories."""
    events = partners.events_by_year(datasets.frame("events"))
    return events.assign(
        country=events["country_iso3"].map(datasets.country_names(t.language)).astype("str"),
        story=events["story_id"].map(datasets.titles()).astype("str"),
    )


@kept
def _series(t: Words) -> dict[str, str]:
    """Every series of events with how many it has."""
    series = partners.event_series(datasets.frame("events"))
    return {title: t("{name} ({n})", name=title, n=t.number(n)) for title, n in series.items()}


@kept
def _shown(series: str, t: Words) -> pd.DataFrame:
    """The events of a series, or all of them."""
    events = _named(t)
    return events[events["title"] == series] if series else events


def _notes(t: Words) -> list[str]:
    return [
        t(
            "Sources: each event names its own. Good Cyber Stories, release {number}.",
            number=datasets.release(),
        )
    ]


def _headings(t: Words) -> dict[str, Any]:
    return {
        "event_id": None,
        "place": None,
        "country_iso3": None,
        "story_id": None,
        "title": t("Event"),
        "year": st.column_config.NumberColumn(t("Year"), format="%d"),
        "city": t("City"),
        "country": t("Country"),
        "story": t("Story"),
        "source_url": st.column_config.LinkColumn(t("Source")),
    }


@dataclass(frozen=True)
class Picture:
    """A chart of events with its file, what it says, and the numbers behind it."""

    figure: go.Figure
    svg: Callable[[], str]
    sentence: str
    table: pd.DataFrame


def _draw(name: str, picture: Picture, headings: dict[str, Any]) -> None:
    chart(
        name,
        picture.figure,
        svg=picture.svg,
        sentence=picture.sentence,
        table=picture.table,
        headings=headings,
    )


@kept
def _timeline(series: str, t: Words) -> Picture:
    events = _named(t)
    sentence = timeline_sentence(events, series=series, t=t)
    drawn = timeline_drawing(events, series=series, t=t)
    inside: dict[str, Any] = {"title": t("Events over time"), "notes": _notes(t)}
    return Picture(
        figure(drawn, **inside), lambda: svg(drawn, **inside, alt=sentence), sentence, events
    )


@kept
def _map(series: str, high: int, t: Words) -> Picture:
    """Where the events were held, as marks by number."""
    events = _shown(series, t)
    countries = datasets.frame("countries").set_index("country_iso3")
    countries = countries.assign(name=countries[f"name_{t.language}"])
    held = events.dropna(subset="country_iso3")
    counts = held.groupby("country_iso3").size().rename("n").reset_index()
    counts = counts.sort_values(["n", "country_iso3"], ascending=[False, True], ignore_index=True)
    counts["country"] = counts["country_iso3"].map(countries["name"])
    counts["says"] = [
        f"{row.country}\n" + t.plural("{n} event", "{n} events", row.n)
        for row in query.rows(counts)
    ]
    inside: dict[str, Any] = {
        "countries": countries,
        "title": t("Where “{title}” was held", title=series)
        if series
        else t("Where events were held"),
        "notes": _notes(t),
        "without": len(events) - len(held),
        "t": t,
    }
    sentence = _where(counts, len(held), t)
    return Picture(
        events_map(counts, **inside, height=high),
        lambda: events_map_svg(counts, **inside, alt=sentence),
        sentence,
        counts.drop(columns="says"),
    )


def _where(counts: pd.DataFrame, held: int, t: Words) -> str:
    if counts.empty:
        return t("No country is on record for these events.")
    most = counts[counts["n"] == counts["n"].iloc[0]]["country"].tolist()
    text = t(
        "{events} in {countries}.",
        events=t.plural("{n} event", "{n} events", held),
        countries=t.plural("{n} country", "{n} countries", len(counts)),
    )
    if len(most) > MOST_NAMED or len(counts) == 1:
        return text
    n = t.number(int(counts["n"].iloc[0]))
    if len(most) == 1:
        return f"{text} " + t("Most events: {country}, {n}.", country=most[0], n=n)
    return f"{text} " + t("Most events: {countries}, {n} each.", countries=t.listed(most), n=n)


@kept
def _list(series: str, page: int, t: Words) -> str:
    """A page of events by year, each with its place, its story and its source, as HTML."""
    events = _shown(series, t).iloc[(page - 1) * A_PAGE : page * A_PAGE]
    blocks = []
    years = events["year"].astype("object").where(events["year"].notna(), None)
    for year, rows in events.groupby(years.map(lambda value: value or 0), sort=False):
        heading = t("No year on record") if year == 0 else str(year)
        lines = "".join(_event(row, t) for row in query.rows(rows))
        blocks.append(
            f'<h3 style="font-size:1rem;margin:0;padding:0">{escape(heading)}</h3>'
            f'<ul class="gcs-list">{lines}</ul>'
        )
    return "".join(blocks)


def _event(row: Any, t: Words) -> str:
    where = ", ".join(part for part in (row.city, row.country) if isinstance(part, str))
    story = ""
    if isinstance(row.story_id, str) and isinstance(row.story, str):
        link = parts.inside("story", row.story, story=row.story_id)
        story = " · " + escape(t("Story:")) + f" {link}"
    return (
        f"<li>{escape(row.title)}{', ' if where else ''}{escape(where)}{story} "
        f'<span class="gcs-soft">({parts.source(row.source_url, t)})</span></li>'
    )
