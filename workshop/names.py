"""What the genes of a room are called."""

from collections import Counter
from collections.abc import Mapping

import pandas as pd

import labels
from words import Words
from workshop.room import Room


def gene_names(room: Room, t: Words) -> dict[str, str]:
    """What each gene is called; of two that would be called the same, each with its id."""
    return unlike(
        {
            gene.gene_id: t(gene.name) or labels.nameless(gene.letter or None, t)
            for gene in room.genes
        }
    )


def unlike(names: Mapping[str, str]) -> dict[str, str]:
    """Names by id; those that several have, with their id."""
    often = Counter(names.values())
    return {gene: f"{name} ({gene})" if often[name] > 1 else name for gene, name in names.items()}


def named(frame: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Rows of genes with the names of these in column `gene`."""
    return frame.assign(gene=frame["gene_id"].map(names)).reset_index(drop=True)
