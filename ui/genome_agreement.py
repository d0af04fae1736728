"""How far raters agree on each gene, for the page of the genome."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

import labels
from figures.drawing import figure
from figures.drawing_svg import svg
from figures.genome import heat_table
from figures.genome_agreement import agreement_drawing, agreement_notes, agreement_sentence
from gcs_data import agreement, query
from gcs_data.schema import PROVENANCES
from ui import address, datasets, genome
from ui.chart import chart
from ui.dna import table_headings
from ui.early import done
from ui.escape import md
from words import Words, words


@st.cache_resource(show_spinner=False, max_entries=64)
def _agreement(release: int, provenance: str, group: str) -> pd.DataFrame:
    """Agreement on each gene in a release; computed once."""
    return agreement.gene_agreement(
        datasets.frame("rating_counts", release),
        query.genes_in_order(datasets.frame("genes", release), default_only=False),
        provenance=provenance,
        group=group,
    )


def draw(t: Words) -> None:
    """How raters spread and agree on each gene, everybody or one stakeholder group."""
    if not genome.any_ratings(t):
        done()
    counts, named = datasets.frame("rating_counts"), labels.provenances(t)
    there = set(counts["provenance"])
    kinds = {name: named[name] for name in reversed(PROVENANCES) if name in there}
    provenance = next(iter(kinds))
    if len(kinds) > 1:
        provenance = address.one_of("ratings", t("Ratings"), kinds)
    groups = labels.groups(t)
    whom = {agreement.EVERYBODY: groups["all"]}
    whom |= {name: groups[name] for name in agreement.rated_groups(counts, provenance)}
    group = agreement.EVERYBODY
    if len(whom) > 1:
        group = address.one_of("group", t("Who rated"), whom)
    table = _agreement(datasets.release(), provenance, group)
    table = table.assign(gene=table["gene_id"].map(datasets.gene_names(t)))
    made_up = provenance == "illustrative"
    who = whom[group] if made_up else f"{named[provenance]}, {whom[group]}"
    _alphas(table, who, t)
    _classes(table, made_up, t)
    st.caption(
        t(
            "A stakeholder group is shown only for stories where five people or more of it rated "
            "every gene that any of them rated."
        )
    )


def _alphas(table: pd.DataFrame, who: str, t: Words) -> None:
    st.header(t("How far raters agree"), anchor="agree")
    release, provenance, group = datasets.release(), *table[["provenance", "group"]].iloc[0]
    illustrative = provenance == "illustrative"
    sentence = agreement_sentence(table, who=who, illustrative=illustrative, t=t)
    inside: dict[str, Any] = {
        "title": t("How far raters of a story agree on each gene"),
        "notes": [
            *agreement_notes(t),
            t("Good Cyber Stories, release {number}.", number=release),
        ],
        "watermark": labels.provenances(t)["illustrative"] if illustrative else "",
    }
    drawn = agreement_drawing(table, t=t)
    chart(
        "agreement",
        _figure(release, t.language, provenance, group, _table=table, _inside=inside),
        svg=lambda: svg(drawn, **inside, alt=sentence),
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


def _classes(table: pd.DataFrame, illustrative: bool, t: Words) -> None:
    """In how many stories raters agree, spread or fall into two camps, gene by gene."""
    st.header(t("In how many stories they agree"), anchor="spread")
    named = _named_classes(t)
    rows = table.set_index("gene_id")
    counted = rows[list(named)]
    rated = counted.sum(axis="columns")
    shares = counted.div(rated.where(rated > 0), axis="index").astype("float64")
    said = t("In how many stories raters agree on each gene, spread, or fall into two camps.")
    if illustrative:
        said = f"{labels.provenances(t)['illustrative']}. {said}"
    st.markdown(md(said))
    st.html(
        heat_table(
            shares,
            counted.astype("str"),
            rows=dict(zip(table["gene_id"], table["gene"], strict=True)),
            columns=named,
            corner=t("Gene"),
            alt=said,
            ends=(t("no story"), t("every story")),
            t=t,
            made_up=set(table["gene_id"]) if illustrative else (),
            empty=t("not rated"),
        )
    )
