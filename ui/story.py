"""What is known of one story, worded and escaped for its page."""

from collections.abc import Sequence
from html import escape

import pandas as pd

import labels
from gcs_data import query
from gcs_data.similar import Similar
from ui import datasets, parts
from words import Words

FEATURED = 3


def standing(facts: pd.Series, t: Words) -> str:
    """Whose story this is. Plain text."""
    listed = (
        t("Listed by Good Cyber Stories.")
        if facts["official"]
        else t("A comparable initiative that we chose; not listed by Good Cyber Stories.")
    )
    lead = t("Led by {organisation}.", organisation=facts["lead_organisation"])
    return f"{lead} {listed}"


def facts(row: pd.Series, t: Words) -> list[tuple[str, str]]:
    """Each fact with its name; values are escaped HTML. What is not known is left out."""
    countries = datasets.country_names(t.language)
    topics = [labels.label(labels.topics(t), topic) for topic in query.items(row["topics"])]
    country = row["lead_country_iso3"]
    named = {
        t("Original title"): _text(row["title_original"]),
        t("Led by"): _text(row["lead_organisation"]),
        t("Kind of lead"): _text(labels.groups(t).get(row["lead_type"])),
        t("Lead country"): parts.inside("map", countries[country], country=country)
        if isinstance(country, str)
        else "",
        t("Years"): escape(years(row, t)),
        t("Topics"): escape(t.listed(topics)) if topics else "",
        t("Reach"): _text(row["reach"]),
        t("Themes"): _listed(row["theme"], t),
        t("Focus"): _text(row["focus"]),
        t("For whom"): _listed(row["target_groups"], t),
        t("Edition"): _text(row["edition"]),
        t("Website"): parts.source(row["website"]),
        t("Source of these facts"): parts.source(row["source_url"]),
        t("Classified by us"): escape(t("Kind of lead and topics are our own classification.")),
    }
    return list(named.items())


def years(row: pd.Series, t: Words) -> str:
    """When it ran, as far as is known."""
    began, ended = row["year_started"], row["year_ended"]
    if pd.isna(began):
        return t("not on record")
    if pd.isna(ended):
        return t("since {year}", year=began)
    return t("{began} to {ended}", began=began, ended=ended)


def guidance(row: pd.Series, t: Words) -> list[tuple[str, str]]:
    """What to know before doing the same elsewhere; where nothing is on record, that is said."""
    none = escape(t("none on record yet"))
    return [
        (t("Guidance"), _text(row["replication_guidance"]) or none),
        (t("Lessons learned"), _text(row["lessons"]) or none),
        (
            t("Whom to ask"),
            parts.source(row["contact_url"]) or parts.source(row["website"]) or none,
        ),
    ]


def partners(story_id: str, t: Words) -> str:
    """The partners by kind of organisation, with sources, as HTML."""
    everyone = datasets.frame("partners")
    mine = everyone[everyone["story_id"] == story_id]
    if mine.empty:
        return parts.paragraph(t("None on record yet."))
    countries, groups = datasets.country_names(t.language), labels.groups(t)
    lines = []
    for row in query.rows(mine.sort_values(["partner_type", "partner"])):
        known = [groups.get(row.partner_type), countries.get(row.country_iso3)]
        about = ", ".join(escape(part) for part in known if part)
        lines.append(
            f"<li>{escape(row.partner)}{', ' if about else ''}"
            f'<span class="gcs-soft">{about} ({parts.source(row.source_url)})</span></li>'
        )
    return f'<ul class="gcs-list">{"".join(lines)}</ul>'


def similar(found: Sequence[Similar], t: Words) -> str:
    """Similar stories with the reason of each in words, as HTML cards."""
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


def featured() -> list[str]:
    """The first official stories; the first of all where none is official."""
    titles = datasets.titles()
    stories = datasets.frame("stories").set_index("story_id")
    official = [story for story in titles if stories.at[story, "official"]] or list(titles)
    return official[:FEATURED]


def _text(value: object) -> str:
    return escape(value) if isinstance(value, str) else ""


def _listed(value: object, t: Words) -> str:
    parts_of = query.items(value)
    return escape(t.listed(parts_of)) if parts_of else ""
