# ruff: noqa: T201 (an example prints)
"""Read the data API with Python's standard library and pandas.

python docs/api_example.py http://localhost:8501
"""

import io
import json
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urljoin
from urllib.request import urlopen

import pandas as pd


def answer(server: str, path: str, **query: Any) -> dict[str, Any]:
    """One answer as JSON. Something wrong raises HTTPError; its body says what, in a sentence."""
    address = urljoin(server, path) + (f"?{urlencode(query, doseq=True)}" if query else "")
    with urlopen(address, timeout=30) as response:
        document: dict[str, Any] = json.load(response)
        return document


def rows(server: str, dataset: str, **query: Any) -> Iterator[dict[str, Any]]:
    """Every row of a dataset, page by page. All pages are of one release, even if one appears."""
    page = answer(server, f"/api/v1/datasets/{dataset}", limit=1000, **query)
    yield from page["rows"]
    while page["next"]:
        page = answer(server, page["next"])
        yield from page["rows"]


def whole(server: str, dataset: str, release: int) -> pd.DataFrame:
    """A whole dataset in one file, with its types."""
    address = urljoin(server, f"/api/v1/datasets/{dataset}.parquet?release={release}")
    with urlopen(address, timeout=30) as response:
        return pd.read_parquet(io.BytesIO(response.read()))


def main(server: str) -> None:
    """A few questions."""
    release = answer(server, "/api/v1")["release"]
    print(f"Release {release}")

    stories = whole(server, "stories", release)
    print(f"{len(stories)} stories, {int(stories['official'].sum())} listed by Good Cyber Stories")

    copies = pd.DataFrame(rows(server, "replications", kind="replicated", release=release))
    print("Copied most:", copies["story_id"].value_counts().head(3).to_dict())

    story = answer(server, f"/api/v1/stories/{stories['story_id'].iloc[0]}", release=release)
    print(story["story"]["title"])
    for gene in story["published_dna"]:
        print(f"  {gene['position']}. {gene['name']}")
    for series in story["dna"]:  # Never mix them; “illustrative” ratings are made up.
        rated = sum(gene["n"] > 0 for gene in series["genes"])
        print(f"  {series['provenance']} ratings of {rated} genes by {series['raters']} people")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8501")
