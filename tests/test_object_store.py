"""An object store: what the server itself promises, what is done with damage, and what is said.

The five calls run there as well as on a folder: tests/test_store.py. Kills and races are in
tests/faults/test_object_races.py.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import obstore
import pytest
from buckets import ObjectServer, environment
from tiny_data import event, frame, ship

from gcs_data import place, releases
from gcs_data.errors import DamagedReleaseError, GcsDataError, StoreError
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
ME = {"who": "Amina", "why": "a test"}
MANY = 8


@pytest.fixture
def store(s3, tmp_path):
    """A store in a bucket with two releases of its own, 2025 and 2026."""
    made = Store(s3, ship(tmp_path / "data"))
    publish(made, events(2025), base=0, **ME)
    publish(made, events(2026), base=1, **ME)
    return made


def events(year):
    return {"events": frame("events", event(f"summit-{year}", year))}


def afresh(store):
    """The same store as a process sees it that knows nothing of it yet."""
    place.opened.cache_clear()
    releases._looked.clear()
    return store


def years(store, number=None):
    return load(store, "events", number)["year"].tolist()


def overwrite(store, path, data):
    obstore.put(store.place.bucket, path, data)


def events_file(store, number):
    (file,) = releases.release(store, number).datasets["events"]["files"]
    return file["path"]


def test_the_server_refuses_a_second_conditional_create(object_server):
    """Without this, whatever else passes here proves nothing."""
    name = f"/{object_server.bucket()}/releases/000001.json"

    first = object_server.asked("PUT", name, b"first", If_None_Match="*")
    second = object_server.asked("PUT", name, b"second", If_None_Match="*")

    assert (first[0], second[0]) == (200, 412)
    assert object_server.asked("GET", name) == (200, b"first")


def test_of_many_that_create_one_name_at_once_one_succeeds(s3):
    bucket, ready = Objects.at(s3), threading.Barrier(MANY)

    def create(number):
        ready.wait()
        try:
            bucket.create("releases/000001.json", b"%d" % number)
        except FileExistsError:
            return None
        return b"%d" % number

    with ThreadPoolExecutor(MANY) as threads:
        written = [each for each in threads.map(create, range(MANY)) if each is not None]

    assert written == [bucket.read("releases/000001.json")]


def test_what_is_published_and_undone_is_there_for_a_process_that_comes_later(store):
    rollback(store, 1, base=2, **ME)

    afresh(store)
    assert [release.number for release in history(store)] == [3, 2, 1, 0]
    assert (years(store), years(store, 2), years(store, 0)) == ([2025], [2026], [2024])
    assert verify(store) == []
    writable(store)
    assert [path for path in store.place.everything() if path.startswith("probe/")] == []


@pytest.mark.parametrize("torn", [b"", b'{"release": 2, "base"'])
def test_a_torn_manifest_is_passed_over_copied_aside_and_its_number_never_given_again(store, torn):
    overwrite(store, "releases/000002.json", torn)
    afresh(store)

    assert (current(store), years(store)) == (1, [2025])
    assert [(found.release, found.code) for found in verify(store)] == [(2, "manifest_unreadable")]
    later = datetime.now(UTC) + timedelta(days=2)
    with pytest.raises(GcsDataError, match="Nothing was removed"):
        sweep(store, now=later, remove=True)

    release = publish(store, events(2027), base=1, **ME)

    assert (release.number, release.passed_over) == (3, (2,))
    assert store.place.read("quarantine/000002.json") == torn
    assert years(afresh(store)) == [2027]


def test_a_release_without_one_of_its_files_is_passed_over_until_the_file_is_back(store):
    path = events_file(store, 2)
    data = store.place.read(path)
    store.place.remove(path)
    afresh(store)

    assert current(store) == 1
    assert [(found.path, found.code) for found in verify(store)] == [(path, "file_missing")]
    with pytest.raises(DamagedReleaseError, match="is missing"):
        load(store, "events", 2)

    store.place.keep(path, data)
    assert years(afresh(store)) == [2026]
    assert verify(store) == []


@pytest.mark.parametrize(
    ("damage", "code"),
    [(lambda data: data[:-1], "file_size"), (lambda data: data[:-1] + b"?", "file_changed")],
)
def test_a_changed_file_is_found_never_read_and_nobody_goes_back_to_it(store, damage, code):
    path = events_file(store, 1)
    overwrite(store, path, damage(store.place.read(path)))
    afresh(store)

    assert [(found.release, found.path, found.code) for found in verify(store)] == [(1, path, code)]
    with pytest.raises(DamagedReleaseError):
        load(store, "events", 1)
    with pytest.raises(DamagedReleaseError):
        rollback(store, 1, base=2, **ME)
    assert years(store) == [2026]


def test_a_server_that_goes_away_and_comes_back_costs_a_sentence(tmp_path, monkeypatch, caplog):
    server = ObjectServer(tmp_path / "server.log")
    try:
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        store = Store(f"s3://{server.bucket()}/gcs", ship(tmp_path / "data"))
        publish(store, events(2025), base=0, **ME)
    finally:
        server.stop()
    now = releases.time.monotonic()
    monkeypatch.setattr(releases.time, "monotonic", lambda: now + releases.LOOK_AGAIN)

    assert current(store) == 1  # What this process knows, it goes on saying.
    assert "cannot be reached" in caplog.text
    with pytest.raises(StoreError, match="cannot be reached. Check GCS_STORE") as error:
        publish(store, events(2026), base=1, **ME)
    assert error.value.code == "store_gone"
    assert years(store, 0) == [2024]


def test_a_bucket_that_is_not_there_is_a_sentence(object_server, s3, tmp_path):
    store = Store("s3://nobody-made-this/gcs", ship(tmp_path / "data"))

    for call in (current, history, writable):
        with pytest.raises(StoreError, match="s3://nobody-made-this/gcs cannot be reached"):
            call(store)
    assert years(store, 0) == [2024]


EMPTY = b"""<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult><Name>b</Name><IsTruncated>false</IsTruncated></ListBucketResult>"""


@contextmanager
def answering(put=200, get=200, said=b"", on_condition=None):
    """A server that is asked like S3 and answers every put, and every other request, the same.

    `on_condition` is what it answers a conditional put, where that differs.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_PUT(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            conditional = self.headers.get("If-None-Match") == "*"
            self._answer((conditional and on_condition) or put, said)

        def do_GET(self):
            self._answer(get, EMPTY if get == 200 else said)

        def do_POST(self):  # Deletes, several at once.
            self.rfile.read(int(self.headers["Content-Length"]))
            self._answer(200, b"<DeleteResult><Deleted><Key>gone</Key></Deleted></DeleteResult>")

        def _answer(self, status, body):
            self.send_response(status)
            self.send_header("ETag", '"0"')
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def refused(error):
    return f"<Error><Code>{error}</Code><Message>No.</Message></Error>".encode()


@pytest.mark.parametrize(
    ("answers", "code", "sentence"),
    [
        ({}, "store_unsafe", "cannot refuse to overwrite a file"),
        (
            {"on_condition": 501, "said": refused("NotImplemented")},
            "store_unsafe",
            "cannot refuse to overwrite a file",
        ),
        ({"put": 403, "said": refused("AccessDenied")}, "store_refused", "permissions and keys"),
    ],
    ids=["overwrites", "knows no conditions", "read-only key"],
)
def test_a_place_that_cannot_keep_the_promise_refuses_to_publish_and_is_read(
    tmp_path, monkeypatch, answers, code, sentence
):
    with answering(**answers) as endpoint:
        for name, value in environment(endpoint).items():
            monkeypatch.setenv(name, value)
        store = Store(f"s3://{code}-{len(answers)}/gcs", ship(tmp_path / "data"))

        assert (current(store), years(store)) == (0, [2024])
        for call in (lambda: writable(store), lambda: publish(store, events(2026), base=0, **ME)):
            with pytest.raises(StoreError, match=sentence) as error:
                call()
            assert error.value.code == code


def test_a_wrong_key_is_a_sentence(tmp_path, monkeypatch):
    said = refused("SignatureDoesNotMatch")
    with answering(put=403, get=403, said=said) as endpoint:
        for name, value in environment(endpoint).items():
            monkeypatch.setenv(name, value)
        store = Store("s3://wrong-key/gcs", ship(tmp_path / "data"))

        with pytest.raises(StoreError, match="refused access. Check its permissions") as error:
            current(store)

    assert error.value.code == "store_refused"
    assert "SignatureDoesNotMatch" not in str(error.value)
