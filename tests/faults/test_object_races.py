"""In an object store as well: what was acknowledged is there exactly once, whoever was killed."""

import json
import random
import signal
import time

import pytest
from test_kills_and_races import entries, finished, require_nothing_lost, started
from tiny_data import event, frame, ship

from gcs_data import releases
from gcs_data.store import Store, current, history, publish, sweep, verify

pytest_plugins = ["object_places"]
PUBLISHERS, EACH = 4, 25
needs_kill = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no kill -9")


@pytest.fixture
def store(s3, tmp_path):
    return Store(s3, ship(tmp_path / "data"))


def race(store, folder, *names, times):
    """Publishers in processes of their own, with their logs."""
    return {
        folder / f"{name}.log": started("race", store, folder / f"{name}.log", name, times)
        for name in names
    }


def now(store):
    """What another process sees."""
    releases._looked.clear()
    return current(store)


@pytest.mark.heavy
def test_a_hundred_publishes_of_four_processes_are_all_there(store, tmp_path):
    publishers = race(store, tmp_path, *"abcd"[:PUBLISHERS], times=EACH)
    for publisher in publishers.values():
        finished(publisher)

    acknowledged = entries(*publishers)
    assert len(acknowledged) == PUBLISHERS * EACH == now(store)
    require_nothing_lost(store, acknowledged)


@needs_kill
@pytest.mark.heavy
def test_a_publisher_killed_between_any_two_steps_harms_nobody(store, tmp_path):
    log, killed = tmp_path / "log", {}
    # The first publish brings all that was shipped, in many steps that are alike.
    first = {"events": frame("events", event("first"))}
    publish(store, first, base=0, who="Amina", why="first")
    for number in range(1, 30):
        publisher = started("die-at", store, log, number)
        _, errors = publisher.communicate(timeout=500)
        if publisher.returncode == 0:
            break
        assert publisher.returncode == -signal.SIGKILL, errors
        killed[f"dead-{number}"] = json.loads(errors.splitlines()[-1])["step"]
        assert verify(store) == []

    acknowledged = [entry for entry in entries(log) if "release" in entry]
    assert len(acknowledged) == 1  # The one that got through at last.
    require_nothing_lost(store, acknowledged)
    assert {"putting a file", "putting a new name", "creating the manifest"} < set(killed.values())
    published = {release.why for release in history(store)}
    assert acknowledged[0]["event"] in published
    assert {step for name, step in killed.items() if name in published} == {"published"}
    assert sweep(store) == []  # What the dead left may be a living publisher's, for a day.


@needs_kill
@pytest.mark.heavy
def test_publishers_killed_at_random_harm_nobody(store, tmp_path):
    chance, logs = random.Random(7), []
    for number in range(8):
        running = race(store, tmp_path, f"busy-{number}", times=1000)
        (log, publisher), until = next(iter(running.items())), time.monotonic() + 300
        while not entries(log):  # Importing takes a while; nothing is proved by killing that.
            assert publisher.poll() is None and time.monotonic() < until
            time.sleep(0.01)
        time.sleep(chance.random() / 4)
        publisher.kill()
        publisher.communicate()
        logs.append(log)

    acknowledged = entries(*logs)
    assert len(acknowledged) >= len(logs)
    require_nothing_lost(store, acknowledged)
