"""Results of made-up rooms, in the shape that `gcs_data.query.gene_profile` gives."""

from datetime import date

import pandas as pd

from exports.room import Record, RoomResult, contested_genes
from gcs_data.query import gene_profile

GENES = ["Trust", "Funding", "Reach"]
LONG_GENES = [
    "Multi-Stakeholder Participation",
    "Local Ownership",
    "Organisational Capacity",
    "Transparency and Accountability",
    "Legal and Institutional Framework",
    "Political Importance",
    "Societal Awareness",
    "Diversity",
    "Resources",
    "gene P (no public name)",
]


def profile(ratings, provenance="workshop"):
    """A round from how often each score from 1 to 5 was given to each gene."""
    rows = [
        ("story", gene, "all", provenance, "room", score, n)
        for gene, counts in ratings.items()
        for score, n in enumerate(counts, 1)
        if n
    ]
    columns = [
        "story_id", "gene_id", "stakeholder_group", "provenance", "occasion_id", "score", "n",
    ]  # fmt: skip
    counts = pd.DataFrame(rows, columns=columns)
    made = gene_profile(counts, "story", list(ratings), provenance=provenance, occasion_id="room")
    return made.assign(gene=made["gene_id"])


# Trust: mean 4.3 of ten. Funding: two camps, mean 3.0 of ten. Nobody rated Reach.
ROUND = profile({"Trust": (0, 0, 1, 5, 4), "Funding": (3, 2, 0, 2, 3), "Reach": (0,) * 5})
EXPERTS = profile(
    {"Trust": (2, 4, 0, 0, 0), "Funding": (0, 0, 6, 0, 0), "Reach": (0, 0, 0, 6, 0)}, "expert"
)


def room(**changed):
    """Ten people in Nairobi."""
    facts = {
        "story": "Cash by phone",
        "occasion": "Cyber week",
        "held_on": date(2026, 5, 14),
        "place": "Nairobi",
        "language": "en",
        "release": 12,
        "code": "7KQ4MX",
        "rounds": (ROUND,),
        "joined": 12,
        "voted": 10,
        "contested": ("Funding",),
        "sources": ("https://example.org/story", "Annual report.pdf"),
    }
    return RoomResult(**{**facts, **changed})


def movement(*rows):
    columns = ["gene", "mean_1", "mean_2", "difference", "low", "high", "n"]
    return pd.DataFrame(list(rows), columns=columns)


def whole_room(genes=LONG_GENES, **changed):
    """Everything that a room can have, with as many genes as there are."""
    counts = [(0, 1, 4, 10, 8), (6, 3, 1, 5, 8), (1, 4, 9, 6, 3), (0,) * 5, (2, 5, 8, 5, 3)]
    shapes = dict(zip(genes, counts * 2, strict=False))
    second = {gene: (one[0] // 2, *one[1:4], one[4] + one[0] // 2) for gene, one in shapes.items()}
    experts = {gene: (0, 1, 2, 5, 4) for gene in genes}
    parts = {
        "Government": (0, 1, 3, 3, 1),
        "Civil society": (2, 1, 1, 1, 2),
        "Private sector": (1, 1, 1, 1, 1),
        "Academia": (0, 0, 1, 1, 1),
    }
    last = profile(second)
    moved = [(gene, 2.9, 3.6, 0.7, 0.2, 1.2, 22) for gene in genes[1:3]]
    still = [(gene, 3.1, 3.0, -0.1, -0.5, 0.3, 21) for gene in genes[4:]]
    facts = {
        "rounds": (profile(shapes), last),
        "joined": 26,
        "voted": 23,
        "record": Record("Expert panel, 2025", "expert", profile(experts, "expert")),
        "groups": {
            name: profile({gene: one if sum(shapes[gene]) else (0,) * 5 for gene in genes})
            for name, one in parts.items()
        },
        "contested": contested_genes(last),
        "movement": movement(*moved, *still),
    }
    return room(**{**facts, **changed})
