"""Stories like this one, from facts alone, with the reasons.

Made-up ratings never count here. The rule, shown on the page "Methods and data": two points for the
share of topics in common (those both have, over those either has), one point for the same kind of
lead organisation, half a point for the same region of the lead country, and half a point for each
published dominant gene in common.
"""

from dataclasses import dataclass, field

import pandas as pd

from gcs_data.query import items, rows


@dataclass(frozen=True)
class Similar:
    """One similar story: its points and what it shares, as codes for the page to word."""

    story_id: str
    points: float
    topics: tuple[str, ...] = field(default=())
    lead_type: str = ""
    region: str = ""
    dominant_genes: tuple[str, ...] = field(default=())


def similar_stories(
    story_id: str,
    stories: pd.DataFrame,
    countries: pd.DataFrame,
    published_dna: pd.DataFrame,
    *,
    most: int = 3,
) -> list[Similar]:
    """The stories that share most with a story, best first; ties in the order of ids.

    Args:
        story_id: The story that others are compared with.
        stories, countries, published_dna: The datasets of those names.
        most: How many at most. A story that shares nothing is never returned.
    """
    region_of = countries.dropna(subset="region").set_index("country_iso3")["region"].to_dict()
    dominant: dict[str, set[str]] = {}
    for row in rows(published_dna[published_dna["dominant"]]):
        dominant.setdefault(row.story_id, set()).add(row.gene_id)
    facts = {
        row.story_id: (
            set(items(row.topics)),
            row.lead_type if isinstance(row.lead_type, str) else "",
            region_of.get(row.lead_country_iso3, ""),
            dominant.get(row.story_id, set()),
        )
        for row in rows(stories)
    }
    mine = facts.pop(story_id)
    found = [_shared(other, mine, theirs) for other, theirs in sorted(facts.items())]
    found = [similar for similar in found if similar.points > 0]
    return sorted(found, key=lambda similar: -similar.points)[:most]


_Facts = tuple[set[str], str, str, set[str]]


def _shared(story_id: str, mine: _Facts, theirs: _Facts) -> Similar:
    topics, genes = mine[0] & theirs[0], mine[3] & theirs[3]
    lead_type = mine[1] if mine[1] == theirs[1] else ""
    region = mine[2] if mine[2] == theirs[2] else ""
    points = (
        2 * len(topics) / max(len(mine[0] | theirs[0]), 1)
        + bool(lead_type)
        + 0.5 * bool(region)
        + 0.5 * len(genes)
    )
    return Similar(story_id, points, tuple(sorted(topics)), lead_type, region, tuple(sorted(genes)))
