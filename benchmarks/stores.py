"""Stores with many ratings: `python benchmarks/stores.py RATINGS FOLDER`.

`published(folder, ratings)` publishes 20 made-up workshops, one release each, as a room is saved.
However many ratings there are, the workshops, stories, genes and groups are the same: what grows
is how many people rate. From 10,000 ratings on, every group is large enough to be shown. Run by
itself, it says how long that takes, how long the first and the last publish take, and how much
memory the process needed at its peak.
"""

import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import gcs_data
from gcs_data.schema import DATASETS, STAKEHOLDER_GROUPS

OCCASIONS = 20
SHIPPED = Path(__file__).resolve().parent.parent / "data"


def published(
    folder: Path, ratings: int, *, occasions: int = OCCASIONS, engine: str = "duckdb"
) -> gcs_data.Store:
    """A new store in a folder, whose newest release has this many ratings beside the shipped ones.

    Workshop k rates story k of the shipped ones, every gene that has a name; its occasion is
    called `bench-k`, and the provenance of its ratings `workshop`.
    """
    store = gcs_data.Store(folder, SHIPPED, engine)
    for release in publishing(store, ratings, occasions):
        print(f"release {release.number}", end="\r", file=sys.stderr)
    print(file=sys.stderr)
    return store


def publishing(
    store: gcs_data.Store, ratings: int, occasions: int = OCCASIONS
) -> Iterator[gcs_data.Release]:
    """Publish one workshop after the other."""
    stories = gcs_data.load(store, "stories", 0)["story_id"].tolist()
    genes = gcs_data.load(store, "genes", 0).dropna(subset="name")["gene_id"].tolist()
    shares = [len(part) for part in np.array_split(np.empty(ratings, dtype="int8"), occasions)]
    for number, share in enumerate(shares):
        base = gcs_data.current(store)
        frames = {
            "occasions": _with_occasion(gcs_data.load(store, "occasions", base), number),
            "gene_ratings": made_up(number, share, stories[number % len(stories)], genes),
        }
        yield gcs_data.publish(store, frames, base=base, who="bench", why=f"Workshop {number}")


def _with_occasion(occasions: pd.DataFrame, number: int) -> pd.DataFrame:
    row = {"occasion_id": f"bench-{number}", "title": f"Made-up workshop {number}"}
    added = pd.DataFrame([row], columns=list(occasions.columns), dtype=object)
    return pd.concat([occasions, added.astype(occasions.dtypes)], ignore_index=True)


def made_up(number: int, count: int, story: str, genes: list[str]) -> pd.DataFrame:
    """`count` seeded ratings of one story by people who each rate every gene."""
    chance = np.random.default_rng(number)
    person, gene = np.divmod(np.arange(count), len(genes))
    leaning = chance.uniform(1.5, 4.5, size=len(genes))
    score = np.clip(np.rint(chance.normal(leaning[gene], 1.1)), 1, 5).astype("int64")
    people = pd.Series([f"r-{number:04d}{each:016d}" for each in range(count // len(genes) + 1)])
    columns = {
        "rating_id": [f"bench-{number}-{each}" for each in range(count)],
        "story_id": story,
        "gene_id": np.array(genes)[gene],
        "score": score,
        "score_as_given": score,
        "scale": "1-5",
        "rater_id": people.to_numpy()[person],
        "stakeholder_group": np.array(STAKEHOLDER_GROUPS)[person % len(STAKEHOLDER_GROUPS)],
        "occasion_id": f"bench-{number}",
        "rated_on": "2026-05-14",
        "provenance": "workshop",
    }
    return pd.DataFrame(columns).astype(DATASETS["gene_ratings"].dtypes)


if __name__ == "__main__":
    wanted, target = int(sys.argv[1]), Path(sys.argv[2])
    if target.exists():
        sys.exit(f"{target} is there already: name a folder that is not.")
    seconds, started = [], perf_counter()
    for _ in publishing(gcs_data.Store(target, SHIPPED), wanted):
        seconds.append(perf_counter() - started)
    took = np.diff([0.0, *seconds])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # Kilobytes on Linux.
    print(f"{wanted} ratings in {len(took)} releases: {seconds[-1]:.1f} s, peak {peak:.0f} MB")
    print(f"first publish {took[0]:.2f} s, second {took[1]:.2f} s, last {took[-1]:.2f} s")
