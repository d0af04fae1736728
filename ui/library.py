"""Finding stories: search, facets, and what is found as cards and as a table."""

from collections.abc import Collection, Sequence
from html import escape

import pandas as pd
import streamlit as st

import labels
from figures.svg import radar_thumbnail
from gcs_data import facets, query, search
from gcs_data.schema import KINDS
from ui import address, datasets, parts
from ui.chart import numbers
from ui.dna import Series, named_profile
from ui.escape import md
from ui.kept import kept
from words import Words, words

A_PAGE = 12  # Cards.


@st.cache_resource(show_spinner=False, max_entries=16)
def _index(release: int, language: str) -> search.Index:
    """The words of a release's stories, read once."""
    stories = datasets.frame("stories", release).set_index("story_id")
    ordered = stories.loc[list(datasets.titles(release))].reset_index()
    return search.index(
        ordered,
        datasets.frame("partners", release),
        datasets.frame("replications", release),
        datasets.frame("countries", release),
        country_names=datasets.country_names(language, release),
        topic_labels=labels.topics(words(language)),
    )


@st.cache_resource(show_spinner=False, max_entries=16)
def _facet_values(release: int) -> facets.Values:
    return facets.facet_values(
        datasets.frame("stories", release),
        datasets.frame("replications", release),
        datasets.frame("countries", release),
    )


def found(asked: str, t: Words) -> list[str]:
    """The stories that a text finds, the best first; all of them for no text."""
    return [hit.story_id for hit in search.search(_index(datasets.release(), t.language), asked)]


def narrowed(story_ids: Collection[str], t: Words) -> list[str]:
    """Draw the facets with their counts, and return the stories that fit what is chosen."""
    values = _facet_values(datasets.release())
    known = facets.facets(values, list(values), {})
    chosen = {
        facet: [value for value in address.given(facet) if value in known[facet]]
        for facet in facets.FACETS
    }
    counts = facets.facets(values, story_ids, chosen)
    lid = st.expander(t("Narrow down"), icon=":material/filter_alt:", expanded=any(chosen.values()))
    columns = lid.columns(3)
    for place, (facet, name) in enumerate(_facet_names(t).items()):
        named = _value_names(facet, known[facet], t)
        options = {
            value: t("{name} ({n})", name=named[value], n=t.number(counts[facet].get(value, 0)))
            for value in known[facet]
        }
        with columns[place % 3]:
            chosen[facet] = address.some_of(facet, name, options, placeholder=t("All"))
    return facets.selected(values, story_ids, chosen)


def _facet_names(t: Words) -> dict[str, str]:
    return {
        "topic": t("Topic"),
        "lead_type": t("Kind of lead"),
        "region": t("Region of the lead"),
        "kind": t("Kind of spread"),
        "official": t("Listed by Good Cyber Stories"),
        "edition": t("Edition"),
    }


def _value_names(facet: str, values: Collection[str], t: Words) -> dict[str, str]:
    known = {
        "topic": labels.topics(t),
        "lead_type": labels.groups(t),
        "region": datasets.region_names(t.language),
        "kind": labels.kinds(t),
        "official": {"yes": t("Yes"), "no": t("No")},
    }.get(facet, {})
    named = {value: known.get(value, value) for value in values}
    if facet == "topic":
        named = {value: labels.label(known, value) for value in values}
    if facets.NOT_ON_RECORD in named:
        named[facets.NOT_ON_RECORD] = t("Not on record")
    return named


def how_many(story_ids: Collection[str], asked: str, t: Words) -> str:
    """How many stories were found, as Markdown."""
    n = len(story_ids)
    if not asked.strip():
        return t.plural("{n} story.", "{n} stories.", n)
    return t.plural("{n} story for “{asked}”.", "{n} stories for “{asked}”.", n, asked=md(asked))


def all_stories(t: Words) -> str:
    """The way back from a search that found nothing, as HTML."""
    return parts.paragraph_of(parts.inside("stories", t("Show all stories")))


def draw_cards(story_ids: list[str], t: Words) -> None:
    """Twelve cards at a time, with the pages below."""
    pages = -(-len(story_ids) // A_PAGE)
    slot = st.container()  # The cards stand above the numbers of their pages.
    page = address.page_number(pages)
    slot.html(cards(story_ids[(page - 1) * A_PAGE : page * A_PAGE], t))


def draw_table(story_ids: list[str], t: Words) -> None:
    """The same stories with their facts, side by side."""
    kinds = labels.kinds(t)
    headings = {
        "story_id": None,
        "title": st.column_config.TextColumn(t("Story"), width="large"),
        "lead_organisation": t("Led by"),
        "lead_type": t("Kind of lead"),
        "lead_country_iso3": t("Lead country"),
        "topics": t("Topics"),
        "year_started": st.column_config.NumberColumn(t("Since"), format="%d"),
        "official": t("Listed by Good Cyber Stories"),
        "edition": t("Edition"),
        "source_url": st.column_config.LinkColumn(t("Source")),
        **{kind: t("{kind} (countries)", kind=name) for kind, name in kinds.items()},
    }
    rows = table(story_ids)
    links = [parts.href("story", story=story) for story in story_ids]
    st.dataframe(
        _worded(rows, t).assign(open=links)[["open", *rows.columns]],
        hide_index=True,
        placeholder="–",
        alt=t("The stories found"),
        column_config=headings
        | {"open": st.column_config.LinkColumn(t("Open"), display_text=t("Open"), width="small")},
    )
    numbers(
        "stories",
        rows,
        alt=t("The stories found"),
        label=t("Table and downloads"),
        headings=headings,
    )


def table(story_ids: list[str]) -> pd.DataFrame:
    """The facts of some stories, in the order given, with the countries reached by each kind."""
    stories = datasets.frame("stories").set_index("story_id").loc[story_ids].reset_index()
    replications = datasets.frame("replications")
    reached = pd.crosstab(replications["story_id"], replications["kind"])
    by_kind = reached.reindex(index=story_ids, columns=list(KINDS), fill_value=0)
    columns = [
        "story_id",
        "title",
        "lead_organisation",
        "lead_type",
        "lead_country_iso3",
        "topics",
        "year_started",
        "official",
        "edition",
        "source_url",
    ]
    return stories[columns].join(by_kind, on="story_id")


def _worded(rows: pd.DataFrame, t: Words) -> pd.DataFrame:
    """The same table with names for ids, as a person reads it; files keep the ids."""
    topics = labels.topics(t)
    return rows.assign(
        lead_type=rows["lead_type"].map(labels.groups(t)).astype("str"),
        lead_country_iso3=rows["lead_country_iso3"]
        .map(datasets.country_names(t.language))
        .astype("str"),
        topics=[
            t.listed([labels.label(topics, topic) for topic in query.items(value)])
            for value in rows["topics"]
        ],
    )


def cards(
    story_ids: Sequence[str], t: Words, *, said: str = "spread", beside: Sequence[str] = ()
) -> str:
    """Stories as HTML cards: DNA, title, and one line each.

    Args:
        story_ids: In the order wanted.
        said: Whether the line says where a story "spread", or which genes are "dominant".
        beside: The stories that each is compared with by its link.
    """
    return _cards(tuple(story_ids), said, tuple(beside), t)


@kept
def _cards(story_ids: tuple[str, ...], said: str, beside: tuple[str, ...], t: Words) -> str:
    titles, line = datasets.titles(), {"spread": spread_line, "dominant": dominant_line}[said]
    drawn = "".join(
        f'<div class="gcs-card">{thumbnail(datasets.release(), story, t.language)}<div>'
        + parts.inside("story", titles[story], story=story)
        + parts.paragraph(line(story, t))
        + '<p class="gcs-quiet">'
        + parts.inside("compare", t("Compare"), story=[*beside, story])
        + "</p>"
        + "</div></div>"
        for story in story_ids
    )
    return f'<div class="gcs-cards">{drawn}</div>'


@kept
def spread_line(story_id: str, t: Words) -> str:
    """Where a story is on record, kind by kind from the strongest claim. Plain text."""
    rows = datasets.frame("replications")
    reached = rows[rows["story_id"] == story_id].groupby("kind")["country_iso3"].nunique()
    if reached.empty:
        return t("No country on record yet.")
    named = labels.kinds(t)
    said = [
        t.plural(
            "{kind} in {n} country", "{kind} in {n} countries", int(reached[kind]), kind=named[kind]
        )
        for kind in reversed(KINDS)
        if kind in reached.index
    ]
    return t("; ").join(said) + "."


@kept
def dominant_line(story_id: str, t: Words) -> str:
    """The published dominant genes of a story. Plain text."""
    published = query.published_dna(
        datasets.frame("published_dna"), datasets.frame("genes"), story_id
    )
    names = datasets.gene_names(t)
    dominant = [names[gene] for gene in published.loc[published["dominant"], "gene_id"]]
    if not dominant:
        return t("No DNA has been published for this story yet.")
    return t("Published dominant genes: {genes}.", genes=t.listed(dominant))


@st.cache_resource(show_spinner=False, max_entries=4096)
def thumbnail(release: int, story_id: str, language: str) -> str:
    """A small radar of a story's first ratings, with what they are; drawn once. HTML."""
    t = words(language)
    series = query.rating_series(datasets.frame("rating_counts", release), story_id)
    if series.empty:
        return ""
    first = series.iloc[0]
    kind = labels.provenances(t)[first["provenance"]]
    profile = named_profile(
        Series(release, story_id, first["provenance"], first["occasion_id"], True, language)
    )
    title = datasets.titles(release)[story_id]
    alt = t("Radar of the DNA of {title}. {kind}.", title=title, kind=kind)
    picture = parts.picture(radar_thumbnail(profile, alt=alt, size=116), alt)
    return f'<div>{picture}<p class="gcs-soft gcs-small">{escape(kind)}</p></div>'
