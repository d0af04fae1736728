"""Full, read-only, forbidden and vanished places: a sentence, and the last release is readable."""

import errno
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager

import pytest
from tiny_data import event, frame, ship

from gcs_data import manifest, place, releases
from gcs_data.errors import StoreError
from gcs_data.folder import Folder
from gcs_data.store import Store, current, history, load, publish, sweep, verify, writable

pytestmark = pytest.mark.heavy
ME = {"who": "Amina", "why": "a test"}
INSIDE = (
    "writing a file",
    "syncing a file",
    "renaming a file",
    "syncing a file's folder",
    "linking a new name",
)


@pytest.fixture
def store(tmp_path):
    """A store in an awkward folder with one release of its own."""
    made = Store(tmp_path / "Mes données #1", ship(tmp_path / "data"))
    publish(made, events(2025), base=0, **ME)
    return made


def events(year):
    return {"events": frame("events", event(f"summit-{year}", year))}


def require_the_last_release(store):
    releases._looked.clear()
    assert current(store) == 1
    assert load(store, "events")["year"].tolist() == [2025]
    assert verify(store) == []


@contextmanager
def failing(monkeypatch, name, code):
    """The system refuses at this step, as it would in the middle of it."""

    def step(reached):
        if reached == name:
            raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(place, "step", step)
        yield


@pytest.mark.parametrize("step", INSIDE)
@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "store_full"),
        (errno.EROFS, "store_read_only"),
        (errno.EACCES, "store_refused"),
        (errno.ENOENT, "store_gone"),
        (errno.EIO, "store_failed"),
    ],
)
def test_a_place_that_fails_at_any_step_keeps_the_last_release(
    store, monkeypatch, step, number, code
):
    with failing(monkeypatch, step, number), pytest.raises(StoreError) as error:
        publish(store, events(2026), base=1, **ME)

    assert error.value.code == code
    assert "The last release stays readable." in str(error.value)
    require_the_last_release(store)
    assert publish(store, events(2026), base=1, **ME).number == 2
    assert load(store, "events")["year"].tolist() == [2026]


def test_nothing_half_written_is_left_where_the_disk_was_full(store, monkeypatch):
    with failing(monkeypatch, "writing a file", errno.ENOSPC), pytest.raises(StoreError):
        publish(store, events(2026), base=1, **ME)

    assert [p for p in store.location.rglob("*.part")] == []


def test_every_file_is_synced_before_its_name_appears_and_the_manifest_is_last(store, monkeypatch):
    calls = []
    for name in ("fsync", "replace", "link"):
        monkeypatch.setattr(os, name, _recorded(getattr(os, name), name, calls))

    publish(store, events(2026), base=1, **ME)

    probe = ["fsync", "link", "fsync", "fsync", "fsync", "link"]  # The second link must fail.
    data_file = ["fsync", "replace", "fsync", "fsync"]  # Content, name, its folder, the store.
    manifest_file = ["fsync", "link", "fsync", "fsync"]
    assert calls == probe + data_file + manifest_file


def _recorded(call, name, calls):
    def recorded(*args):
        calls.append(name)
        return call(*args)

    return recorded


def test_too_little_free_space_is_said_before_anything_is_written(store, monkeypatch):
    before = sorted(store.location.rglob("*"))
    usage = type(shutil.disk_usage("/"))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**6, 10**6 - 4000, 4000))

    with pytest.raises(StoreError, match="The disk is full at .*Mes données #1") as error:
        publish(store, events(2026), base=1, **ME)

    assert error.value.code == "store_full"
    assert sorted(store.location.rglob("*")) == before
    with pytest.raises(StoreError, match="disk is full"):
        writable(store)
    require_the_last_release(store)


@contextmanager
def mounted(folder, options):
    """A small disk of its own where we may mount one; yields whether we may."""
    folder.mkdir(parents=True, exist_ok=True)
    may = sys.platform == "linux" and os.geteuid() == 0
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    may = may and subprocess.run(command, capture_output=True, check=False).returncode == 0
    try:
        yield may
    finally:
        if may:
            subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_disk_that_fills_up_in_the_middle_keeps_the_last_release(tmp_path, monkeypatch):
    shipped = ship(tmp_path / "data")
    # The check for free space would see it coming; another program may fill the disk after it.
    monkeypatch.setattr(Folder, "require_space", lambda self, size: None)
    with mounted(tmp_path / "disk", "size=160k") as real:
        store = Store(tmp_path / "disk/Mes données #1", shipped)
        publish(store, events(2025), base=0, **ME)
        if real:
            filler = tmp_path / "disk/filler"
            _fill(filler)
            with pytest.raises(StoreError) as error:
                publish(store, events(2026), base=1, **ME)
            filler.unlink()
        else:
            with failing(monkeypatch, "syncing a file", errno.ENOSPC):
                with pytest.raises(StoreError) as error:
                    publish(store, events(2026), base=1, **ME)

        assert error.value.code == "store_full"
        require_the_last_release(store)
        assert publish(store, events(2026), base=1, **ME).number == 2


def _fill(path):
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError as error:
            assert error.errno == errno.ENOSPC


def test_a_disk_that_cannot_be_written_to_is_read(tmp_path, monkeypatch):
    shipped = ship(tmp_path / "data")
    with mounted(tmp_path / "disk", "size=1m") as real:
        store = Store(tmp_path / "disk/Mes données #1", shipped)
        publish(store, events(2025), base=0, **ME)
        if real:
            remount = ["mount", "-o", "remount,ro", str(tmp_path / "disk")]
            subprocess.run(remount, check=True)
            with pytest.raises(StoreError) as error:
                publish(store, events(2026), base=1, **ME)
        else:
            with failing(monkeypatch, "writing a file", errno.EROFS):
                with pytest.raises(StoreError) as error:
                    publish(store, events(2026), base=1, **ME)

        assert error.value.code == "store_read_only"
        assert "set GCS_STORE" in str(error.value)
        require_the_last_release(store)
        assert sweep(store) == []


def test_a_store_that_vanishes_is_not_taken_for_an_empty_one(store):
    assert current(store) == 1
    away = store.location.with_name("away")
    store.location.rename(away)

    assert releases.current(store) == 1  # Known for two seconds, and kept after that.
    with pytest.raises(StoreError, match="cannot be reached") as error:
        publish(store, events(2026), base=1, **ME)
    assert error.value.code == "store_gone"
    assert not store.location.exists()

    away.rename(store.location)
    require_the_last_release(store)


def test_pages_keep_the_last_number_while_the_store_is_away(store, monkeypatch, caplog):
    assert current(store) == 1
    store.location.rename(store.location.with_name("away"))
    now = releases.time.monotonic()
    monkeypatch.setattr(releases.time, "monotonic", lambda: now + 3)

    assert current(store) == 1
    assert "cannot be reached" in caplog.text


def test_a_file_where_the_store_should_be_is_a_sentence(store, tmp_path):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    wrong = Store(tmp_path / "file", store.shipped)

    for call in (current, history, writable, sweep):
        with pytest.raises(StoreError, match="cannot be reached. Check GCS_STORE"):
            call(wrong)
    assert len(load(wrong, "stories", 0)) == 2


def test_opening_takes_the_same_time_with_two_hundred_releases_behind(store, monkeypatch):
    """By what is read, which is what takes the time; the benchmark measures seconds."""
    read = []
    original = Folder.read
    monkeypatch.setattr(
        Folder, "read", lambda self, path: read.append(path) or original(self, path)
    )
    releases._looked.clear()
    load(store, "events", current(store))
    with_one = list(read)
    newest = manifest.from_json(1, (store.location / "releases/000001.json").read_bytes())
    for number in range(2, 202):
        later = manifest.to_json(releases.replace(newest, number=number, base=number - 1))
        (store.location / manifest.path_of(number)).write_bytes(later)
    read.clear()
    releases._looked.clear()

    assert current(store) == 201
    load(store, "events", 201)

    assert [path.replace("201", "001") for path in read] == with_one
