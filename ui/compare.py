"""Two to four stories side by side, worded and escaped for their page."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

import labels
from figures.radar import MOST_OUTLINES, dna_radar
from figures.svg import map_thumbnail, radar_svg
from figures.world import border_notes
from gcs_data import compare, query
from ui import datasets, parts
from ui.chart import chart, numbers
from ui.dna import Series, named_profile, notes, table_headings
from ui.escape import md
from ui.kept import kept
from words import Words, words


def dna(story_ids: Sequence[str], t: Words) -> None:
    """The DNA of the stories: one radar for up to three, one each for four."""
    series = tuple(each for story in story_ids if (each := _first_series(story, t)))
    titles = datasets.titles()
    rated = {each.story_id for each in series}
    for story in story_ids:
        if story not in rated:
            st.info(
                t("Nobody has rated the genes of “{title}” yet.", title=md(titles[story])),
                icon=":material/info:",
            )
    if not series:
        return
    said = _differences(series, t)
    if len(series) <= MOST_OUTLINES:
        _radar("compare-dna", series, said, t)
        return
    for place in range(0, len(series), 2):  # Row by row, so that a phone keeps their order.
        for here, column in enumerate(st.columns(2), place):
            with column:
                _radar(f"compare-dna-{here + 1}", (series[here],), said, t)


@kept
def _first_series(story_id: str, t: Words) -> Series | None:
    found = query.rating_series(datasets.frame("rating_counts"), story_id)
    if found.empty:
        return None
    first = found.iloc[0]
    return Series(
        datasets.release(), story_id, first["provenance"], first["occasion_id"], True, t.language
    )


def _radar(name: str, series: tuple[Series, ...], said: str, t: Words) -> None:
    drawn = _drawn(series, t)
    chart(
        name,
        drawn.figure,
        svg=lambda: radar_svg(drawn.profiles, **drawn.inside, alt=said),
        sentence=said,
        table=drawn.table,
        headings=table_headings(t) | {"story": t("Story")},
    )


@dataclass(frozen=True)
class Drawn:
    """Some stories in one radar, as page and file show it."""

    profiles: pd.DataFrame
    figure: go.Figure
    inside: dict[str, Any]
    table: pd.DataFrame


@kept
def _drawn(series: tuple[Series, ...], t: Words) -> Drawn:
    titles = datasets.titles()
    profiles = pd.concat(
        [named_profile(each).assign(name=titles[each.story_id]) for each in series],
        ignore_index=True,
    )
    named = t.listed([titles[each.story_id] for each in series])
    illustrative = any(each.illustrative for each in series)
    inside: dict[str, Any] = {
        "title": t("The DNA of {title}", title=named),
        "notes": notes(series[0], profiles, t),
        "watermark": labels.provenances(t)["illustrative"] if illustrative else "",
        "t": t,
    }
    table = profiles.rename(columns={"name": "story"})
    return Drawn(profiles, dna_radar(profiles, **inside), inside, table)


@kept
def _differences(series: tuple[Series, ...], t: Words) -> str:
    """Which genes differ, as a sentence: only where the interval of the difference leaves out 0."""
    if any(each.illustrative for each in series):
        return t(
            "In made-up example ratings, no difference between stories is named: nobody gave them."
        )
    if len(series) < compare.FEWEST_STORIES:
        return t("There is only one rated story here, so there is nothing to compare.")
    genes = datasets.genes_in_order(default_only=True)
    ratings = [compare.Ratings(s.story_id, s.provenance, s.occasion_id) for s in series]
    found = compare.pairs_of_stories(datasets.frame("rating_counts"), ratings, genes)
    apart = found[found["verdict"] == "apart"]
    if apart.empty:
        return t("No gene can be told apart between these stories.")
    names, titles = datasets.gene_names(t), datasets.titles()
    clauses = [
        t(
            "{gene} is rated higher in “{more}” than in “{less}”, "
            "by {difference} ({low} to {high})",
            gene=names[row.gene_id],
            more=titles[row.story_a if row.difference > 0 else row.story_b],
            less=titles[row.story_b if row.difference > 0 else row.story_a],
            difference=t.number(abs(row.difference), 1),
            low=t.number(min(abs(row.low), abs(row.high)), 1),
            high=t.number(max(abs(row.low), abs(row.high)), 1),
        )
        for row in query.rows(apart)
    ]
    text = t("; ").join(clauses) + "."
    return text[:1].upper() + text[1:]


def facts(story_ids: Sequence[str], t: Words) -> str:
    """The facts next to each other, as an HTML table; what is not on record says so."""
    return _facts(tuple(story_ids), t)


@kept
def _facts(story_ids: tuple[str, ...], t: Words) -> str:
    titles = datasets.titles()
    table = compare.facts_side_by_side(datasets.frame("stories"), story_ids)
    names = labels.columns(t)
    head = "".join(f"<th>{parts.inside('story', titles[s], story=s)}</th>" for s in story_ids)
    rows = "".join(
        f"<tr><th>{escape(names[fact])}</th>"
        + "".join(f"<td>{_fact(fact, table.at[fact, story], t)}</td>" for story in story_ids)
        + "</tr>"
        for fact in table.index
    )
    return parts.table(head, rows)


def _fact(fact: str, value: object, t: Words) -> str:
    if value is None:
        return escape(t("not on record"))
    if fact in ("website", "source_url"):
        return parts.source(value, t)
    if fact == "official":
        return escape(t("Yes") if value else t("No"))
    if fact == "lead_type":
        return escape(labels.groups(t)[str(value)])
    if fact == "lead_country_iso3":
        return escape(datasets.country_names(t.language)[str(value)])
    if fact == "topics":
        named = [labels.label(labels.topics(t), topic) for topic in query.items(value)]
        return escape(t.listed(named))
    if fact in ("theme", "target_groups"):
        return escape(t.listed(query.items(value)))
    return escape(str(value))


def reach(story_ids: Sequence[str], t: Words) -> None:
    """Where the stories are on record, kind by kind and country by country."""
    st.html(_reach_table(tuple(story_ids), t))
    st.caption(md(" ".join(border_notes(t))))
    numbers(
        "compare-reach",
        _reach_numbers(tuple(story_ids), t),
        alt=t("The countries on record for each of these stories"),
        label=t("Country by country"),
        headings={"country_iso3": None, "country": t("Country"), **datasets.titles()},
    )


@kept
def _reach_numbers(story_ids: tuple[str, ...], t: Words) -> pd.DataFrame:
    table = compare.reach_side_by_side(datasets.frame("replications"), story_ids).reset_index()
    table.insert(1, "country", table["country_iso3"].map(datasets.country_names(t.language)))
    return table


@kept
def _reach_table(story_ids: tuple[str, ...], t: Words) -> str:
    replications, titles = datasets.frame("replications"), datasets.titles()
    counted = compare.shared_reach(replications, story_ids)
    kinds = {compare.ANY_KIND: t("On record at all")} | labels.kinds(t)
    head = "".join(f"<th>{escape(titles[story])}</th>" for story in story_ids)
    maps = "".join(f"<td>{_small_map(datasets.release(), s, t.language)}</td>" for s in story_ids)
    by_story = counted.set_index(["kind", "story_id"])
    rows = "".join(
        f"<tr><th>{escape(kinds[kind])}</th>"
        + "".join(f"<td>{escape(_reach(by_story.loc[(kind, s)], t))}</td>" for s in story_ids)
        + "</tr>"
        for kind in dict.fromkeys(counted["kind"])
    )
    return parts.table(head, f"<tr><th>{escape(t('Map'))}</th>{maps}</tr>{rows}")


@st.cache_resource(show_spinner=False, max_entries=1024)
def _small_map(release: int, story_id: str, language: str) -> str:
    """Where a story is on record, as a picture; drawn once. HTML."""
    t = words(language)
    rows = datasets.frame("replications", release)
    here = rows[rows["story_id"] == story_id]
    if here.empty:
        return escape(t("no record"))
    countries = datasets.frame("countries", release).set_index("country_iso3")
    named = countries.assign(name=countries[f"name_{language}"])
    alt = t.plural(
        "Map of {n} country where “{title}” is on record",
        "Map of {n} countries where “{title}” is on record",
        here["country_iso3"].nunique(),
        title=datasets.titles(release)[story_id],
    )
    svg = map_thumbnail(query.marks(here), countries=named, alt=alt)
    return parts.picture(svg, alt)


def _reach(row: pd.Series, t: Words) -> str:
    if not row["countries"]:
        return t("no record")
    return t.plural(
        "{n} country, {only} without the others",
        "{n} countries, {only} without the others",
        int(row["countries"]),
        only=t.number(int(row["only"])),
    )
