"""What a room rates: a story's title and its genes, copied from one release when the room is made.

The copy stands in the room's row, so that a room goes on whatever becomes of the store.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import gcs_data
from gcs_data import query
from workshop.errors import RefusedError

MOST_GENES = 20


@dataclass(frozen=True)
class Gene:
    """A gene as a phone shows it; name, letter and definition are empty where nobody wrote one."""

    gene_id: str
    name: str
    letter: str
    definition: str


@dataclass(frozen=True)
class Subject:
    """A story and the genes to rate, in the order of the axes."""

    story_id: str
    release: int
    title: str
    language: str
    genes: tuple[Gene, ...]

    def as_json(self) -> str:
        """As it stands in the database."""
        return json.dumps(asdict(self), ensure_ascii=False)


@lru_cache(maxsize=256)  # A room is read ten times a second.
def from_json(text: str) -> Subject:
    """The subject that `as_json` wrote."""
    row = json.loads(text)
    return Subject(**row | {"genes": tuple(Gene(**gene) for gene in row["genes"])})


def subject(
    store: gcs_data.Store, story_id: str, gene_ids: Sequence[str] = (), release: int | None = None
) -> Subject:
    """What a release says of a story and of these genes; without genes, of the default DNA.

    Raises:
        RefusedError: If the release has no such story or gene, or too many genes are asked for.
        GcsDataError: If the release cannot be read.
    """
    number = gcs_data.current(store) if release is None else release
    stories = gcs_data.load(store, "stories", number)
    genes = gcs_data.load(store, "genes", number)
    story = next(query.rows(stories[stories["story_id"] == story_id]), None)
    if story is None:
        raise RefusedError("unknown_story", story=story_id[:80])
    wanted = list(gene_ids) or query.genes_in_order(genes, default_only=True)
    if unknown := sorted(set(wanted) - set(genes["gene_id"])):
        raise RefusedError("unknown_gene", gene=unknown[0][:80])
    if not 0 < len(wanted) <= MOST_GENES:
        raise RefusedError("too_many_genes", n=MOST_GENES)
    ordered = genes[genes["gene_id"].isin(wanted)].sort_values("position")
    return Subject(
        story_id,
        number,
        story.title,
        _text(story.language),
        tuple(
            Gene(row.gene_id, _text(row.name), _text(row.letter), _text(row.definition))
            for row in query.rows(ordered)
        ),
    )


def _text(cell: Any) -> str:
    return cell if isinstance(cell, str) else ""
