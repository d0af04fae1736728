"""Summits, workshops and launches: over time, on the map and as a list, for their page."""

from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from figures.drawing import figure
from figures.drawing_svg import svg
from figures.timeline import timeline_drawing, timeline_sentence
from figures.timeline_map import events_map, events_map_svg
from gcs_data import partners, query
from ui import address, datasets, parts
from ui.chart import chart
from ui.spread import height
from words import Words

A_PAGE = 60
MOST_NAMED = 3


def draw(t: Words) -> None:
    """The timeline, the map and the list; one series of events can be picked out."""
    events = _named(t)
    if events.empty:
        st.info(t("No event is on record yet."), icon=":material/info:")
        return
    series = partners.event_series(events)
    options = {title: t("{name} ({n})", name=title, n=t.number(n)) for title, n in series.items()}
    chosen = address.select(
        "series", t("Series of events"), options, placeholder=t("All events alike")
    )
    sentence = timeline_sentence(events, series=chosen or "", t=t)
    _timeline(events, chosen or "", sentence, t)
    shown = events[events["title"] == chosen] if chosen else events
    _map(shown, chosen or "", t)
    st.header(t("List"), anchor="list")
    slot = st.container()
    page = address.page_number(max(-(-len(shown) // A_PAGE), 1))
    slot.html(_list(shown.iloc[(page - 1) * A_PAGE : page * A_PAGE], t))


def _named(t: Words) -> pd.DataFrame:
    """The events by year, with the names of countries and stories."""
    events = partners.events_by_year(datasets.frame("events"))
    return events.assign(
        country=events["country_iso3"].map(datasets.country_names(t.language)).astype("str"),
        story=events["story_id"].map(datasets.titles()).astype("str"),
    )


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


def _timeline(events: pd.DataFrame, series: str, sentence: str, t: Words) -> None:
    drawn = timeline_drawing(events, series=series, t=t)
    inside: dict[str, Any] = {"title": t("Events over time"), "notes": _notes(t)}
    chart(
        "timeline",
        figure(drawn, **inside),
        svg=lambda: svg(drawn, **inside, alt=sentence),
        sentence=sentence,
        table=events,
        headings=_headings(t),
    )


def _map(events: pd.DataFrame, series: str, t: Words) -> None:
    """Where the events were held, as marks by number."""
    st.header(t("Where they were held"), anchor="where")
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
    chart(
        "events-map",
        events_map(counts, **inside, height=height(420)),
        svg=lambda: events_map_svg(counts, **inside, alt=sentence),
        sentence=sentence,
        table=counts.drop(columns="says"),
        headings={"country_iso3": None, "country": t("Country"), "n": t("Events")},
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
    return f"{text} " + t("Most were held in {countries}: {n}.", countries=t.listed(most), n=n)


def _list(events: pd.DataFrame, t: Words) -> str:
    """Events by year, each with its place, its story and its source, as HTML."""
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
        f'<span class="gcs-soft">({parts.source(row.source_url)})</span></li>'
    )
