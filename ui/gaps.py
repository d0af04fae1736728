"""The gap map: topics by regions, worded for its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

import settings
from figures.gaps import count_grid, gap_sentence
from figures.svg_gaps import count_grid_svg
from gcs_data import gaps, query
from gcs_data.errors import FactsFileError
from ui import address, claims, datasets, language, parts, trouble
from ui.chart import chart, download
from ui.escape import md
from ui.kept import kept_of_release
from ui.spread import regions
from words import Words, words

MOST_LISTED = 12
FACTS = "facts"
TOPIC = "duty"  # In the address; `topic` holds several on other pages.


@dataclass(frozen=True)
class View:
    """What the gap map shows; the parts that a cached picture depends on."""

    release: int
    language: str
    region: str = ""
    counted: tuple[str, ...] = ()

    @property
    def by(self) -> str:
        """What the columns are."""
        return "sub_region" if self.region else "region"


def view(region: str | None, counted: Sequence[str]) -> View:
    """The map of the visitor's release."""
    return View(datasets.release(), language.code(), region or "", tuple(counted))


@kept_of_release
def places(view: View, t: Words) -> dict[str, str]:
    """The columns of the map: the five regions, or the parts of the one that is chosen."""
    names, countries = datasets.region_names(t.language), datasets.frame("countries", view.release)
    if not view.region:
        return regions(t)
    inside = countries.loc[countries["region"] == view.region, "sub_region"].dropna().unique()
    return {place: name for place, name in names.items() if place in inside}


def draw(view: View, t: Words) -> None:
    """The map with its sentence, table and downloads; a click on a field chooses it."""
    cells = _cells(view)
    if cells.empty:
        st.info(
            t("There is no topic on record, so there is nothing to map."), icon=":material/info:"
        )
        return
    said = _said(view, t)
    chart(
        "gaps",
        picture(view, _chosen(view, t)),
        svg=lambda: count_grid_svg(cells, **_inside(view), alt=said),
        sentence=said,
        table=_table(view, t),
        headings={
            "topic": t("Topic"),
            "place": t("Region"),
            "n": t("Stories"),
            "state": t("What it says"),
            "note": t("Note"),
            "source_url": st.column_config.LinkColumn(t("Source")),
        },
        on_point=_choose,
    )


@kept_of_release
def _table(view: View, t: Words) -> pd.DataFrame:
    table = _cells(view).drop(columns="said").rename(columns={"row": "topic", "column": "place"})
    return table.assign(state=table["state"].map(states(t)))


def _chosen(view: View, t: Words) -> tuple[str, str] | None:
    topic, place = (
        address.chosen(TOPIC, datasets.topic_names(t)),
        address.chosen("place", places(view, t)),
    )
    return (topic, place) if topic and place else None


def _choose(point: dict[str, Any]) -> None:
    data = point.get("customdata") or []
    if len(data) == 3:
        address.choose(TOPIC, data[0])
        address.choose("place", data[1])


@kept_of_release
def picture(view: View, chosen: tuple[str, str] | None = None) -> go.Figure:
    """The gap map; drawn once."""
    return count_grid(_cells(view), **_inside(view), chosen=chosen)


def _inside(view: View) -> dict[str, Any]:
    t = words(view.language)
    names = datasets.region_names(t.language)
    title = t("Stories on record by topic and region")
    if view.region:
        title = t("Stories on record by topic in {region}", region=names[view.region])
    return {
        "rows": datasets.topic_names(t, view.release),
        "columns": places(view, t),
        "title": title,
        "notes": [
            t("Different stories led from there or on record there; one can have several topics."),
            t("Topics are our own classification."),
            t("Good Cyber Stories, release {number}.", number=view.release),
        ],
        "t": t,
    }


@kept_of_release
def _said(view: View, t: Words) -> str:
    return gap_sentence(
        _cells(view), rows=datasets.topic_names(t, view.release), columns=places(view, t), t=t
    )


@kept_of_release
def _cells(view: View) -> pd.DataFrame:
    """The fields of the map, with what each says in words."""
    t = words(view.language)
    rows, columns = datasets.topic_names(t, view.release), places(view, t)
    found = findings()
    table = gaps.gap_map(
        counted(view),
        datasets.frame("stories", view.release),
        gaps.NO_FINDINGS if found is None else found,
        topics=list(rows),
        places=list(columns),
        by=view.by,
    )
    table["said"] = [
        t(
            "{topic}, {region}: {said}",
            topic=rows[row.topic],
            region=columns[row.place],
            said=t.plural("{n} story", "{n} stories", row.n) if row.n else states(t)[row.state],
        )
        for row in query.rows(table)
    ]
    return table.rename(columns={"topic": "row", "place": "column"})


def counted(view: View) -> pd.DataFrame:
    """The claims that count: all of them, or the kinds that are chosen."""
    known = claims.known(view.release)
    return known[known["claim"].isin(view.counted)] if view.counted else known


def states(t: Words) -> dict[str, str]:
    """What a field of the map says."""
    return {
        gaps.ON_RECORD: t("on record"),
        gaps.NONE_YET: t("no story on record yet"),
        "searched_not_found": t("searched and not found"),
        "not_applicable": t("not applicable"),
    }


def findings() -> pd.DataFrame | None:
    """What people found who looked; None where the sheet cannot be used."""
    try:
        return _findings()
    except FactsFileError:
        return None


@st.cache_resource(show_spinner=False, max_entries=2)
def _findings() -> pd.DataFrame:
    path = settings.data_folder() / FACTS / gaps.FILE
    known = query.known_topics(datasets.frame("stories", datasets.today()))
    return gaps.findings(path, known, list(datasets.region_names("en")))


def draw_field(view: View, topic: str | None, place: str | None, t: Words) -> None:
    """The stories of one field, for whoever chose it on the map or in the lists."""
    if not topic:
        st.caption(t("Choose a topic, and a region if you like, to see its stories."))
        return
    stories = datasets.frame("stories")
    found = gaps.stories_in(counted(view), stories, topic=topic, place=place or "", by=view.by)
    name = datasets.topic_names(t)[topic]
    if not found:
        cells = _cells(view)
        state = cells.loc[(cells["row"] == topic) & (cells["column"] == place), "state"]
        said = states(t)[state.iloc[0] if len(state) else gaps.NONE_YET]
        where = places(view, t)[place] if place else t("the world")
        st.info(
            t("{topic} in {region}: {said}.", topic=md(name), region=md(where), said=said),
            icon=":material/info:",
        )
        return
    st.html(story_list(found, topic, t))


def story_list(story_ids: Sequence[str], topic: str, t: Words) -> str:
    """Stories as links, the first dozen, with a link to all of the topic; HTML."""
    titles = datasets.titles()
    lines = "".join(
        f"<li>{parts.inside('story', titles[each], story=each)}</li>"
        for each in story_ids[:MOST_LISTED]
    )
    more, rest = len(story_ids) - MOST_LISTED, ""
    if more > 0:
        said = t.plural("and {n} more", "and {n} more", more)
        rest = f"<li>{parts.inside('stories', said, topic=topic)}</li>"
    return f'<ul class="gcs-list">{lines}{rest}</ul>'


def draw_findings(t: Words) -> None:
    """How many findings there are, and the template for more."""
    try:
        found = _findings()
    except FactsFileError as error:
        trouble.say(error)
        return
    if found.empty:
        st.caption(
            t(
                "Nobody has put on record yet that they searched and found nothing, or that a "
                "topic does not apply. The template takes such findings, each with its source."
            )
        )
    else:
        st.caption(
            t.plural(
                "{n} finding of people who searched is on record.",
                "{n} findings of people who searched are on record.",
                len(found),
            )
        )
    header = ",".join(gaps.NO_FINDINGS.columns)
    download("gap-findings", t("Template for findings"), lambda: f"{header}\r\n".encode(), "csv")
