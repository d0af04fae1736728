"""Partners: a table of all to search, and the neighbourhood of one, for their page."""

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

import labels
from figures.neighbours import Node, neighbours_html
from figures.neighbours_svg import neighbours_svg
from gcs_data import partners, query
from gcs_data.schema import STAKEHOLDER_GROUPS
from ui import address, datasets, parts
from ui.chart import numbers
from ui.escape import md
from ui.kept import kept
from words import Words

A_PAGE = 50
MOST_TITLES = 3
# On a phone a row becomes a few lines: four columns would have to be scrolled sideways.
STYLE = """<style>@media(max-width:40rem){.gcs-partners tr:first-child{display:none}
.gcs-partners tr{display:block;padding:.4rem 0;
border-bottom:1px solid color-mix(in srgb,currentColor 22%,transparent)}
.gcs-partners .gcs-table th,.gcs-partners .gcs-table td{display:block;border:0;
padding:0;overflow-wrap:anywhere}}</style>"""


@st.cache_resource(show_spinner=False, max_entries=16)
def _all(release: int) -> pd.DataFrame:
    """Every partner of a release once; read once."""
    return partners.partner_list(datasets.frame("partners", release))


@st.cache_resource(show_spinner=False, max_entries=16)
def _by_name(release: int) -> pd.DataFrame:
    """The same by name, which is also a partner's id: index partner."""
    return _all(release).set_index("partner")


@st.cache_resource(show_spinner=False, max_entries=16)
def _texts(release: int, language: str) -> list[str]:
    return partners.search_texts(
        _all(release),
        countries=datasets.country_names(language, release),
        titles=datasets.titles(release),
    )


@kept
def known() -> list[str]:
    """Every partner's name, which is also its id: the facts have no other."""
    return _all(datasets.release())["partner"].tolist()


# The neighbourhood of one.


def draw_neighbourhood(name: str, t: Words) -> None:
    """Whom a partner meets in its stories, as a picture of links, with its sentence and files."""
    found = partners.neighbourhood(datasets.frame("partners"), name)
    titles = datasets.titles()
    leads = datasets.frame("stories").set_index("story_id")["lead_organisation"]
    stories = [
        Node(story, titles[story], t("Led by {name}", name=leads[story])) for story in found.stories
    ]
    groups, places = labels.groups(t), datasets.country_names(t.language)
    others = [
        Node(row.partner, row.partner, _about(row, groups, places))
        for row in query.rows(found.others)
    ]
    sentence = _sentence(found, t)
    st.header(md(name), anchor="neighbourhood")
    mine = _by_name(datasets.release()).loc[name]
    st.caption(md(_about(mine, groups, places) or t("Kind and country are not on record.")))
    st.markdown(md(sentence))
    if others or stories:
        st.html(
            neighbours_html(
                stories,
                others,
                found.meets,
                story_href=lambda story: parts.href("story", story=story),
                partner_href=lambda other: parts.href("partners", partner=other),
                alt=sentence,
                t=t,
            )
        )
    rows = datasets.frame("partners")
    release = datasets.release()
    numbers(
        "neighbourhood",
        rows[rows["story_id"].isin(found.stories)].reset_index(drop=True),
        alt=sentence,
        label=t("Table and downloads"),
        headings=_headings(t),
        svg=lambda: neighbours_svg(
            stories,
            others,
            found.meets,
            title=t("Whom {name} works with", name=name),
            notes=[sentence, t("Good Cyber Stories, release {number}.", number=release)],
            alt=sentence,
        ),
    )
    st.html(parts.paragraph_of(parts.inside("partners", t("All partners"))))


def _about(row: Any, groups: Mapping[str, str], countries: Mapping[str, str]) -> str:
    """Kind and country of a partner, as far as they are on record. Plain text."""
    kinds = [groups[kind] for kind in query.items(row.partner_type)]
    places = [countries.get(code, code) for code in query.items(row.country_iso3)]
    return ", ".join([*kinds, *places])


def _sentence(found: partners.Neighbourhood, t: Words) -> str:
    """How many stories and other partners, and of which kinds. Plain text."""
    text = t(
        "{name} is a partner in {stories} and meets {others} there.",
        name=found.partner,
        stories=t.plural("{n} story", "{n} stories", len(found.stories) + found.stories_left_out),
        others=t.plural(
            "{n} other partner",
            "{n} other partners",
            len(found.others) + found.others_left_out,
        ),
    )
    cells = found.others["partner_type"]
    counted = Counter(kind for cell in cells for kind in query.items(cell))
    groups = labels.groups(t)
    kinds = [
        t("{name}: {value}", name=groups[kind], value=t.number(counted[kind]))
        for kind in STAKEHOLDER_GROUPS
        if counted[kind] and not found.others_left_out
    ]
    said = [text, t("; ").join(kinds) + "." if kinds else ""]
    if found.stories_left_out or found.others_left_out:
        said.append(
            t(
                "The picture shows {stories} stories and {others} partners, those with most in "
                "common.",
                stories=t.number(len(found.stories)),
                others=t.number(len(found.others)),
            )
        )
    return " ".join(filter(None, said))


# All of them.


def draw_table(t: Words) -> None:
    """Search, kinds and country, and the partners that fit, fifty at a time."""
    table = _all(datasets.release())
    if table.empty:
        st.info(t("No partner is on record yet."), icon=":material/info:")
        return
    fitting = _fitting(*_narrowed(t), t)
    st.markdown(
        t.plural(
            "{n} partner of {all}.",
            "{n} partners of {all}.",
            len(fitting),
            all=t.number(len(table)),
        )
    )
    if fitting.empty:
        st.info(t("Take a word or a choice away to see more."), icon=":material/info:")
        return
    slot = st.container()
    page = address.page_number(-(-len(fitting) // A_PAGE))
    shown = fitting["partner"].iloc[(page - 1) * A_PAGE : page * A_PAGE]
    slot.html(_rows(tuple(shown), t))
    numbers(
        "partners",
        fitting,
        alt=t("The partners found"),
        label=t("Table and downloads"),
        headings=_headings(t) | {"stories": t("Stories"), "story_ids": t("Story ids")},
    )


def _narrowed(t: Words) -> tuple[str, tuple[str, ...], str | None]:
    """The words, the kinds and the country that the visitor asks for."""
    asked = address.text("q", t("Search"), placeholder=t("A partner, a country, a story"), most=120)
    kinds = address.several("type", t("Kind of partner (none chosen: all)"), _kinds(t))
    country = address.select("country", t("Country"), _countries(t), placeholder=t("All countries"))
    return asked, tuple(kinds), country


@kept
def _fitting(asked: str, kinds: tuple[str, ...], country: str | None, t: Words) -> pd.DataFrame:
    release = datasets.release()
    texts = _texts(release, t.language)
    return partners.matching(_all(release), texts, asked=asked, types=kinds, country=country)


@kept
def _kinds(t: Words) -> dict[str, str]:
    """The kinds of partners that there are."""
    cells = _all(datasets.release())["partner_type"].dropna().unique()
    there, groups = {kind for cell in cells for kind in query.items(cell)}, labels.groups(t)
    return {kind: groups[kind] for kind in STAKEHOLDER_GROUPS if kind in there}


@kept
def _countries(t: Words) -> dict[str, str]:
    """The countries that partners come from."""
    cells = _all(datasets.release())["country_iso3"].dropna().unique()
    there = {code for cell in cells for code in query.items(cell)}
    names = datasets.country_names(t.language)
    return {code: name for code, name in names.items() if code in there}


@kept
def _rows(names: tuple[str, ...], t: Words) -> str:
    """Partners as an HTML table: each name leads to its neighbourhood, each story to its page."""
    shown = _by_name(datasets.release()).loc[list(names)].reset_index()
    groups, countries = labels.groups(t), datasets.country_names(t.language)
    titles = datasets.titles()
    lines = []
    for row in query.rows(shown):
        kinds = t.listed([groups[kind] for kind in query.items(row.partner_type)])
        places = t.listed([countries.get(c, c) for c in query.items(row.country_iso3)])
        cells = [
            parts.inside("partners", row.partner, partner=row.partner),
            escape(kinds or t("not on record")),
            escape(places or t("not on record")),
            _stories(query.items(row.story_ids), titles, t),
        ]
        lines.append(
            f'<tr><th scope="row">{cells[0]}</th>'
            + "".join(f"<td>{cell}</td>" for cell in cells[1:])
            + "</tr>"
        )
    heads = (t("Kind of partner"), t("Country"), t("Stories"))
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    return f'{STYLE}<div class="gcs-partners">{parts.table(head, "".join(lines))}</div>'


def _stories(story_ids: Sequence[str], titles: Mapping[str, str], t: Words) -> str:
    links = [
        parts.inside("story", titles[story], story=story)
        for story in story_ids[:MOST_TITLES]
        if story in titles
    ]
    more = len(story_ids) - MOST_TITLES
    if more > 0:
        links.append(escape(t.plural("and {n} more", "and {n} more", more)))
    return "<br>".join(links)


def _headings(t: Words) -> dict[str, Any]:
    return {
        "partner": t("Partner"),
        "partner_type": t("Kind of partner"),
        "country_iso3": t("Country"),
        "story_id": t("Story id"),
        "source_url": st.column_config.LinkColumn(t("Source")),
    }
