"""All stories by all genes, as a heat table to sort and walk."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

import labels
from figures.genome import heat_table
from figures.genome_sentences import genome_sentence
from figures.genome_svg import heat_svg
from gcs_data import genome as stories_by_genes
from gcs_data.schema import RATING_MAX, RATING_MIN
from ui import address, datasets, parts
from ui.chart import numbers
from ui.dna import table_headings
from ui.early import done
from ui.escape import md
from ui.kept import kept
from words import Words

A_PAGE = 50  # Stories.


@st.cache_resource(show_spinner=False, max_entries=16)
def cells(release: int, default_only: bool) -> pd.DataFrame:
    """The mean rating of every gene of every story of a release; read once."""
    return stories_by_genes.genome(
        datasets.frame("rating_counts", release),
        list(datasets.titles(release)),
        datasets.genes_in_order(release, default_only=default_only),
    )


def any_ratings(t: Words) -> bool:
    """Whether anybody rated anything that has a name; where nobody did, the page says so."""
    named = datasets.genes_in_order(default_only=False)
    if len(datasets.frame("rating_counts")) and named:
        return True
    missing = (
        t("Nobody has rated any story yet, so there is nothing to show here.")
        if named
        else t("No gene has a name yet, so there is nothing to show here.")
    )
    st.info(
        f"{missing} " + t("Groups of stories come from facts and can be seen without ratings."),
        icon=":material/info:",
    )
    return False


def draw_stories(t: Words) -> None:
    """The heat table, fifty stories at a time, in the order that the visitor chooses."""
    if not any_ratings(t):
        done()
    asked = _asked(t)
    view = _ordered(asked, t)
    st.markdown(md(view.sentence))
    slot = st.container()  # The table stands above the numbers of its pages.
    page = address.page_number(max(-(-len(view.order) // A_PAGE), 1))
    values, texts, said = _heat_of(asked, page, t)
    with slot:
        if said["made_up"]:
            st.caption(f"**{md(labels.provenances(t)['illustrative'])}**: " + _made_up_note(t))
        st.html(_heat(asked, page, t))
    release = datasets.release()
    numbers(
        "genome",
        view.table,
        alt=view.sentence,
        label=t("Table and downloads"),
        headings=table_headings(t) | {"story_id": None, "title": t("Story")},
        svg=lambda: heat_svg(
            values,
            texts,
            **said,
            title=t("How strong each gene is in each story"),
            notes=[t("Good Cyber Stories, release {number}.", number=release)],
            watermark=labels.provenances(t)["illustrative"] if said["made_up"] else "",
            alt=view.sentence,
        ),
    )


@dataclass(frozen=True)
class Asked:
    """The order that the visitor chooses: of a gene, or of titles where `gene` is empty."""

    default_only: bool
    gene: str
    descending: bool


@dataclass(frozen=True)
class Sorted:
    """The stories in that order, what is said of them, and their numbers with names."""

    cells: pd.DataFrame
    order: list[str]
    sentence: str
    table: pd.DataFrame


def _asked(t: Words) -> Asked:
    first, second, third = st.columns([2, 1.3, 1.7], vertical_alignment="bottom")
    with third:
        gene_set = address.one_of(
            "genes", t("Genes"), {"all": t("All genes with a name"), "default": t("Default DNA")}
        )
    genes = datasets.genes_in_order(default_only=gene_set == "default")
    names = datasets.gene_names(t)
    with first:
        gene = address.select(
            "sort", t("Sort by"), {each: names[each] for each in genes}, placeholder=t("Title")
        )
    descending = True
    if gene:
        with second:
            descending = "high" == address.one_of(
                "order", t("Order"), {"high": t("Highest first"), "low": t("Lowest first")}
            )
    return Asked(gene_set == "default", gene or "", descending)


@kept
def _ordered(asked: Asked, t: Words) -> Sorted:
    found, titles = cells(datasets.release(), asked.default_only), datasets.titles()
    order = stories_by_genes.in_order(
        found,
        list(titles),
        by=asked.gene or stories_by_genes.TITLE,
        descending=asked.descending,
    )
    sentence = genome_sentence(
        found,
        titles=titles,
        gene=datasets.gene_names(t).get(asked.gene, ""),
        gene_id=asked.gene,
        descending=asked.descending,
        t=t,
    )
    return Sorted(found, order, sentence, _named(found, order, t))


@kept
def _heat(asked: Asked, page: int, t: Words) -> str:
    """A page of the heat table, as HTML."""
    view = _ordered(asked, t)
    values, texts, said = _heat_of(asked, page, t)
    shown = list(said["rows"])
    return heat_table(
        values,
        texts,
        **said,
        corner=t("Story"),
        alt=view.sentence,
        links={story: parts.href("story", story=story) for story in shown},
        notes=_who_rated(view.cells, shown, t),
        note_heading=t("Ratings"),
        empty=t("not rated"),
        sorted_by=asked.gene,
        descending=asked.descending,
    )


@kept
def _heat_of(
    asked: Asked, page: int, t: Words
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Any]]:
    """What a page of table and picture shows: shades, numbers, and what belongs to both."""
    view = _ordered(asked, t)
    shown = view.order[(page - 1) * A_PAGE : page * A_PAGE]
    here = view.cells[view.cells["story_id"].isin(shown)]
    genes = list(dict.fromkeys(view.cells["gene_id"]))
    means = here.pivot(index="story_id", columns="gene_id", values="mean").reindex(
        index=shown, columns=genes
    )
    texts = means.map(lambda mean: "–" if pd.isna(mean) else t.number(mean, 1)).astype("str")
    published = datasets.frame("published_dna")
    dominant = published[published["dominant"] & published["story_id"].isin(shown)]
    made_up = here.loc[here["provenance"] == "illustrative", "story_id"]
    names, titles = datasets.gene_names(t), datasets.titles()
    return (
        (means - RATING_MIN) / (RATING_MAX - RATING_MIN),
        texts,
        {
            "rows": {story: titles[story] for story in shown},
            "columns": {gene: names[gene] for gene in genes},
            "ends": (t("1 absent"), t("5 defining")),
            "made_up": set(made_up),
            "marked": set(zip(dominant["story_id"], dominant["gene_id"], strict=True)),
            "mark_says": t("published as a dominant gene"),
            "t": t,
        },
    )


def _made_up_note(t: Words) -> str:
    return t(
        "no score of any story was ever published; the hatched numbers only show how the table "
        "will look. They are never compared with real ratings, and no group is made of them."
    )


def _who_rated(cells: pd.DataFrame, shown: list[str], t: Words) -> dict[str, str]:
    """Whose ratings a row shows, and how many rated at most."""
    named = labels.provenances(t)
    of_story = cells[cells["story_id"].isin(shown)].groupby("story_id")
    most, provenance = of_story["n"].max(), of_story["provenance"].first()
    return {
        story: t("not rated")
        if not most[story]
        else t("{name}, n = {n}", name=named[provenance[story]], n=t.number(int(most[story])))
        for story in shown
    }


def _named(found: pd.DataFrame, order: list[str], t: Words) -> pd.DataFrame:
    """The numbers of all stories with their names, in the order shown."""
    place = {story: at for at, story in enumerate(order)}
    rows = found.assign(place=found["story_id"].map(place))
    rows = rows.sort_values("place", kind="stable").drop(columns="place").reset_index(drop=True)
    rows.insert(1, "title", rows["story_id"].map(datasets.titles()))
    rows.insert(3, "gene", rows["gene_id"].map(datasets.gene_names(t)))
    return rows
