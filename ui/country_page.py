"""One country's record, worded and escaped for its page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

import labels
from figures.world_sentences import country_summary, inside
from gcs_data import country_record, query
from ui import address, claims, country_beside, datasets, parts, workbooks
from ui.chart import download, numbers
from ui.country_beside import regions_of
from ui.escape import md
from ui.kept import kept
from words import Words

MOST_LISTED, MOST_NAMED, MOST_PEERS = 12, 4, 6


@dataclass(frozen=True, eq=False)
class Here:
    """What is on record for a country; one of each, by which what is said of it is kept."""

    code: str
    led: pd.DataFrame
    records: pd.DataFrame
    events: pd.DataFrame
    sources: list[str] = field(default_factory=list)


@kept
def view(code: str) -> Here:
    """Everything on record for a country."""
    stories, replications = datasets.frame("stories"), datasets.frame("replications")
    events = datasets.frame("events")
    led = stories[stories["lead_country_iso3"] == code].sort_values("title")
    records = replications[replications["country_iso3"] == code]
    held = events[events["country_iso3"] == code].sort_values(["year", "title"])
    sources = pd.concat([led["source_url"], records["source_url"], held["source_url"]])
    return Here(code, led, records, held, sources.dropna().unique().tolist())


@kept
def where(here: Here, t: Words) -> str:
    """The UN region and sub-region. Plain text."""
    names = datasets.region_names(t.language)
    parts_of = [names[place] for place in regions_of(here.code, datasets.release()).values()]
    return " · ".join(parts_of) if parts_of else t("In no region of the United Nations' list")


@kept
def summary(here: Here, t: Words) -> str:
    """What the page holds, in a sentence. Plain text."""
    stories = len(set(here.led["story_id"]) | set(here.records["story_id"]))
    undated = int(here.records["year"].isna().sum())
    return country_summary(stories, undated, t)


def draw_most(t: Words) -> None:
    """The countries with most on record, as links."""
    known = claims.known()
    most = known.groupby("country_iso3")["story_id"].nunique()
    ordered = most.sort_values(ascending=False, kind="stable").head(MOST_LISTED)
    names = datasets.country_names(t.language)
    if ordered.empty:
        st.info(t("No country is on record yet."), icon=":material/info:")
        return
    lines = "".join(
        f"<li>{parts.inside('country', names[str(code)], country=str(code))}, "
        f"{escape(t.plural('{n} story', '{n} stories', int(n)))}</li>"
        for code, n in ordered.items()
    )
    st.html(f'<ul class="gcs-list">{lines}</ul>')


@kept
def leads(here: Here, t: Words) -> str:
    """The stories that the country leads, with years and sources, as HTML."""
    if here.led.empty:
        return parts.paragraph(t("It leads no story on record."))
    lines = "".join(
        f"<li>{parts.inside('story', row.title, story=row.story_id)}, "
        f"{escape(_began(row.year_started, t))} "
        f'<span class="gcs-soft">({parts.source(row.source_url, t)})</span></li>'
        for row in query.rows(here.led)
    )
    heading = f"{t('Leads')} ({t.number(len(here.led))})"
    return (
        f'<details class="gcs-kind" open><summary>{escape(heading)}</summary>'
        f'<ul class="gcs-list">{lines}</ul></details>'
    )


@kept
def records(here: Here, t: Words) -> str:
    """Everything else on record, kind by kind, with years and sources, as HTML."""
    if here.records.empty:
        return parts.paragraph(t("Nothing is on record that came to it from elsewhere."))
    return parts.record_lists(
        query.dated_list(here.records),
        names=datasets.titles(),
        column="story_id",
        page="story",
        kinds=labels.kinds(t),
        t=t,
    )


def _began(year: Any, t: Words) -> str:
    return t("no year on record") if pd.isna(year) else t("began {year}", year=str(year))


@kept
def events(here: Here, t: Words) -> str:
    """The summits, workshops and launches held in the country, as HTML."""
    if here.events.empty:
        return parts.paragraph(t("None on record yet. That is not a no."))
    titles = datasets.titles()
    lines = []
    for row in query.rows(here.events):
        when = t("no year on record") if pd.isna(row.year) else str(row.year)
        about = ", ".join(filter(None, [row.title, _text(row.city), when]))
        of = titles.get(row.story_id) if isinstance(row.story_id, str) else None
        story = f" – {parts.inside('story', of, story=row.story_id)}" if of else ""
        lines.append(
            f'<li>{escape(about)}{story} <span class="gcs-soft">'
            f"({parts.source(row.source_url, t)})</span></li>"
        )
    return f'<ul class="gcs-list">{"".join(lines)}</ul>'


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def draw_others(here: Here, peers: Sequence[str], t: Words) -> None:
    """The stories that neighbours, or the peers, have and the country has no record of."""
    whom = "neighbours"
    others = [peer for peer in peers if peer != here.code]
    if others:
        whom = address.one_of(
            "among",
            t("Compared with"),
            {"neighbours": t("Its UN sub-region"), "peers": t("The peers chosen above")},
        )
    asked = tuple(others) if whom == "peers" else _neighbours(here.code)
    st.markdown(md(_others_said(here, asked, whom, t)))
    found = _elsewhere(datasets.release(), here.code, asked)
    if found.empty:
        return
    st.html(_others_list(here, asked, t))
    numbers(
        "country-others",
        found,
        alt=t("Stories on record elsewhere and not for {name}", name=_name(here, t)),
        label=t("Table and downloads"),
        headings={
            "story_id": None,
            "story": t("Story"),
            "countries": t("Countries"),
            "n": t("How many"),
            "claims": t("What is on record"),
        },
    )


@st.cache_resource(show_spinner=False, max_entries=256)
def _elsewhere(release: int, code: str, others: tuple[str, ...]) -> pd.DataFrame:
    found = country_record.elsewhere_only(claims.known(release), code, others)
    found.insert(1, "story", found["story_id"].map(datasets.titles(release)))
    return found


@kept
def _neighbours(code: str) -> tuple[str, ...]:
    return tuple(country_record.neighbours(datasets.frame("countries"), code))


def _name(here: Here, t: Words) -> str:
    return datasets.country_names(t.language)[here.code]


@kept
def _others_said(here: Here, others: tuple[str, ...], whom: str, t: Words) -> str:
    found = _elsewhere(datasets.release(), here.code, others)
    if whom != "peers" and not others:
        return t("It is in no region of the United Nations' list, so it has no neighbours there.")
    if found.empty:
        return t("Every story on record for them is on record for {name} too.", name=_name(here, t))
    said = t.plural(
        "{n} story is on record for them, and our sources do not say so for {name}.",
        "{n} stories are on record for them, and our sources do not say so for {name}.",
        len(found),
        name=_name(here, t),
    )
    return said + " " + t("It may have them all the same: no record does not mean no.")


@kept
def _others_list(here: Here, others: tuple[str, ...], t: Words) -> str:
    found = _elsewhere(datasets.release(), here.code, others)
    titles, countries = datasets.titles(), datasets.country_names(t.language)
    lines = []
    for row in query.rows(found.head(MOST_LISTED)):
        codes = query.items(row.countries)
        named = [countries[code] for code in codes[:MOST_NAMED]]
        if len(codes) > MOST_NAMED:
            more = len(codes) - MOST_NAMED
            named.append(t.plural("{n} more country", "{n} more countries", more))
        how = ", ".join(inside(claims.names(t)[claim]) for claim in query.items(row.claims))
        lines.append(
            f"<li>{parts.inside('story', titles[row.story_id], story=row.story_id)} "
            f'<span class="gcs-soft">{escape(t.listed(named))} ({escape(how)})</span></li>'
        )
    more = len(found) - MOST_LISTED
    rest = ""
    if more > 0:
        rest = parts.paragraph(
            t.plural("{n} more is in the table below.", "{n} more are in the table below.", more)
        )
    return f'<ul class="gcs-list">{"".join(lines)}</ul>{rest}'


def take_away(here: Here, t: Words) -> None:
    """A button that saves everything on this page as a workbook."""
    names, release = datasets.country_names(t.language), datasets.release()
    peers = [code for code in address.given("peer") if code in names][:MOST_PEERS]
    beside = country_beside.view(here.code, peers, t)
    around = _neighbours(here.code)

    def tables() -> workbooks.Tables:
        return {
            "leads": here.led,
            "records": here.records,
            "beside": country_beside.table(beside),
            "neighbours_have": _elsewhere(release, here.code, around),
            "events": here.events,
        }

    book = workbooks.of_tables(t("On record in {name}", name=names[here.code]), tables, t)
    download(f"gcs-country-{here.code.lower()}", t("Workbook"), book, "xlsx")
