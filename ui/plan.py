"""“Could it work here?”: what a visitor says of their own context, and what stories ask for."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import labels
from gcs_data import plan, query
from gcs_data.schema import PROVENANCES
from ui import address, claims, datasets
from ui.kept import kept
from words import Words, words

UNSAID = "unsaid"
WIDTH = 460  # Pixels of a question about a gene: two are beside each other, one on a phone.


@dataclass(frozen=True)
class Context:
    """What a visitor said; everything that the answer depends on."""

    release: int
    language: str
    provenance: str
    levels: tuple[tuple[str, float], ...]
    weights: tuple[tuple[str, float], ...]
    topics: tuple[str, ...]
    country: str | None

    @property
    def illustrative(self) -> bool:
        """Whether the ratings are made up."""
        return self.provenance == "illustrative"

    @property
    def has_weight(self) -> bool:
        """Whether anything that was said counts at all."""
        weights = dict(self.weights)
        return any(weights.get(gene, 1) > 0 for gene, _ in self.levels)


@dataclass(frozen=True, eq=False)
class Answer:
    """The stories compared, how many were rated too little, and how stable each place is."""

    ordered: pd.DataFrame
    left_out: int
    shares: Mapping[str, float]

    @property
    def first(self) -> list[str]:
        """The stories that are listed."""
        return [str(story) for story in self.ordered["story_id"].head(plan.TOP)]

    @property
    def without_shortfall(self) -> int:
        """How many stories ask for nothing beyond what was said."""
        return int((self.ordered["shortfall"] < 1e-9).sum())


def ask(t: Words) -> tuple[Context, tuple[str, ...]]:
    """Ask for everything that the answer depends on; also says about which genes."""
    left, right = st.columns(2, gap="large")
    with left:
        country = address.select(
            "country",
            t("Country"),
            datasets.country_names(t.language),
            placeholder=t("Where it would be; for who is near"),
        )
    with right:
        topics = address.some_of(
            "topic", t("Topic"), datasets.topic_names(t), placeholder=t("All topics")
        )
    rated = provenance(t)
    asked: tuple[str, ...] = ()
    levels: dict[str, float] = {}
    weights: dict[str, float] = {}
    if rated:
        st.header(t("How things stand with you"), anchor="context")
        asked = genes(t)
        levels = _ask_room(asked, t)
        st.caption(t("From 1, absent, to 5, as strong as can be. What you do not say is left out."))
        levels |= ask_levels(asked, t)
        weights = ask_weights(asked, t)
    context = Context(
        datasets.release(),
        t.language,
        rated,
        tuple(levels.items()),
        tuple(weights.items()),
        tuple(topics),
        country,
    )
    return context, asked


def _ask_room(gene_ids: Sequence[str], t: Words) -> dict[str, float]:
    known = rooms(t)
    if not known:
        return {}
    room = address.select(
        "room",
        t("Begin with what a workshop room said"),
        known,
        placeholder=t("Only what you say below"),
    )
    return of_room(room, gene_ids) if room else {}


def provenance(t: Words) -> str:
    """Whose ratings say what stories rest on, the real ones first; empty if there are none."""
    options = _rated(t)
    if len(options) < 2:
        return next(iter(options), "")
    return address.one_of("whose", t("Ratings"), options)


@kept
def _rated(t: Words) -> dict[str, str]:
    there, names = set(datasets.frame("rating_counts")["provenance"]), labels.provenances(t)
    return {each: names[each] for each in reversed(PROVENANCES) if each in there}


def genes(t: Words) -> tuple[str, ...]:
    """The genes that the visitor is asked about, in the order of the axes."""
    default = datasets.genes_in_order(default_only=True)
    if len(default) == len(datasets.genes_in_order(default_only=False)):
        return default
    options = {"default": t("Default DNA"), "all": t("All named genes")}
    chosen = address.one_of("genes", t("Genes"), options)
    return datasets.genes_in_order(default_only=chosen == "default")


def ask_levels(gene_ids: Sequence[str], t: Words) -> dict[str, float]:
    """Ask how strong each gene is at home; what nobody says is left out, never zero."""
    names, meanings = datasets.gene_names(t), _meanings(t)
    options = {UNSAID: t("Not said")} | {str(level): str(level) for level in plan.LEVELS}
    said: dict[str, float] = {}
    with _side_by_side():
        for gene in gene_ids:
            level = address.one_of(
                f"has-{gene}", names[gene], options, help=meanings.get(gene), width=WIDTH
            )
            if level != UNSAID:
                said[gene] = float(level)
    return said


@kept
def _meanings(t: Words) -> dict[str, str]:
    """What each gene means, where that is public."""
    known = datasets.frame("genes").dropna(subset="definition")
    return {row.gene_id: t(row.definition) for row in query.rows(known)}


def ask_weights(gene_ids: Sequence[str], t: Words) -> dict[str, float]:
    """Ask how much each gene shall count; behind a lid, which opens if the address says any."""
    names = datasets.gene_names(t)
    options = {"1": t("Once"), "2": t("Double"), "0": t("Not at all")}
    lid = address.lid(
        "weights",
        t("How much each gene counts (optional)"),
        opened=any(address.given(f"weight-{gene}") for gene in gene_ids),
        icon=":material/tune:",
    )
    with lid, _side_by_side() if lid.open else nullcontext():
        return {
            gene: float(
                address.one_of(
                    f"weight-{gene}", names[gene], options, drawn=bool(lid.open), width=WIDTH
                )
            )
            for gene in gene_ids
        }


def _side_by_side() -> DeltaGenerator:
    """As many beside each other as there is room for; one block, where columns are three a row."""
    return st.container(horizontal=True, gap="medium")


@kept
def rooms(t: Words) -> dict[str, str]:
    """The workshop rooms whose ratings can be taken as a context, by what they rated."""
    counts = datasets.frame("rating_counts")
    held = counts.loc[counts["provenance"] == "workshop", ["occasion_id", "story_id"]]
    occasions = datasets.frame("occasions").set_index("occasion_id")["title"].to_dict()
    titles = datasets.titles()
    return {
        f"{row.occasion_id}.{row.story_id}": t(
            "{occasion}: “{title}”",
            occasion=occasions.get(row.occasion_id, row.occasion_id),
            title=titles[row.story_id],
        )
        for row in query.rows(held.drop_duplicates())
    }


def of_room(room: str, gene_ids: Sequence[str]) -> dict[str, float]:
    """What a room said, as levels: the mean of each gene."""
    occasion, _, story = room.partition(".")
    profile = query.gene_profile(
        datasets.frame("rating_counts"),
        story,
        list(gene_ids),
        provenance="workshop",
        occasion_id=occasion,
    ).set_index("gene_id")["mean"]
    return {str(gene): float(mean) for gene, mean in profile.dropna().items()}


def needed(context: Context) -> pd.DataFrame:
    """What the stories on the chosen topics rest on."""
    every = _demands(context.release, context.provenance)
    if not context.topics:
        return every
    ids = plan.on_topics(datasets.frame("stories", context.release), context.topics)
    return every[every["story_id"].isin(ids)]


@st.cache_resource(show_spinner=False, max_entries=16)
def _demands(release: int, provenance: str) -> pd.DataFrame:
    return plan.demands(datasets.frame("rating_counts", release), provenance)


@st.cache_resource(show_spinner=False, max_entries=256)
def answer(context: Context) -> Answer:
    """The stories in their order, and how stable that is; computed once."""
    demands, levels, weights = needed(context), dict(context.levels), dict(context.weights)
    if demands.empty or not set(demands["gene_id"]) & set(levels):
        return Answer(pd.DataFrame({"story_id": [], "shortfall": [], "genes": []}), 0, {})
    ordered = plan.ordered(demands, levels, weights)
    left_out = demands["story_id"].nunique() - len(ordered)
    return Answer(ordered, left_out, plan.stability(demands, levels, weights))


def compared(found: Answer, context: Context) -> dict[str, str]:
    """The stories that could be compared, by what they are called."""
    ids = set(found.ordered["story_id"])
    return {each: title for each, title in datasets.titles(context.release).items() if each in ids}


@st.cache_resource(show_spinner=False, max_entries=1024)
def gaps_of(context: Context, story_id: str, gene_ids: tuple[str, ...]) -> pd.DataFrame:
    """One row per gene that was asked about, in the order of the axes, with its name."""
    names = datasets.gene_names(words(context.language), context.release)
    levels, demands = dict(context.levels), needed(context)
    rated = plan.gaps(demands[demands["story_id"] == story_id], levels).set_index("gene_id")
    rows = rated.reindex(list(gene_ids)).rename_axis("gene_id").reset_index()
    rows.insert(1, "gene", rows["gene_id"].map(names))
    rows["level"] = rows["gene_id"].map(levels).astype("float64")
    rows["verdict"] = rows["verdict"].fillna("not_rated")
    rows["n"] = rows["n"].fillna(0).astype("int64")
    return rows


def verdicts(t: Words) -> dict[str, str]:
    """How a demand compares with what was said."""
    return {
        "short": t("asks for more than you said"),
        "about": t("cannot be told from what you said"),
        "more": t("asks for less than you said"),
        "too_few": t("too few ratings to say"),
        "not_said": t("you did not say"),
        "not_rated": t("not rated"),
    }


def near(context: Context, story_ids: Sequence[str]) -> pd.DataFrame:
    """Who near the visitor did these stories before; empty where no country is chosen."""
    known = claims.known(context.release)
    if not context.country:
        return known.iloc[:0].assign(nearness="")
    countries = datasets.frame("countries", context.release)
    return plan.near(known, countries, story_ids, context.country)
