"""What is known of one story, worded and escaped for its page."""

from collections.abc import Sequence
from html import escape

import pandas as pd
import streamlit as st

import labels
from exports import story_facts
from exports.addresses import record_id
from exports.story_facts import Fact, Partner
from gcs_data.similar import Similar, similar_stories
from ui import address, datasets, parts
from ui.dna import series_names
from ui.kept import kept
from words import Words

FEATURED = 3


@kept
def record(story_id: str) -> pd.Series:
    """What is known of a story; its id is the row's name."""
    return pd.Series(datasets.frame("stories").set_index("story_id").loc[story_id])


def standing(facts: pd.Series, t: Words) -> str:
    """Whose story this is. Plain text."""
    return story_facts.standing(facts, t)


@kept
def facts(story_id: str, t: Words) -> list[tuple[str, str]]:
    """Each known fact of a story; values are escaped HTML."""
    names = datasets.country_names(t.language)
    known = _html(story_facts.known_facts(record(story_id), names, t), t)
    return [*known, (t("Something wrong?"), parts.report(record_id("stories", story_id), t))]


@kept
def guidance(story_id: str, t: Words) -> list[tuple[str, str]]:
    """What to know before doing the same elsewhere; where nothing is on record, that is said."""
    return _html(story_facts.guidance(record(story_id), t), t)


def _html(facts: Sequence[Fact], t: Words) -> list[tuple[str, str]]:
    return [(fact.name, _value(fact, t)) for fact in facts]


def _value(fact: Fact, t: Words) -> str:
    if fact.source:
        return parts.source(fact.source, t)
    if fact.country:
        return parts.inside("map", fact.text, country=fact.country)
    return escape(fact.text)


@kept
def partners(story_id: str, t: Words) -> str:
    """The partners by kind of organisation, with sources, as HTML."""
    known = story_facts.partners_of(
        story_id, datasets.frame("partners"), datasets.country_names(t.language), t
    )
    if not known:
        return parts.paragraph(t("None on record yet."))
    lines = (
        _partner(partner, record_id("partners", story_id, partner.name), t) for partner in known
    )
    return f'<ul class="gcs-list">{"".join(lines)}</ul>'


def _partner(partner: Partner, record: str, t: Words) -> str:
    about = (", " if partner.about else "") + '<span class="gcs-soft">' + escape(partner.about)
    return (
        f"<li>{escape(partner.name)}{about} ({parts.source(partner.source, t)})</span>"
        f"{parts.report(record, t)}</li>"
    )


def print_link(story_id: str, t: Words) -> None:
    """A link to the story's page for paper: of this language and release, and of these genes."""
    # Their widgets come later on the page, and may have changed since the address was written.
    chosen: dict[str, str | Sequence[str]] = {
        "genes": address.chosen("genes", ["all"]) or [],  # The default stands in no address.
        "ratings": address.chosen("ratings", list(series_names(story_id))) or [],
    }
    printed = f"./print{parts.here(lang=t.language, **chosen)}"
    st.link_button(t("Print"), printed, icon=":material/print:")


@kept
def similar(story_id: str, t: Words) -> str:
    """Similar stories with the reason of each in words, as HTML cards."""
    found = similar_stories(
        story_id,
        datasets.frame("stories"),
        datasets.frame("countries"),
        datasets.frame("published_dna"),
    )
    if not found:
        return parts.paragraph(
            t("No other story on record shares a topic, a kind of lead or a region.")
        )
    titles = datasets.titles()
    cards = "".join(
        '<div class="gcs-card"><div>'
        + parts.inside("story", titles[each.story_id], story=each.story_id)
        + parts.paragraph(reason(each, t))
        + "</div></div>"
        for each in found
    )
    return f'<div class="gcs-cards">{cards}</div>'


def reason(found: Similar, t: Words) -> str:
    """Why a story is similar, from facts. Plain text."""
    clauses = []
    if found.topics:
        topics = [labels.label(labels.topics(t), topic).lower() for topic in found.topics]
        clauses.append(t("both work on {topics}", topics=t.listed(topics)))
    if found.lead_type:
        kind = labels.groups(t)[found.lead_type].lower()
        clauses.append(t("both are led by the same kind of organisation ({kind})", kind=kind))
    if found.region:
        region = datasets.region_names(t.language)[found.region]
        clauses.append(t("both are led from {region}", region=region))
    if found.dominant_genes:
        names = datasets.gene_names(t)
        genes = t.listed([names[gene] for gene in found.dominant_genes])
        clauses.append(t("both have {genes} among their published dominant genes", genes=genes))
    text = t("; ").join(clauses) + "."
    return text[:1].upper() + text[1:]


@kept
def featured() -> list[str]:
    """The first official stories; the first of all where none is official."""
    titles = datasets.titles()
    stories = datasets.frame("stories").set_index("story_id")
    official = [story for story in titles if stories.at[story, "official"]] or list(titles)
    return official[:FEATURED]
