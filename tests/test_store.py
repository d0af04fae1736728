"""The five calls, on a folder, on an object store in memory and on a server that speaks S3."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from obstore.store import MemoryStore
from tiny_data import event, frame, ratings, ship, story, tiny

from gcs_data import parquet, place, releases
from gcs_data.errors import (
    DamagedReleaseError,
    GcsDataError,
    InvalidDataError,
    PublishConflictError,
    StoreError,
    UnknownDatasetError,
    UnknownReleaseError,
)
from gcs_data.objects import Objects
from gcs_data.store import (
    Store,
    current,
    history,
    load,
    publish,
    rollback,
    sweep,
    verify,
    writable,
)

pytest_plugins = ["object_places"]
ROOT = Path(__file__).resolve().parents[1]
ME = {"who": "Amina", "why": "a test"}


@pytest.fixture(params=["folder", "objects", pytest.param("s3", marks=pytest.mark.heavy)])
def store(request, tmp_path, monkeypatch):
    """A store that holds nothing yet, over the tiny shipped datasets."""
    shipped = ship(tmp_path / "data")
    if request.param == "folder":
        return Store(tmp_path / "Mes données #1", shipped)
    if request.param == "s3":
        return Store(request.getfixturevalue("s3"), shipped)
    bucket = Objects("memory", MemoryStore())
    monkeypatch.setattr(place, "opened", lambda location: bucket)
    return Store(f"memory-{tmp_path}", shipped)


@pytest.fixture
def folder(tmp_path):
    """As `store`, always on a folder, for tests that damage files."""
    return Store(tmp_path / "Mes données #1", ship(tmp_path / "data"))


def events(*years):
    return {"events": frame("events", *(event(f"summit-{year}", year) for year in years))}


def manifest_file(store, number):
    return store.location / f"releases/{number:06d}.json"


def files(store):
    return sorted(p for p in store.location.rglob("*") if p.is_file())


def test_a_fresh_store_reads_the_shipped_release_and_creates_nothing(folder):
    assert current(folder) == 0
    pd.testing.assert_frame_equal(load(folder, "stories"), tiny()["stories"])
    assert [release.who for release in history(folder)] == ["shipped"]
    assert not folder.location.exists()


def test_publishing_replaces_the_dataset_and_leaves_the_others(store):
    release = publish(store, events(2025, 2026), base=0, **ME, file_name="e.csv")

    assert (release.number, release.base, release.who) == (1, 0, "Amina")
    assert current(store) == 1
    pd.testing.assert_frame_equal(load(store, "events"), events(2025, 2026)["events"])
    for name in ("stories", "gene_ratings", "rating_counts", "rating_pairs", "layers"):
        pd.testing.assert_frame_equal(load(store, name), load(store, name, 0))
    assert load(store, "events", 0)["year"].tolist() == [2024]


def test_the_first_release_points_at_nothing_outside_the_store(folder):
    publish(folder, events(2025), base=0, **ME)
    for file in folder.shipped.iterdir():
        file.unlink()

    assert load(folder, "stories")["title"].tolist() == ["Cash by phone", "Water in Peru"]


def test_the_manifest_says_who_when_why_and_what_each_file_is(folder):
    release = publish(
        folder, events(2025), base=0, who="Zoë", why="été", file_name="e.csv", file_sha256="ab"
    )

    content = json.loads(manifest_file(folder, 1).read_text(encoding="utf-8"))
    assert (content["who"], content["why"], content["base"]) == ("Zoë", "été", 0)
    assert (content["file_name"], content["file_sha256"]) == ("e.csv", "ab")
    assert datetime.fromisoformat(content["when"]) <= datetime.now(UTC)
    (file,) = content["datasets"]["events"]["files"]
    data = (folder.location / file["path"]).read_bytes()
    assert (file["bytes"], file["rows"]) == (len(data), 1)
    assert release == history(folder)[0]


def test_a_file_in_the_store_opens_without_us(folder):
    release = publish(folder, events(2025), base=0, **ME)

    (file,) = release.datasets["events"]["files"]
    assert pd.read_parquet(folder.location / file["path"])["event_id"].tolist() == ["summit-2025"]


def test_unchanged_datasets_keep_their_files(folder):
    publish(folder, events(2025), base=0, **ME)
    before = files(folder)

    publish(folder, events(2026) | {"genes": tiny()["genes"]}, base=1, **ME)

    new = [p.relative_to(folder.location).parts[0] for p in files(folder) if p not in before]
    assert new == ["events", "releases"]


@pytest.mark.parametrize("frames", [{}, {"events": tiny()["events"]}, {"genes": tiny()["genes"]}])
def test_publishing_what_is_already_there_says_so_and_writes_nothing(folder, frames):
    with pytest.raises(GcsDataError, match="Nothing differs from release 0") as error:
        publish(folder, frames, base=0, **ME)

    assert error.value.code == "nothing_to_publish"
    assert not folder.location.exists()


def test_invalid_rows_are_all_listed_and_nothing_is_written(folder):
    wrong = frame("events", event("summit-1", 1066), event("Summit 2"))

    with pytest.raises(InvalidDataError) as error:
        publish(folder, {"events": wrong}, base=0, **ME)

    assert [(p.row, p.column) for p in error.value.problems] == [(0, "year"), (1, "event_id")]
    assert not folder.location.exists()


def test_a_story_that_others_refer_to_cannot_vanish(folder):
    only_peru = {"stories": frame("stories", story("peru-water"))}

    with pytest.raises(InvalidDataError) as error:
        publish(folder, only_peru, base=0, **ME)

    assert {p.dataset for p in error.value.problems} == {"replications"}
    without = only_peru | {"replications": frame("replications")}
    with pytest.raises(InvalidDataError) as error:
        publish(folder, without, base=0, **ME)
    assert {(p.dataset, p.value) for p in error.value.problems} == {("gene_ratings", "kenya-cash")}
    publish(folder, without, base=0, drop_occasions=["room-1"], **ME)
    assert load(folder, "stories")["story_id"].tolist() == ["peru-water"]


def test_a_new_row_may_refer_to_one_that_stays(store):
    added = frame("events", event("summit-2024") | {"story_id": "kenya-cash"})

    publish(store, {"events": added}, base=0, **ME)

    assert load(store, "events")["story_id"].tolist() == ["kenya-cash"]


@pytest.mark.parametrize("name", ["rating_counts", "rating_pairs"])
def test_what_is_derived_cannot_be_published(store, name):
    with pytest.raises(GcsDataError, match="Publish gene_ratings instead"):
        publish(store, {name: frame(name)}, base=0, **ME)


def test_an_unknown_dataset_is_named_in_publishing_and_in_loading(store):
    with pytest.raises(UnknownDatasetError, match="“evnts”"):
        publish(store, {"evnts": frame("events")}, base=0, **ME)
    with pytest.raises(UnknownDatasetError, match="“../stories”"):
        load(store, "../stories")


@pytest.mark.parametrize("number", [-1, 2, 99])
def test_an_unknown_release_is_named_with_the_newest(store, number):
    publish(store, events(2025), base=0, **ME)

    with pytest.raises(UnknownReleaseError, match=f"no release {number}. The newest is release 1"):
        load(store, "stories", number)
    with pytest.raises(UnknownReleaseError):
        rollback(store, number, base=1, **ME)


def test_a_publish_on_an_old_release_overwrites_nothing(store):
    publish(store, events(2025), base=0, **ME)

    with pytest.raises(PublishConflictError) as error:
        publish(store, events(2026), base=0, **ME)

    assert error.value.values == {"base": 0, "newest": 1}
    assert load(store, "events")["year"].tolist() == [2025]


def test_whoever_is_faster_between_reading_and_creating_wins(store, monkeypatch):
    def overtaken(name):
        if name == "creating the manifest":
            monkeypatch.setattr(place, "step", lambda name: None)
            publish(store, events(2025), base=0, **ME)

    monkeypatch.setattr(place, "step", overtaken)
    with pytest.raises(PublishConflictError) as error:
        publish(store, events(2026), base=0, **ME)

    assert error.value.values == {"base": 0, "newest": 1}
    assert current(store) == 1
    publish(store, events(2026), base=1, **ME)
    assert [r.number for r in history(store)] == [2, 1, 0]


def test_rollback_is_a_new_release_with_the_old_files(folder):
    publish(folder, events(2025), base=0, **ME)
    publish(folder, events(2026), base=1, **ME)
    before = files(folder)

    release = rollback(folder, 1, base=2, who="Amina", why="2026 was wrong")

    assert (release.number, release.base, release.why) == (3, 2, "2026 was wrong")
    assert load(folder, "events")["year"].tolist() == [2025]
    assert set(files(folder)) - set(before) == {manifest_file(folder, 3)}
    assert [r.number for r in history(folder)] == [3, 2, 1, 0]


def test_rollback_to_the_shipped_release(store):
    publish(store, events(2025), base=0, **ME)

    rollback(store, 0, base=1, **ME)

    for name in tiny():
        pd.testing.assert_frame_equal(load(store, name), load(store, name, 0))


def test_rollback_to_what_is_current_says_so(store):
    publish(store, events(2025), base=0, **ME)

    with pytest.raises(GcsDataError, match="Nothing differs from release 1"):
        rollback(store, 1, base=1, **ME)


def test_a_room_adds_one_file_per_dataset_and_leaves_the_other_room(folder):
    publish(folder, events(2025), base=0, **ME)
    before = files(folder)

    publish(folder, {"gene_ratings": ratings("room-2", 1, 1, 2, 2, 2)}, base=1, **ME)

    new = [p.relative_to(folder.location).parts[0] for p in files(folder) if p not in before]
    assert new == ["gene_ratings", "rating_counts", "releases"]  # No pairs: one gene was rated.
    counts = load(folder, "rating_counts").set_index(["occasion_id", "score"])["n"].to_dict()
    assert counts == {("room-1", 4): 2, ("room-1", 5): 3, ("room-2", 1): 2, ("room-2", 2): 3}
    assert len(load(folder, "gene_ratings")) == 10


def test_an_occasion_that_is_published_again_is_replaced_as_a_whole(store):
    publish(store, {"gene_ratings": ratings("room-1", 1, 1, 1, 1, 1)}, base=0, **ME)

    assert load(store, "gene_ratings")["score"].tolist() == [1] * 5
    assert load(store, "rating_counts")[["score", "n"]].values.tolist() == [[1, 5]]


def test_the_same_ratings_again_are_nothing_to_publish(store):
    with pytest.raises(GcsDataError, match="Nothing differs"):
        publish(store, {"gene_ratings": tiny()["gene_ratings"]}, base=0, **ME)


def test_a_dropped_occasion_leaves_empty_datasets_with_their_columns(store):
    publish(store, {}, base=0, drop_occasions=["room-1"], **ME)

    for name in ("gene_ratings", "rating_counts", "rating_pairs"):
        pd.testing.assert_frame_equal(load(store, name), frame(name))
    publish(store, {"gene_ratings": tiny()["gene_ratings"]}, base=1, **ME)
    pd.testing.assert_frame_equal(load(store, "rating_counts"), load(store, "rating_counts", 0))


def test_an_unknown_occasion_cannot_be_dropped(store):
    with pytest.raises(GcsDataError, match="“room-9”. The occasions are: room-1"):
        publish(store, {}, base=0, drop_occasions=["room-9"], **ME)


def test_a_rating_id_of_another_room_is_a_duplicate(store):
    again = ratings("room-2", 1, 2).assign(rating_id=["ROOM-1-3", "room-2-1"])

    with pytest.raises(InvalidDataError) as error:
        publish(store, {"gene_ratings": again}, base=0, **ME)

    assert [(p.row, p.rule) for p in error.value.problems] == [(0, "duplicate")]


def test_the_current_release_is_looked_up_again_after_two_seconds(folder, monkeypatch):
    assert current(folder) == 0
    elsewhere = Store(f"{folder.location}/", folder.shipped)  # As another process would see it.
    publish(elsewhere, events(2025), base=0, **ME)

    assert current(folder) == 0
    now = releases.time.monotonic()
    monkeypatch.setattr(releases.time, "monotonic", lambda: now + releases.LOOK_AGAIN)
    assert current(folder) == 1


def test_only_the_newest_manifest_is_read_to_find_the_current_release(store, monkeypatch):
    for number in range(3):
        publish(store, events(2000 + number), base=number, **ME)
    read = []
    opened = store.place
    monkeypatch.setattr(type(opened), "read", _recorded(type(opened).read, read))

    assert releases.look(store).newest.number == 3
    assert read == ["releases/000003.json"]


def _recorded(read, calls):
    def recorded(self, path):
        calls.append(path)
        return read(self, path)

    return recorded


@pytest.mark.parametrize("damage", ["truncate", "empty", "binary"])
def test_a_damaged_newest_manifest_is_passed_over_and_its_number_is_never_given_again(
    folder, damage
):
    for number, year in enumerate((2025, 2026)):
        publish(folder, events(year), base=number, **ME)
    path = manifest_file(folder, 2)
    torn = {"truncate": path.read_bytes()[:-40], "empty": b"", "binary": b"\xff\x00"}[damage]
    path.write_bytes(torn)
    releases._looked.clear()

    assert current(folder) == 1
    assert load(folder, "events")["year"].tolist() == [2025]
    assert str(history(folder)[0].damaged).startswith("its manifest releases/000002.json is empty")
    assert [(f.release, f.code) for f in verify(folder)] == [(2, "manifest_unreadable")]
    with pytest.raises(DamagedReleaseError, match="Release 2 cannot be opened"):
        load(folder, "events", 2)

    release = publish(folder, events(2027), base=1, **ME)

    assert (release.number, release.base, release.passed_over) == (3, 1, (2,))
    assert load(folder, "events")["year"].tolist() == [2027]
    assert (folder.location / "quarantine/000002.json").read_bytes() == torn
    assert [r.number for r in history(folder) if r.damaged] == [2]


def test_a_release_without_one_of_its_files_is_passed_over_until_the_file_is_back(folder):
    publish(folder, events(2025), base=0, **ME)
    release = publish(folder, events(2026), base=1, **ME)
    (file,) = release.datasets["events"]["files"]
    path = folder.location / file["path"]
    data = path.read_bytes()
    path.unlink()
    releases._looked.clear()

    assert current(folder) == 1
    assert str(history(folder)[0].damaged) == f"{file['path']} is missing"
    assert [(f.release, f.path) for f in verify(folder)] == [(2, file["path"])]
    with pytest.raises(DamagedReleaseError, match="is missing"):
        load(folder, "events", 2)
    assert len(load(folder, "stories", 2)) == 2  # What is whole opens.

    assert publish(folder, events(2027), base=1, **ME).number == 3
    path.write_bytes(data)
    assert load(folder, "events", 2)["year"].tolist() == [2026]
    assert verify(folder) == []


@pytest.mark.parametrize(
    ("damage", "code"),
    [(lambda data: data[:-1], "file_size"), (lambda data: data[:-1] + b"?", "file_changed")],
)
def test_a_changed_data_file_is_found_and_never_read(folder, damage, code):
    release = publish(folder, events(2025), base=0, **ME)
    (file,) = release.datasets["events"]["files"]
    path = folder.location / file["path"]
    path.write_bytes(damage(path.read_bytes()))

    assert [(f.release, f.path, f.code) for f in verify(folder)] == [(1, file["path"], code)]
    with pytest.raises(DamagedReleaseError):
        load(folder, "events", 1)


def test_nobody_can_go_back_to_a_damaged_release(folder):
    release = publish(folder, events(2025), base=0, **ME)
    publish(folder, events(2026), base=1, **ME)
    path = folder.location / release.datasets["events"]["files"][0]["path"]
    path.write_bytes(path.read_bytes()[:-1] + b"?")

    with pytest.raises(DamagedReleaseError, match="is not what was published"):
        rollback(folder, 1, base=2, **ME)


def test_a_missing_or_damaged_shipped_dataset_is_a_sentence(folder):
    (folder.shipped / "stories.parquet").unlink()
    (folder.shipped / "events.parquet").write_bytes(b"PAR1")

    with pytest.raises(DamagedReleaseError, match="stories.parquet is missing. Run"):
        load(folder, "stories")
    with pytest.raises(DamagedReleaseError, match="not what was published"):
        load(folder, "events")
    assert [f.path for f in verify(folder)] == ["events.parquet"]


def test_sweep_names_left_overs_older_than_a_day_and_removes_them_only_when_told(store):
    publish(store, events(2025), base=0, **ME)
    left = f"events/{'0' * 64}.parquet"
    store.place.keep(left, b"from a dead publisher")
    store.place.keep("notes/mine.txt", b"not ours")
    later = datetime.now(UTC) + timedelta(days=1, minutes=1)

    assert sweep(store) == []
    assert sweep(store, now=later) == [left]
    assert sweep(store, now=later, remove=True) == [left]
    assert sweep(store, now=later) == []
    assert verify(store) == []
    assert store.place.read("notes/mine.txt") == b"not ours"


def test_sweep_removes_nothing_while_a_manifest_cannot_be_read(folder):
    publish(folder, events(2025), base=0, **ME)
    manifest_file(folder, 1).write_bytes(b"")

    with pytest.raises(GcsDataError, match="Nothing was removed"):
        sweep(folder, now=datetime.now(UTC) + timedelta(days=2), remove=True)


def test_a_place_with_exclusive_create_is_writable_and_left_clean(folder):
    writable(folder)

    assert files(folder) == []


def test_a_place_that_overwrites_is_refused_and_still_read(folder, monkeypatch):
    publish(folder, events(2025), base=0, **ME)
    monkeypatch.setattr("os.link", os.replace)

    with pytest.raises(StoreError) as error:
        writable(folder)
    assert error.value.code == "store_unsafe"
    with pytest.raises(StoreError, match="cannot refuse to overwrite"):
        publish(folder, events(2026), base=1, **ME)
    assert load(folder, "events")["year"].tolist() == [2025]


def test_a_create_whose_answer_got_lost_is_still_ours():
    bucket = Objects("memory", MemoryStore())
    bucket.create("releases/000001.json", b"mine")

    bucket.create("releases/000001.json", b"mine")
    with pytest.raises(FileExistsError):
        bucket.create("releases/000001.json", b"theirs")


def test_an_object_store_out_of_reach_is_a_sentence(tmp_path, monkeypatch):
    for name, value in {
        "AWS_ENDPOINT": "http://127.0.0.1:1",
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
        "AWS_REGION": "eu-west-1",
    }.items():
        monkeypatch.setenv(name, value)
    store = Store("s3://no-such-bucket/gcs", ship(tmp_path / "data"))

    with pytest.raises(StoreError, match="s3://no-such-bucket/gcs cannot be reached") as error:
        current(store)

    assert error.value.code == "store_gone"
    assert len(load(store, "stories", 0)) == 2


def test_a_wrong_address_is_a_sentence(tmp_path):
    with pytest.raises(StoreError, match="s3:// failed: "):
        current(Store("s3://", tmp_path))


def test_the_same_frame_gives_the_same_bytes_however_it_was_put_together():
    rows = [event(f"summit-{year}", year) for year in range(2000, 2010)]
    whole = frame("events", *rows)
    pieces = pd.concat([frame("events", *rows[:3]), frame("events", *rows[3:])])

    assert parquet.to_bytes(whole, "events") == parquet.to_bytes(pieces, "events")


def told(store, code):
    """The lines that a process of its own prints, which has this store."""
    code = f"""import sys
from pathlib import Path
from gcs_data.store import *
store = Store(sys.argv[1], Path(sys.argv[2]))
{code}"""
    command = [sys.executable, "-c", code, store.location, store.shipped]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_reading_a_release_does_not_wait_for_pandera(folder):
    publish(folder, events(2025), base=0, **ME)
    code = (
        "print(current(store), len(load(store, 'events')), len(load(store, 'events', 0)))\n"
        "print({'pandera', 'obstore'} & set(sys.modules))"
    )

    assert told(folder, code) == ["1 1 1", "set()"]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="Only Linux lists the threads")
def test_reading_leaves_no_thread_that_could_outlive_a_short_process(folder):
    """Arrow's threads abort a process that ends while they are at work, now and then."""
    publish(folder, events(2031), base=0, **ME)
    code = (
        "import os, pandas\n"
        "threads = lambda: len(os.listdir('/proc/self/task'))\n"
        "import pyarrow.parquet\n"
        "before = threads()\n"
        "load(store, 'events'), load(store, 'stories')\n"
        "print(threads() - before)"
    )

    assert told(folder, code) == ["0"]


def test_a_release_of_the_first_schema_opens_for_ever(tmp_path):
    kept = Store(ROOT / "tests/fixtures/schema_1", tmp_path)

    release = history(kept)[0]

    assert (release.number, release.schema_version, release.who) == (1, 1, "Amina")
    assert release.damaged is None
    assert load(kept, "stories", 1)["title"].tolist() == ["Cash by phone", "Water in Peru"]
    counts = load(kept, "rating_counts", 1)
    assert counts["n"].tolist() == [2, 3, 2, 3]
    assert str(counts["n"].dtype) == "Int64"
