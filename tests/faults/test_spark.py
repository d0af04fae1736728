"""Spark and DuckDB read the same files of a release and find the same numbers."""

import shutil

import numpy as np
import pandas as pd
import pytest
from tiny_data import frame, ratings, ship, tiny

from gcs_data import counts, spark
from gcs_data.errors import GcsDataError
from gcs_data.schema import STAKEHOLDER_GROUPS
from gcs_data.store import Store, load, publish

ME = {"who": "Amina", "why": "a test"}
pytestmark = pytest.mark.heavy


@pytest.fixture(autouse=True)
def java():
    if not shutil.which("java"):
        pytest.skip("There is no Java: install a Java runtime of version 17 or newer")
    if not spark.PACKAGES.exists():
        pytest.skip(f"PySpark is not installed: .venv/bin/pip install {spark.INSTALL}")


def room(occasion, people, seed):
    """People in groups large and small, or in none, who each rate two genes or one."""
    chance = np.random.default_rng(seed)
    groups = chance.choice([*STAKEHOLDER_GROUPS[:4], None], people, p=[0.4, 0.3, 0.1, 0.1, 0.1])
    genes = []
    for gene_id, share in (("trust", 1.0), ("funding", 0.8)):
        rated = ratings(occasion, *chance.integers(1, 6, people)).assign(gene_id=gene_id)
        rated["stakeholder_group"] = pd.Series(groups, dtype="str")
        rated["rating_id"] += f"-{gene_id}"
        genes.append(rated[chance.random(people) < share])
    return pd.concat(genes, ignore_index=True)


def three_rooms(folder, engine):
    """A store with a large room, one with small groups, and one so small that groups vanish."""
    store = Store(folder / f"Mes données #1 {engine}", folder / "data", engine)
    occasion = {"occasion_id": "room-3", "title": "it's “Accra”"}
    sizes = {"room-1": 60, "room-2": 23, "room-3": 4}
    new = {
        "occasions": pd.concat([tiny()["occasions"], frame("occasions", occasion)]),
        "gene_ratings": pd.concat(
            [room(name, people, seed) for seed, (name, people) in enumerate(sizes.items())],
            ignore_index=True,
        ),
    }
    return store, publish(store, new, base=0, **ME)


def test_both_engines_publish_the_same_files_and_count_a_release_alike(tmp_path):
    ship(tmp_path / "data")
    store, by_duckdb = three_rooms(tmp_path, "duckdb")

    _, by_spark = three_rooms(tmp_path, "pyspark")
    anew = counts.of_release(store, 1, "pyspark")

    assert by_spark.datasets == by_duckdb.datasets
    for name, counted in counts.of_release(store, 1, "duckdb").items():
        pd.testing.assert_frame_equal(anew[name], counted)
        pd.testing.assert_frame_equal(
            load(store, name, 1).sort_values(list(counted), ignore_index=True),
            counted.sort_values(list(counted), ignore_index=True),
        )
    groups = anew["rating_counts"].groupby("occasion_id")["stakeholder_group"].agg(set)
    assert groups["room-1"] > {"government", "intergovernmental"}
    assert groups["room-3"] in ({"all"}, {"other"})
    assert set(anew["rating_pairs"]["occasion_id"]) == {"room-1", "room-2"}


def test_without_java_a_publish_says_what_to_install_and_writes_nothing(tmp_path, monkeypatch):
    ship(tmp_path / "data")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "no Java here"))

    with pytest.raises(GcsDataError, match="Spark did not start: it needs Java 17") as caught:
        three_rooms(tmp_path, "pyspark")

    assert caught.value.code == "engine_java"
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_file_that_spark_cannot_read_is_a_sentence(tmp_path):
    torn = tmp_path / "torn.parquet"
    torn.write_bytes(b"PAR1")

    with pytest.raises(GcsDataError, match="could not be counted by pyspark: ") as caught:
        counts.from_files([torn], "pyspark")

    assert caught.value.code == "engine_failed"
