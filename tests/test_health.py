import asyncio
import os
import signal

import pytest
from starlette.applications import Starlette
from workshop_rooms import room_in

from server import health
from server.health import Health
from workshop import votes

pytest_plugins = ["workshop_places"]


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A store and a votes database of their own, neither of which is there yet."""
    monkeypatch.setenv("GCS_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("GCS_VOTES_URL", str(tmp_path / "votes.sqlite3"))
    yield tmp_path
    votes.here().close()


def served(found, assets_ready=lambda: True):
    return Starlette(routes=health.routes(assets_ready, found))


def test_health_says_whether_the_files_are_compressed(ask):
    app = served(Health(), iter([False, True]).__next__)

    assert ask(app, "/healthz").body == b'{"status":"ok","assets":"compressing"}'
    assert ask(app, "/healthz").body == b'{"status":"ok","assets":"ready"}'


def test_not_ready_before_the_first_look_but_alive(ask):
    app = served(Health())
    answer = ask(app, "/readyz")

    assert (answer.status, answer.headers["cache-control"]) == (503, "no-store")
    assert answer.body == (
        b'{"status":"not ready",'
        b'"say":"The server has not looked at its store and its votes database yet."}'
    )
    assert ask(app, "/healthz").status == 200


def test_a_fresh_server_without_store_and_rooms_is_ready(ask, place):
    found = Health()
    found.look()

    answer = ask(served(found), "/readyz")
    assert (answer.status, answer.body) == (200, b'{"status":"ready","release":0}')
    assert found.rooms == 0
    assert list(place.iterdir()) == []


def test_rooms_are_counted_by_a_look(place):
    room_in(votes.here())
    found = Health()
    found.look()

    assert (found.rooms, found.problem()) == (1, "")


def test_a_votes_database_that_cannot_be_read_is_a_reason_and_passes(place, caplog):
    (place / "votes.sqlite3").write_bytes(b"No database. " * 100)
    found = Health()
    for _ in range(2):
        found.look()

    assert found.problem() == "The votes database cannot be read (votes_unreadable)."
    assert (found.release, found.rooms) == (0, None)
    assert [record.getMessage() for record in caplog.records] == [f"Not ready: {found.problem()}"]

    (place / "votes.sqlite3").unlink()
    found.look()
    assert found.problem() == ""


def test_a_store_that_cannot_be_read_is_a_reason(place):
    (place / "store").mkdir()
    (place / "store" / "releases").write_text("A file where the folder should be.")
    found = Health()
    found.look()

    assert found.release is None
    assert found.problem().startswith("The store of releases cannot be read (")


def test_an_answer_that_does_not_come_is_no_answer(place):
    now = 100.0
    found = Health(clock=lambda: now)
    found.look()

    now += health.STALE
    assert found.problem() == ""
    now += 1
    assert found.problem() == "The store or the votes database has not answered for a while."


def test_looks_are_repeated_until_the_end(monkeypatch):
    monkeypatch.setattr(health, "EVERY", 0.001)
    looks = []

    async def live():
        third = asyncio.Event()
        loop = asyncio.get_running_loop()

        def look():
            looks.append(1)
            if len(looks) == 3:
                loop.call_soon_threadsafe(third.set)

        found = Health()
        found.look = look
        async with found.watched():
            assert len(looks) >= 1
            await third.wait()
        return [task for task in asyncio.all_tasks() if task.get_name() == "look-at-health"]

    assert all(task.cancelling() for task in asyncio.run(live()))


# Told to stop


def stopped(found, seconds, signals):
    """What happens at each signal: (whether /readyz says no, how often the server was stopped)."""
    calls, seen = [], []

    async def live():
        with found.told_to_stop(seconds):
            for number in signals:
                os.kill(os.getpid(), number)
                await asyncio.sleep(0)
                seen.append((found.draining, len(calls)))
            if not calls:
                async with asyncio.timeout(10):
                    while not calls:
                        await asyncio.sleep(0.001)

    before = signal.signal(signal.SIGTERM, lambda *_: calls.append(1))
    try:
        asyncio.run(live())
        mine = signal.getsignal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert mine is not None
    return seen, len(calls)


def test_without_a_wait_the_server_stops_at_once():
    assert stopped(Health(), 0, [signal.SIGTERM]) == ([(True, 1)], 1)


def test_a_proxy_hears_of_the_end_before_the_server_stops(ask):
    found = Health()

    assert stopped(found, 0.05, [signal.SIGTERM]) == ([(True, 0)], 1)
    assert b"was told to stop" in ask(served(found), "/readyz").body


def test_a_second_signal_stops_at_once():
    assert stopped(Health(), 3600, [signal.SIGTERM, signal.SIGTERM]) == ([(True, 0), (True, 1)], 1)
