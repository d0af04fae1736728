"""What the heat tables of the genome say, in plain words made from their numbers. Plain text."""

from collections.abc import Mapping

import pandas as pd

from words import Words


def genome_sentence(
    cells: pd.DataFrame,
    *,
    titles: Mapping[str, str],
    gene: str,
    gene_id: str,
    descending: bool,
    t: Words,
) -> str:
    """How many stories are rated, by whom, and what stands first.

    Args:
        cells: As `gcs_data.genome.genome` gives them, for all stories.
        titles: What each story is called.
        gene, gene_id: The gene that the rows are in the order of; empty for titles.
        descending: Whether the highest stands first.
        t: The words of the visitor's language.
    """
    per_story = cells.groupby("story_id").agg(n=("n", "max"), provenance=("provenance", "first"))
    rated = per_story[per_story["n"] > 0]
    made_up = int((rated["provenance"] == "illustrative").sum())
    text = t(
        "{stories} by {genes}: {real} rated by people, {made_up} with made-up example ratings, "
        "{unrated} not rated.",
        stories=t.plural("{n} story", "{n} stories", len(per_story)),
        genes=t.plural("{n} gene", "{n} genes", cells["gene_id"].nunique()),
        real=t.number(len(rated) - made_up),
        made_up=t.number(made_up),
        unrated=t.number(len(per_story) - len(rated)),
    )
    first = _first(cells, gene_id, descending)
    if first is None:
        return text
    values = {
        "gene": gene,
        "title": titles[first["story_id"]],
        "mean": t.number(first["mean"], 1),
        "n": t.number(int(first["n"])),
    }
    if descending:
        message = t(
            "the highest mean on {gene} is that of “{title}”: {mean} of 5 (n = {n}).", **values
        )
    else:
        message = t(
            "the lowest mean on {gene} is that of “{title}”: {mean} of 5 (n = {n}).", **values
        )
    if first["provenance"] == "illustrative":
        return f"{text} " + t("In made-up example ratings, {sentence}", sentence=message)
    return f"{text} " + message[:1].upper() + message[1:]


def _first(cells: pd.DataFrame, gene_id: str, descending: bool) -> pd.Series | None:
    """What stands first in the order of a gene: a real rating if there is one."""
    rated = cells[(cells["gene_id"] == gene_id) & cells["mean"].notna()]
    real = rated[rated["provenance"] != "illustrative"]
    rated = rated if real.empty else real
    if rated.empty:
        return None
    return rated.sort_values("mean", ascending=not descending, kind="stable").iloc[0]


def groups_sentence(
    n: int, *, number: int, silhouette: float, shuffled: float, standing: str, t: Words
) -> str:
    """How many groups there are, and how far they can be trusted.

    Args:
        n: How many stories.
        number: How many groups.
        silhouette, shuffled, standing: As `gcs_data.genome_groups.Groups` has them.
        t: The words of the visitor's language.
    """
    found = t(
        "{stories} fall into {n} groups, the number whose groups are furthest apart: mean "
        "silhouette {value} of 1.",
        stories=t.plural("{n} story", "{n} stories", n),
        n=t.number(number),
        value=t.number(silhouette, 2),
    )
    chance = (
        ""
        if pd.isna(shuffled)
        else t(
            "As many groups of the same facts dealt out by chance gave up to {value}.",
            value=t.number(shuffled, 2),
        )
    )
    meaning = {
        "uncertain": t(
            "The groups are uncertain: they are a way to look through the stories, not kinds of "
            "stories."
        ),
        "weak": t("The groups are weak: many stories could as well stand in another."),
        "reasonable": t("The groups are reasonably clear."),
        "strong": t("The groups are clear."),
    }[standing]
    return " ".join(filter(None, [found, chance, meaning]))
