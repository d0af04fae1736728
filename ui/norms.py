"""Norms and duties, worded and escaped for their page."""

from html import escape

import pandas as pd
import streamlit as st

import labels
import settings
from gcs_data import gaps, norms, query
from gcs_data.errors import FactsFileError
from ui import claims, datasets, parts, trouble
from ui.chart import download
from ui.gaps import FACTS, story_list
from ui.kept import kept
from words import Words


def meanings(t: Words) -> dict[str, str]:
    """What each duty means, in a paragraph of our own."""
    return {
        "due_diligence": t(
            "A state that knows, or should know, that its networks are used to harm another takes "
            "the steps that can be expected of it to stop that."
        ),
        "critical_infrastructure_protection": t(
            "Power, water, health, finance and the networks they rest on are kept working: those "
            "who run them know their risks, and nobody attacks them in peacetime."
        ),
        "supply_chain_security": t(
            "Products and services can be trusted from design to disposal: makers, buyers and "
            "states keep hidden functions and tampering out of what others depend on."
        ),
        "non_proliferation_of_malicious_ict": t(
            "Tools and techniques made to do harm do not spread: their sale, transfer and careless "
            "storage are held back."
        ),
        "information_exchange": t(
            "Warnings, experience and good practice reach those who need them, between states and "
            "between sectors, through channels that people know and trust."
        ),
        "mutual_assistance": t(
            "Who is attacked and asks for help gets it, from points of contact that answer and "
            "teams that have practised together."
        ),
        "criminal_justice": t(
            "Prosecution: crimes committed through networks are investigated and tried, with laws "
            "that fit together across borders and with respect for rights."
        ),
        "vulnerability_disclosure": t(
            "Who finds a weakness can report it safely, and who is responsible repairs it before "
            "it is made public."
        ),
        "confidence_building": t(
            "States lower the risk of misunderstanding: they say what they do, know whom to call, "
            "and talk before an incident becomes a conflict."
        ),
        "capacity_building": t(
            "People, institutions and laws are strengthened where they are needed, on the terms "
            "of those who will live with them."
        ),
    }


def commission(t: Words) -> dict[str, str]:
    """The six norms of the Global Commission's Singapore package, by their titles."""
    return {
        "no_tampering": t("Norm to avoid tampering"),
        "no_commandeering": t("Norm against commandeering of ICT devices into botnets"),
        "vulnerability_equities": t("Norm for states to create a vulnerability equities process"),
        "reduce_vulnerabilities": t("Norm to reduce and mitigate significant vulnerabilities"),
        "basic_hygiene": t("Norm on basic cyber hygiene as foundational defence"),
        "no_private_offence": t("Norm against offensive cyber operations by non-state actors"),
    }


@kept
def duties(t: Words) -> str:
    """A section for each duty: what it means, which stories act on it, and where; HTML."""
    topical = gaps.topics_of(datasets.frame("stories"))
    reached = (
        claims.known()
        .merge(topical, on="story_id")
        .groupby("topic")["country_iso3"]
        .nunique()
        .to_dict()
    )
    by_topic = _by_topic(topical)
    return "".join(
        _duty(duty, meaning, by_topic.get(duty, []), int(reached.get(duty, 0)), t)
        for duty, meaning in meanings(t).items()
    )


def _by_topic(topical: pd.DataFrame) -> dict[str, list[str]]:
    """The stories of each topic, the official ones first."""
    place = {story_id: place for place, story_id in enumerate(datasets.titles())}
    found: dict[str, list[str]] = {}
    for story_id, topic in zip(topical["story_id"], topical["topic"], strict=True):
        found.setdefault(topic, []).append(story_id)
    return {topic: sorted(ids, key=place.__getitem__) for topic, ids in found.items()}


def _duty(duty: str, meaning: str, story_ids: list[str], countries: int, t: Words) -> str:
    name = labels.topics(t)[duty]
    body = parts.paragraph(meaning)
    if story_ids:
        reach = t.plural(
            "{stories}, on record in {n} country or territory.",
            "{stories}, on record in {n} countries and territories.",
            countries,
            stories=t.plural("{n} story", "{n} stories", len(story_ids)),
        )
        where = parts.inside("map", t("See where"), topic=duty)
        body += f"<p>{escape(reach)} {where}</p>{story_list(story_ids, duty, t)}"
    else:
        body += parts.paragraph(t("No story on record yet. That does not mean that there is none."))
    return f'<section id="{duty}"><h3>{escape(name)}</h3>{body}</section>'


def draw_commission(t: Words) -> None:
    """The six norms, each with the stories of which a source says that they act on it."""
    st.markdown(
        t(
            "The Global Commission on the Stability of Cyberspace proposed these in Singapore in "
            "November 2018. A story stands here only where a source says that it acts on the norm; "
            "nothing is concluded from its topics."
        )
    )
    usable = True
    try:
        _norm_stories()
    except FactsFileError as error:
        usable = False
        trouble.say(error)
    st.html(_commission(usable, t))
    header = "norm_id,story_id,note,source_url\r\n"
    download("norm-stories", t("Template for norms and stories"), header.encode, "csv")


@kept
def _commission(usable: bool, t: Words) -> str:
    """The six norms as HTML; without stories where the facts file cannot be used."""
    none = pd.DataFrame(columns=["norm_id", "story_id", "note", "source_url"])
    found = _norm_stories() if usable else none
    lines = "".join(
        f"<li><strong>{escape(name)}</strong>{_acting(found[found['norm_id'] == norm], t)}</li>"
        for norm, name in commission(t).items()
    )
    source = f"{escape(t('Source'))}: {parts.source(norms.NORMS_SOURCE, t)}"
    return f'<ol class="gcs-list">{lines}</ol><p class="gcs-soft">{source}</p>'


@st.cache_resource(show_spinner=False, max_entries=2)
def _norm_stories() -> pd.DataFrame:
    path = settings.data_folder() / FACTS / norms.FILE
    return norms.norm_stories(path, list(datasets.titles(datasets.today())))


def _acting(found: pd.DataFrame, t: Words) -> str:
    if found.empty:
        return f': <span class="gcs-soft">{escape(t("none on record yet"))}</span>'
    titles = datasets.titles()
    lines = "".join(
        f"<li>{parts.inside('story', titles[row.story_id], story=row.story_id)}"
        f"{' – ' + escape(row.note) if row.note else ''} "
        f'<span class="gcs-soft">({parts.source(row.source_url, t)})</span></li>'
        for row in query.rows(found[found["story_id"].isin(list(titles))])
    )
    return f'<ul class="gcs-list">{lines}</ul>'
