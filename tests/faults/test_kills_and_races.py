"""What was acknowledged is there exactly once, whoever was killed or faster meanwhile."""

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tiny_data import event, frame, ship

from gcs_data.store import Store, current, history, load, publish, sweep, verify

pytestmark = pytest.mark.heavy
HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
needs_fork = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="Windows has no fork and no kill -9"
)


@pytest.fixture(params=["store", "upload"], autouse=True)
def way(request, monkeypatch):
    """Both ways to publish: the module's own call, and an upload as the page takes it."""
    monkeypatch.setenv("PUBLISH_BY", request.param)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "Mes données #1", ship(tmp_path / "data"))


def started(mode, store, log, *rest):
    command = [sys.executable, HERE / "publisher.py", mode, store.location, store.shipped, log]
    paths = os.pathsep.join(map(str, (ROOT, ROOT / "tests")))
    return subprocess.Popen(
        [*command, *map(str, rest)],
        env=os.environ | {"PYTHONPATH": paths},
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(process):
    _, errors = process.communicate(timeout=500)
    assert process.returncode == 0, errors


def entries(*logs):
    return [
        json.loads(line)
        for log in logs
        if log.exists()
        for line in log.read_text(encoding="utf-8").splitlines()
    ]


def require_nothing_lost(store, acknowledged):
    """Every acknowledged event is in its own release and, once, in the newest."""
    releases = history(store)
    reasons = {release.number: release.why for release in releases}
    assert [release.number for release in releases] == list(range(len(releases) - 1, -1, -1))
    assert verify(store) == []
    newest = Counter(load(store, "events")["event_id"])
    assert max(newest.values()) == 1
    for entry in acknowledged:
        assert reasons[entry["release"]] == entry["event"]
        assert newest[entry["event"]] == 1
        assert entry["event"] in set(load(store, "events", entry["release"])["event_id"])
    # Nothing is there that no release brought.
    assert set(newest) - {"summit-2024"} == {why for why in reasons.values() if why}


@pytest.mark.parametrize("times", [2, pytest.param(15, marks=pytest.mark.heavy)])
def test_four_publishers_lose_nothing(store, tmp_path, times):
    logs = [tmp_path / f"{name}.log" for name in ("a", "b", "c", "d")]

    publishers = [started("race", store, log, log.stem, times) for log in logs]
    for publisher in publishers:
        finished(publisher)

    acknowledged = entries(*logs)
    assert len(acknowledged) == 4 * times == current(store)
    require_nothing_lost(store, acknowledged)


@needs_fork
@pytest.mark.heavy
def test_a_publisher_killed_between_any_two_steps_harms_nobody(store, tmp_path):
    log = tmp_path / "log"

    finished(started("kill-each-step", store, log))

    said = entries(log)
    killed = {entry["killed"]: entry["step"] for entry in said if entry.get("killed")}
    assert {"writing a file", "renaming a file", "creating the manifest"} < set(killed.values())
    assert {"linking a new name", "syncing a new name's folder", "published"} < set(killed.values())
    require_nothing_lost(store, [entry for entry in said if "release" in entry])
    # Only who died after the manifest had its name has published.
    published = {release.why for release in history(store)}
    steps = {step for name, step in killed.items() if name in published}
    assert steps == {"syncing a new name's folder", "published"}
    assert "published" not in {step for name, step in killed.items() if name not in published}


@needs_fork
@pytest.mark.heavy
def test_a_first_publish_killed_between_any_two_steps_leaves_the_shipped_release(store, tmp_path):
    finished(started("kill-first-publish", store, tmp_path / "log"))

    fresh = [Store(folder, store.shipped) for folder in sorted(store.location.iterdir())]
    assert len(fresh) > 50
    for number, tried in enumerate(fresh, 1):
        reasons = [release.why for release in history(tried)]
        assert reasons in (["alive", ""], ["alive", f"dead-{number}", ""])
        assert verify(tried) == []
        expected = ["summit-2024", *reversed(reasons[:-1])]
        assert load(tried, "events")["event_id"].tolist() == expected


@needs_fork
@pytest.mark.heavy
@pytest.mark.parametrize("seed", [1, 2])
def test_publishers_killed_at_random_harm_nobody(store, tmp_path, seed):
    log = tmp_path / "log"

    finished(started("kill-at-random", store, log, seed, 25))

    acknowledged = entries(log)
    by_children = [entry for entry in acknowledged if entry["event"].startswith("busy-")]
    assert len(by_children) >= 5, "The children died too early to prove anything."
    require_nothing_lost(store, acknowledged)
    later = datetime.now(UTC) + timedelta(days=2)
    left = sweep(store, now=later, remove=True)
    assert all("releases/0" not in path for path in left)
    require_nothing_lost(store, acknowledged)
    base = current(store)
    publish(store, {"events": frame("events", event("last"))}, base=base, who="me", why="last")
    assert load(store, "events")["event_id"].tolist() == ["last"]
