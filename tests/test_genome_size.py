"""Two thousand stories and five thousand partners: what each page costs beside the Story page."""

from statistics import median
from time import process_time

import numpy as np
import pytest
from test_genome_page import fresh, put, visit  # noqa: F401
from tiny_data import PAGE, country, event, gene, ship, story

from gcs_data.schema import KINDS, STAKEHOLDER_GROUPS

STORIES, GENES, PARTNERS, RECORDS, EVENTS = 2_000, 12, 5_000, 25_000, 1_000
TOPICS = ("norms", "awareness", "inclusion", "due_diligence", "research_and_measurement")
PLACES = [country(f"A{a}{b}", f"Land {a}{b}") for a in "ABCDEFGHIJ" for b in "ABCDEFGHIJ"]


@pytest.fixture
def large(tmp_path, monkeypatch):
    chance = np.random.default_rng(1)
    folder = ship(tmp_path / "data")
    codes = [place["country_iso3"] for place in PLACES]
    ids = [f"story-{n}" for n in range(STORIES)]
    put(folder, "countries", *[p | {"lat": 1.0, "lon": 2.0, "region": "asia"} for p in PLACES])
    put(folder, "genes", *[gene(f"gene-{n}", n + 1) | {"name": f"Gene {n}"} for n in range(GENES)])
    put(
        folder,
        "stories",
        *[
            story(name, f"Story {name}")
            | {
                "topics": ";".join(sorted(chance.choice(TOPICS, 2, replace=False))),
                "lead_type": chance.choice(STAKEHOLDER_GROUPS),
                "lead_country_iso3": chance.choice(codes),
            }
            for name in ids
        ],
    )
    records = {
        (chance.choice(ids), chance.choice(codes), chance.choice(KINDS)) for _ in range(RECORDS)
    }
    named = [{"story_id": s, "country_iso3": c, "kind": k} for s, c, k in records]
    put(folder, "replications", *[row | {"source_url": PAGE} for row in named])
    put(
        folder,
        "partners",
        *[
            {
                "story_id": chance.choice(ids),
                "partner": f"Partner {n}",
                "partner_type": chance.choice(STAKEHOLDER_GROUPS),
                "country_iso3": chance.choice(codes),
                "source_url": PAGE,
            }
            for n in range(PARTNERS)
        ],
    )
    put(folder, "events", *[event(f"e-{n}", 2000 + n % 25) for n in range(EVENTS)])
    put(
        folder,
        "rating_counts",
        *[
            {
                "story_id": name,
                "gene_id": f"gene-{n}",
                "stakeholder_group": "all",
                "provenance": "workshop",
                "occasion_id": "room-1",
                "score": int(score),
                "n": 4,
            }
            for name in ids
            for n in range(GENES)
            for score in chance.choice(5, 3, replace=False) + 1
        ],
    )
    put(folder, "rating_pairs")
    monkeypatch.setenv("GCS_DATA", str(folder))


def cost(page, **query):
    """The processor's seconds of one more run of a page, the caches warm; the middle of five."""
    app = visit(page, **query)
    taken = []
    for _ in range(5):
        start = process_time()
        app.run()
        taken.append(process_time() - start)
    assert not app.exception
    return median(taken)


@pytest.mark.heavy
def test_every_page_costs_at_most_twice_the_story_page(large):
    story_page = cost("story", story="story-7")

    costs = {
        name: round(cost(page, **query) / story_page, 2)
        for name, page, query in (
            ("genome", "genome", {"sort": "gene-3"}),
            ("groups", "genome", {"view": "groups"}),
            ("agreement", "genome", {"view": "agreement"}),
            ("partners", "partners", {}),
            ("neighbours", "partners", {"partner": "Partner 7"}),
            ("events", "partners", {"view": "events"}),
        )
    }

    print(costs, f"of {1000 * story_page:.0f} ms")
    assert max(costs.values()) <= 2
