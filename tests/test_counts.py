"""Counting ratings in files and frames: exact values, and an independent computation by pandas."""

import os
import subprocess
import sys
from pathlib import Path

import counted_by_pandas
import pandas as pd
import pytest
from obstore.store import MemoryStore
from tiny_data import frame, ratings, ship, story, tiny

from gcs_data import counts, derive, draft, engines, parquet, place, publishing, releases, spark
from gcs_data.errors import GcsDataError, InvalidDataError
from gcs_data.objects import Objects
from gcs_data.schema import DATASETS
from gcs_data.store import Store, load, publish

ROOT = Path(__file__).resolve().parents[1]
ME = {"who": "Amina", "why": "a test"}
NAMES = tuple(counts.DERIVED)


@pytest.fixture(params=["folder", "objects"])
def store(request, tmp_path, monkeypatch):
    """A store that holds nothing yet, over the tiny shipped datasets."""
    shipped = ship(tmp_path / "data")
    if request.param == "folder":
        return Store(tmp_path / "Mes données #1", shipped)
    bucket = Objects("memory", MemoryStore())
    monkeypatch.setattr(place, "opened", lambda location: bucket)
    return Store(f"memory-{tmp_path}", shipped)


def files(folder, *frames):
    """Each frame of ratings as a file, as a release has one for each occasion."""
    paths = [folder / f"it's “{number}”.parquet" for number in range(len(frames))]
    for path, rated in zip(paths, frames, strict=True):
        path.write_bytes(parquet.to_bytes(rated, "gene_ratings"))
    return paths


def two_genes(occasion, trust, funding):
    """Person k gives the k-th score to each of the two genes."""
    first = ratings(occasion, *trust)
    second = ratings(occasion, *funding).assign(gene_id="funding")
    second["rating_id"] += "-f"
    return pd.concat([first, second], ignore_index=True)


def test_counts_of_two_files_are_how_often_each_score_was_given_in_each(tmp_path):
    paths = files(tmp_path, ratings("room-2", 3, 3), ratings("room-1", 5, 5, 5, 4, 1))

    counted = counts.from_files(paths)["rating_counts"]

    columns = ["stakeholder_group", "occasion_id", "score", "n"]
    assert counted[columns].values.tolist() == [
        ["all", "room-2", 3, 2],
        ["other", "room-1", 1, 1],
        ["other", "room-1", 4, 1],
        ["other", "room-1", 5, 3],
    ]
    assert dict(counted.dtypes.astype("str")) == DATASETS["rating_counts"].dtypes


def test_pairs_of_two_files_are_sums_over_the_people_who_rated_both(tmp_path):
    paths = files(
        tmp_path,
        two_genes("room-1", trust=(5, 4, 3, 5, 5, 1), funding=(1, 4, 4, 5, 3)),
        two_genes("room-2", trust=(1, 1, 1, 1), funding=(5, 5, 5, 5)),
    )

    (pair,) = counts.from_files(paths)["rating_pairs"].to_dict("records")

    assert pair == {
        "story_id": "kenya-cash",
        "gene_a": "funding",
        "gene_b": "trust",
        "provenance": "workshop",
        "occasion_id": "room-1",
        "n": 5,
        "sum_of_differences": (1 - 5) + (4 - 4) + (4 - 3) + (5 - 5) + (3 - 5),
        "sum_of_squares": 16 + 0 + 1 + 0 + 4,
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_file_without_rows_gives_no_rows_with_the_right_types(tmp_path, name):
    counted = counts.from_files(files(tmp_path, frame("gene_ratings")))[name]

    pd.testing.assert_frame_equal(counted, frame(name))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("number", [0, 1])
def test_a_release_counted_anew_is_what_was_published(store, name, number):
    publish(store, {"gene_ratings": two_genes("room-2", [1] * 6, [4] * 6)}, base=0, **ME)

    anew = counts.of_release(store, number)[name]

    key = list(DATASETS[name].key)
    published = load(store, name, number).sort_values(key, ignore_index=True)
    pd.testing.assert_frame_equal(anew, published)
    rooms = {"rating_counts": ["room-1", "room-2"], "rating_pairs": ["room-2"]}[name]
    assert set(anew["occasion_id"]) == set(rooms) - ({"room-2"} if number == 0 else set())


def test_a_damaged_release_is_not_counted(tmp_path):
    store = Store(tmp_path / "store", ship(tmp_path / "data"))
    publish(store, {"gene_ratings": ratings("room-2", 1)}, base=0, **ME)
    for file in (store.location / "gene_ratings").iterdir():
        file.unlink()

    with pytest.raises(GcsDataError, match=r"Release 1 cannot be opened: gene_ratings/.* missing"):
        counts.of_release(store, 1)


def test_illegal_scores_are_refused_before_anything_is_counted(store, monkeypatch):
    monkeypatch.setattr(counts, "from_files", None)
    bad = ratings("room-2", 6, 0)

    with pytest.raises(InvalidDataError) as caught:
        publish(store, {"gene_ratings": bad}, base=0, **ME)

    assert {(p.row, p.column, p.rule) for p in caught.value.problems} == {
        (0, "score", "span"),
        (1, "score", "span"),
    }


def test_a_publish_reads_no_ratings_of_other_rooms(store, monkeypatch):
    publish(store, {"gene_ratings": ratings("room-2", 1, 2, 3)}, base=0, **ME)
    read = []
    content = releases.content
    monkeypatch.setattr(
        releases, "content", lambda *a: read.append(a[2]["path"].split("/")[0]) or content(*a)
    )
    rooms = pd.concat(
        [tiny()["occasions"], frame("occasions", {"occasion_id": "room-3", "title": "Accra"})]
    )

    new = {"occasions": rooms, "gene_ratings": ratings("room-3", 4, 4)}
    publish(store, new, base=1, **ME)

    assert "occasions" in read
    assert not {"gene_ratings", "rating_counts", "rating_pairs"} & set(read)


@pytest.mark.parametrize(
    ("rating_id", "rule"),
    [("room-1-4", ["duplicate"]), ("ROOM-1-4", ["duplicate"]), ("room-1-9", []), ("room", [])],
)
def test_an_id_that_begins_like_those_of_another_room_is_compared_with_them(store, rating_id, rule):
    first = ratings("room-2", 1).assign(rating_id="x")
    publish(store, {"gene_ratings": first}, base=0, **ME)
    again = ratings("room-2", 1, 2).assign(rating_id=["x", rating_id])
    base = draft.base_of(store, 1)

    found = publishing._problems({"gene_ratings": again}, base, ())

    assert [problem.rule for problem in found] == rule


def test_an_occasion_that_stands_there_just_so_is_not_checked_again(store, monkeypatch):
    publish(store, {"gene_ratings": ratings("room-2", 1, 2, 3)}, base=0, **ME)
    checked = []
    check = publishing.check
    monkeypatch.setattr(publishing, "check", lambda *a: checked.append(a[0]) or check(*a))
    both = pd.concat([tiny()["gene_ratings"], ratings("room-2", 5, 5)], ignore_index=True)

    publish(store, {"gene_ratings": both}, base=1, **ME)

    assert [frames["gene_ratings"]["occasion_id"].tolist() for frames in checked] == [
        ["room-2", "room-2"]
    ]
    assert load(store, "gene_ratings")["score"].tolist() == [5, 5, 5, 4, 4, 5, 5]


def test_a_problem_names_the_row_that_was_given_though_rows_before_it_are_known(store):
    publish(store, {"gene_ratings": ratings("room-2", 1, 2, 3)}, base=0, **ME)
    both = pd.concat([tiny()["gene_ratings"], ratings("room-2", 5, 9)], ignore_index=True)

    with pytest.raises(InvalidDataError) as caught:
        publish(store, {"gene_ratings": both}, base=1, **ME)

    assert [(p.row, p.column, p.rule) for p in caught.value.problems] == [(6, "score", "span")]


def test_a_known_occasion_that_is_also_dropped_stays(store):
    publish(store, {"gene_ratings": ratings("room-2", 1, 2)}, base=0, **ME)
    new = {"gene_ratings": tiny()["gene_ratings"], "events": tiny()["events"].iloc[:0]}

    publish(store, new, base=1, drop_occasions=["room-1", "room-2"], **ME)

    pd.testing.assert_frame_equal(load(store, "gene_ratings"), tiny()["gene_ratings"])


def test_ratings_that_stay_refuse_to_lose_their_story_and_only_those_are_named(store):
    peru = ratings("room-2", 1).assign(story_id="peru-water")
    publish(store, {"gene_ratings": peru}, base=0, **ME)
    kenya = frame("stories", story("kenya-cash"))

    with pytest.raises(InvalidDataError) as caught:
        publish(store, {"stories": kenya}, base=1, **ME)

    found = [(p.dataset, p.column, p.fields["value"]) for p in caught.value.problems]
    assert found == [("gene_ratings", "story_id", "peru-water")]


def test_an_engine_that_is_none_is_named_and_nothing_is_written(tmp_path):
    store = Store(tmp_path / "store", ship(tmp_path / "data"), engine="abacus")

    with pytest.raises(GcsDataError, match=r"“abacus” counts ratings.*one of: duckdb, pyspark"):
        publish(store, {"gene_ratings": ratings("room-2", 1)}, base=0, **ME)

    assert not store.location.exists()


@pytest.mark.parametrize("missing", ["ibis", "duckdb"])
def test_a_package_that_is_not_installed_is_named_with_the_file_that_lists_it(
    tmp_path, monkeypatch, missing
):
    monkeypatch.setitem(sys.modules, missing, None)
    monkeypatch.setitem(counts.DERIVED, "rating_pairs", lambda table: table)  # Not asked before.

    with pytest.raises(GcsDataError, match=f"“{missing}” is not .*requirements.txt") as caught:
        counts.from_files(files(tmp_path, ratings("room-1", 1)))

    assert caught.value.code == "engine_missing"


def test_spark_that_is_not_installed_is_named_with_the_file_that_lists_it(tmp_path, monkeypatch):
    monkeypatch.setattr(spark, "PACKAGES", tmp_path / "nothing here")

    with pytest.raises(GcsDataError, match="“pyspark” is not .*requirements-spark.txt") as caught:
        counts.from_files(files(tmp_path, ratings("room-1", 1)), "pyspark")

    assert caught.value.code == "engine_missing"


def test_a_file_that_cannot_be_counted_is_a_sentence(tmp_path):
    path = tmp_path / "torn.parquet"
    path.write_bytes(b"PAR1")

    with pytest.raises(GcsDataError, match="could not be counted by duckdb: ") as caught:
        counts.from_files([path])

    assert caught.value.code == "engine_failed"


def test_whoever_reads_waits_for_no_engine(tmp_path):
    code = (
        "import sys; from pathlib import Path; from gcs_data import store, counts, derive\n"
        "place = store.Store(sys.argv[1], Path(sys.argv[2]))\n"
        "print(len(store.load(place, 'rating_counts')))\n"
        "print({'ibis', 'duckdb', 'pyspark', 'sqlglot'} & set(sys.modules))"
    )
    arguments = [tmp_path / "store", ship(tmp_path / "data")]

    out = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONWARNINGS": "error"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert out.split("\n")[:2] == ["2", "set()"]


def test_every_engine_writes_the_question_in_its_own_words_once():
    sql = engines._sql(counts.rating_counts, "duckdb")

    assert sql.count("gene_ratings") == 1  # One pass over the files.
    assert engines._sql(counts.rating_counts, "duckdb") is sql


hypothesis = pytest.importorskip("hypothesis", reason="pip install -r requirements-dev.txt")
st = hypothesis.strategies
GENES = ("funding", "law", "trust")
PERSON = st.tuples(
    st.sampled_from(("government", "academia", "civil_society", None)),
    st.tuples(*(st.sampled_from((None, 1, 2, 3, 4, 5)) for _ in GENES)),
)
# Where people rated: the story, the provenance and the occasion.
ROOM = st.tuples(
    st.sampled_from(("kenya-cash", "peru-water")),
    st.sampled_from(("expert", "workshop")),
    st.sampled_from(("room-1", "room-2")),
)
ROOMS = st.dictionaries(ROOM, st.lists(PERSON, max_size=25), max_size=4)


def rated(rooms):
    """The dataset gene_ratings of people in rooms."""
    rows = [
        {
            "rating_id": f"{story_id}-{provenance}-{occasion}-{person}-{gene_id}",
            "story_id": story_id,
            "gene_id": gene_id,
            "score": score,
            "scale": "1-5",
            "rater_id": f"r-{person:020d}",
            "stakeholder_group": group,
            "occasion_id": occasion,
            "provenance": provenance,
        }
        for (story_id, provenance, occasion), people in rooms.items()
        for person, (group, scores) in enumerate(people)
        for gene_id, score in zip(GENES, scores, strict=True)
        if score
    ]
    return frame("gene_ratings", *rows)


@hypothesis.given(ROOMS, st.randoms(use_true_random=False))
@hypothesis.settings(max_examples=15)
def test_counts_and_pairs_are_those_that_pandas_finds(rooms, chance):
    rows = rated(rooms)
    order = list(range(len(rows)))
    chance.shuffle(order)

    for name in NAMES:
        expected = getattr(counted_by_pandas, name)(rows)
        pd.testing.assert_frame_equal(getattr(derive, name)(rows.iloc[order]), expected)
