"""The place for ballots: what it promises beside counting, and the settings that name it."""

import asyncio
import sqlite3
import threading

import pytest
from workshop_rooms import ballot, cast, room_in, stored

import settings
from workshop import rooms
from workshop import votes as places
from workshop.buckets import Buckets
from workshop.errors import RefusedError, VotesError
from workshop.votes import Votes

pytest_plugins = ["workshop_places"]
ROOT = settings.ROOT


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("GCS_VOTES_URL", "", str(ROOT / "votes" / "votes.sqlite3")),
        ("GCS_VOTES_URL", "Mes données/b.sqlite3", str(ROOT / "Mes données" / "b.sqlite3")),
        ("GCS_VOTES_URL", "postgres://ana@host/gcs", "postgresql://ana@host/gcs"),
        ("GCS_VOTES_URL", "postgresql:///gcs?host=/run", "postgresql:///gcs?host=/run"),
        ("GCS_PUBLIC_URL", "", ""),
        ("GCS_PUBLIC_URL", "https://a.org/", "https://a.org"),
        ("GCS_PUBLIC_URL", "http://192.168.1.7:8501", "http://192.168.1.7:8501"),
    ],
)
def test_a_setting_is_read(monkeypatch, name, text, value):
    monkeypatch.setenv(name, text)

    assert settings.value(name) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("GCS_VOTES_URL", "mysql://host/gcs"),
        ("GCS_VOTES_URL", "sqlite:///x"),
        ("GCS_VOTES_URL", "postgresql://host"),
        ("GCS_PUBLIC_URL", "gcs.example.org"),
        ("GCS_PUBLIC_URL", "javascript:alert(1)"),
        ("GCS_PUBLIC_URL", "https://a.org/?x=1"),
    ],
)
def test_a_wrong_setting_is_refused(monkeypatch, name, text):
    monkeypatch.setenv(name, text)

    with pytest.raises(settings.SettingError, match="but it must be"):
        settings.value(name)


def test_a_process_has_one_place_for_its_settings(monkeypatch, tmp_path):
    monkeypatch.setenv("GCS_VOTES_URL", str(tmp_path / "votes.sqlite3"))

    assert places.here() is places.here()
    assert places.here().url == str(tmp_path / "votes.sqlite3")
    assert not (tmp_path / "votes.sqlite3").exists()


def test_sqlite_is_durable_and_reads_beside_writes(local):
    room_in(local)

    with sqlite3.connect(local.url) as other:
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert local.write(lambda c: c.exec_driver_sql("PRAGMA synchronous").scalar()) == 2  # FULL


def test_what_waits_together_is_one_transaction_and_what_fails_fails_for_all(votes, monkeypatch):
    room, groups = room_in(votes), []
    counting = places.count

    def counted(connection, ballots, now):
        groups.append(len(ballots))
        result = counting(connection, ballots, now)
        if len(groups) == 1:
            raise OSError("No space left on device")
        return result

    monkeypatch.setattr(places, "count", counted)

    async def both():
        first = [votes.cast(ballot(room, f"a{n}", "55")) for n in range(10)]
        said = await asyncio.gather(*first, return_exceptions=True)
        return said, await asyncio.gather(*(votes.cast(ballot(room, "b", "11")),))

    failed, saved = asyncio.run(both())

    assert groups == [10, 1]
    assert [type(problem) for problem in failed] == [VotesError] * 10
    assert saved[0].saved
    assert set(stored(votes, room)) == {(1, "b")}


def test_a_ballot_is_acknowledged_only_after_its_commit(local, monkeypatch):
    room, order = room_in(local), []
    begin = local._writer._begin

    class Watched:
        def __enter__(self):
            self.inner = begin()
            return self.inner.__enter__()

        def __exit__(self, *problem):
            result = self.inner.__exit__(*problem)
            with sqlite3.connect(local.url) as other:
                order.append(
                    ("committed", other.execute("SELECT count(*) FROM ballots").fetchone())
                )
            return result

    monkeypatch.setattr(local._writer, "_begin", Watched)

    async def one():
        await local.cast(ballot(room, "a", "55"))
        order.append("acknowledged")

    asyncio.run(one())

    assert order == [("committed", (1,)), "acknowledged"]


def test_a_phone_that_has_gone_away_stops_nobody(local):
    room = room_in(local)

    async def gone():
        leaving = asyncio.ensure_future(local.cast(ballot(room, "gone", "55")))
        staying = asyncio.ensure_future(local.cast(ballot(room, "here", "44")))
        await asyncio.sleep(0)
        leaving.cancel()
        return await staying

    assert asyncio.run(gone()).saved
    assert set(stored(local, room)) == {(1, "gone"), (1, "here")}


def test_a_refused_change_leaves_the_next_one_alone(votes):
    room = room_in(votes, "lobby")
    with pytest.raises(RefusedError):
        rooms.reveal(votes, room.code)

    assert rooms.open_round(votes, room.code).state == "open"


def test_changes_of_many_threads_are_made_one_after_the_other(votes):
    room, made = room_in(votes), []
    steps = [rooms.pause, rooms.open_round] * 10

    def press(step):
        made.append(step(votes, room.code).version)

    threads = [threading.Thread(target=press, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 20
    assert rooms.room(votes, room.code).version == max(made)


def test_what_waits_at_the_end_is_written(local):
    room = room_in(local)
    local.write_soon(lambda c: c.exec_driver_sql("UPDATE rooms SET notes = 'last'"))
    local.close()

    assert rooms.room(Votes(local.url, local.clock), room.code).notes == "last"


def test_a_place_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "file").write_text("")
    votes = Votes(str(tmp_path / "file" / "votes.sqlite3"))

    with pytest.raises(VotesError, match="votes_unwritable"):
        room_in(votes)


def test_a_file_that_is_no_database_says_so(tmp_path):
    path = tmp_path / "votes.sqlite3"
    path.write_bytes(b"This is a text, and not what SQLite writes." * 100)
    votes = Votes(str(path))

    with pytest.raises(VotesError, match="votes_unreadable"):
        rooms.alive(votes)
    with pytest.raises(VotesError, match="votes_unwritable"):
        room_in(votes)
    votes.close()


def test_a_server_that_lost_its_database_writes_again_when_it_is_back(votes):
    room = room_in(votes)
    if votes.shared:
        end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        other = Votes(votes.url)
        other.write(lambda connection: connection.exec_driver_sql(end).all())
        other.close()

        with pytest.raises(VotesError):
            cast(votes, ballot(room, "a", "55"))

    assert cast(votes, ballot(room, "a", "55"))[0].saved


# Buckets


def test_a_bucket_holds_a_burst_and_fills_with_time():
    now = [0.0]
    buckets = Buckets(1, 3, clock=lambda: now[0])

    assert [buckets.take("a") for _ in range(4)] == [True, True, True, False]
    assert buckets.take("b")
    now[0] = 2.0
    assert [buckets.take("a") for _ in range(3)] == [True, True, False]


def test_buckets_do_not_fill_the_memory():
    now = [0.0]
    buckets = Buckets(1, 10, most=100, clock=lambda: now[0])
    for key in range(1000):
        now[0] += 0.01
        assert buckets.take(key)

    assert len(buckets._left) <= 100
