"""Datasets small enough to hold in your head: two stories, two genes, one room of five."""

from functools import cache

import pandas as pd

from gcs_data import parquet
from gcs_data.schema import DATASETS

PAGE = "https://example.org/page"


def frame(name, *rows):
    """A dataset's frame; columns that a row leaves out are missing."""
    columns = DATASETS[name].dtypes
    return pd.DataFrame(list(rows), columns=list(columns), dtype=object).astype(columns)


def story(story_id, title="Cash by phone"):
    return {
        "story_id": story_id,
        "title": title,
        "summary": "It works.",
        "lead_organisation": "A ministry",
        "official": True,
        "source_url": PAGE,
    }


def gene(gene_id, position):
    return {"gene_id": gene_id, "position": position, "in_default_dna": True, "source_url": PAGE}


def country(iso3, name):
    names = {"name_en": name, "name_fr": name, "name_es": name}
    return {"country_iso3": iso3, "small_state": False, **names}


def event(event_id, year=2024):
    return {"event_id": event_id, "title": "A summit", "year": year, "source_url": PAGE}


def ratings(occasion, *scores, first_rater=0):
    """One rater per score, who gives it to the gene “trust” of the story from Kenya."""
    rows = [
        {
            "rating_id": f"{occasion}-{rater}",
            "story_id": "kenya-cash",
            "gene_id": "trust",
            "score": score,
            "scale": "1-5",
            "rater_id": f"r-{rater:020d}",
            "occasion_id": occasion,
            "provenance": "workshop",
        }
        for rater, score in enumerate(scores, first_rater)
    ]
    return frame("gene_ratings", *rows)


def tiny():
    """Every dataset that people write."""
    return {name: content.copy() for name, content in _tiny().items()}


@cache
def _tiny():
    filled = {
        "stories": frame("stories", story("kenya-cash"), story("peru-water", "Water in Peru")),
        "genes": frame("genes", gene("trust", 1), gene("funding", 2)),
        "occasions": frame(
            "occasions",
            {"occasion_id": "room-1", "title": "Nairobi"},
            {"occasion_id": "room-2", "title": "Lima"},
        ),
        "countries": frame("countries", country("KEN", "Kenya"), country("PER", "Peru")),
        "events": frame("events", event("summit-2024")),
        "replications": frame(
            "replications",
            {
                "story_id": "kenya-cash",
                "country_iso3": "PER",
                "kind": "adopted",
                "source_url": PAGE,
            },
        ),
        "gene_ratings": ratings("room-1", 5, 5, 5, 4, 4),
    }
    return {
        name: filled.get(name, frame(name))
        for name, dataset in DATASETS.items()
        if not dataset.derived
    }


def ship(folder):
    """Write the tiny datasets as release 0, derived ones included, and return the folder."""
    folder.mkdir(parents=True)
    for name, content in _shipped().items():
        (folder / f"{name}.parquet").write_bytes(content)
    return folder


@cache
def _shipped():
    """The files of every dataset; made once, because hundreds of tests begin with them."""
    from gcs_data.derive import rating_counts, rating_pairs

    frames = tiny()
    frames["rating_counts"] = rating_counts(frames["gene_ratings"])
    frames["rating_pairs"] = rating_pairs(frames["gene_ratings"])
    return {name: parquet.to_bytes(content, name) for name, content in frames.items()}
