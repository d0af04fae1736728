"""A story's DNA on a page: radar, dots, code and published order, for one series of ratings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

import labels
from figures.dots import dna_dots
from figures.radar import dna_radar
from figures.sentences import bars_note, code_sentence, dna_sentence, whose_ratings
from figures.sequence import published_sequence, sequence_note
from figures.svg import dots_svg, radar_svg
from gcs_data import query
from ui import address, datasets
from ui.chart import chart
from ui.escape import md
from ui.kept import kept, kept_of_release
from ui.language import visitor_words
from words import Words, words


@dataclass(frozen=True)
class Series:
    """Which ratings of a story are drawn; the parts that a cached picture depends on."""

    release: int
    story_id: str
    provenance: str
    occasion_id: str
    default_only: bool
    language: str

    @property
    def illustrative(self) -> bool:
        return self.provenance == "illustrative"


def dna(story_id: str) -> None:
    """Draw everything there is on a story's DNA, or say that nobody has rated it."""
    t = visitor_words()
    _published(story_id, t)
    if not series_names(story_id):
        st.info(t("Nobody has rated the genes of this story yet."), icon=":material/info:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        provenance, occasion_id = _chosen_series(story_id, t)
        gene_set = address.one_of(
            "genes",
            t("Genes"),
            {"default": t("The default DNA"), "all": t("All genes with a name")},
        )
    _draw(
        Series(
            datasets.release(),
            story_id,
            provenance,
            occasion_id,
            gene_set == "default",
            t.language,
        ),
        t,
    )


@kept
def series_names(story_id: str) -> dict[str, tuple[str, str]]:
    """Which ratings of a story there are, as `query.series_by_name`."""
    return query.series_by_name(query.rating_series(datasets.frame("rating_counts"), story_id))


def _chosen_series(story_id: str, t: Words) -> tuple[str, str]:
    """The first series, real ratings before made-up ones, unless the visitor picks another."""
    names = series_names(story_id)
    if len(names) == 1:
        return next(iter(names.values()))
    titles = datasets.frame("occasions").set_index("occasion_id")["title"]
    options = {
        name: t(
            "{name}: {value}",
            name=labels.provenances(t)[provenance],
            value=titles.get(occasion, occasion),
        )
        for name, (provenance, occasion) in names.items()
    }
    return names[address.one_of("ratings", t("Ratings"), options)]


def _draw(series: Series, t: Words) -> None:
    profile, sentence = named_profile(series), _sentence(series, t)
    headings = table_headings(t)
    left, right = st.columns(2, gap="medium")
    with left:
        chart(
            "dna-radar",
            radar(series),
            svg=lambda: radar_picture(series, sentence),
            sentence=sentence,
            table=profile,
            headings=headings,
        )
    with right:
        said = spread_sentence(t)
        chart(
            "dna-dots",
            dots(series),
            svg=lambda: dots_picture(series, said),
            sentence=said,
            table=profile,
            headings=headings,
        )
    code, caption = _code(series, t)
    st.markdown(code)
    st.caption(caption)


@kept_of_release
def _sentence(series: Series, t: Words) -> str:
    title = datasets.titles()[series.story_id]
    profile = named_profile(series)
    return dna_sentence(profile, title=title, illustrative=series.illustrative, t=t)


@kept_of_release
def _code(series: Series, t: Words) -> tuple[str, str]:
    """The DNA code and what it says, as Markdown."""
    profile = named_profile(series)
    pairs = datasets.frame("rating_pairs", series.release)
    bands = query.dna_code(profile, pairs, series.story_id)
    genes = datasets.frame("genes", series.release).set_index("gene_id")["letter"].to_dict()
    names = profile.set_index("gene_id")["gene"].to_dict()
    code = "".join(_band([_letter(gene, genes, names) for gene in band]) for band in bands)
    shown = "**" + t("DNA code") + "**  " + (f":blue-background[**{md(code)}**]" if code else "")
    n = int(profile["n"].max())
    sentence = code_sentence([[names[gene] for gene in band] for band in bands], t)
    if series.illustrative:
        sentence = t(
            "In made-up example ratings, {sentence}", sentence=sentence[:1].lower() + sentence[1:]
        )
    return shown, " ".join(
        [
            md(sentence),
            t("Genes in brackets cannot be told apart: the interval of their difference holds 0."),
            f"{md(labels.provenances(t)[series.provenance])}, " + t("n = {n}.", n=t.number(n)),
        ]
    )


def _band(letters: list[str]) -> str:
    return letters[0] if len(letters) == 1 else f"[{''.join(letters)}]"


def _letter(gene: str, letters: Mapping[Any, Any], names: Mapping[Any, Any]) -> str:
    """A gene's letter; one that has none yet is written out."""
    letter = letters[gene]
    return letter if isinstance(letter, str) else f"({names[gene]})"


def _published(story_id: str, t: Words) -> None:
    sequence, caption = _published_order(story_id, t)
    st.markdown("**" + t("Published DNA") + "**")
    if sequence:
        st.html(sequence)
    st.caption(caption)


@kept
def _published_order(story_id: str, t: Words) -> tuple[str, str]:
    """The published order as HTML, and what is said of it as Markdown."""
    published = query.published_dna(
        datasets.frame("published_dna"), datasets.frame("genes"), story_id
    )
    if published.empty:
        return "", t("No DNA has been published for this story: none on record yet.")
    named = published.assign(name=published["gene_id"].map(datasets.gene_names(t)))
    sources = datasets.source_links(published["source_url"], t)
    return published_sequence(named, t=t), f"{sequence_note(published, t)} {sources}"


@kept_of_release
def named_profile(series: Series) -> pd.DataFrame:
    """The statistics of each gene, with its name in column `gene`, in the order of the axes."""
    genes = datasets.frame("genes", series.release)
    profile = query.gene_profile(
        datasets.frame("rating_counts", series.release),
        series.story_id,
        query.genes_in_order(genes, default_only=series.default_only),
        provenance=series.provenance,
        occasion_id=series.occasion_id,
    )
    names = datasets.gene_names(words(series.language), series.release)
    profile.insert(1, "gene", profile["gene_id"].map(names))
    return profile


@kept_of_release
def radar(series: Series) -> go.Figure:
    """The radar of a series; drawn once."""
    profile, said = _radar_of(series)
    return dna_radar(profile, **said)


def radar_picture(series: Series, alt: str) -> str:
    """The same radar as an SVG file."""
    profile, said = _radar_of(series)
    return radar_svg(profile, **said, alt=alt)


def _radar_of(series: Series) -> tuple[pd.DataFrame, dict[str, Any]]:
    """What both radars show: the numbers, and the words around them."""
    t = words(series.language)
    title = datasets.titles(series.release)[series.story_id]
    profile = named_profile(series).assign(name=title)
    return profile, _said(series, profile, t("The DNA of {title}", title=title), t)


def _said(series: Series, profile: pd.DataFrame, title: str, t: Words) -> dict[str, Any]:
    return {
        "title": title,
        "notes": notes(series, profile, t),
        "watermark": labels.provenances(t)["illustrative"] if series.illustrative else "",
        "t": t,
    }


@kept_of_release
def dots(series: Series) -> go.Figure:
    """The same numbers as ordered dots, with intervals and the spread of ratings; drawn once."""
    profile, said = _dots_of(series)
    return dna_dots(profile, **said, labels=labels.agreement(words(series.language)))


def dots_picture(series: Series, alt: str) -> str:
    """The same dots as an SVG file."""
    profile, said = _dots_of(series)
    return dots_svg(profile, **said, alt=alt)


def _dots_of(series: Series) -> tuple[pd.DataFrame, dict[str, Any]]:
    """What both dots show: the numbers, and the words around them."""
    t, profile = words(series.language), named_profile(series)
    title = t("How strong each gene is, and how far raters agree")
    return profile, _said(series, profile, title, t)


def notes(series: Series, profile: pd.DataFrame, t: Words) -> list[str]:
    """What stands under a picture: whose the ratings are, how to read it, and the release."""
    occasions = datasets.frame("occasions", series.release).set_index("occasion_id")["title"]
    return [
        whose_ratings(
            int(profile["n"].max()),
            illustrative=series.illustrative,
            name=labels.provenances(t)[series.provenance],
            occasion=str(occasions.get(series.occasion_id, series.occasion_id)),
            t=t,
        ),
        bars_note(t),
        t("Good Cyber Stories, release {number}.", number=series.release),
    ]


def spread_sentence(t: Words) -> str:
    """How to read the dots."""
    return t(
        "How to read this: the dot is the mean, the bar its 95 % interval, which shrinks as more "
        "people rate; the grey bubbles are how many gave each score, which shows "
        "whether they agree."
    )


def table_headings(t: Words) -> dict[str, Any]:
    """What the columns of the table behind a DNA chart are called on the page."""
    return {
        "gene_id": None,
        "gene": t("Gene"),
        "n": t("Ratings"),
        "mean": st.column_config.NumberColumn(t("Mean"), format="%.1f"),
        "median": t("Median"),
        "sd": st.column_config.NumberColumn(t("Standard deviation"), format="%.2f"),
        "low": st.column_config.NumberColumn(t("Low"), format="%.1f"),
        "high": st.column_config.NumberColumn(t("High"), format="%.1f"),
        **{f"n_{score}": t("Scored {score}", score=score) for score in range(1, 6)},
        "agreement": t("Agreement"),
        "method": t("Method"),
        "provenance": t("Provenance"),
        "occasion_id": t("Occasion"),
    }
