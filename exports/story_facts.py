"""What is known of one story in words, for its page, its print page and files. Plain text."""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

import labels
from gcs_data import query
from words import Words


class Fact(NamedTuple):
    """One thing that is known.

    Attributes:
        name: What it is.
        text: What is known; what is not known has no fact.
        country: The code of the country that the text names, for a link to it.
        source: The address or document that is shown instead of a text.
    """

    name: str
    text: str = ""
    country: str = ""
    source: str = ""


class Partner(NamedTuple):
    """Who takes part: the name as on record, kind and country in words, and who says so."""

    name: str
    about: str
    source: str


def standing(facts: pd.Series, t: Words) -> str:
    """Whose story this is."""
    listed = (
        t("Listed by Good Cyber Stories.")
        if facts["official"]
        else t("A comparable initiative that we chose; not listed by Good Cyber Stories.")
    )
    lead = t("Led by {organisation}.", organisation=facts["lead_organisation"])
    return f"{lead} {listed}"


def known_facts(row: pd.Series, countries: Mapping[str, str], t: Words) -> list[Fact]:
    """Each fact that is known, in the order in which it is read.

    Args:
        row: A row of `stories`.
        countries: What each country is called.
        t: The words of the visitor's language.
    """
    topics = [labels.label(labels.topics(t), topic) for topic in query.items(row["topics"])]
    code = _text(row["lead_country_iso3"])
    facts = [
        Fact(t("Original title"), _text(row["title_original"])),
        Fact(t("Led by"), _text(row["lead_organisation"])),
        Fact(t("Kind of lead"), labels.groups(t).get(row["lead_type"], "")),
        Fact(t("Lead country"), countries[code] if code else "", country=code),
        Fact(t("Years"), years(row, t)),
        Fact(t("Topics"), t.listed(topics)),
        Fact(t("Reach"), _text(row["reach"])),
        Fact(t("Themes"), t.listed(query.items(row["theme"]))),
        Fact(t("Focus"), _text(row["focus"])),
        Fact(t("For whom"), t.listed(query.items(row["target_groups"]))),
        Fact(t("Edition"), _text(row["edition"])),
        Fact(t("Website"), source=_text(row["website"])),
        Fact(t("Source of these facts"), source=_text(row["source_url"])),
        Fact(t("Classified by us"), t("Kind of lead and topics are our own classification.")),
    ]
    return [fact for fact in facts if fact.text or fact.source]


def years(row: pd.Series, t: Words) -> str:
    """When it ran, as far as is known."""
    began, ended = row["year_started"], row["year_ended"]
    if pd.isna(began):
        return t("not on record")
    if pd.isna(ended):
        return t("since {year}", year=began)
    return t("{began} to {ended}", began=began, ended=ended)


def guidance(row: pd.Series, t: Words) -> list[Fact]:
    """What to know before doing the same elsewhere; where nothing is on record, that is said."""
    none = t("none on record yet")
    ask = _text(row["contact_url"]) or _text(row["website"])
    return [
        Fact(t("Guidance"), _text(row["replication_guidance"]) or none),
        Fact(t("Lessons learned"), _text(row["lessons"]) or none),
        Fact(t("Whom to ask"), "" if ask else none, source=ask),
    ]


def partners_of(
    story_id: str, partners: pd.DataFrame, countries: Mapping[str, str], t: Words
) -> list[Partner]:
    """The partners of a story, by kind of organisation."""
    mine = partners[partners["story_id"] == story_id].sort_values(["partner_type", "partner"])
    groups = labels.groups(t)
    return [
        Partner(
            row.partner,
            ", ".join(
                filter(None, [groups.get(row.partner_type), countries.get(row.country_iso3)])
            ),
            _text(row.source_url),
        )
        for row in query.rows(mine)
    ]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
