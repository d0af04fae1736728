"""How far raters agree on each gene, for the page of the genome."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

import labels
from figures.drawing import figure
from figures.drawing_svg import svg
from figures.genome import heat_table
from figures.genome_agreement import agreement_drawing, agreement_notes, agreement_sentence
from gcs_data import agreement
from gcs_data.schema import PROVENANCES
from ui import address, datasets, genome
from ui.chart import chart
from ui.dna import table_headings
from ui.early import done
from ui.escape import md
from ui.kept import kept
from words import Words, words


@st.cache_resource(show_spinner=False, max_entries=64)
def _agreement(release: int, provenance: str, group: str) -> pd.DataFrame:
    """Agreement on each gene in a release; computed once."""
    return agreement.gene_agreement(
        datasets.frame("rating_counts", release),
        datasets.genes_in_order(release, default_only=False),
        provenance=provenance,
        group=group,
    )


@st.cache_resource(show_spinner=False, max_entries=16)
def _rated(release: int) -> dict[str, list[str]]:
    """Who rated in a release: the groups that stand by themselves, by kind of rating."""
    counts = datasets.frame("rating_counts", release)
    there = set(counts["provenance"])
    return {
        name: agreement.rated_groups(counts, name)
        for name in reversed(PROVENANCES)
        if name in there
    }


def draw(t: Words) -> None:
    """How raters spread and agree on each gene, everybody or one stakeholder group."""
    if not genome.any_ratings(t):
        done()
    named, rated = labels.provenances(t), _rated(datasets.release())
    kinds = {name: named[name] for name in rated}
    provenance = next(iter(kinds))
    if len(kinds) > 1:
        provenance = address.one_of("ratings", t("Ratings"), kinds)
    groups = labels.groups(t)
    whom = {name: groups[name] for name in rated[provenance]}
    whom = {agreement.EVERYBODY: groups["all"]} | whom
    group = agreement.EVERYBODY
    if len(whom) > 1:
        group = address.one_of("group", t("Who rated"), whom)
    made_up = provenance == "illustrative"
    who = whom[group] if made_up else f"{named[provenance]}, {whom[group]}"
    asked = Asked(provenance, group, who)
    _alphas(asked, t)
    st.header(t("In how many stories they agree"), anchor="spread")
    st.markdown(md(_classes_sentence(asked, t)))
    st.html(_classes(asked, t))
    st.caption(
        t(
            "A stakeholder group is shown only for stories where five people or more of it rated "
            "every gene that any of them rated."
        )
    )


@dataclass(frozen=True)
class Asked:
    """Whose ratings the visitor looks at, and what they are called."""

    provenance: str
    group: str
    who: str

    @property
    def made_up(self) -> bool:
        """Whether these ratings only show how it will look."""
        return self.provenance == "illustrative"


@kept
def _table(asked: Asked, t: Words) -> pd.DataFrame:
    """Agreement with the names of genes."""
    table = _agreement(datasets.release(), asked.provenance, asked.group)
    return table.assign(gene=table["gene_id"].map(datasets.gene_names(t)))


@kept
def _said(asked: Asked, t: Words) -> str:
    return agreement_sentence(_table(asked, t), who=asked.who, illustrative=asked.made_up, t=t)


def _alphas(asked: Asked, t: Words) -> None:
    st.header(t("How far raters agree"), anchor="agree")
    release, table, sentence = datasets.release(), _table(asked, t), _said(asked, t)
    inside: dict[str, Any] = {
        "title": t("How far raters of a story agree on each gene"),
        "notes": [
            *agreement_notes(t),
            t("Good Cyber Stories, release {number}.", number=release),
        ],
        "watermark": labels.provenances(t)["illustrative"] if asked.made_up else "",
    }
    chart(
        "agreement",
        _figure(release, t.language, asked.provenance, asked.group, _table=table, _inside=inside),
        svg=lambda: svg(agreement_drawing(table, t=t), **inside, alt=sentence),
        sentence=sentence,
        table=table,
        headings=_agreement_headings(t),
    )


@st.cache_resource(show_spinner=False, max_entries=64)
def _figure(
    release: int,
    language: str,
    provenance: str,
    group: str,
    *,
    _table: pd.DataFrame,
    _inside: dict[str, Any],
) -> go.Figure:
    """The chart of a release, a language and whoever rated; drawn once."""
    return figure(agreement_drawing(_table, t=words(language)), **_inside)


def _agreement_headings(t: Words) -> dict[str, Any]:
    two = {
        name: st.column_config.NumberColumn(label, format="%.2f")
        for name, label in (("alpha", t("Alpha")), ("low", t("Low")), ("high", t("High")))
    }
    return (
        table_headings(t)
        | two
        | {"stories": t("Stories"), "group": t("Who rated")}
        | _named_classes(t)
    )


def _named_classes(t: Words) -> dict[str, str]:
    """What each way of agreeing is called, as the heading of a column."""
    return {
        "agreed": t("Raters agree"),
        "spread": t("Ratings are spread"),
        "two_camps": t("Two camps"),
        "too_few": t("Too few to say"),
    }


def _classes_sentence(asked: Asked, t: Words) -> str:
    said = t("In how many stories raters agree on each gene, spread, or fall into two camps.")
    return f"{labels.provenances(t)['illustrative']}. {said}" if asked.made_up else said


@kept
def _classes(asked: Asked, t: Words) -> str:
    """In how many stories raters agree, spread or fall into two camps, gene by gene. HTML."""
    named, table = _named_classes(t), _table(asked, t)
    counted = table.set_index("gene_id")[list(named)]
    rated = counted.sum(axis="columns")
    shares = counted.div(rated.where(rated > 0), axis="index").astype("float64")
    return heat_table(
        shares,
        counted.astype("str"),
        rows=dict(zip(table["gene_id"], table["gene"], strict=True)),
        columns=named,
        corner=t("Gene"),
        alt=_classes_sentence(asked, t),
        ends=(t("no story"), t("every story")),
        t=t,
        made_up=set(table["gene_id"]) if asked.made_up else (),
        empty=t("not rated"),
    )
