import pandas as pd
import pytest
from tiny_data import event, frame, ship, story

from gcs_data import parquet, quality, releases
from gcs_data.schema import DATASETS, DATE, rules
from gcs_data.store import Store, load, publish, rollback


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store", ship(tmp_path / "data"))


def put(store, base, **frames):
    return publish(store, frames, base=base, who="Amina", why="New year")


def row(table, dataset):
    (found,) = table[table["dataset"] == dataset].to_dict("records")
    return found


def test_what_a_dataset_lacks_is_counted(store):
    rows = [event("a"), event("b", None), {**event("c", None), "source_url": "minutes.txt"}]
    put(store, 0, events=frame("events", *rows))

    found = row(quality.quality(store), "events")

    assert (found["rows"], found["undated"]) == (3, 2)
    assert (found["without_source"], found["document"]) == (0, 1)
    # Each has an id, a title and a source of seven columns, and one has a year.
    assert (found["cells"], found["empty"]) == (21, 11)


def test_what_has_no_date_or_source_by_nature_is_missing_and_not_zero(store):
    table = quality.quality(store)

    assert pd.isna(row(table, "genes")["undated"])
    assert pd.isna(row(table, "countries")["without_source"])
    assert row(table, "layers")["rows"] == 0


def test_every_public_dataset_that_people_write_is_there_and_no_ratings(store):
    assert quality.quality(store)["dataset"].tolist() == [
        name for name, dataset in DATASETS.items() if not dataset.derived and name != "gene_ratings"
    ]


def test_every_dataset_with_a_date_is_dated_by_one_of_its_columns():
    def dated(dataset):
        return [
            name
            for name, column in dataset.columns.items()
            if rules(column)["pattern"] == DATE or name in ("year", "year_started")
        ]

    assert {
        name: dated(DATASETS[name])[0] for name in quality.NAMES if dated(DATASETS[name])
    } == quality.DATED


def test_the_cells_of_each_column_are_counted():
    rows = frame("stories", story("a"), {**story("b"), "year_started": 2001})

    found = quality.empty_cells(rows, "stories").set_index("column")

    assert found["empty"][["title", "year_started", "lessons"]].tolist() == [0, 1, 2]
    assert found["required"][["title", "year_started"]].tolist() == [True, False]


def test_a_release_of_an_older_schema_has_an_empty_column():
    found = quality.empty_cells(frame("events", event("a")).drop(columns="city"), "events")

    assert found.set_index("column")["empty"]["city"] == 1


def test_a_dataset_last_changed_in_the_newest_release_that_differs_from_the_one_before(store):
    put(store, 0, events=frame("events", event("a")))
    put(store, 1, stories=load(store, "stories").assign(title="Other"))

    table = quality.quality(store)

    assert row(table, "stories")["release"] == 2
    assert row(table, "events")["release"] == 1
    assert row(table, "events")["when"] == releases.release(store, 1).when
    assert row(table, "partners")["release"] == 0
    assert pd.isna(row(table, "partners")["when"])
    assert row(quality.quality(store, 1), "stories")["release"] == 0


def test_going_back_is_a_change_too(store):
    put(store, 0, events=frame("events", event("a")))
    rollback(store, 0, base=1, who="Amina", why="Too early")

    assert quality.last_changed(store, 2)["events"][0] == 2
    assert quality.last_changed(store, 2)["stories"][0] == 0


def test_shipped_files_that_were_only_written_anew_did_not_change(store):
    path = store.shipped / "partners.parquet"
    rows = parquet.from_bytes(path.read_bytes())
    rows.to_parquet(path, compression="gzip", index=False)  # As another version would.
    put(store, 0, events=frame("events", event("a")))

    assert quality.last_changed(store, 1)["partners"] == (0, None)


def test_what_a_damaged_release_changed_is_said_of_the_one_after_it(store):
    put(store, 0, events=frame("events", event("a")))
    put(store, 1, events=frame("events", event("b")))
    (store.location / "releases/000001.json").write_bytes(b"{")

    assert quality.last_changed(store, 2)["events"][0] == 2
    assert quality.last_changed(store, 2)["stories"][0] == 2
