"""What is published loads back equal, dtypes included, whatever the rows are."""

import datetime
import itertools

import pandas as pd
import pytest

pytest.importorskip("hypothesis", reason="hypothesis is in requirements-dev.txt")
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from obstore.store import MemoryStore
from tiny_data import frame, tiny

from gcs_data import parquet, place, scales
from gcs_data.broken import same_key
from gcs_data.objects import Objects
from gcs_data.schema import DATASETS, DATE, RATINGS, rules
from gcs_data.store import Store, load, publish

WRITTEN = [name for name, dataset in DATASETS.items() if not dataset.derived]
TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
PLAIN = {
    "text": TEXT,
    "list": st.lists(TEXT.map(lambda text: text.replace(";", ",")), max_size=3).map(";".join),
    "whole": st.integers(-(2**63), 2**63 - 1),
    "number": st.floats(allow_nan=False),
    "flag": st.booleans(),
}
IDS = {name: tiny()[name].iloc[:, 0].tolist() for name in tiny()}
NUMBER = itertools.count()  # No two stores of a process are the same.
QUICK = settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
FEW = settings(QUICK, max_examples=4)  # A publish checks and writes every dataset.


def anything(name):
    """Frames of a dataset's columns and types, with any cell missing."""
    kinds = [rules(column)["kind"] for column in DATASETS[name].columns.values()]
    row = st.tuples(*(st.none() | PLAIN[kind] for kind in kinds))
    return st.lists(row, max_size=5).map(lambda rows: framed(name, rows))


def valid(name):
    """Frames that pass the checks."""
    dataset = DATASETS[name]
    row = st.tuples(*(cell(column) for column in dataset.columns.values()))
    if name == RATINGS:
        row = row.map(score_that_follows)
    columns = list(dataset.columns)

    def by(key):
        return lambda cells: tuple(same_key(str(cells[columns.index(part)])) for part in key)

    once = tuple(by(key) for key in (dataset.key, *dataset.unique))
    return st.lists(row, max_size=5, unique_by=once).map(lambda rows: framed(name, rows))


def cell(column):
    allowed = rules(column)
    if allowed["refers"]:
        values = st.sampled_from(IDS[allowed["refers"]])
    elif allowed["choices"]:
        values = st.sampled_from(allowed["choices"])
    elif allowed["pattern"] == DATE:
        values = st.dates(min_value=datetime.date(1990, 1, 1)).map(str)
    elif allowed["pattern"]:
        values = st.from_regex(allowed["pattern"].removesuffix("$") + r"\Z", alphabet=ASCII)
    elif allowed["span"] and allowed["kind"] == "whole":
        values = st.integers(*map(int, allowed["span"]))
    elif allowed["span"]:
        values = st.floats(*allowed["span"])
    elif allowed["kind"] in ("text", "list"):
        values = PLAIN[allowed["kind"]].filter(lambda text: text and text == text.strip())
    else:
        values = PLAIN[allowed["kind"]]
    return values if not column.nullable else st.none() | values


def score_that_follows(cells):
    """The rating on a scale that it is on, with its score converted from what was given."""
    row = dict(zip(DATASETS[RATINGS].columns, cells, strict=True))
    scale = row["scale"] or scales.OURS
    low, high = scales.SCALES[scale]
    given = float(low + (high - low) * (row["score"] - 1) // 4)
    score = scales.converted(pd.Series([given]), pd.Series([scale])).item()
    return tuple((row | {"scale": scale, "score_as_given": given, "score": score}).values())


ASCII = st.characters(min_codepoint=33, max_codepoint=126)


def framed(name, rows):
    columns = DATASETS[name].dtypes
    return pd.DataFrame(rows, columns=list(columns), dtype=object).astype(columns)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """Release 0 with rows that others may refer to, and nothing that refers to them."""
    folder = tmp_path_factory.mktemp("data")
    for name in DATASETS:
        rows = (
            tiny()[name] if name in ("stories", "genes", "occasions", "countries") else frame(name)
        )
        (folder / f"{name}.parquet").write_bytes(parquet.to_bytes(rows, name))
    return folder


@pytest.fixture
def fresh(shipped, monkeypatch):
    """A function that opens a store in memory which holds nothing yet."""

    def opened():
        bucket = Objects("memory", MemoryStore())
        monkeypatch.setattr(place, "opened", lambda location: bucket)
        return Store(f"{shipped}-{next(NUMBER)}", shipped)

    return opened


@pytest.mark.parametrize("name", DATASETS)
@given(data=st.data())
@QUICK
def test_any_frame_survives_its_file(name, data):
    rows = data.draw(anything(name))

    file = parquet.to_bytes(rows, name)

    pd.testing.assert_frame_equal(parquet.from_bytes(file), rows, check_exact=True)
    assert parquet.to_bytes(parquet.from_bytes(file), name) == file
    assert parquet.rows(file) == len(rows)


@pytest.mark.parametrize("name", WRITTEN)
@given(data=st.data())
@FEW
def test_what_is_published_loads_back_equal(name, fresh, data):
    rows = data.draw(valid(name))
    store = fresh()
    if rows.equals(load(store, name)):
        return

    publish(store, {name: rows}, base=0, who="Amina", why="a test")

    expected = rows.sort_values("occasion_id", kind="stable") if name == RATINGS else rows
    pd.testing.assert_frame_equal(
        load(store, name), expected.reset_index(drop=True), check_exact=True
    )


@given(frames=st.lists(valid(RATINGS), min_size=1, max_size=3))
@FEW
def test_rooms_in_any_order_count_as_all_their_last_ratings_at_once(fresh, frames):
    one_by_one = fresh()
    last, base = {}, 0
    for number, rows in enumerate(frames):
        rows = rows.assign(rating_id=[f"{number}-{row}" for row in range(len(rows))])
        changes = {o: part for o, part in rows.groupby("occasion_id")}
        last |= changes
        if changes:
            base = publish(one_by_one, {RATINGS: rows}, base=base, who="Amina", why="a test").number
    counts = load(one_by_one, "rating_counts")
    if not last:
        return

    at_once = fresh()
    together = pd.concat(last.values(), ignore_index=True)
    publish(at_once, {RATINGS: together}, base=0, who="Amina", why="a test")

    pd.testing.assert_frame_equal(counts, load(at_once, "rating_counts"))
    assert int(counts["n"].sum()) == len(together)
