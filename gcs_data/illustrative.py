"""Made-up example ratings, so that the charts can be seen before anyone has rated anything.

No gene score of any story was ever published. These come from a seeded generator, say so in every
row (`provenance = illustrative`), and lean only on what is public: a published dominant gene tends
to be rated high, and an early place in a published sequence higher than a late one. Everything else
is chance. They state nothing about a story.
"""

import hashlib

import numpy as np
import pandas as pd

from gcs_data.pseudonym import pseudonym
from gcs_data.schema import DATASETS, RATING_MAX, RATING_MIN, STAKEHOLDER_GROUPS

OCCASION_ID = "illustrative"
GROUPS = tuple(group for group in STAKEHOLDER_GROUPS if group != "intergovernmental")
SKIP_SHARE = 0.04  # How often a rater leaves a gene out.
UNRATED_SHARE = 0.05  # How often nobody rates a gene of a story, so that a gap can be seen.


def occasion() -> dict[str, object]:
    """The row of `occasions` that all made-up ratings belong to."""
    return {
        "occasion_id": OCCASION_ID,
        "title": "Made-up example ratings",
        "round": 1,
        "note": "Written by a seeded generator to show how the charts work. No person gave them.",
    }


def ratings(
    stories: pd.DataFrame, genes: pd.DataFrame, published_dna: pd.DataFrame
) -> pd.DataFrame:
    """Make up about 30 raters in five stakeholder groups for every story.

    Args:
        stories: The dataset `stories`; only ids are read, each seeds its own generator, so that a
            new story changes no other story's numbers.
        genes: The dataset `genes`; genes without a name are not rated, as nobody could.
        published_dna: The dataset `published_dna`, which the made-up scores lean on.

    Returns:
        The dataset `gene_ratings`, sorted by rating_id.
    """
    rated = genes.loc[genes["name"].notna(), "gene_id"].tolist()
    order = published_dna.set_index(["story_id", "gene_id"])
    frames = [_story_ratings(story, rated, order) for story in stories["story_id"]]
    dataset = DATASETS["gene_ratings"]
    if not frames:
        return pd.DataFrame(columns=list(dataset.columns)).astype(dataset.dtypes)
    everything = pd.concat(frames, ignore_index=True)
    return (
        everything.reindex(columns=list(dataset.columns))
        .astype(dataset.dtypes)
        .sort_values("rating_id", ignore_index=True)
    )


def _story_ratings(story: str, genes: list[str], order: pd.DataFrame) -> pd.DataFrame:
    seed = int.from_bytes(hashlib.sha256(f"gcs illustrative {story}".encode()).digest()[:8], "big")
    chance = np.random.default_rng(seed)
    groups = np.repeat(GROUPS, chance.integers(5, 9, size=len(GROUPS)))
    people = [pseudonym(f"{story} {number}", b"illustrative") for number in range(len(groups))]
    leaning = {group: chance.normal(0, 0.35, size=len(genes)) for group in GROUPS}
    habit = chance.normal(0, 0.4, size=len(groups))  # Some people rate everything higher.
    rows = []
    for column, gene in enumerate(genes):
        centre, spread = _centre(story, gene, order, chance), chance.uniform(0.5, 1.2)
        noise = chance.normal(0, spread, size=len(groups))
        answered = chance.random(len(groups)) > SKIP_SHARE
        if chance.random() < UNRATED_SHARE and not _is_dominant(story, gene, order):
            continue
        for person, (name, group) in enumerate(zip(people, groups, strict=True)):
            if answered[person]:
                score = centre + leaning[group][column] + habit[person] + noise[person]
                rows.append(
                    {
                        "rating_id": f"{story}.{gene}.{person + 1:02d}",
                        "story_id": story,
                        "gene_id": gene,
                        "score": int(np.clip(round(score), RATING_MIN, RATING_MAX)),
                        "scale": "1-5",
                        "rater_id": name,
                        "stakeholder_group": str(group),
                        "occasion_id": OCCASION_ID,
                        "provenance": "illustrative",
                    }
                )
    return pd.DataFrame(rows)


def _centre(story: str, gene: str, order: pd.DataFrame, chance: np.random.Generator) -> float:
    """Where a gene's made-up scores gather: high for a published dominant gene."""
    free = float(chance.uniform(2.2, 4.0))
    if _is_dominant(story, gene, order):
        return 4.4
    position = order["position"].get((story, gene))
    return free if pd.isna(position) else 4.1 - 0.22 * float(position)


def _is_dominant(story: str, gene: str, order: pd.DataFrame) -> bool:
    return bool(order["dominant"].get((story, gene), False))
