"""The plan to take away: one page, and what stands behind it."""

import pandas as pd

from gcs_data.statistics import METHOD
from ui import datasets, workbooks
from ui.chart import download
from ui.plan import Answer, Context, gaps_of, near
from ui.plan_said import gap_words, near_words, on_genes, stable, summary, whom_to_ask
from words import Words, words


def plan_table(
    found: Answer, context: Context, gene_ids: tuple[str, ...], t: Words
) -> pd.DataFrame:
    """The plan on one page: a row for each of the first stories, its gaps in words."""
    stories = datasets.frame("stories", context.release).set_index("story_id")
    titles, around = datasets.titles(context.release), near(context, found.first)
    rows = []
    for story_id in found.first:
        story = stories[stories.index == story_id].iloc[0]
        rows.append(
            {
                t("Story"): titles[story_id],
                t("Compared on"): on_genes(found, story_id, context, t),
                **dict(gap_words(gaps_of(context, story_id, gene_ids), t)),
                t("Near you"): near_words(around[around["story_id"] == story_id], context, t),
                t("Whom to ask"): whom_to_ask(story, t),
                t("How stable its place is"): stable(found, story_id, context, t),
                "provenance": context.provenance,
                "source_url": story["source_url"],
            }
        )
    return pd.DataFrame(rows)


def tables(found: Answer, context: Context, gene_ids: tuple[str, ...]) -> workbooks.Tables:
    """The plan on one page, and what stands behind it, by the names of their sheets."""
    t, titles = words(context.language), datasets.titles(context.release)
    names, levels = datasets.gene_names(t, context.release), dict(context.levels)
    weights, partners = dict(context.weights), datasets.frame("partners", context.release)
    said = pd.DataFrame(
        {
            "gene_id": list(gene_ids),
            "gene": [names[gene] for gene in gene_ids],
            "level": [levels.get(gene) for gene in gene_ids],
            "weight": [weights.get(gene, 1.0) for gene in gene_ids],
        }
    )
    behind = pd.concat(
        [
            gaps_of(context, each, gene_ids).assign(story_id=each, story=titles[each])
            for each in found.first
        ],
        ignore_index=True,
    )
    return {
        "plan": plan_table(found, context, gene_ids, t),
        "what_you_said": said,
        "gene_by_gene": behind.assign(method=METHOD, provenance=context.provenance),
        "near_you": near(context, found.first),
        "partners": partners[partners["story_id"].isin(found.first)],
    }


def take_away(found: Answer, context: Context, gene_ids: tuple[str, ...], t: Words) -> None:
    """A button that saves the plan as a workbook: one page, and what stands behind it."""
    said = summary(found, context, t) + " " + t("A conversation aid, not a score.")
    book = workbooks.of_tables(said, lambda: tables(found, context, gene_ids), t)
    download("gcs-plan", t("Take the plan away"), book, "xlsx")
